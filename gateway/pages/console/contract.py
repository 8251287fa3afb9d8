"""Contract 360°: its rules in sentences, this month's money, work and score, what all departments did, what can be done."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as Redirection

from gateway import history
from gateway.api import scope, uploads
from gateway.api.calls import ask, execute, local, new_id, operate
from gateway.api.companies import logo_said
from gateway.api.resources.history import names_of
from gateway.api.resources.papers import blobs, sent
from gateway.api.schemas import bulk_terms, money, papers
from gateway.api.schemas import contracts as shapes
from gateway.mail.hours import DEFAULT_ZONE
from gateway.pages.console.deeds import Deed, Values, act, attached, drawn, sender
from gateway.pages.console.forms import back
from gateway.pages.console.frame import Answer, blp, done, local_today, may, refusal, show, written
from gateway.pages.console.workbench import known
from gateway.pages.frame import chosen_language
from gateway.pages.live import watching
from services.errors import Conflict, Invalid, NotFound, OutcomeUnknown, Refused, Unavailable, VigenciaError

STATES = ("draft", "active", "suspended", "terminated", "expired")
IN_LIFE = ("active", "suspended")
DEPARTMENTS = ("contracts", "billing", "tickets", "feedback")
MOST = 60  # lines of the time line


@blp.get("/contracts")
def console_contracts() -> Response:
    """``status``: a state or all; ``q``: part of the number or the customer's name; ``tag``."""
    watching("contracts")
    asked = {name: request.args.get(name, "").strip()[:200] for name in ("q", "status", "tag")}
    filters = {name: value for name, value in (("search", asked["q"]), ("tag", asked["tag"])) if value}
    status = {"status": asked["status"]} if asked["status"] in STATES else {}
    found = local("contracts", customers=None, limit=40, after=request.args.get("after") or None, **filters, **status)
    waiting = {}
    if may("list_renewals"):
        renewals = known("contracts", "renewals").get("items") or ()
        waiting["renewals"] = sum(each["decision"] in ("open", "tacit") for each in renewals)
    if may("list_due_adjustments"):
        waiting["adjustments"] = known("contracts", "due_adjustments").get("count") or 0
    if may("list_suspensions"):
        waiting["suspensions"] = len(known("contracts", "suspensions").get("items") or ())
    shown = found["items"] if scope.caller().sees_prices else scope.without_prices(found["items"])
    return show("console/contracts.html", asked=asked, found={**found, "items": shown}, states=STATES, waiting=waiting)


@blp.get("/contracts/<string:contract_id>")
def console_contract(contract_id: str) -> Response:
    return contract_page(contract_id)


@blp.post("/contracts/<string:contract_id>/<string:operation>")
def console_contract_act(contract_id: str, operation: str) -> Response | Redirection:
    """One of the API's operations on a contract or its account, from its form. What a rule refuses is told at the form."""
    if operation not in DEEDS:
        raise NotFound("route.not-found")
    deed = DEEDS[operation]
    path = back(f"/console/contracts/{contract_id}") + deed.anchor
    try:
        return done(operation, path, lambda: act(deed, contract_id))
    except (Refused, Invalid, Conflict) as error:
        return contract_page(contract_id, refused=error, operation=operation)


@blp.get("/contracts/<string:contract_id>/pdf")
def console_contract_pdf(contract_id: str) -> Response:
    said = {"language": chosen_language(), **logo_said(contract_id)}
    answer = ask("contracts", "contract_pdf", contract_id=contract_id, **said)
    file: Response = sent(base64.b64decode(answer["content"]), answer["media_type"], answer["name"])
    return file


@blp.get("/contracts/<string:contract_id>/documents/<string:document_id>")
def console_contract_document(contract_id: str, document_id: str) -> Response:
    contract = ask("contracts", "contract", contract_id=contract_id)
    for document in contract.get("documents") or ():
        if document["document_id"] == document_id:
            file: Response = sent(blobs().get(document["sha256"]), document["media_type"], document["name"])
            return file
    raise NotFound("contract.document-unknown", document_id=document_id)


def contract_page(contract_id: str, *, refused: VigenciaError | None = None, operation: str = "") -> Response:
    topics = [f"contract/{contract_id}"] + ([f"account/{contract_id}"] if may("get_account") else [])
    watching(*topics)
    days = {name: _day(request.args.get(name)) for name in ("as_of", "known_at")}
    contract = ask("contracts", "contract", contract_id=contract_id, on=days["as_of"], believed_on=days["known_at"])
    text = known("contracts", "contract_text", contract_id=contract_id, language=chosen_language())
    prices = scope.caller().sees_prices
    status, why = refusal(refused) if refused else (200, "")
    today = local_today((contract.get("terms") or {}).get("time_zone") or DEFAULT_ZONE)
    month = {"since": today.replace(day=1), "until": _last(today)}
    requests = local("requests", customers=None, contract_id=contract_id, limit=8)["items"]
    visits = local("visits", customers=None, contract_id=contract_id, limit=20, **month)["items"]
    return show(
        "console/contract.html",
        status=status,
        contract=contract,
        days=days,
        today=today,
        text={"clauses": [], "header": "", "title": "", **text},
        letterhead=local("letterhead", contract_id=contract_id),
        account=known("billing", "account", account_id=contract_id) if prices else {},
        agenda=_agenda(contract_id, today) if prices and may("get_agenda") else [],
        receivables=local("receivables", customers=None, contract_id=contract_id, limit=8)["items"] if prices else [],
        requests=requests,
        visits=visits,
        score=known("feedback", "csat", contract_id=contract_id),
        timeline=timeline(contract_id, request.args.get("from", "")) if may("get_history") else [],
        origin=request.args.get("from", ""),
        departments=DEPARTMENTS,
        deeds=drawn(DEEDS),
        offered=offered(contract),
        refused={"operation": operation, "why": why, "n": request.form.get("n", "")},
        shows_prices=prices,
    )


def offered(contract: Mapping[str, Any]) -> list[str]:
    """What can be done to it as it stands; the rules say the last word."""
    state, notice = contract.get("status"), contract.get("notice")
    found: list[str] = []
    if state == "draft":
        found += ["activate_contract"]
    if state in IN_LIFE:
        if contract.get("ends_on"):
            if contract.get("renewal") == "approval" and not contract.get("renewal_offered"):
                found += ["offer_renewal"]
            if contract.get("renewal_offered"):
                found += ["approve_renewal"]
            found += ["renew_contract"]
            found += [] if contract.get("renewal_declined") else ["decline_renewal"]
        found += ["adjust_price", "adjust_by_index"]
        found += ["withdraw_notice"] if contract.get("leaving") else ["give_notice"]
        found += ["terminate_contract"]
    if state == "active":
        found += ["withdraw_suspension"] if notice or contract.get("suspend_on") else ["notify_suspension"]
        found += ["approve_suspension"] if contract.get("suspension_proposed_on") else []
        found += ["suspend_contract"]
    if state == "suspended":
        found += ["resume_contract"]
    if state in STATES[1:]:
        found += ["undo_change"]
    return found


def timeline(contract_id: str, origin: str = "") -> list[dict[str, Any]]:
    """What each department did, the newest first: the records of the contract and its account, requests, visits, answers."""
    found: list[dict[str, Any]] = []
    for thing in ("contract", "account"):
        service, stream = history.THINGS[thing]
        try:
            events = operate(service, {"action": "stream", "stream": stream.format(contract_id)}) or []
        except (NotFound, Unavailable, OutcomeUnknown):
            continue
        for each in history.history(events, names_of(events), chosen_language()):
            by = each["by"]["name"] if each["by"]["kind"] != "system" else None
            found.append({"at": each["at"], "from": each["event"].split(".")[0], "words": each["words"], "by": by})
    same = {"customers": None, "contract_id": contract_id, "limit": 40}
    for row in local("requests", **same)["items"]:
        link = f"/console/requests/{row['request_id']}"
        found.append(
            {"at": row["opened_at"], "from": "tickets", "what": "request", "name": row["protocol"], "link": link}
        )
    for row in local("visits", **same)["items"]:
        if row["status"] in ("done", "missed"):
            at = f"{row['on']}T12:00:00Z"
            found.append({"at": at, "from": "tickets", "what": f"visit_{row['status']}", "name": row["site_name"]})
    for row in local("evaluations", **same)["items"]:
        link = f"/console/requests/{row['request_id']}"
        found.append(
            {"at": row["asked_at"], "from": "feedback", "what": "asked", "name": row["protocol"], "link": link}
        )
    empty = {"words": "", "by": None, "what": "", "name": None, "link": None}
    kept = [{**empty, **each} for each in found if each["at"] and origin in ("", each["from"])]
    return sorted(kept, key=lambda each: str(each["at"])[:19], reverse=True)[:MOST]


def _agenda(contract_id: str, today: date) -> list[dict[str, Any]]:
    """What is planned until the end of next month."""
    until = _last(_last(today) + timedelta(days=1))
    return list(known("billing", "agenda", account_id=contract_id, through=until, limit=50).get("items") or ())


def _last(on: date) -> date:
    """The last day of the month."""
    return (on.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(problems=[{"path": "as_of", "code": "value", "message": text}]) from None


def _document(contract_id: str, data: Values) -> Answer:
    content, name, said_kind = attached()
    kind = uploads.kind_of(content) or said_kind
    uploads.check(content, kind, staff=True)
    sha256 = blobs().put(content)
    said = {"kind": data["kind"], "name": name, "media_type": kind, "sha256": sha256, "size": len(content)}
    return written("contracts", "attach_document", {**said, "contract_id": contract_id}, made="document")


class DocumentKind(papers.NewContractDocument):
    """The file itself comes with the form."""

    class Meta:
        exclude = ("sha256", "name", "media_type", "addendum")


class DocumentRemoval(papers.Removal):
    document_id = shapes.id_field(required=True)


def _payment(contract_id: str, data: Values) -> Answer:
    said = {name: value for name, value in data.items() if name != "contract_id"}
    return written("billing", "record_payment", {**said, "account_id": contract_id}, made="payment")


def _charge(contract_id: str, data: Values) -> Answer:
    ref = new_id("charge")
    of = {"account_id": contract_id, "source_type": "manual", "source_ref": ref}
    body, headers = execute("billing", "add_charge", {**data, **of}, made=ref)
    return body, 201, headers


class Payment(money.NewPayment):
    class Meta:
        exclude = ("contract_id", "allocations")


def _deed(operation: str, shape: Any, *names: str, command: str = "", anchor: str = "#deeds") -> Deed:
    return Deed(sender("contracts", command or operation, "contract_id"), shape, names, anchor)


def _money(operation: str, shape: Any, *names: str, made: str | None = None) -> Deed:
    return Deed(sender("billing", operation, "account_id", made=made), shape, names, "#money")


DEEDS: dict[str, Deed] = {
    "activate_contract": _deed("activate_contract", shapes.Activation, "on", "number"),
    "adjust_price": _deed("adjust_price", shapes.PriceAdjustment, "effective_on", "percent"),
    "adjust_by_index": _deed("adjust_by_index", bulk_terms.IndexAdjustment, "effective_on", "index"),
    "offer_renewal": _deed("offer_renewal", shapes.RenewalOffer, "ended_on"),
    "approve_renewal": _deed("approve_renewal", shapes.RenewalApproval, "ended_on"),
    "renew_contract": _deed("renew_contract", shapes.Renewal, "ended_on", "ends_on"),
    "decline_renewal": _deed("decline_renewal", shapes.RenewalRefusal, "ended_on", "by", "reason"),
    "notify_suspension": _deed("notify_suspension", shapes.SuspensionNotice, "reason", "suspend_on"),
    "withdraw_suspension": _deed("withdraw_suspension", shapes.SuspensionWithdrawal),
    "approve_suspension": _deed("approve_suspension", shapes.SuspensionApproval, "on", "note"),
    "suspend_contract": _deed("suspend_contract", shapes.Suspension, "reason", "on", "note"),
    "resume_contract": _deed("resume_contract", shapes.Resumption, "on"),
    "give_notice": _deed("give_notice", shapes.LeaveNotice, "by", "on", "last_day", "reason"),
    "withdraw_notice": _deed("withdraw_notice", shapes.Day, "on"),
    "terminate_contract": _deed(
        "terminate_contract", shapes.Termination, "reason", "on", "by", "right", "without_fine"
    ),
    "undo_change": _deed("undo_change", shapes.Mistake, "change", "reason"),
    "tag_contract": _deed("tag_contract", papers.Tags, "tags", anchor="#papers"),
    "attach_contract_document": Deed(_document, DocumentKind, ("kind",), "#papers"),
    "remove_contract_document": _deed("remove_document", DocumentRemoval, "document_id", "reason", anchor="#papers"),
    "record_acceptance": Deed(
        sender("contracts", "record_acceptance", "contract_id", made="acceptance"),
        papers.PaperSignature,
        ("signer_name", "on", "side"),
        "#papers",
    ),
    "hold_charge": _money("hold_charge", money.ChargeDecision, "charge_id", "reason"),
    "release_charge": _money("release_charge", money.ChargeDecision, "charge_id", "reason"),
    "move_charge": _money("move_charge", money.ChargeMove, "charge_id", "bill_on", "reason"),
    "change_charge_due_day": _money("change_charge_due_day", money.ChargeDueDay, "charge_id", "due_on", "reason"),
    "record_payment": Deed(_payment, Payment, ("amount", "on", "method"), "#money"),
    "add_charge": Deed(
        _charge, money.NewCharge, ("description", "quantity", "unit_price", "occurred_on", "reason"), "#money"
    ),
    "grant_credit": _money("grant_credit", money.NewCredit, "amount", "reason", made="credit"),
    "refund_credit": _money("refund_credit", money.NewRefund, "amount", "method", "reason", made="refund"),
    "allocate_credit": _money("allocate_credit", money.CreditAllocation),
}
"""By the operation's name in the table of permissions."""

__all__ = ["DEEDS", "contract_page", "offered", "timeline"]
