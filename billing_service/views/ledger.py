"""The ledger: each movement of an account on its day, from which the balance of any day follows.

An entry belongs to a receivable, or to none: then it is the account's credit. Amounts are signed: positive is owed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Date, Index, String, Table, func, or_, select

from billing_service.domain.localtime import first_instant, local_date
from billing_service.views.metadata import ALL, METADATA, ZERO, ZONE, day, money
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows
from services.store.types import Money, UtcDateTime

ledger = Table(
    "ledger",
    METADATA,
    Column("entry_id", String(160), primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("receivable_id", String(64), nullable=False),
    Column("on", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("amount", Money, nullable=False),
    Column("source_id", String(64), nullable=True),
    Column("recorded_at", UtcDateTime, nullable=True),
    Index("ledger_account_day", "account_id", "on"),
    Index("ledger_receivable", "receivable_id", "on"),
    Index("ledger_day", "on"),
)

Entry = tuple[str, str, Decimal, str | None]  # receivable or "", kind, amount, source


class LedgerView(View):
    name = "ledger"
    source = "billing"
    tables = (ledger,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        for position, (receivable_id, kind, amount, source) in enumerate(entries(event)):
            if amount == 0:
                continue
            on = _day(event.data)
            rows.put(
                ledger,
                entry_id=f"{event.id}/{position}",
                account_id=event.data["account_id"],
                receivable_id=receivable_id,
                on=on,
                kind=kind,
                amount=amount,
                source_id=source,
                recorded_at=event.at,
            )


def _day(data: Mapping[str, Any]) -> Any:
    """Of a receivable its day of issue; what was taken over is an opening balance of the day on which it was."""
    if data.get("issued_on"):
        return day(data.get("taken_over") or {}, "on") or day(data, "issued_on")
    return day(data, "on")


def entries(event: Incoming) -> Iterator[Entry]:
    """What an event moves. The sum over a receivable's entries is its balance; over all, the account's."""
    data = event.data
    match event.type:
        case "billing.receivable.issued":
            yield data["receivable_id"], "receivable", money(data, "net"), None
        case "billing.receivable.late_charges_accrued":
            yield data["receivable_id"], "fine", money(data, "fine"), None
            yield data["receivable_id"], "interest", money(data, "interest"), None
            yield data["receivable_id"], "correction", money(data, "correction") if "correction" in data else ZERO, None
        case "billing.receivable.written_off":
            yield data["receivable_id"], "write_off", -money(data, "amount"), None
        case "billing.receivable.cancelled":
            yield data["receivable_id"], "cancellation", -money(data, "amount"), None
        case "billing.receivable.renegotiated":
            yield data["receivable_id"], "renegotiation", -money(data, "amount"), data["renegotiation_id"]
        case "billing.payment.received":
            for part in data["allocations"]:
                yield part["receivable_id"], "payment", -money(part, "amount"), data["payment_id"]
            yield "", "payment", -money(data, "unallocated"), data["payment_id"]
        case "billing.payment.reversed":
            for part in data["allocations"]:
                yield part["receivable_id"], "reversal", money(part, "amount"), data["payment_id"]
            yield "", "reversal", money(data, "credit"), data["payment_id"]
        case "billing.creditnote.issued":
            yield data["receivable_id"], "credit_note", -money(data, "applied"), data["credit_note_id"]
            yield "", "credit_note", -money(data, "unallocated"), data["credit_note_id"]
        case "billing.credit.granted":
            yield "", "opening_credit" if data.get("taken_over") else "grant", -money(data, "amount"), data["credit_id"]
        case "billing.credit.refunded":
            yield "", "refund", money(data, "amount"), data["refund_id"]
        case "billing.credit.allocated":
            for use in data["allocations"]:
                yield use["receivable_id"], "credit", -money(use, "amount"), use["source_id"]
                yield "", "credit", money(use, "amount"), use["source_id"]


@dataclass(frozen=True, slots=True)
class BalanceParams:
    """``on``: a day's end; default: today. ``known_at``: as it was on record at the end of that day. ``account_id``: one
    account, or ``all``. ``receivables``: with the list of what was open (one account)."""

    on: date | None = None
    account_id: str = ALL
    receivables: bool = False
    known_at: date | None = None


@dataclass(frozen=True, slots=True)
class StatementParams:
    """``known_at``: as it was on record at the end of that day."""

    account_id: str
    since: date | None = None
    until: date | None = None
    known_at: date | None = None


def known(known_at: date | None, zone: str = ZONE) -> list[Any]:
    """The condition that an entry was on record by a local day's end. What a rule did by itself was recorded for its own
    instant; what came before records of the instant were kept counts as known."""
    if known_at is None:
        return []
    ends = first_instant(known_at + timedelta(days=1), zone)
    return [or_(ledger.c.recorded_at.is_(None), ledger.c.recorded_at < ends)]


def balances(rows: Rows, on: date, account_id: str = ALL, known_at: date | None = None) -> dict[str, Any]:
    """At a day's end: ``open`` (what receivables still owed), ``credit`` (money not allocated), ``balance``."""
    where = [ledger.c.on <= on, *known(known_at)]
    where += [] if account_id == ALL else [ledger.c.account_id == account_id]
    is_credit = ledger.c.receivable_id == ""
    sums: Any = select(is_credit.label("credit"), func.sum(ledger.c.amount).label("amount"))
    sums = sums.where(*where).group_by(is_credit)
    by_kind = {bool(row["credit"]): row["amount"] or ZERO for row in rows.select(sums)}
    open_, credit = by_kind.get(False, ZERO), -by_kind.get(True, ZERO)
    return {"open": open_, "credit": credit, "balance": open_ - credit}


def balance_on(params: BalanceParams, rows: Rows, context: Context) -> dict[str, Any]:
    """The balance of an account, or of all, at the end of a day, as it was known then or on another day."""
    on = params.on or local_date(context.now, ZONE)
    answer = {"account_id": params.account_id, "on": on, **balances(rows, on, params.account_id, params.known_at)}
    of_account = [] if params.account_id == ALL else [ledger.c.account_id == params.account_id]
    open_ = (
        select(ledger.c.receivable_id, func.sum(ledger.c.amount).label("balance"))
        .where(ledger.c.on <= on, ledger.c.receivable_id != "", *of_account, *known(params.known_at))
        .group_by(ledger.c.receivable_id)
        .having(func.sum(ledger.c.amount) > 0)
    )
    counted = select(func.count()).select_from(open_.subquery())
    answer["open_receivables"] = rows.scalar(counted)
    if params.known_at is not None:
        answer["known_at"] = params.known_at
    if params.receivables and of_account:
        answer["receivables"] = rows.select(open_.order_by(ledger.c.receivable_id))
    return answer


def statement(params: StatementParams, rows: Rows, context: Context) -> dict[str, Any]:
    """An account's movements in order, with the balance after each, and when each was recorded."""
    where = [ledger.c["on"] <= params.until] if params.until else []
    where += known(params.known_at)
    order = (ledger.c["on"], ledger.c.entry_id)
    balance, items = ZERO, []
    for row in rows.find(ledger, *where, account_id=params.account_id, order_by=order):
        balance += row["amount"]
        if params.since is None or row["on"] >= params.since:
            items.append({**row, "balance": balance})
    return {"account_id": params.account_id, "items": items, "balance": balance}


__all__ = ["BalanceParams", "LedgerView", "StatementParams", "balance_on", "balances", "known", "ledger", "statement"]
