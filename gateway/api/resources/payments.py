"""Payments, and what each of them pays."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import KEY_HEADER, ask, batch, command_id, execute, listed, local, new_id
from gateway.api.exporting import exported
from gateway.api.schemas import money as shapes
from gateway.api.schemas.common import Written, page_of
from services.codec import to_json_values
from services.errors import NotFound, from_wire

blp = Blueprint("payments", __name__, description="Payments: what came in, and what it pays")


@blp.route("/payments", methods=["GET"])
@blp.arguments(shapes.PaymentsQuery, location="query")
@blp.response(200, page_of(shapes.Payment))
@exported
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
    if account_id is None:  # not known here yet
        known = ask("billing", "payments", payment_id=payment_id)["items"]
        account_id = known[0]["account_id"] if known else None
    if account_id is None:
        raise NotFound("payment.not-found", payment_id=payment_id)
    payload = {**data, "account_id": account_id, "payment_id": payment_id}
    body, headers = execute("billing", "reverse_payment", payload)
    return body, 200, headers


@blp.route("/customers/<string:customer_id>/payments", methods=["POST"])
@blp.arguments(shapes.NewSharedPayment)
@blp.response(201, shapes.SharedPayment)
def record_shared_payment(data: dict[str, Any], customer_id: str) -> Any:
    """One payment for several contracts of a customer: the oldest receivables first, or as chosen; wholly or not at all.

    Each contract gets a payment of its own under this one's id; what is left is the credit of one contract."""
    payload = {**data, "customer_id": customer_id, "payment_id": new_id("payment"), "id": command_id()}
    return _one("record_shared_payment", payload), 201, {KEY_HEADER: command_id()}


@blp.route("/shared-payments/<string:shared_payment_id>", methods=["GET"])
@blp.response(200, shapes.SharedPayment)
def get_shared_payment(shared_payment_id: str) -> Any:
    """One payment for several contracts: what each got, what that paid, and what is left as credit."""
    return ask("billing", "payment_parts", payment_id=shared_payment_id)


@blp.route("/shared-payments/<string:shared_payment_id>/reverse", methods=["POST"])
@blp.arguments(shapes.Reason)
@blp.response(200, shapes.SharedPayment)
def reverse_shared_payment(data: dict[str, Any], shared_payment_id: str) -> Any:
    """The money went back: the payment is undone on every contract."""
    return _one("reverse_shared_payment", {**data, "payment_id": shared_payment_id, "id": command_id()})


def _one(name: str, record: dict[str, Any]) -> dict[str, Any]:
    (answer,) = batch("billing", name, [to_json_values(record)])
    if answer.get("status") in ("rejected", "failed"):
        raise from_wire(answer["error"])
    return answer
