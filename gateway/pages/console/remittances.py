"""Boletos on their way to the bank: what waits, the files that were made, each to be fetched again."""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as Redirection

from gateway.api.calls import local
from gateway.api.resources.bank import remittance_file, remitted
from gateway.api.schemas import bank as shapes
from gateway.pages.console.finance import named
from gateway.pages.console.frame import blp, done, loaded, refusal, show
from gateway.pages.console.workbench import known
from services.errors import Conflict, Invalid, Refused, VigenciaError


@blp.get("/remittances")
def console_remittances() -> Response:
    return remittances_page()


@blp.post("/remittances")
def console_make_remittance() -> Response | Redirection:
    said = {"provider_id": request.form.get("provider_id", "")}
    try:
        return done("make_remittance", "/console/remittances", lambda: remitted(loaded(shapes.NewRemittance, said)))
    except (Refused, Invalid, Conflict) as error:
        return remittances_page(refused=error)


@blp.get("/remittances/<string:remittance_id>/file")
def console_remittance_file(remittance_id: str) -> Response:
    return remittance_file(remittance_id)


def remittances_page(*, refused: VigenciaError | None = None) -> Response:
    status, why = refusal(refused) if refused else (200, "")
    companies = []
    for each in local("providers", limit=50)["items"]:
        try:
            waiting = known("billing", "pending_boletos", provider_id=each["provider_id"]).get("items") or []
            companies.append({**each, "waiting": waiting, "without": ""})
        except Refused as error:  # no agreement with a bank
            companies.append({**each, "waiting": [], "without": refusal(error)[1]})
    made = known("billing", "remittances").get("items") or []
    payers = [item["customer_id"] for each in companies for item in each["waiting"] if item.get("customer_id")]
    return show(
        "console/remittances.html",
        status=status,
        why=why,
        companies=companies,
        made=made,
        customers=named("customer", payers),
    )
