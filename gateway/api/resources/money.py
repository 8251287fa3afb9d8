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
@blp.arguments(shapes.Dispute)
@blp.response(200, Written)
def dispute_receivable(data: dict[str, Any], receivable_id: str) -> Any:
    """It is contested, or some of its lines are: no late charges, reminders or default for these until that is
    resolved."""
    return _of_receivable("dispute_receivable", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/resolve-dispute", methods=["POST"])
@blp.arguments(shapes.DisputeResolution)
@blp.response(200, Written)
def resolve_dispute(data: dict[str, Any], receivable_id: str) -> Any:
    """The dispute is settled: it is owed as it stands or, with `credit`, what was contested is credited."""
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


@blp.route("/contracts/<string:contract_id>/agenda/hold", methods=["POST"])
@blp.arguments(shapes.ChargeDecision)
@blp.response(200, Written)
def hold_charge(data: dict[str, Any], contract_id: str) -> Any:
    """Hold a planned charge, named by line and first day of its period, or by its id: no bill takes it."""
    return _of_account("hold_charge", data, contract_id)


@blp.route("/contracts/<string:contract_id>/agenda/release", methods=["POST"])
@blp.arguments(shapes.ChargeDecision)
@blp.response(200, Written)
def release_charge(data: dict[str, Any], contract_id: str) -> Any:
    """Release a charge that was held: the next bill takes it when its day has come."""
    return _of_account("release_charge", data, contract_id)


@blp.route("/contracts/<string:contract_id>/agenda/move", methods=["POST"])
@blp.arguments(shapes.ChargeMove)
@blp.response(200, Written)
def move_charge(data: dict[str, Any], contract_id: str) -> Any:
    """Bill a charge on another day; its period and amount stay."""
    return _of_account("move_charge", data, contract_id)


@blp.route("/contracts/<string:contract_id>/agenda/due-day", methods=["POST"])
@blp.arguments(shapes.ChargeDueDay)
@blp.response(200, Written)
def change_charge_due_day(data: dict[str, Any], contract_id: str) -> Any:
    """Give a charge a due day of its own (null: the terms' again). It then stands on a receivable of its own."""
    return _of_account("change_charge_due_day", data, contract_id)


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


@blp.route("/receivables/<string:receivable_id>/cancel", methods=["POST"])
@blp.arguments(shapes.Cancellation)
@blp.response(200, Written)
def cancel_receivable(data: dict[str, Any], receivable_id: str) -> Any:
    """It was issued by mistake, and nothing was paid or credited of it. Its charges go back to the agenda, also held,
    or are dropped."""
    return _of_receivable("cancel_receivable", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/nfse", methods=["POST"])
@blp.arguments(shapes.Nfse)
@blp.response(200, Written)
def note_nfse(data: dict[str, Any], receivable_id: str) -> Any:
    """Note the number of its electronic invoice (NFS-e), and where it can be seen."""
    return _of_receivable("note_nfse", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/pix", methods=["GET"])
@blp.arguments(shapes.PixQuery, location="query")
@blp.response(200, Document)
def get_pix(args: dict[str, Any], receivable_id: str) -> Any:
    """The Pix code («copia e cola») of what it takes to pay it on a day, that day's late charges included."""
    scope.of("receivable", receivable_id, lambda: ask("billing", "receivable", receivable_id=receivable_id))
    return ask("billing", "pix", receivable_id=receivable_id, on=args.get("on"))


@blp.route("/customers/<string:customer_id>/statement", methods=["GET"])
@blp.arguments(shapes.StatementQuery, location="query")
@blp.response(200, Document)
def get_customer_statement(args: dict[str, Any], customer_id: str) -> Any:
    """All that moved the balance of a customer's contracts, in order, with opening and closing balance."""
    scope.of("customer", customer_id, lambda: ask("contracts", "customer", customer_id=customer_id))
    return ask("billing", "customer_statement", customer_id=customer_id, **args)


@blp.route("/customers/<string:customer_id>/withholding", methods=["GET"])
@blp.response(200, Document)
def get_withholding(customer_id: str) -> Any:
    """Which taxes this customer keeps back at source, and since when."""
    return ask("billing", "withholder", customer_id=customer_id)


@blp.route("/customers/<string:customer_id>/withholding", methods=["POST"])
@blp.arguments(shapes.NewWithholding)
@blp.response(200, Written)
def set_customer_withholding(data: dict[str, Any], customer_id: str) -> Any:
    """From a day on the customer keeps back these taxes; none: nothing any more."""
    body, headers = execute("billing", "set_customer_withholding", {**data, "customer_id": customer_id})
    return body, 200, headers


@blp.route("/withholding-rates", methods=["GET"])
@blp.arguments(shapes.RatesQuery, location="query")
@blp.response(200, Document)
def list_withholding_rates(args: dict[str, Any]) -> Any:
    """The table of rates of taxes withheld at source."""
    return ask("billing", "withholding_rates", **args)


@blp.route("/withholding-rates", methods=["POST"])
@blp.arguments(shapes.NewRates)
@blp.response(200, Written)
def load_withholding_rates(data: dict[str, Any]) -> Any:
    """Load the whole table; it replaces the one before. What was issued stays as it was reckoned."""
    body, headers = execute("billing", "load_withholding_rates", data)
    return body, 200, headers


@blp.route("/reports/aging", methods=["GET"])
@blp.arguments(shapes.AgingQuery, location="query")
@blp.response(200, Document)
def get_aging(args: dict[str, Any]) -> Any:
    """What is open by how long it has been due: over all, per customer or per contract."""
    return ask("billing", "aging", **_as_account(args))


@blp.route("/reports/forecast", methods=["GET"])
@blp.arguments(shapes.ForecastQuery, location="query")
@blp.response(200, Document)
def get_forecast(args: dict[str, Any]) -> Any:
    """Which money is expected in each of the coming months: issued and planned."""
    return ask("billing", "forecast", **_as_account(args))


@blp.route("/reports/revenue", methods=["GET"])
@blp.arguments(shapes.RevenueQuery, location="query")
@blp.response(200, Document)
def get_revenue(args: dict[str, Any]) -> Any:
    """Each contract's revenue by itself, month by month: billed, withheld, net, received, credited, open."""
    return ask("billing", "revenue", **args)


@blp.route("/reports/recurring-revenue", methods=["GET"])
@blp.arguments(shapes.MrrQuery, location="query")
@blp.response(200, Document)
def get_recurring_revenue(args: dict[str, Any]) -> Any:
    """Monthly recurring revenue and its movements: new, expansion, contraction, churn, reactivation."""
    return ask("billing", "mrr", **args)


def _as_account(args: dict[str, Any]) -> dict[str, Any]:
    contract_id = args.pop("contract_id", None)
    return args if contract_id is None else {**args, "account_id": contract_id}


def _of_account(command: str, data: dict[str, Any], contract_id: str) -> Any:
    body, headers = execute("billing", command, {**data, "account_id": contract_id})
    return body, 200, headers


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
