"""Each contract's money: account and agenda, receivables with their explanation, payments, charges, credit notes."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, listed, local, new_id
from gateway.api.schemas import money as shapes
from gateway.api.schemas.common import Document, Written, page_of
from services.errors import NotFound

blp = Blueprint("money", __name__, description="Accounts, receivables, payments: one account per contract")


@blp.route("/contracts/<string:contract_id>/account", methods=["GET"])
@blp.response(200, Document)
def get_account(contract_id: str) -> Any:
    """The contract's account: what is open, late, credited, and what comes next."""
    _own_account(contract_id)
    return ask("billing", "account", account_id=contract_id)


@blp.route("/contracts/<string:contract_id>/agenda", methods=["GET"])
@blp.arguments(shapes.AgendaQuery, location="query")
@blp.response(200, Document)
def get_agenda(args: dict[str, Any], contract_id: str) -> Any:
    """What will be charged, and when."""
    _own_account(contract_id)
    return ask("billing", "agenda", account_id=contract_id, **args)


@blp.route("/contracts/<string:contract_id>/statement", methods=["GET"])
@blp.arguments(shapes.StatementQuery, location="query")
@blp.response(200, Document)
def get_statement(args: dict[str, Any], contract_id: str) -> Any:
    """All that moved the account's balance, in order: receivables, payments, credits, late charges."""
    _own_account(contract_id)
    return ask("billing", "statement", account_id=contract_id, since=args.get("since"), until=args.get("until"))


@blp.route("/contracts/<string:contract_id>/charges", methods=["POST"])
@blp.arguments(shapes.NewCharge)
@blp.response(201, Written)
def add_charge(data: dict[str, Any], contract_id: str) -> Any:
    """Charge something that is not planned, with a reason. It stands on the next receivable."""
    ref = new_id("charge")
    payload = {**data, "account_id": contract_id, "source_type": "manual", "source_ref": ref}
    body, headers = execute("billing", "add_charge", payload, made=ref)
    return body, 201, headers


@blp.route("/contracts/<string:contract_id>/credit-notes", methods=["POST"])
@blp.arguments(shapes.NewCreditNote)
@blp.response(201, Written)
def issue_credit_note(data: dict[str, Any], contract_id: str) -> Any:
    """Give back part of a receivable, with a reason."""
    id_ = new_id("credit-note")
    payload = {**data, "account_id": contract_id, "credit_note_id": id_}
    body, headers = execute("billing", "issue_credit_note", payload, made=id_)
    return body, 201, headers


@blp.route("/contracts/<string:contract_id>/allocate-credit", methods=["POST"])
@blp.arguments(shapes.CreditAllocation)
@blp.response(200, Written)
def allocate_credit(data: dict[str, Any], contract_id: str) -> Any:
    """Put the account's credit on open receivables."""
    body, headers = execute("billing", "allocate_credit", {**data, "account_id": contract_id})
    return body, 200, headers


@blp.route("/receivables", methods=["GET"])
@blp.arguments(shapes.ReceivablesQuery, location="query")
@blp.response(200, page_of(shapes.Receivable))
def list_receivables(args: dict[str, Any]) -> Any:
    """Receivables, the latest due day first."""
    return listed("receivables", args, customers=scope.only())


@blp.route("/receivables/<string:receivable_id>", methods=["GET"])
@blp.arguments(shapes.ReceivableQuery, location="query")
@blp.response(200, Document)
def get_receivable(args: dict[str, Any], receivable_id: str) -> Any:
    """A receivable with its lines. Each line's `explanation` answers "why this amount?": clause and version of the
    terms, period, day count, factor, quantity and where it comes from, unit price, rounding."""
    scope.of("receivable", receivable_id, lambda: ask("billing", "receivable", receivable_id=receivable_id))
    return ask("billing", "receivable", receivable_id=receivable_id, on=args.get("as_of"))


@blp.route("/receivables/<string:receivable_id>/dispute", methods=["POST"])
@blp.arguments(shapes.Reason)
@blp.response(200, Written)
def dispute_receivable(data: dict[str, Any], receivable_id: str) -> Any:
    """It is contested: no reminders and no default for it until that is resolved."""
    return _of_receivable("dispute_receivable", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/resolve-dispute", methods=["POST"])
@blp.arguments(shapes.DisputeResolution)
@blp.response(200, Written)
def resolve_dispute(data: dict[str, Any], receivable_id: str) -> Any:
    """The dispute is settled; the receivable is owed as it stands."""
    return _of_receivable("resolve_dispute", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/write-off", methods=["POST"])
@blp.arguments(shapes.Reason)
@blp.response(200, Written)
def write_off_receivable(data: dict[str, Any], receivable_id: str) -> Any:
    """Give it up as lost."""
    return _of_receivable("write_off_receivable", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/accrue-late-charges", methods=["POST"])
@blp.arguments(shapes.OnDay)
@blp.response(200, Written)
def accrue_late_charges(data: dict[str, Any], receivable_id: str) -> Any:
    """Add fine and interest until a day to what is owed."""
    return _of_receivable("accrue_late_charges", data, receivable_id)


@blp.route("/payments", methods=["GET"])
@blp.arguments(shapes.PaymentsQuery, location="query")
@blp.response(200, page_of(shapes.Payment))
def list_payments(args: dict[str, Any]) -> Any:
    """Payments, the latest first."""
    return listed("payments", args, customers=scope.only())


@blp.route("/payments", methods=["POST"])
@blp.arguments(shapes.NewPayment)
@blp.response(201, Written)
def record_payment(data: dict[str, Any]) -> Any:
    """Money came in for a contract; without allocations it pays the oldest receivables first."""
    id_ = new_id("payment")
    account_id = data.pop("contract_id")
    payload = {**data, "account_id": account_id, "payment_id": id_}
    body, headers = execute("billing", "record_payment", payload, made=id_)
    return body, 201, headers


@blp.route("/payments/<string:payment_id>/reverse", methods=["POST"])
@blp.arguments(shapes.Reason)
@blp.response(200, Written)
def reverse_payment(data: dict[str, Any], payment_id: str) -> Any:
    """The money went back (or never came): its receivables are open again."""
    account_id = local("owner", kind="payment", id=payment_id)["contract_id"]
    if account_id is None:
        raise NotFound("payment.not-found", payment_id=payment_id)
    payload = {**data, "account_id": account_id, "payment_id": payment_id}
    body, headers = execute("billing", "reverse_payment", payload)
    return body, 200, headers


@blp.route("/reports/balance", methods=["GET"])
@blp.arguments(shapes.BalanceQuery, location="query")
@blp.response(200, Document)
def get_balance(args: dict[str, Any]) -> Any:
    """What was open at a day's end, of one contract or of all."""
    return ask("billing", "balance_on", on=args["on"], account_id=args.get("contract_id"), receivables=args.get("list"))


@blp.route("/reports/lateness", methods=["GET"])
@blp.arguments(shapes.LatenessQuery, location="query")
@blp.response(200, Document)
def get_lateness(args: dict[str, Any]) -> Any:
    """Who paid late, and by how many days."""
    account_id = args.pop("contract_id", None)
    return ask("billing", "lateness", account_id=account_id, **args)


@blp.route("/reports/months", methods=["GET"])
@blp.arguments(shapes.MonthsQuery, location="query")
@blp.response(200, Document)
def get_months(args: dict[str, Any]) -> Any:
    """Sums by month: contracts billed, receivables, billed, received, credited, written off."""
    return ask("billing", "totals", **args)


def _own_account(contract_id: str) -> str | None:
    return scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))


def _of_receivable(command: str, data: dict[str, Any], receivable_id: str) -> Any:
    """Commands go to the contract's account; which one that is, the read model knows, else billing."""
    known = local("owner", kind="receivable", id=receivable_id)
    if known["contract_id"] is None:
        known = ask("billing", "receivable", receivable_id=receivable_id)
    scope.check(known["customer_id"])
    payload = {**data, "account_id": known["contract_id"], "receivable_id": receivable_id}
    body, headers = execute("billing", command, payload, customer_id=known["customer_id"])
    return body, 200, headers
