"""Taxes withheld at source: the table of rates, and which customers withhold what."""

from __future__ import annotations

from typing import Any

from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute
from gateway.api.schemas import money as shapes
from gateway.api.schemas.common import Document, Written

blp = Blueprint("withholding", __name__, description="Taxes withheld at source")


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
