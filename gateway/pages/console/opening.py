"""Opening a request for who calls, in seconds: who it is, what for, what the contract says, send. All in one address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as Redirection

from gateway.api import scope
from gateway.api.calls import ask, local
from gateway.api.resources.searching import callers, found
from gateway.api.schemas.requests import NewRequest
from gateway.pages.console.forms import given
from gateway.pages.console.frame import Answer, blp, done, loaded, refusal, show, written
from services.errors import Conflict, Invalid, NotFound, Refused, VigenciaError

FIELDS = (
    "service",
    "place",
    "description",
    "priority",
    "channel",
    "contact",
    "override_reason",
    "preferred",
    "impact",
    "urgency",
)
IN_FORCE = ["active", "suspended"]


@blp.get("/requests/new")
def console_new_request() -> Response:
    """``q``: who calls; ``customer`` and ``contact``: who was picked; ``label``: the QR label that he reads out."""
    return _page()


@blp.post("/requests/new")
def console_open_request() -> Response | Redirection:
    """First what the contract says (``step=check``), then the request."""
    if request.form.get("step") != "send":
        return _page()
    try:
        return done("open_request", "/console/requests/{id}", _open)
    except (Refused, Invalid, Conflict) as error:
        return _page(refused=error)


def _open() -> Answer:
    form = given(*FIELDS)
    contract_id, _, service_type_id = form["service"].partition("/")
    site_id, _, equipment_id = form["place"].partition("/")
    data = loaded(
        NewRequest,
        {
            "contract_id": contract_id,
            "service_type_id": service_type_id,
            "site_id": site_id,
            "equipment_id": equipment_id,
            "opened_by": form["contact"],
            "description": form["description"],
            "priority": form["priority"],
            "impact": form["impact"],
            "urgency": form["urgency"],
            "channel": form["channel"] or "phone",
            "override_reason": form["override_reason"],
            "preferred": [form["preferred"]] if form["preferred"] else None,
        },
    )
    customer_id = scope.of("contract", contract_id)
    return written("tickets", "open_request", data, made="request", customer_id=customer_id)


def _page(*, refused: VigenciaError | None = None) -> Response:
    status, why = refusal(refused) if refused else (200, "")
    q, label = request.values.get("q", "").strip(), request.args.get("label", "").strip()
    form = {**dict.fromkeys(FIELDS, ""), **given(*FIELDS, form=request.values)}
    customer_id = request.values.get("customer", "").strip()
    unknown_label = ""
    if label:
        try:
            thing = local("equipment_by_label", label=label, customers=None)
            customer_id, form["place"] = thing["customer_id"], f"{thing['site_id']}/{thing['equipment_id']}"
        except NotFound:
            unknown_label = label
    customer = local("customer", customer_id=customer_id) if customer_id else None
    contracts = (
        local("contracts", customers=None, customer_id=customer_id, status=IN_FORCE, limit=100)["items"]
        if customer
        else []
    )
    if customer and not form["contact"] and len(customer["contacts"]) == 1:
        form["contact"] = customer["contacts"][0]["contact_id"]
    return show(
        "console/new_request.html",
        status=status,
        why=why,
        q=q,
        unknown_label=unknown_label,
        callers=callers(q) if q and not customer else [],
        things=found(q)["equipment"] if q and not customer else [],
        customer=customer,
        contacts=_contacts(customer),
        contracts=contracts,
        form=form,
        coverage=_coverage(form) if request.method == "POST" else None,
        latest=local("requests", customers=None, customer_id=customer_id, limit=5)["items"] if customer else [],
    )


def _contacts(customer: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Who may be named as asking: the contacts; a person who is the customer himself."""
    if customer is None:
        return []
    himself = {"contact_id": customer["customer_id"], "name": customer["name"], "role": None, "rights": None}
    return [*([himself] if customer["kind"] == "person" else []), *customer["contacts"]]


def _coverage(form: Mapping[str, str]) -> dict[str, Any] | None:
    contract_id, _, service_type_id = form["service"].partition("/")
    if not contract_id or not service_type_id:
        return None
    asked = {"contract_id": contract_id, "service_type_id": service_type_id, "channel": form["channel"] or "phone"}
    prices = scope.caller().sees_prices
    answer: dict[str, Any] = ask("tickets", "coverage", **asked, contact_id=form["contact"] or None, prices=prices)
    return answer
