"""Answers about the money of many contracts: aging, cash forecast, revenue of each contract, a customer's statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, select

from billing_service.domain.localtime import local_date
from billing_service.domain.recurrence import months_after
from billing_service.views.accounts import accounts
from billing_service.views.agenda import planned_charges, planned_months
from billing_service.views.ledger import known, ledger
from billing_service.views.metadata import ZERO, ZONE, limited
from billing_service.views.months import AMOUNTS, contract_months
from billing_service.views.receivables import receivables
from services.component import Context
from services.rows import Rows

BUCKETS = ((1, 30), (31, 60), (61, 90), (91, None))


@dataclass(frozen=True, slots=True)
class AgingParams:
    """``by``: over all, per ``customer`` or per ``contract`` (in pages by id)."""

    customer_id: str | None = None
    account_id: str | None = None
    by: str = "all"
    on: date | None = None
    after: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class ForecastParams:
    account_id: str | None = None
    customer_id: str | None = None
    months: int = 12


@dataclass(frozen=True, slots=True)
class RevenueParams:
    """Months as YYYY-MM; ``after`` is the ``next`` of the page before."""

    contract_id: str | None = None
    since: str | None = None
    until: str | None = None
    after: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class CustomerStatementParams:
    customer_id: str
    since: date | None = None
    until: date | None = None
    known_at: date | None = None


def aging(params: AgingParams, rows: Rows, context: Context) -> dict[str, Any]:
    """What is open today by how long it has been due: not due yet, 1–30, 31–60, 61–90, more than 90 days; and how much
    of it is contested. Days run from the agreed due day once the payable day has passed."""
    on, c = params.on or local_date(context.now, ZONE), receivables.c
    key = {"customer": c.customer_id, "contract": c.contract_id}.get(params.by)
    late = c.payable_on < on
    sums = [_sum(~late, c.balance, "not_due")]
    for first, last in BUCKETS:
        within = and_(late, c.due_on <= on - timedelta(days=first))
        if last is not None:
            within = and_(within, c.due_on >= on - timedelta(days=last))
        sums.append(_sum(within, c.balance, f"days_{first}_{last}" if last else f"days_{first}"))
    sums += [func.sum(c.balance).label("open"), _sum(c.disputed, c.balance, "disputed_whole")]
    sums += [_sum(~c.disputed, c.disputed_amount, "disputed_lines"), func.count().label("receivables")]
    where = [c.balance > 0]
    where += [c.customer_id == params.customer_id] if params.customer_id else []
    where += [c.account_id == params.account_id] if params.account_id else []
    if key is None:
        (total,) = rows.select(select(*sums).where(*where))
        return {"on": on, **_amounts(total)}
    limit = limited(params.limit)
    where += [key > params.after] if params.after else []
    page = rows.select(select(key.label("id"), *sums).where(*where).group_by(key).order_by(key).limit(limit))
    items = [{f"{params.by}_id": row["id"], **_amounts(row)} for row in page]
    return {"on": on, "items": items, "next": page[-1]["id"] if len(page) == limit else None}


def _sum(condition: Any, amount: Any, name: str) -> Any:
    return func.sum(case((condition, amount))).label(name)


def _amounts(row: dict[str, Any]) -> dict[str, Any]:
    named = {key: value if key == "receivables" else value or ZERO for key, value in row.items() if key != "id"}
    contested = named.pop("disputed_whole") + named.pop("disputed_lines")
    return {**named, "disputed": contested}


def forecast(params: ForecastParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Which money is expected in which of the coming months: what is open by its payable day (``late``: that day is
    over; what is contested is left out), and what is planned by the day on which it will be due. Gross of taxes that
    may be withheld, without charges that are held."""
    today = local_date(context.now, ZONE)
    names = [months_after(today.replace(day=1), n).isoformat()[:7] for n in range(max(1, min(params.months, 24)))]
    issued, planned = dict.fromkeys(names, ZERO), dict.fromkeys(names, ZERO)
    late = later = ZERO
    for on, amount in _open_by_day(params, rows):
        month = on.isoformat()[:7]
        if on < today:
            late += amount
        elif month in issued:
            issued[month] += amount
        else:
            later += amount
    for month, amount in _planned_by_month(params, rows):
        if (now_or_later := max(month, names[0])) in planned:
            planned[now_or_later] += amount
    items = [
        {"month": name, "issued": issued[name], "planned": planned[name], "expected": issued[name] + planned[name]}
        for name in names
    ]
    expected = sum((item["expected"] for item in items), ZERO)
    return {"on": today, "late": late, "months": items, "expected": expected, "later": later}


def _open_by_day(params: ForecastParams, rows: Rows) -> list[tuple[date, Decimal]]:
    c = receivables.c
    where = [c.balance > 0, ~c.disputed]
    where += [c.account_id == params.account_id] if params.account_id else []
    where += [c.customer_id == params.customer_id] if params.customer_id else []
    sums: Any = select(c.payable_on, func.sum(c.balance - c.disputed_amount).label("amount"))
    return [(row["payable_on"], row["amount"]) for row in rows.select(sums.where(*where).group_by(c.payable_on))]


def _planned_by_month(params: ForecastParams, rows: Rows) -> list[tuple[str, Decimal]]:
    """(month in which it falls due, amount); of all accounts from the view by month."""
    if not (params.account_id or params.customer_id):
        m = planned_months.c
        by_month: Any = select(m.month, func.sum(m.amount).label("amount")).group_by(m.month)
        return [(row["month"], row["amount"]) for row in rows.select(by_month)]
    return planned_scan(rows, params.account_id, params.customer_id)


def planned_scan(rows: Rows, account_id: str | None, customer_id: str | None) -> list[tuple[str, Decimal]]:
    """The same from the charges themselves."""
    c = planned_charges.c
    sums: Any = select(c.falls_on, func.sum(c.amount).label("amount")).where(~c.held).group_by(c.falls_on)
    sums = sums.where(c.account_id == account_id) if account_id else sums
    if customer_id:
        sums = sums.where(c.account_id.in_(select(accounts.c.account_id).where(accounts.c.customer_id == customer_id)))
    return [(row["falls_on"].isoformat()[:7], row["amount"]) for row in rows.select(sums)]


def revenue(params: RevenueParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Each contract's money by itself, month by month: billed (gross), withheld, net, received, credited, written off,
    and what is open today of that month's receivables."""
    c, limit = contract_months.c, limited(params.limit)
    where = [c.contract_id == params.contract_id] if params.contract_id else []
    where += [c.month >= params.since] if params.since else []
    where += [c.month <= params.until] if params.until else []
    if params.after:
        contract, _, month = params.after.rpartition("/")
        where.append((c.contract_id > contract) | ((c.contract_id == contract) & (c.month > month)))
    page = rows.find(contract_months, *where, order_by=(c.contract_id, c.month), limit=limit)
    ids = sorted({row["contract_id"] for row in page})
    open_ = _open_of(rows, ids)
    items = [{**row, "net": row["billed"] - row["withheld"], "open": open_.get(_key(row), ZERO)} for row in page]
    after = f"{page[-1]['contract_id']}/{page[-1]['month']}" if len(page) == limit else None
    totals = {name: sum((item[name] for item in items), ZERO) for name in (*AMOUNTS, "net", "open")}
    return {"items": items, "totals": totals, "next": after}


def _open_of(rows: Rows, contract_ids: list[str]) -> dict[tuple[str, str], Decimal]:
    r = receivables.c
    sums: Any = select(r.contract_id, r.month, func.sum(r.balance).label("open"))
    sums = sums.where(r.contract_id.in_(contract_ids), r.balance > 0, r.taken_over.is_(None))
    return {_key(row): row["open"] for row in rows.select(sums.group_by(r.contract_id, r.month))}


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return row["contract_id"], row["month"]


def customer_statement(params: CustomerStatementParams, rows: Rows, context: Context) -> dict[str, Any]:
    """All movements of a customer's contracts in order: with each contract's number and the receivable's, the balance
    after each; opening and closing balance, over all and of each contract."""
    where = [accounts.c.customer_id == params.customer_id]
    where += [ledger.c["on"] <= params.until] if params.until else []
    where += known(params.known_at)
    movements: Any = (
        select(ledger, accounts.c.contract_number, receivables.c.number, receivables.c.due_on)
        .join(accounts, accounts.c.account_id == ledger.c.account_id)
        .outerjoin(receivables, receivables.c.receivable_id == ledger.c.receivable_id)
        .where(*where)
        .order_by(ledger.c["on"], ledger.c.account_id, ledger.c.entry_id)
    )
    opening = balance = ZERO
    by_contract: dict[str, Decimal] = {}
    items = []
    for row in rows.select(movements):
        balance += row["amount"]
        by_contract[row["account_id"]] = by_contract.get(row["account_id"], ZERO) + row["amount"]
        if params.since is not None and row["on"] < params.since:
            opening = balance
        else:
            items.append({**row, "balance": balance})
    return {
        "customer_id": params.customer_id,
        "opening": opening,
        "items": items,
        "closing": balance,
        "contracts": [{"contract_id": key, "balance": amount} for key, amount in sorted(by_contract.items())],
    }
