"""Preview of a billing run: what it would issue per contract, against the month before, with the differences explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from billing_service.domain.comparing import Item, compare
from billing_service.domain.issuing import last_day
from billing_service.domain.recurrence import months_after
from billing_service.views.accounts import accounts
from billing_service.views.agenda import planned_charges
from billing_service.views.labels import selected
from billing_service.views.metadata import ZERO, limited
from billing_service.views.receivables import ISSUED_HERE, receivable_lines, receivables
from services.component import Context
from services.errors import Refused
from services.rows import Rows


@dataclass(frozen=True, slots=True)
class PreviewParams:
    """``month`` or ``through``; what selects contracts as in a run; ``after`` is the ``next`` of the page before."""

    month: str | None = None
    through: date | None = None
    provider_id: str | None = None
    contract_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    only_exceptions: bool = False
    after: str | None = None
    limit: int | None = None


def run_preview(params: PreviewParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Contracts with a difference or something held first, then the others; totals are over all of them."""
    if (params.month is None) == (params.through is None):
        raise Refused("run.month-or-day")
    through = params.through or last_day(params.month or "")
    month = params.month or through.strftime("%Y-%m")
    before = months_after(through.replace(day=1), -1).strftime("%Y-%m")
    wanted = selected(rows, params.provider_id, params.contract_ids, params.tags)
    now, held = _to_bill(rows, through, month)
    last = _billed(rows, before)
    ids = [id_ for id_ in {*now, *held, *last} if wanted is None or id_ in wanted]
    differs = {id_: now.get(id_, ZERO) != last.get(id_, ZERO) or id_ in held for id_ in ids}
    order = sorted(ids, key=lambda id_: (not differs[id_], id_))
    totals = {
        "contracts": sum(1 for id_ in ids if now.get(id_)),
        "exceptions": sum(differs.values()),
        "amount": sum((now.get(id_, ZERO) for id_ in ids), ZERO),
        "last_amount": sum((last.get(id_, ZERO) for id_ in ids), ZERO),
        "held": sum((held.get(id_, ZERO) for id_ in ids), ZERO),
    }
    if params.only_exceptions:
        order = [id_ for id_ in order if differs[id_]]
    start = order.index(params.after) + 1 if params.after in order else 0
    page = order[start : start + limited(params.limit)]
    more = start + len(page) < len(order)
    items = _items(rows, page, through, month, before)
    return {"month": month, "through": through, "last_month": before, **totals, "items": items} | {
        "next": page[-1] if more else None
    }


def _to_bill(rows: Rows, through: date, month: str) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """What each account would be billed, and what is held there."""
    now: dict[str, Decimal] = {}
    held: dict[str, Decimal] = {}
    for row in _pending(rows, through, month, None):
        sums = held if row["held"] else now
        sums[row["account_id"]] = sums.get(row["account_id"], ZERO) + row["amount"]
    return now, held


def _pending(rows: Rows, through: date, month: str, page: Sequence[str] | None) -> Iterable[Mapping[str, Any]]:
    """Pending charges whose bill day has come, without those of a contract that was taken over from before its first
    bill here."""
    c = planned_charges.c
    columns = [c.account_id, c.amount, c.bill_on, c.held, c.planned, c.moved_from, accounts.c.first_bill]
    more = [] if page is None else [c.charge_id, c.line_id, c.clause, c.description, c.reason, c.explanation]
    asked: Any = select(*columns, *more).outerjoin(accounts, accounts.c.account_id == c.account_id)
    asked = asked.where(c.bill_on <= through).order_by(c.account_id, c.bill_on, c.clause, c.charge_id)
    if page is not None:
        asked = asked.where(c.account_id.in_(page))
    begins = _begins(rows, month)
    for row in rows.select(asked):
        first = begins.get(row["account_id"], month) if row["first_bill"] == "month" else ""
        if not row["planned"] or (row["moved_from"] or row["bill_on"]).isoformat()[:7] >= first:
            yield row


def _begins(rows: Rows, month: str) -> dict[str, str]:
    """The first month that was billed here, of contracts that were taken over."""
    r = receivables.c
    asked: Any = select(r.account_id, func.min(r.month).label("month")).join(
        accounts, accounts.c.account_id == r.account_id
    )
    asked = asked.where(accounts.c.first_bill == "month", *ISSUED_HERE)
    return {row["account_id"]: min(row["month"], month) for row in rows.select(asked.group_by(r.account_id))}


def _of_month(month: str) -> list[Any]:
    r = receivables.c
    return [r.month == month, r.status != "cancelled", *ISSUED_HERE]


def _billed(rows: Rows, month: str) -> dict[str, Decimal]:
    r = receivables.c
    sums: Any = select(r.account_id, func.sum(r.gross).label("amount")).where(*_of_month(month)).group_by(r.account_id)
    return {row["account_id"]: row["amount"] for row in rows.select(sums)}


def _items(rows: Rows, page: Sequence[str], through: date, month: str, before: str) -> list[dict[str, Any]]:
    now: dict[str, list[Item]] = {id_: [] for id_ in page}
    held: dict[str, list[dict[str, Any]]] = {id_: [] for id_ in page}
    for row in _pending(rows, through, month, page):
        if row["held"]:
            names = ("charge_id", "line_id", "description", "amount", "bill_on", "reason")
            held[row["account_id"]].append({name: row[name] for name in names})
        else:
            now[row["account_id"]].append(_item(row))
    last: dict[str, list[Item]] = {id_: [] for id_ in page}
    asked: Any = select(receivable_lines, receivables.c.account_id).join(
        receivables, receivables.c.receivable_id == receivable_lines.c.receivable_id
    )
    for row in rows.select(asked.where(*_of_month(before), receivables.c.account_id.in_(page))):
        last[row["account_id"]].append(_item(row))
    numbers = {row["account_id"]: row for row in rows.find(accounts, accounts.c.account_id.in_(page))}
    return [_shown(id_, numbers.get(id_) or {}, now[id_], last[id_], held[id_]) for id_ in page]


def _item(row: Mapping[str, Any]) -> Item:
    return Item(row["charge_id"], row["line_id"], row["clause"], row["description"], row["amount"], row["explanation"])


def _shown(
    id_: str, account: Mapping[str, Any], now: list[Item], last: list[Item], held: list[dict[str, Any]]
) -> dict[str, Any]:
    amount, before = _sum(now), _sum(last)
    lines = compare(now, last, [each["line_id"] for each in held])
    return {
        "contract_id": id_,
        "contract_number": account.get("contract_number"),
        "customer_id": account.get("customer_id"),
        "amount": amount,
        "last_amount": before,
        "difference": amount - before,
        "exception": amount != before or bool(held),
        "lines": [line for line in lines if line["difference"] or line["reasons"] != ["same"]] or lines,
        "held": held,
    }


def _sum(items: Iterable[Item]) -> Decimal:
    return sum((item.amount for item in items), ZERO)


__all__ = ["PreviewParams", "run_preview"]
