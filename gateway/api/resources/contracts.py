"""Contracts: drafted, signed, amended, suspended, ended; their terms of any day; whether a request would be covered."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, listed, new_id
from gateway.api.schemas import contracts as shapes
from gateway.api.schemas.common import Document, Written, page_of

blp = Blueprint("contracts", __name__, description="Contracts and their life; coverage")


@blp.route("/contracts", methods=["GET"])
@blp.arguments(shapes.ContractsQuery, location="query")
@blp.response(200, page_of(shapes.Contract))
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
    return ask("contracts", "contract", contract_id=contract_id, on=args.get("as_of"))


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


@blp.route("/contracts/<string:contract_id>/coverage", methods=["GET"])
@blp.arguments(shapes.CoverageQuery, location="query")
@blp.response(200, Document)
def get_coverage(args: dict[str, Any], contract_id: str) -> Any:
    """Would a request be covered, by which clause, how much is left, at which price? Asked before it is opened."""
    customer_id = _own(contract_id)
    who = scope.caller()
    if who.is_customer:
        args = {**args, "contact_id": who.contact_for(customer_id), "channel": "portal"}
    return ask("tickets", "coverage", contract_id=contract_id, **args)


def _own(contract_id: str) -> str | None:
    return scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))


def _of_contract(command: str, data: dict[str, Any], contract_id: str) -> Any:
    customer_id = _own(contract_id)
    payload = {**data, "contract_id": contract_id}
    body, headers = execute("contracts", command, payload, customer_id=customer_id)
    return body, 200, headers
