"""A request at the desk: the customer's part and the provider's side by side, clocks, its contract, all that can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from werkzeug.wrappers import Response as Redirection

from gateway.api import scope
from gateway.api.calls import ask, local
from gateway.api.resources.dossiers import dossier_of, report_of
from gateway.api.resources.papers import blobs, sent
from gateway.api.resources.requests import own_request
from gateway.pages.console.acting import ACTIONS, act
from gateway.pages.console.forms import back
from gateway.pages.console.frame import blp, done, refusal, show
from gateway.pages.live import watching
from services.errors import Conflict, Invalid, NotFound, OutcomeUnknown, Refused, Unavailable, VigenciaError

DONE = ("awaiting_confirmation", "resolved", "closed", "cancelled")
CONFIRMATION = "portal_confirmation"
NO_TERMS: dict[str, Any] = {"services": [], "lines": [], "calendar": None, "state": None, "time_zone": None}
NO_SERVICE: dict[str, Any] = {
    "name": None,
    "calendar": None,
    "targets": [],
    "unit": None,
    "included_quantity": None,
    "evidence": [],
}
"""What the templates ask of a contract that does not answer, or no longer names the service."""


@blp.get("/requests/<string:request_id>")
def console_request(request_id: str) -> Response:
    return workbench(request_id)


@blp.post("/requests/<string:request_id>/<string:operation>")
def console_request_act(request_id: str, operation: str) -> Response | Redirection:
    """One of the API's operations on a request, from its form. What a rule refuses is told at the form."""
    if operation not in ACTIONS:
        raise NotFound("route.not-found")
    path = back(f"/console/requests/{request_id}") + ACTIONS[operation].anchor
    try:
        return done(operation, path, lambda: act(operation, request_id))
    except (Refused, Invalid, Conflict) as error:
        return workbench(request_id, refused=error, operation=operation)


def workbench(request_id: str, *, refused: VigenciaError | None = None, operation: str = "") -> Response:
    own_request(request_id, reading=True)
    contract_id = local("owner", kind="request", id=request_id)["contract_id"]
    watching(f"request/{request_id}", *([f"visits_of/{contract_id}"] if contract_id else []))
    found = lenient(ask("tickets", "request", request_id=request_id, audience="provider"))
    customer = _customer(found["customer_id"])
    contract = known("contracts", "contract", contract_id=found["contract_id"])
    terms = {**NO_TERMS, **(contract.get("terms") or {})}
    service = {**NO_SERVICE, **_one(terms["services"], "service_type_id", found["service_type_id"])}
    status, why = refusal(refused) if refused else (200, "")
    evaluations = local("evaluations", customers=None, request_id=request_id, limit=5)["items"]
    return show(
        "console/request.html",
        status=status,
        request=found,
        customer=customer,
        contract=contract,
        service=service,
        terms=terms,
        fields={each["field"]: each for each in _fields(request_id)},
        coverage=_coverage(found),
        evidence=evidence_of(found, service),
        people=_people(found, customer),
        names=_values(customer, found, service),
        staff=local("staff")["items"],
        service_types=local("service_types", limit=200)["items"],
        evaluations=[
            {**each, **known("feedback", "evaluation", evaluation_id=each["evaluation_id"])} for each in evaluations
        ],
        letterhead=local("letterhead", contract_id=found["contract_id"]),
        active=found["status"] not in DONE,
        refused={"operation": operation, "why": why},
        shows_prices=scope.caller().sees_prices,
    )


@blp.get("/requests/<string:request_id>/documents/<string:document_id>")
def console_document(request_id: str, document_id: str) -> Response:
    """The file of a document."""
    own_request(request_id, reading=True)
    found = ask("tickets", "request", request_id=request_id, audience="provider")
    document = _one(found["documents"], "document_id", document_id)
    if not document:
        raise NotFound("not-found")
    answer: Response = sent(blobs().get(document["sha256"]), document["media_type"], document["name"])
    return answer


@blp.get("/requests/<string:request_id>/report.pdf")
def console_report(request_id: str) -> Response:
    """The service report, as the API makes it."""
    return report_of(request_id)


@blp.get("/requests/<string:request_id>/dossier.zip")
def console_dossier(request_id: str) -> Response:
    return dossier_of(request_id)


def known(service: str, query: str, **params: Any) -> dict[str, Any]:
    """What a service says; nothing while it does not answer: a page without it is better than none."""
    try:
        return dict(ask(service, query, **params))
    except (Unavailable, OutcomeUnknown, NotFound):
        return {}


class Lenient(dict[str, Any]):
    """What it does not hold is None: events of other releases, or without the prices, have fewer fields."""

    def __missing__(self, key: str) -> None:
        return None


def lenient(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Lenient({key: lenient(item) for key, item in value.items()})
    return [lenient(item) for item in value] if isinstance(value, list | tuple) else value


def evidence_of(found: Mapping[str, Any], service: Mapping[str, Any]) -> dict[str, Any]:
    """``{accepted: [{kind, documents}], missing, confirms}``: what proves the service, which of it is attached; ``missing``:
    nothing is yet that counts. ``confirms``: the customer's own word counts, too."""
    kinds = [kind for kind in service.get("evidence") or () if kind != CONFIRMATION]
    attached = {kind: [each for each in found["documents"] if each["kind"] == kind] for kind in kinds}
    confirms = CONFIRMATION in (service.get("evidence") or ())
    return {
        "accepted": [{"kind": kind, "documents": documents} for kind, documents in attached.items()],
        "missing": bool(kinds) and not any(attached.values()),
        "confirms": confirms,
    }


def _customer(customer_id: str) -> dict[str, Any]:
    try:
        return dict(local("customer", customer_id=customer_id))
    except NotFound:
        return {"customer_id": customer_id, "name": None, "kind": None, "contacts": [], "sites": [], "equipment": []}


def _fields(request_id: str) -> list[dict[str, Any]]:
    return list(known("tickets", "request_fields", request_id=request_id, audience="provider").get("fields") or ())


def _coverage(found: Mapping[str, Any]) -> dict[str, Any]:
    """As the contract answers today, with what is left of the month."""
    asked = {name: found[name] for name in ("contract_id", "service_type_id", "channel")}
    prices = scope.caller().sees_prices
    return known("tickets", "coverage", **asked, contact_id=found["opened_by"], prices=prices)


def _people(found: Mapping[str, Any], customer: Mapping[str, Any]) -> dict[str, str]:
    """Names of who wrote, did or was told something: contacts, staff, and the system."""
    ids = {found["opened_by"], found["assignee_id"], found.get("entered_by")}
    for event in found["timeline"]:
        ids.add((event["actor"] or "").partition(":")[2])
        ids |= {event["data"].get(name) for name in ("author_id", "assignee_id", "technician_id", "contact_id",
                                                     "resolved_by", "offered_by", "recorded_by", "user_id")}  # fmt: skip
    ids |= {visit["technician_id"] for visit in found["visits"]}
    names = local("names", kind="technician", ids=sorted(id_ for id_ in ids if id_))["names"]
    names |= {each["contact_id"]: each["name"] for each in customer["contacts"] if each["name"]}
    if customer["name"]:
        names[customer["customer_id"]] = customer["name"]
    return dict(names)


def _values(
    customer: Mapping[str, Any], found: Mapping[str, Any], service: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """What the ids in the document's fields stand for."""
    types = {each["service_type_id"]: each["name"] for each in local("service_types", retired=True, limit=200)["items"]}
    if service["name"]:
        types[found["service_type_id"]] = service["name"]
    return {
        "service_type_id": types,
        "site_id": {each["site_id"]: each["name"] for each in customer["sites"]},
        "equipment_id": {each["equipment_id"]: each["description"] for each in customer["equipment"]},
    }


def _one(rows: list[dict[str, Any]], key: str, id_: str | None) -> dict[str, Any]:
    return next((row for row in rows if row.get(key) == id_), {})
