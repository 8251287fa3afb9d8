"""Monthly recurring revenue, and how it moves: what a contract's recurring lines come to in a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Date, Index, String, Table, func, select

from billing_service.domain.localtime import local_date
from billing_service.domain.recurring_revenue import Step, Stop, movements, resumed, stopped, with_steps
from billing_service.domain.terms import BillingTerms
from billing_service.views.accounts import accounts
from billing_service.views.metadata import METADATA, ZERO, ZONE, day
from services.codec import from_json_values
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText, Money

KINDS = ("new", "expansion", "contraction", "churn", "reactivation")

recurring = Table(
    "recurring",
    METADATA,
    Column("account_id", String(64), primary_key=True),
    Column("mrr", Money, nullable=False, default=ZERO),
    Column("active", Boolean, nullable=False, default=True),
    Column("steps", JsonText, nullable=True),
    Column("stops", JsonText, nullable=True),
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
    """Each movement in the month in which it takes effect; those that are foreseen, too. New terms, an end and what is
    undone change what was foreseen from their own day on, so the movements of the contract are said again."""

    name = "recurring"
    source = "billing"
    tables = (recurring, mrr_movements)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "billing.account.terms_taken":
                since = day(data, "effective_on")
                assert since is not None
                terms: BillingTerms = from_json_values(data["terms"], BillingTerms)
                known = rows.get(recurring, account_id=data["account_id"])
                _said(rows, data["account_id"], known, with_steps(_steps(known), terms, since), _stops(known))
            case "billing.account.planning_stopped" if data["reason"] in ("termination", "expiry"):
                known = rows.get(recurring, account_id=data["account_id"])
                if known is not None:
                    on = date.fromisoformat(data["on"])
                    _said(rows, data["account_id"], known, _steps(known), stopped(_stops(known), on))
            case "billing.account.planning_resumed":
                known = rows.get(recurring, account_id=data["account_id"])
                if known is not None and _stops(known):
                    on = date.fromisoformat(data["on"])
                    _said(rows, data["account_id"], known, _steps(known), resumed(_stops(known), on))


def _steps(row: Mapping[str, Any] | None) -> list[Step]:
    return [Step(date.fromisoformat(on), Decimal(monthly)) for on, monthly in (row or {}).get("steps") or ()]


def _stops(row: Mapping[str, Any] | None) -> list[Stop]:
    return [
        (date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for first, last in (row or {}).get("stops") or ()
    ]


def _said(
    rows: Rows, account_id: str, known: Mapping[str, Any] | None, steps: Sequence[Step], stops: Sequence[Stop]
) -> None:
    if known is not None:
        rows.delete_where(mrr_movements, account_id=account_id)
    rows.put(
        recurring,
        account_id=account_id,
        mrr=steps[-1].monthly,
        active=not stops or stops[-1][1] is not None,
        steps=[[step.on.isoformat(), str(step.monthly)] for step in steps],
        stops=[[first.isoformat(), last.isoformat() if last else None] for first, last in stops] or None,
    )
    customer_id = (rows.get(accounts, account_id=account_id) or {}).get("customer_id")
    for each in movements(steps, stops):
        rows.put(
            mrr_movements,
            entry_id=f"{account_id}/{each.on.isoformat()}",
            account_id=account_id,
            customer_id=customer_id,
            on=each.on,
            month=each.on.isoformat()[:7],
            kind=each.kind,
            amount=each.amount,
        )


@dataclass(frozen=True, slots=True)
class MrrParams:
    """``since``, ``until``: months, YYYY-MM. Without ``until`` the present one is the last; later ones show what the
    terms foresee."""

    since: str | None = None
    until: str | None = None


def mrr(params: MrrParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Net of recurring discounts. Per month: what it began with, new, expansion, contraction, churn, reactivation, what it
    ended with."""
    columns = mrr_movements.c
    by_month = select(columns.month, columns.kind, func.sum(columns.amount).label("amount"))
    by_month = by_month.where(columns.month <= (params.until or local_date(context.now, ZONE).isoformat()[:7]))
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
