"""Receivables: the list with what is late and contested first at hand, and one with every action on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as Redirection

from gateway.api import scope
from gateway.api.calls import ask, local
from gateway.api.resources.bank import receivable_pdf
from gateway.api.schemas import money
from gateway.api.schemas.common import id_field
from gateway.pages.console.deeds import Deed, Values, act, drawn, of_its_account
from gateway.pages.console.frame import Answer, blp, done, local_today, may, refusal, show, written
from gateway.pages.console.workbench import known
from gateway.pages.frame import chosen_language
from gateway.pages.live import watching
from gateway.pages.receivable import receivable_shown
from services.errors import Conflict, Invalid, NotFound, Refused, VigenciaError

STATES = ("open", "overdue", "settled", "written_off", "cancelled", "renegotiated")
OPEN = ("open", "overdue")


@blp.get("/receivables")
def console_receivables() -> Response:
    """``status``: one of the states, ``disputed`` or all; ``number``; ``month``; ``customer``; ``contract``."""
    watching("receivables")
    asked = {name: request.args.get(name, "").strip() for name in ("status", "number", "month", "customer", "contract")}
    filters: dict[str, Any] = {"number": asked["number"], "month": asked["month"]}
    filters |= {"customer_id": asked["customer"], "contract_id": asked["contract"]}
    if asked["status"] == "disputed":
        filters["disputed"] = True
    elif asked["status"] in STATES:
        filters["status"] = asked["status"]
    given = {name: value for name, value in filters.items() if value}
    found = local("receivables", customers=None, limit=40, after=request.args.get("after") or None, **given)
    aging = known("billing", "aging") if may("get_aging") else {}
    return show("console/receivables.html", asked=asked, found=found, states=(*STATES, "disputed"), aging=aging)


@blp.get("/receivables/<string:receivable_id>")
def console_receivable(receivable_id: str) -> Response:
    return receivable_page(receivable_id)


@blp.post("/receivables/<string:receivable_id>/<string:operation>")
def console_receivable_act(receivable_id: str, operation: str) -> Response | Redirection:
    """One of the API's operations on a receivable, from its form. What a rule refuses is told at the form."""
    if operation not in DEEDS:
        raise NotFound("route.not-found")
    path = f"/console/receivables/{receivable_id}"
    try:
        return done(operation, path, lambda: act(DEEDS[operation], receivable_id))
    except (Refused, Invalid, Conflict) as error:
        return receivable_page(receivable_id, refused=error, operation=operation)


@blp.get("/receivables/<string:receivable_id>/pdf")
def console_receivable_pdf(receivable_id: str) -> Response:
    scope.of("receivable", receivable_id)
    return receivable_pdf(receivable_id, lang=chosen_language())


def receivable_page(receivable_id: str, *, refused: VigenciaError | None = None, operation: str = "") -> Response:
    shown = receivable_shown(receivable_id, f"/console/receivables/{receivable_id}/pdf")
    row = shown["receivable"]
    watching(f"account/{row['contract_id']}")
    status, why = refusal(refused) if refused else (200, "")
    payments = local("payments", customers=None, contract_id=row["contract_id"], limit=100)["items"]
    paying = [
        each for each in payments if any(part["receivable_id"] == receivable_id for part in each["allocations"] or ())
    ]
    return show(
        "console/receivable.html",
        status=status,
        customer_id=local("owner", kind="receivable", id=receivable_id)["customer_id"],
        payments=paying,
        boleto=known("billing", "boleto", receivable_id=receivable_id) if row["status"] in OPEN else {},
        deeds=drawn(DEEDS),
        offered=offered(row),
        today=local_today(),
        refused={"operation": operation, "why": why, "n": request.form.get("n", "")},
        **shown,
    )


def offered(row: dict[str, Any]) -> list[str]:
    """What can be done to it as it stands; the rules say the last word."""
    if row["status"] not in OPEN:
        return ["note_nfse", "issue_credit_note"] if row["status"] == "settled" else ["note_nfse"]
    found = ["record_payment"]
    found += ["resolve_dispute"] if row.get("disputed") else ["dispute_receivable"]
    found += ["change_receivable_due_day", "renegotiate_receivables", "issue_credit_note", "accrue_late_charges"]
    return [*found, "note_nfse", "write_off_receivable", "cancel_receivable"]


def _of_contract(receivable_id: str) -> tuple[str, dict[str, Any]]:
    row = ask("billing", "receivable", receivable_id=receivable_id)
    return row["contract_id"], row


def _payment(receivable_id: str, data: Values) -> Answer:
    """It pays this receivable; what is more than it owes is the account's credit."""
    contract_id, row = _of_contract(receivable_id)
    owed = Decimal(str((row.get("as_of") or {}).get("payable") or row["balance"]))
    part = {"receivable_id": receivable_id, "amount": min(data["amount"], owed)}
    payload = {**data, "account_id": contract_id, "allocations": [part]}
    return written("billing", "record_payment", payload, made="payment")


def _credit_note(receivable_id: str, data: Values) -> Answer:
    contract_id, _ = _of_contract(receivable_id)
    payload = {**data, "receivable_id": receivable_id, "account_id": contract_id}
    return written("billing", "issue_credit_note", payload, made="credit-note")


def _renegotiation(receivable_id: str, data: Values) -> Answer:
    """This one, or all that is open of its contract."""
    contract_id, _ = _of_contract(receivable_id)
    ids = [receivable_id]
    if request.form.get("whole") == "1":
        for state in OPEN:
            rows = local("receivables", customers=None, contract_id=contract_id, status=state, limit=200)["items"]
            ids += [row["receivable_id"] for row in rows if row["receivable_id"] != receivable_id]
    payload = {**data, "receivable_ids": ids, "account_id": contract_id}
    return written("billing", "renegotiate_receivables", payload, made="renegotiation")


def _reversal(receivable_id: str, data: Values) -> Answer:
    contract_id, _ = _of_contract(receivable_id)
    return written("billing", "reverse_payment", {**data, "account_id": contract_id})


class Payment(money.NewPayment):
    class Meta:
        exclude = ("contract_id", "allocations")


class CreditNote(money.NewCreditNote):
    class Meta:
        exclude = ("receivable_id",)


class Renegotiation(money.NewRenegotiation):
    class Meta:
        exclude = ("receivable_ids", "instalments")


class Reversal(money.Reason):
    payment_id = id_field(required=True)


def _deed(operation: str, shape: Any, *names: str) -> Deed:
    return Deed(of_its_account(operation), shape, names)


DEEDS: dict[str, Deed] = {
    "record_payment": Deed(_payment, Payment, ("amount", "on", "method")),
    "reverse_payment": Deed(_reversal, Reversal, ("payment_id", "reason")),
    "dispute_receivable": _deed("dispute_receivable", money.Dispute, "reason"),
    "resolve_dispute": _deed("resolve_dispute", money.DisputeResolution, "note", "credit"),
    "change_receivable_due_day": _deed(
        "change_receivable_due_day", money.NewDueDay, "due_on", "reason", "late_charges"
    ),
    "renegotiate_receivables": Deed(_renegotiation, Renegotiation, ("count", "first_due_on", "reason", "late_charges")),
    "issue_credit_note": Deed(_credit_note, CreditNote, ("amount", "reason")),
    "accrue_late_charges": _deed("accrue_late_charges", money.OnDay, "on"),
    "note_nfse": _deed("note_nfse", money.Nfse, "number", "link", "verification_code"),
    "write_off_receivable": _deed("write_off_receivable", money.Reason, "reason"),
    "cancel_receivable": _deed("cancel_receivable", money.Cancellation, "reason", "charges"),
}
"""By the operation's name in the table of permissions."""
