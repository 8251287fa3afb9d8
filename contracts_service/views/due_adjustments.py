"""The month's work list of price adjustments: whose prices may be adjusted, by which index, and what they would be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contracts_service.domain.adjusting import PRICE_MONTHS, earliest_adjustment
from contracts_service.domain.contract_state import Contract
from contracts_service.domain.days import months_after
from contracts_service.views.contract_tables import contracts
from contracts_service.views.previews import adjustment_item
from contracts_service.views.selecting import state_of
from services.component import Context
from services.rows import Rows

MOST = 500


@dataclass(frozen=True, slots=True)
class DueAdjustmentsQuestion:
    """``month``: any day of it; left out: the present one. ``after``: the contract with which the page before ended."""

    month: date | None = None
    provider_id: str | None = None
    after: str | None = None
    limit: int = 200


def list_due_adjustments(asked: DueAdjustmentsQuestion, rows: Rows, context: Context) -> dict[str, Any]:
    """Contracts in force whose prices may be adjusted in the month, with the adjustment previewed by the contract's own
    index; without one it is ``by_agreement``. ``next``: give it as ``after``."""
    first = (asked.month or context.now.date()).replace(day=1)
    last = months_after(first, 1) - timedelta(days=1)
    limit = max(1, min(asked.limit, MOST))
    where = [contracts.c.contract_id > asked.after] if asked.after else []
    found = rows.find(
        contracts,
        contracts.c.status.in_(("active", "suspended")),
        contracts.c.price_base_on <= months_after(last, -PRICE_MONTHS),
        *where,
        order_by=(contracts.c.contract_id,),
        limit=limit + 1,
        **({"provider_id": asked.provider_id} if asked.provider_id else {}),
    )
    items = []
    for row in found[:limit]:
        contract = state_of(rows, row)
        day = due_day(contract, row["price_base_on"], first, last)
        if day is not None:
            items.append(_item(rows, row, contract, day, context))
    following = found[limit - 1]["contract_id"] if len(found) > limit else None
    return {"month": first, "items": items, "count": len(items), "next": following}


def due_day(contract: Contract, price_base_on: date, first: date, last: date) -> date | None:
    """The first day of the month on which the prices may be adjusted; None: not in this month."""
    month = contract.terms.adjustment.month if contract.terms.adjustment.index else None
    day = max(first, earliest_adjustment(price_base_on))
    ends_on = contract.terms.ends_on
    if day > last or (ends_on is not None and day > ends_on) or contract.versions[-1].effective_on > day:
        return None
    if month is not None and (first.month != month or earliest_adjustment(price_base_on, month) > last):
        return None
    return day


def _item(rows: Rows, row: dict[str, Any], contract: Contract, day: date, context: Context) -> dict[str, Any]:
    index = contract.terms.adjustment.index
    same = {
        "index": index,
        "month": contract.terms.adjustment.month,
        "effective_on": day,
        "by_agreement": index is None,
    }
    if index is None:
        names = ("contract_id", "customer_id", "number", "status", "price_base_on")
        return {**{name: row[name] for name in names}, **same, "problem": None}
    return {**adjustment_item(rows, row, day, context), **same}
