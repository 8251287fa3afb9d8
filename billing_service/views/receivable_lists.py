"""Lists of receivables: by due day, and who paid late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from billing_service.domain.late import days_late
from billing_service.views.accounts import account_today, accounts
from billing_service.views.metadata import limited
from billing_service.views.receivables import receivables
from services.component import Context
from services.cursors import day_place
from services.rows import Rows


@dataclass(frozen=True, slots=True)
class ReceivablesParams:
    account_id: str | None = None
    customer_id: str | None = None
    status: str | None = None
    month: str | None = None
    due_from: date | None = None
    due_until: date | None = None
    after: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class LatenessParams:
    """``only_late``: without those who paid in time."""

    account_id: str | None = None
    customer_id: str | None = None
    only_late: bool = True
    after: str | None = None
    limit: int | None = None


def list_receivables(params: ReceivablesParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Receivables by due day, newest first. ``after`` is the ``next`` of the page before."""
    columns, limit = receivables.c, limited(params.limit)
    equals = {
        name: value
        for name in ("account_id", "customer_id", "status", "month")
        if (value := getattr(params, name)) is not None
    }
    where = [columns.due_on >= params.due_from] if params.due_from else []
    where += [columns.due_on <= params.due_until] if params.due_until else []
    if params.after:
        last, receivable_id = day_place(params.after)
        where.append((columns.due_on < last) | ((columns.due_on == last) & (columns.receivable_id > receivable_id)))
    order = (columns.due_on.desc(), columns.receivable_id)
    items = rows.find(receivables, *where, order_by=order, limit=limit, **equals)
    after = f"{items[-1]['due_on'].isoformat()}/{items[-1]['receivable_id']}" if len(items) == limit else None
    return {"items": items, "next": after}


def lateness(params: LatenessParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Who paid late, or has not paid yet, and by how many days after the agreed due day."""
    limit = limited(params.limit, 10_000)
    equals = {name: value for name in ("account_id", "customer_id") if (value := getattr(params, name)) is not None}
    where = [receivables.c.receivable_id > (params.after or "")]
    if params.only_late:
        open_late = (receivables.c.balance > 0) & (receivables.c.payable_on < context.now.date())
        where.append((receivables.c.days_late > 0) | open_late)
    page = rows.find(receivables, *where, order_by=(receivables.c.receivable_id,), limit=limit, **equals)
    names = (
        "receivable_id",
        "account_id",
        "customer_id",
        "number",
        "external_ref",
        "due_on",
        "payable_on",
        "settled_on",
    )
    items = []
    for row in page:
        late = row["days_late"]
        if late is None and row["balance"] > 0:
            owner = rows.get(accounts, account_id=row["account_id"]) or {"time_zone": None}
            late = days_late(row["due_on"], row["payable_on"], account_today(owner, context))
        items.append({**{name: row[name] for name in names}, "days_late": late or 0, "amount": row["net"]})
    return {"items": items, "next": page[-1]["receivable_id"] if len(page) == limit else None}
