"""Movements of a period for the accountant's books, and the plan of accounts that they name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app

from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask
from gateway.api.exporting import exported
from gateway.api.problems import language
from gateway.api.schemas.accounting import AccountingQuery, AccountWords, BookLines, PlanAccount, PlanAccounts
from gateway.api.scope import caller
from gateway.exports.accounting import closing, lines
from gateway.exports.plan import PlanOfAccounts
from services import logs

PAGE = 1000
blp = Blueprint("accounting", __name__, description="For the books: movements as debits and credits")
log = logs.get("gateway")


@blp.route("/reports/accounting", methods=["GET"])
@blp.arguments(AccountingQuery, location="query")
@blp.response(200, BookLines)
@exported
def get_accounting(args: dict[str, Any]) -> Any:
    """A period's movements as debits and credits, by day; closed by billing's own totals."""
    answer = ask("billing", "journal", **{"limit": PAGE, **args})
    lang = language()
    items = list(lines(answer["items"], _plan().plan(), lang))
    if not answer["next"]:
        items.append(closing(answer["totals"], lang))
    return {"items": items, "next": answer["next"]}


@blp.route("/accounting/accounts", methods=["GET"])
@blp.response(200, PlanAccounts)
def list_plan_accounts() -> Any:
    """Which account of the company's plan stands for which role."""
    return {"items": _plan().listed()}


@blp.route("/accounting/accounts/<role>", methods=["PUT"])
@blp.arguments(AccountWords)
@blp.response(200, PlanAccount)
def change_plan_account(data: dict[str, Any], role: str) -> Any:
    """Give a role another account; exports name it from now on, for older periods, too."""
    who = caller().user.user_id
    answer = _plan().change(role, data["code"], data["name"], by=who, at=datetime.now(UTC))
    log.info("plan account changed", role=role, by=who)
    return answer


def _plan() -> PlanOfAccounts:
    return current_app.extensions["vigencia"].plan  # type: ignore[no-any-return]
