"""Each contract's account: balance, statement, agenda, extra charges, credit, renegotiation."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, new_id
from gateway.api.exporting import exported
from gateway.api.owning import of_account, own_account
from gateway.api.schemas import money as shapes
from gateway.api.schemas.common import Document, Written

AGENDA_PAGE = 500
blp = Blueprint(
    "accounts", __name__, description="Accounts: one per contract, with its agenda and what finance decides"
)


@blp.route("/contracts/<string:contract_id>/account", methods=["GET"])
@blp.response(200, Document)
def get_account(contract_id: str) -> Any:
    """The contract's account: what is open, late, credited, and what comes next."""
    own_account(contract_id)
    return ask("billing", "account", account_id=contract_id)


@blp.route("/contracts/<string:contract_id>/statement", methods=["GET"])
@blp.arguments(shapes.StatementQuery, location="query")
@blp.response(200, Document)
@exported
def get_statement(args: dict[str, Any], contract_id: str) -> Any:
    """All that moved the account's balance, in order: receivables, payments, credits, late charges."""
    own_account(contract_id)
    return ask("billing", "statement", account_id=contract_id, **args)


@blp.route("/customers/<string:customer_id>/statement", methods=["GET"])
@blp.arguments(shapes.StatementQuery, location="query")
@blp.response(200, Document)
@exported
def get_customer_statement(args: dict[str, Any], customer_id: str) -> Any:
    """All that moved the balance of a customer's contracts, in order, with opening and closing balance."""
    scope.of("customer", customer_id, lambda: ask("contracts", "customer", customer_id=customer_id))
    return ask("billing", "customer_statement", customer_id=customer_id, **args)


@blp.route("/contracts/<string:contract_id>/agenda", methods=["GET"])
@blp.arguments(shapes.AgendaQuery, location="query")
@blp.response(200, Document)
@exported
def get_agenda(args: dict[str, Any], contract_id: str) -> Any:
    """What will be charged, and when."""
    own_account(contract_id)
    return ask("billing", "agenda", account_id=contract_id, **args)


@blp.route("/agenda", methods=["GET"])
@blp.arguments(shapes.AgendaQuery, location="query")
@blp.response(200, Document)
@exported
def get_whole_agenda(args: dict[str, Any]) -> Any:
    """What will be charged of all contracts, and when: by bill day, in pages; also as CSV or XLSX."""
    return ask("billing", "agenda", **{"limit": AGENDA_PAGE, **args})


@blp.route("/contracts/<string:contract_id>/agenda/hold", methods=["POST"])
@blp.arguments(shapes.ChargeDecision)
@blp.response(200, Written)
def hold_charge(data: dict[str, Any], contract_id: str) -> Any:
    """Hold a planned charge, named by line and first day of its period, or by its id: no bill takes it."""
    return of_account("hold_charge", data, contract_id)


@blp.route("/contracts/<string:contract_id>/agenda/release", methods=["POST"])
@blp.arguments(shapes.ChargeDecision)
@blp.response(200, Written)
def release_charge(data: dict[str, Any], contract_id: str) -> Any:
    """Release a charge that was held: the next bill takes it when its day has come."""
    return of_account("release_charge", data, contract_id)


@blp.route("/contracts/<string:contract_id>/agenda/move", methods=["POST"])
@blp.arguments(shapes.ChargeMove)
@blp.response(200, Written)
def move_charge(data: dict[str, Any], contract_id: str) -> Any:
    """Bill a charge on another day; its period and amount stay."""
    return of_account("move_charge", data, contract_id)


@blp.route("/contracts/<string:contract_id>/agenda/due-day", methods=["POST"])
@blp.arguments(shapes.ChargeDueDay)
@blp.response(200, Written)
def change_charge_due_day(data: dict[str, Any], contract_id: str) -> Any:
    """Give a charge a due day of its own (null: the terms' again). It then stands on a receivable of its own."""
    return of_account("change_charge_due_day", data, contract_id)


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


@blp.route("/contracts/<string:contract_id>/charges/withdraw", methods=["POST"])
@blp.arguments(shapes.ChargeWithdrawal)
@blp.response(200, Written)
def withdraw_charge(data: dict[str, Any], contract_id: str) -> Any:
    """Take back a charge that was added by mistake. Billed already, what is left of it is credited."""
    return of_account("withdraw_charge", data, contract_id)


@blp.route("/contracts/<string:contract_id>/charges/correct", methods=["POST"])
@blp.arguments(shapes.UseCorrection)
@blp.response(200, Written)
def correct_use(data: dict[str, Any], contract_id: str) -> Any:
    """The quantity of a use or of work was another: its charge follows, and later uses of the same period. Of a billed one
    the difference is credited, or charged beside it."""
    return of_account("correct_use", data, contract_id)


@blp.route("/contracts/<string:contract_id>/credits", methods=["POST"])
@blp.arguments(shapes.NewCredit)
@blp.response(201, Written)
def grant_credit(data: dict[str, Any], contract_id: str) -> Any:
    """Give credit that takes back no charge, with a reason. It pays what is open, the oldest first."""
    id_ = new_id("credit")
    body, headers = execute("billing", "grant_credit", {**data, "account_id": contract_id, "credit_id": id_}, made=id_)
    return body, 201, headers


@blp.route("/contracts/<string:contract_id>/refunds", methods=["POST"])
@blp.arguments(shapes.NewRefund)
@blp.response(201, Written)
def refund_credit(data: dict[str, Any], contract_id: str) -> Any:
    """Note that credit was paid back to the customer: all of it, or a part."""
    id_ = new_id("refund")
    body, headers = execute("billing", "refund_credit", {**data, "account_id": contract_id, "refund_id": id_}, made=id_)
    return body, 201, headers


@blp.route("/contracts/<string:contract_id>/allocate-credit", methods=["POST"])
@blp.arguments(shapes.CreditAllocation)
@blp.response(200, Written)
def allocate_credit(data: dict[str, Any], contract_id: str) -> Any:
    """Put the account's credit on open receivables."""
    body, headers = execute("billing", "allocate_credit", {**data, "account_id": contract_id})
    return body, 200, headers


@blp.route("/contracts/<string:contract_id>/renegotiations", methods=["POST"])
@blp.arguments(shapes.NewRenegotiation)
@blp.response(201, Written)
def renegotiate_receivables(data: dict[str, Any], contract_id: str) -> Any:
    """Open receivables of this contract, with their late charges, become instalments: as listed, or `count` equal
    monthly ones from `first_due_on` on."""
    id_ = new_id("renegotiation")
    payload = {**data, "account_id": contract_id, "renegotiation_id": id_}
    body, headers = execute("billing", "renegotiate_receivables", payload, made=id_)
    return body, 201, headers
