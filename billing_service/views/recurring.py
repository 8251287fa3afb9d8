"""Monthly recurring revenue, and how it moves: what a contract's recurring lines come to in a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Boolean, Column, Date, Index, String, Table, func, select

from billing_service.domain.money import half_up
from billing_service.domain.recurrence import DAYS, MONTHS
from billing_service.views.accounts import accounts
from billing_service.views.metadata import METADATA, ZERO, day
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows
from services.store.types import Money

KINDS = ("new", "expansion", "contraction", "churn", "reactivation")
DAYS_OF_A_MONTH = Fraction(365, 12)

recurring = Table(
    "recurring",
    METADATA,
    Column("account_id", String(64), primary_key=True),
    Column("mrr", Money, nullable=False, default=ZERO),
    Column("active", Boolean, nullable=False, default=True),
)

mrr_movements = Table(
    "mrr_movements",
    METADATA,
    Column("entry_id", String(160), primary_key=True),
    Column("account_id", String(64), nullable=False, index=True),
    Column("customer_id", String(64), nullable=True),
    Column("on", Date, nullable=False),
    Column("month", String(7), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("amount", Money, nullable=False),
    Index("mrr_movements_month", "month", "kind"),
)


class RecurringView(View):
    """Each movement in the month in which it takes effect. A suspension is none: the contract goes on."""

    name = "recurring"
    source = "billing"
    tables = (recurring, mrr_movements)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "billing.account.terms_taken":
                self._taken(event, rows, monthly(data["terms"]))
            case "billing.account.planning_stopped" if data["reason"] in ("termination", "expiry"):
                row = rows.get(recurring, account_id=data["account_id"])
                if row is not None and row["active"]:
                    rows.put(recurring, account_id=data["account_id"], active=False)
                    _move(rows, event, "churn", -row["mrr"], day(data, "on"))
            case "billing.account.planning_resumed":
                row = rows.get(recurring, account_id=data["account_id"])
                if row is not None and not row["active"]:
                    rows.put(recurring, account_id=data["account_id"], active=True)
                    _move(rows, event, "reactivation", row["mrr"], day(data, "on"))

    def _taken(self, event: Incoming, rows: Rows, now: Decimal) -> None:
        account_id, on = event.data["account_id"], day(event.data, "effective_on")
        row = rows.get(recurring, account_id=account_id)
        rows.put(recurring, account_id=account_id, mrr=now, active=True if row is None else row["active"])
        if row is None:
            _move(rows, event, "new", now, on)
        elif row["active"]:
            change = now - row["mrr"]
            _move(rows, event, "expansion" if change > 0 else "contraction", change, on)


def _move(rows: Rows, event: Incoming, kind: str, amount: Decimal, on: Any) -> None:
    if amount == 0:
        return
    account_id = event.data["account_id"]
    customer_id = (rows.get(accounts, account_id=account_id) or {}).get("customer_id")
    values = {"account_id": account_id, "customer_id": customer_id, "kind": kind, "amount": amount}
    rows.put(mrr_movements, entry_id=event.id, on=on, month=on.isoformat()[:7], **values)


def monthly(terms: Mapping[str, Any]) -> Decimal:
    """What the recurring lines come to in a month: a quarterly line is a third, a weekly one 365/12/7 of its price."""
    return half_up(sum((_monthly(line) for line in terms["lines"] if line["kind"] == "recurring"), Fraction(0)))


def _monthly(line: Mapping[str, Any]) -> Fraction:
    amount, interval = Fraction(Decimal(line["amount"])), line["interval"]
    if line["rule"] in DAYS:
        return amount * DAYS_OF_A_MONTH / (DAYS[line["rule"]] * interval)
    return amount / (MONTHS[line["rule"]] * interval)


@dataclass(frozen=True, slots=True)
class MrrParams:
    """``since``, ``until``: months, YYYY-MM."""

    since: str | None = None
    until: str | None = None


def mrr(params: MrrParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Per month: what it began with, new, expansion, contraction, churn, reactivation, what it ended with."""
    columns = mrr_movements.c
    by_month = select(columns.month, columns.kind, func.sum(columns.amount).label("amount"))
    by_month = by_month.where(columns.month <= params.until) if params.until else by_month
    months: dict[str, dict[str, Decimal]] = {}
    for row in rows.select(by_month.group_by(columns.month, columns.kind).order_by(columns.month)):
        months.setdefault(row["month"], {})[row["kind"]] = row["amount"]
    closing, items = ZERO, []
    for month, moved in months.items():
        opening, closing = closing, closing + sum(moved.values(), ZERO)
        if params.since is None or month >= params.since:
            by_kind = {kind: moved.get(kind, ZERO) for kind in KINDS}
            items.append({"month": month, "opening": opening, **by_kind, "closing": closing})
    return {"months": items, "mrr": closing}
