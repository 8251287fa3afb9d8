"""Reports about the money of many contracts."""

from __future__ import annotations

from typing import Any

from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask
from gateway.api.exporting import exported
from gateway.api.owning import as_account
from gateway.api.schemas import money as shapes
from gateway.api.schemas.common import Document

blp = Blueprint("reports", __name__, description="Reports: balances, lateness, months, aging, forecast, revenue")


@blp.route("/reports/balance", methods=["GET"])
@blp.arguments(shapes.BalanceQuery, location="query")
@blp.response(200, Document)
def get_balance(args: dict[str, Any]) -> Any:
    """What was open at a day's end, of one contract or of all; also as it was known on another day."""
    on = args.get("as_of") or args.get("on")
    return ask(
        "billing",
        "balance_on",
        on=on,
        known_at=args.get("known_at"),
        account_id=args.get("contract_id"),
        receivables=args.get("list"),
    )


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
@exported
def get_months(args: dict[str, Any]) -> Any:
    """Sums by month: contracts billed, receivables, billed, received, credited, written off."""
    return ask("billing", "totals", **args)


@blp.route("/reports/aging", methods=["GET"])
@blp.arguments(shapes.AgingQuery, location="query")
@blp.response(200, Document)
@exported
def get_aging(args: dict[str, Any]) -> Any:
    """What is open by how long it has been due: over all, per customer or per contract."""
    return ask("billing", "aging", **as_account(args))


@blp.route("/reports/forecast", methods=["GET"])
@blp.arguments(shapes.ForecastQuery, location="query")
@blp.response(200, Document)
@exported
def get_forecast(args: dict[str, Any]) -> Any:
    """Which money is expected in each of the coming months: issued and planned."""
    return ask("billing", "forecast", **as_account(args))


@blp.route("/reports/revenue", methods=["GET"])
@blp.arguments(shapes.RevenueQuery, location="query")
@blp.response(200, Document)
@exported
def get_revenue(args: dict[str, Any]) -> Any:
    """Each contract's revenue by itself, month by month: billed, withheld, net, received, credited, open."""
    return ask("billing", "revenue", **args)


@blp.route("/reports/recurring-revenue", methods=["GET"])
@blp.arguments(shapes.MrrQuery, location="query")
@blp.response(200, Document)
@exported
def get_recurring_revenue(args: dict[str, Any]) -> Any:
    """Monthly recurring revenue and its movements: new, expansion, contraction, churn, reactivation."""
    return ask("billing", "mrr", **args)
