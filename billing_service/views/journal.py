"""The movements of a period over all accounts, in pages, for the books of others; with their sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from billing_service.views.accounts import accounts
from billing_service.views.ledger import known, ledger
from billing_service.views.metadata import ZERO, limited
from billing_service.views.receivables import receivables
from services.component import Context
from services.cursors import day_place
from services.rows import Rows

_WITHHOLDING = ("receivable", "cancellation")


@dataclass(frozen=True, slots=True)
class JournalParams:
    """Both days belong to it. ``known_at``: as it was on record at the end of that day; the same every time it is asked
    once that day is over. ``after`` is the ``next`` of the page before."""

    since: date
    until: date
    known_at: date | None = None
    after: str | None = None
    limit: int | None = None


def journal(params: JournalParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Movements by day. ``amount``: positive is owed. ``credit``: it moves the account's credit, not a receivable.
    ``withheld``: the tax that is billed, or cancelled, beside the amount. ``totals``: over the whole period, in absolute
    amounts: ``moved``, and ``withheld``; where credit is used, only the receivable's side is counted."""
    e, r, limit = ledger.c, receivables.c, limited(params.limit)
    period = [e.on >= params.since, e.on <= params.until, *known(params.known_at)]
    taxed = and_(e.kind.in_(_WITHHOLDING), r.renegotiation_id.is_(None))
    withheld = case((taxed, func.coalesce(r.withheld, ZERO)), else_=ZERO)
    other_half = and_(e.kind == "credit", e.receivable_id == "")
    absolute = case((other_half, ZERO), (e.amount < ZERO, -e.amount), else_=e.amount)
    sums = _joined(select(func.sum(absolute).label("moved"), func.sum(withheld).label("withheld")))
    (total,) = rows.select(sums.where(*period))
    where = list(period)
    if params.after:
        last, entry_id = day_place(params.after)
        where.append((e.on > last) | ((e.on == last) & (e.entry_id > entry_id)))
    page = _joined(
        select(
            ledger,
            accounts.c.contract_number,
            accounts.c.customer_id,
            r.number,
            withheld.label("withheld"),
            r.renegotiation_id.is_not(None).label("renegotiated"),
            func.coalesce(r.imported, False).label("imported"),
            r.taken_over.is_not(None).label("taken_over"),
        )
    )
    found = rows.select(page.where(*where).order_by(e.on, e.entry_id).limit(limit))
    items = [{**row, "credit": row["receivable_id"] == ""} for row in found]
    following = f"{found[-1]['on'].isoformat()}/{found[-1]['entry_id']}" if len(found) == limit else None
    return {"items": items, "totals": {name: value or ZERO for name, value in total.items()}, "next": following}


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(ledger)
        .outerjoin(accounts, accounts.c.account_id == ledger.c.account_id)
        .outerjoin(receivables, receivables.c.receivable_id == ledger.c.receivable_id)
    )
