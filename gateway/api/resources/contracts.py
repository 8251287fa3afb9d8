"""Contracts: drafted, signed, amended, suspended, ended; their terms of any day; whether a request would be covered."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, listed, new_id
from gateway.api.exporting import exported
from gateway.api.schemas import contracts as shapes
from gateway.api.schemas.bulk_terms import IndexAdjustment
from gateway.api.schemas.common import Document, Written, page_of

blp = Blueprint("contracts", __name__, description="Contracts and their life; coverage")


@blp.route("/contracts", methods=["GET"])
@blp.arguments(shapes.ContractsQuery, location="query")
@blp.response(200, page_of(shapes.Contract))
@exported
def list_contracts(args: dict[str, Any]) -> Any:
    """Contracts, the newest first."""
    return listed("contracts", args, customers=scope.only())


@blp.route("/contracts", methods=["POST"])
@blp.arguments(shapes.NewContract)
@blp.response(201, Written)
def draft_contract(data: dict[str, Any]) -> Any:
    """Write a contract down. It binds nobody until it is activated."""
    id_ = new_id("contract")
    body, headers = execute("contracts", "draft_contract", {**data, "contract_id": id_}, made=id_)
    return body, 201, {**headers, "Location": f"/api/v1/contracts/{id_}"}


@blp.route("/contracts/<string:contract_id>", methods=["GET"])
@blp.arguments(shapes.ContractQuery, location="query")
@blp.response(200, Document)
def get_contract(args: dict[str, Any], contract_id: str) -> Any:
    """A contract with its terms as they are today or on another day, its versions, suspension and end."""
    _own(contract_id)
    return ask(
        "contracts", "contract", contract_id=contract_id, on=args.get("as_of"), believed_on=args.get("believed_on")
    )


@blp.route("/contracts/<string:contract_id>/terms", methods=["PUT"])
@blp.arguments(shapes.NewTerms)
@blp.response(200, Written)
def change_terms(data: dict[str, Any], contract_id: str) -> Any:
    """Other terms for a draft. An active contract is changed by an addendum only."""
    return _of_contract("change_terms", data, contract_id)


@blp.route("/contracts/<string:contract_id>/activate", methods=["POST"])
@blp.arguments(shapes.Activation)
@blp.response(200, Written)
def activate_contract(data: dict[str, Any], contract_id: str) -> Any:
    """The contract is signed and in force; it gets its number."""
    return _of_contract("activate_contract", data, contract_id)


@blp.route("/contracts/<string:contract_id>/amend", methods=["POST"])
@blp.arguments(shapes.Amendment)
@blp.response(200, Written)
def amend_contract(data: dict[str, Any], contract_id: str) -> Any:
    """An addendum: other terms from a day on."""
    return _of_contract("amend_contract", data, contract_id)


@blp.route("/contracts/<string:contract_id>/adjust-price", methods=["POST"])
@blp.arguments(shapes.PriceAdjustment)
@blp.response(200, Written)
def adjust_price(data: dict[str, Any], contract_id: str) -> Any:
    """Raise the prices by a percentage, twelve months after the last time at the earliest."""
    return _of_contract("adjust_price", data, contract_id)


@blp.route("/contracts/<string:contract_id>/adjust-by-index", methods=["POST"])
@blp.arguments(IndexAdjustment)
@blp.response(200, Written)
def adjust_by_index(data: dict[str, Any], contract_id: str) -> Any:
    """Raise the prices by an index, accumulated over the contract's twelve months."""
    return _of_contract("adjust_by_index", data, contract_id)


@blp.route("/contracts/<string:contract_id>/renew", methods=["POST"])
@blp.arguments(shapes.Renewal)
@blp.response(200, Written)
def renew_contract(data: dict[str, Any], contract_id: str) -> Any:
    """Another term after the one that ends."""
    return _of_contract("renew_contract", data, contract_id)


@blp.route("/contracts/<string:contract_id>/notify-suspension", methods=["POST"])
@blp.arguments(shapes.SuspensionNotice)
@blp.response(200, Written)
def notify_suspension(data: dict[str, Any], contract_id: str) -> Any:
    """Tell the customer that services will be suspended on a day, unless the cause is gone by then."""
    return _of_contract("notify_suspension", data, contract_id)


@blp.route("/contracts/<string:contract_id>/withdraw-suspension", methods=["POST"])
@blp.arguments(shapes.SuspensionWithdrawal)
@blp.response(200, Written)
def withdraw_suspension(data: dict[str, Any], contract_id: str) -> Any:
    """The notice is void."""
    return _of_contract("withdraw_suspension", data, contract_id)


@blp.route("/contracts/<string:contract_id>/suspend", methods=["POST"])
@blp.arguments(shapes.Suspension)
@blp.response(200, Written)
def suspend_contract(data: dict[str, Any], contract_id: str) -> Any:
    """No services are due and nothing is charged from that day on."""
    return _of_contract("suspend_contract", data, contract_id)


@blp.route("/contracts/<string:contract_id>/resume", methods=["POST"])
@blp.arguments(shapes.Resumption)
@blp.response(200, Written)
def resume_contract(data: dict[str, Any], contract_id: str) -> Any:
    """Services are due again."""
    return _of_contract("resume_contract", data, contract_id)


@blp.route("/contracts/<string:contract_id>/terminate", methods=["POST"])
@blp.arguments(shapes.Termination)
@blp.response(200, Written)
def terminate_contract(data: dict[str, Any], contract_id: str) -> Any:
    """The contract ends before its time."""
    return _of_contract("terminate_contract", data, contract_id)


@blp.route("/contracts/<string:contract_id>/approve-suspension", methods=["POST"])
@blp.arguments(shapes.SuspensionApproval)
@blp.response(200, Written)
def approve_suspension(data: dict[str, Any], contract_id: str) -> Any:
    """A manager approves the suspension that waits for it."""
    return _of_contract("approve_suspension", data, contract_id)


@blp.route("/contracts/<string:contract_id>/give-notice", methods=["POST"])
@blp.arguments(shapes.LeaveNotice)
@blp.response(200, Written)
def give_notice(data: dict[str, Any], contract_id: str) -> Any:
    """One side leaves: at the end of the term, or after the days of notice that the contract demands."""
    return _of_contract("give_notice", _as_customer(data), contract_id)


@blp.route("/contracts/<string:contract_id>/withdraw-notice", methods=["POST"])
@blp.arguments(shapes.Day)
@blp.response(200, Written)
def withdraw_notice(data: dict[str, Any], contract_id: str) -> Any:
    """Who gave notice stays after all."""
    return _of_contract("withdraw_notice", data, contract_id)


@blp.route("/contracts/<string:contract_id>/offer-renewal", methods=["POST"])
@blp.arguments(shapes.RenewalOffer)
@blp.response(200, Written)
def offer_renewal(data: dict[str, Any], contract_id: str) -> Any:
    """Ask for approval of another term, earlier than it happens by itself."""
    return _of_contract("offer_renewal", data, contract_id)


@blp.route("/contracts/<string:contract_id>/approve-renewal", methods=["POST"])
@blp.arguments(shapes.RenewalApproval)
@blp.response(200, Written)
def approve_renewal(data: dict[str, Any], contract_id: str) -> Any:
    """The customer accepts the renewal that was offered to him: a contact with the right to approve, in the portal."""
    return _of_contract("approve_renewal", data, contract_id)


@blp.route("/contracts/<string:contract_id>/decline-renewal", methods=["POST"])
@blp.arguments(shapes.RenewalRefusal)
@blp.response(200, Written)
def decline_renewal(data: dict[str, Any], contract_id: str) -> Any:
    """There will be no term after the present one."""
    return _of_contract("decline_renewal", _as_customer(data), contract_id)


@blp.route("/contracts/<string:contract_id>/undo", methods=["POST"])
@blp.arguments(shapes.Mistake)
@blp.response(200, Written)
def undo_change(data: dict[str, Any], contract_id: str) -> Any:
    """The last suspension, resumption, termination, expiry, renewal, addendum or price adjustment was a mistake.

    Both stay on record. An addendum is undone only while nothing builds on it and the customer has not accepted it.
    """
    return _of_contract("undo_change", data, contract_id)


@blp.route("/contracts/preview", methods=["POST"])
@blp.arguments(shapes.ContractPreview)
@blp.response(200, Document)
def preview_contract(data: dict[str, Any]) -> Any:
    """A draft or an addendum as it would be: checked, its text, what changes, and what it would charge. Nothing is written."""
    months = data.pop("months", 12)
    shown = ask("contracts", "contract_preview", **data)
    asked = {"terms": shown["terms"], "before": shown["before"], "since": shown["effective_on"], "months": months}
    return {**shown, "plan": ask("billing", "plan_preview", **asked)}


@blp.route("/contracts/due-adjustments", methods=["GET"])
@blp.arguments(shapes.DueAdjustmentsQuery, location="query")
@blp.response(200, Document)
def list_due_adjustments(args: dict[str, Any]) -> Any:
    """Work list: whose prices may be adjusted in a month, by which index, and what they would be."""
    return ask("contracts", "due_adjustments", **args)


@blp.route("/contracts/expiring", methods=["GET"])
@blp.arguments(shapes.RenewalsQuery, location="query")
@blp.response(200, Document)
def list_expiring(args: dict[str, Any]) -> Any:
    """Contracts that end and will not be renewed: by when, and why."""
    return ask("contracts", "renewals", expiring=True, **args)


@blp.route("/renewals", methods=["GET"])
@blp.arguments(shapes.RenewalsQuery, location="query")
@blp.response(200, Document)
def list_renewals(args: dict[str, Any]) -> Any:
    """Work list: terms that end, by when notice can be given, and what waits for a decision."""
    return ask("contracts", "renewals", **args)


@blp.route("/suspensions", methods=["GET"])
@blp.arguments(shapes.SuspensionsQuery, location="query")
@blp.response(200, Document)
def list_suspensions(args: dict[str, Any]) -> Any:
    """Work list: suspensions whose notice has run and that wait for a manager."""
    return ask("contracts", "suspensions", **args)


@blp.route("/contracts/<string:contract_id>/coverage", methods=["GET"])
@blp.arguments(shapes.CoverageQuery, location="query")
@blp.response(200, Document)
def get_coverage(args: dict[str, Any], contract_id: str) -> Any:
    """Would a request be covered, by which clause, how much is left, at which price? Asked before it is opened.

    The answer names the clause by its number or name (`clause_name`) and says what it says (`clause_words`).
    `needs_acceptance`: it is sent at a price, and work waits until a contact with the right to money or approval
    accepts it by name. Who does not see prices gets none.
    """
    customer_id = _own(contract_id)
    who = scope.caller()
    if who.is_customer:
        args = {**args, "contact_id": who.contact_for(customer_id), "channel": "portal"}
    return ask("tickets", "coverage", contract_id=contract_id, prices=who.sees_prices, **args)


def _as_customer(data: dict[str, Any]) -> dict[str, Any]:
    """A customer speaks for himself, and as of now: an earlier day would use up the days of notice."""
    if not scope.caller().is_customer:
        return data
    return {**{name: value for name, value in data.items() if name != "on"}, "by": "customer"}


def _own(contract_id: str) -> str | None:
    return scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))


def _of_contract(command: str, data: dict[str, Any], contract_id: str) -> Any:
    customer_id = _own(contract_id)
    payload = {**data, "contract_id": contract_id}
    body, headers = execute("contracts", command, payload, customer_id=customer_id)
    return body, 200, headers
