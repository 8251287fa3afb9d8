"""The customer's portal. Each page may be read by whom the API's operation behind it lets in (``permissions.PAGES``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, request
from uuid_utils import uuid7
from werkzeug.wrappers import Response as Redirection

from gateway.api import scope
from gateway.api.calls import WAIT_HEADER, ask, execute, local, name_command, new_id
from gateway.api.resources.bank import receivable_pdf
from gateway.api.resources.requests import own_request
from gateway.identity.permissions import PERMISSIONS
from gateway.pages import session
from gateway.pages.frame import chosen_language, failure, page, why
from gateway.pages.links import Link
from gateway.pages.receivable import receivable_shown
from services.errors import NotFound, Refused, VigenciaError

blp = Blueprint("portal", __name__, url_prefix="/portal")
blp.before_request(session.admit)
blp.after_request(session.renew)
ACTIONS = {
    "note": "add_note",
    "cancel": "cancel_request",
    "reopen": "reopen_request",
    "accept": "accept_price",
    "decline": "decline_price",
}
FORM = ("service", "place", "description")
STATE_GROUPS = {
    "active": ("open", "in_progress"),
    "yours": ("waiting", "awaiting_confirmation"),
    "over": ("resolved", "closed", "cancelled"),
}
"""By which the customer filters his requests: being worked on, his turn, over."""
SOON = timedelta(days=10)


@blp.errorhandler(VigenciaError)
def failed(error: VigenciaError) -> Response:
    return failure(error)


# -- home --------------------------------------------------------------------------------------------------------------


@blp.get("")
def portal_home() -> Response:
    """What needs the customer first, then what is under way."""
    today = current_app.extensions["vigencia"].clock().date()
    money, asks = _with_right("money"), _with_right("requests")
    to_pay = local("receivables", customers=money, status=["overdue", "open"], limit=50)["items"]
    evaluations = local("evaluations", customers=asks, status="asked", limit=20)["items"]
    seen = scope.requests_seen()
    active = local("requests", status=["open", "in_progress", "waiting"], limit=20, **seen)["items"]
    priced = local("requests", status=["open", "in_progress", "waiting"], priced=True, limit=20, **seen)["items"]
    visits = local("visits", customers=asks, status=["planned", "started"], since=today, limit=5)["items"]
    return _page(
        "portal/home.html",
        to_pay=sorted((each for each in to_pay if _soon(each, today + SOON)), key=lambda each: each["due_on"]),
        evaluations=[{**each, "link": _link("evaluation", each["evaluation_id"], each)} for each in evaluations],
        priced=[each for each in priced if _may_accept(each["customer_id"])],
        waiting=[each for each in active if each["status"] == "waiting"],
        active=[each for each in active if each["status"] != "waiting"],
        visits=visits,
    )


def _soon(receivable: Mapping[str, Any], until: Any) -> bool:
    return receivable["status"] == "overdue" or (receivable["due_on"] or "") <= str(until)


# -- requests ----------------------------------------------------------------------------------------------------------


@blp.get("/requests")
def portal_requests() -> Response:
    """All, or only those of a group of states: what is under way, what waits for the customer, what is over."""
    group = request.args.get("state", "")
    asked: dict[str, Any] = {"limit": 30, "after": request.args.get("after") or None}
    if group in STATE_GROUPS:
        asked["status"] = list(STATE_GROUPS[group])
    found = local("requests", **scope.requests_seen(), **asked)
    return _page("portal/requests.html", items=found["items"], next=found["next"], group=group)


@blp.get("/requests/<string:request_id>")
def portal_request(request_id: str) -> Response:
    return _request(request_id)


@blp.post("/requests/<string:request_id>/<string:action>")
def portal_request_answer(request_id: str, action: str) -> Response | Redirection:
    """An answer, a cancellation, that it is not done after all; yes or no to its price."""
    said = request.form.get("text", "").strip()
    offer = request.form.get("offer", "")
    of_offer = {"offer": int(offer) if offer.isdecimal() else 0}
    payloads: dict[str, dict[str, Any]] = {
        "add_note": {"text": said, "visibility": "public"},
        "cancel_request": {"reason": said},
        "reopen_request": {"reason": said},
        "accept_price": {**of_offer, "name": said, "text_sha256": request.form.get("text_sha256", "")},
        "decline_price": {**of_offer, "reason": said},
    }
    if action not in ACTIONS:
        raise NotFound("route.not-found")
    command = ACTIONS[action]
    g.access = PERMISSIONS[command]  # each has a right of its own
    customer_id = own_request(request_id)
    name_command(request.form.get("key", ""))
    payload = payloads[command]
    if command == "add_note":
        payload["note_id"] = new_id("note")
    try:
        if not said:
            raise Refused("page.text-missing")
        _, headers = execute("tickets", command, {**payload, "request_id": request_id}, customer_id=customer_id)
    except Refused as error:
        return _request(request_id, refused=error, action=action)
    return _see(f"/portal/requests/{request_id}", headers)


@blp.get("/requests/new")
def portal_new_request() -> Response:
    return _new_request()


@blp.post("/requests/new")
def portal_open_request() -> Response | Redirection:
    """First what the contract says of it (``step=check``), then the request."""
    form = request.form
    contract_id, _, service_type_id = form.get("service", "").partition("/")
    customer_id = scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))
    site_id, _, equipment_id = form.get("place", "").partition("/")
    asked = {"contract_id": contract_id, "service_type_id": service_type_id}
    contact_id = scope.caller().contact_for(customer_id)
    coverage = ask("tickets", "coverage", **asked, contact_id=contact_id, channel="portal")
    description = form.get("description", "").strip()
    if form.get("step") != "send" or not description or not coverage.get("opens", True):
        return _new_request(coverage=coverage)
    name_command(request.form.get("key", ""))
    id_ = new_id("request")
    payload = {
        **asked,
        "request_id": id_,
        "description": description,
        "site_id": site_id or None,
        "equipment_id": equipment_id or None,
        "opened_by": contact_id,
        "channel": "portal",
    }
    try:
        _, headers = execute(
            "tickets", "open_request", {name: value for name, value in payload.items() if value is not None},
            customer_id=customer_id, made=id_,
        )  # fmt: skip
    except Refused as error:
        return _new_request(coverage=coverage, refused=error)
    return _see(f"/portal/requests/{id_}", headers)


def _request(request_id: str, *, refused: Refused | None = None, action: str = "") -> Response:
    customer_id = own_request(request_id, reading=True)
    found = ask("tickets", "request", request_id=request_id, audience="customer")
    evaluation = None
    if found["status"] in ("resolved", "awaiting_confirmation"):
        rows = local("evaluations", customers=[customer_id], request_id=request_id, status="asked", limit=1)["items"]
        evaluation = _link("evaluation", rows[0]["evaluation_id"], rows[0]) if rows else None
    customer = local("customer", customer_id=customer_id)
    return _page(
        "portal/request.html",
        status=200 if refused is None else refused.status,
        request=found,
        letterhead=local("letterhead", contract_id=found["contract_id"]),
        site=_named(customer["sites"], "site_id", found["site_id"], "name"),
        equipment=_named(customer["equipment"], "equipment_id", found["equipment_id"], "description"),
        people={each["contact_id"]: each["name"] for each in customer["contacts"]},
        evaluation=evaluation,
        may_accept=_may_accept(customer_id),
        said=_said(refused, action),
    )


def _may_accept(customer_id: str | None) -> bool:
    """A price is accepted by who has the right to money or approval."""
    who = scope.caller()
    return any(customer_id in (who.customers(right) or ()) for right in ("money", "approval"))


def _new_request(*, coverage: Mapping[str, Any] | None = None, refused: Refused | None = None) -> Response:
    mine = scope.only() or []
    contracts = local("contracts", customers=mine, status=["active", "suspended"], limit=100)["items"]
    customers = [local("customer", customer_id=id_, customers=mine) for id_ in mine]
    return _page(
        "portal/new_request.html",
        status=200 if refused is None else refused.status,
        contracts=contracts,
        customers=customers,
        coverage=coverage,
        form={**_of_label(), **{name: request.form[name] for name in FORM if name in request.form}},
        why=why(refused),
    )


def _of_label() -> dict[str, str]:
    """``?label=``, as a QR label on the equipment says: the place is known already."""
    empty = dict.fromkeys(FORM, "")
    label = request.args.get("label")
    if not label:
        return empty
    found = local("equipment_by_label", label=label, customers=scope.only())
    return {**empty, "place": f"{found['site_id']}/{found['equipment_id']}"}


# -- money -------------------------------------------------------------------------------------------------------------


@blp.get("/receivables")
def portal_receivables() -> Response:
    asked = {"limit": 30, "after": request.args.get("after") or None}
    found = local("receivables", customers=scope.only(), **asked)
    return _page("portal/receivables.html", items=found["items"], next=found["next"])


@blp.get("/receivables/<string:receivable_id>")
def portal_receivable(receivable_id: str) -> Response:
    _own_receivable(receivable_id)
    return _page(
        "portal/receivable.html", **receivable_shown(receivable_id, f"/portal/receivables/{receivable_id}/pdf")
    )


@blp.get("/receivables/<string:receivable_id>/pdf")
def portal_receivable_pdf(receivable_id: str) -> Response:
    _own_receivable(receivable_id)
    return receivable_pdf(receivable_id, lang=chosen_language())


def _own_receivable(receivable_id: str) -> None:
    scope.of("receivable", receivable_id, lambda: ask("billing", "receivable", receivable_id=receivable_id))


# -- contracts ---------------------------------------------------------------------------------------------------------


@blp.get("/contracts")
def portal_contracts() -> Response:
    found = local("contracts", customers=scope.only(), limit=100)["items"]
    return _page("portal/contracts.html", items=[each for each in found if each["status"] != "draft"])


@blp.get("/contracts/<string:contract_id>")
def portal_contract(contract_id: str) -> Response:
    """The rules in plain sentences, as they hold today."""
    scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))
    text = ask("contracts", "contract_text", contract_id=contract_id, language=chosen_language())
    contract = ask("contracts", "contract", contract_id=contract_id)
    return _page("portal/contract.html", text=text, contract=contract)


# -- shared ------------------------------------------------------------------------------------------------------------


def _page(template: str, **context: Any) -> Response:
    return page(template, reader=scope.caller(), key=str(uuid7()), **context)


def _with_right(right: str) -> list[str] | None:
    """The customers for whom the reader has the right."""
    return scope.caller().customers(right)


def _link(kind: Any, id_: str, row: Mapping[str, Any]) -> str:
    """The page that a mail would open, for this reader."""
    contact = scope.caller().contact_for(row["customer_id"]) or row.get("contact_id") or ""
    token = current_app.extensions["vigencia"].links.token(Link(kind, id_, row["customer_id"], contact))
    return f"/l/{token}"


def _see(path: str, headers: Mapping[str, str]) -> Redirection:
    """Go there, once the read models show what was done."""
    return redirect(f"{path}?wait={headers[WAIT_HEADER]}", 303)


def _named(rows: list[dict[str, Any]], key: str, id_: str | None, name: str) -> str | None:
    return next((row[name] for row in rows if row[key] == id_), None)


def _said(refused: Refused | None, action: str) -> dict[str, str]:
    return {"action": action, "why": why(refused), "text": request.form.get("text", "")}
