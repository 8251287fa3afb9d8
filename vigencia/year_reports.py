"""What the system says of the simulated year, held against the books: balances, statements, aging, revenue, accounting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vigencia.client import API, Client
from vigencia.story import Reconciliation
from vigencia.year_books import ZERO, Books, month_days

if TYPE_CHECKING:
    from vigencia.year_lives import Life

STATEMENTS = 40
BOOK_PAGE = 1000
AGES = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_91")
REVENUE, DEDUCTIONS, BANK, LATE = "3.1.1.01", "3.1.2.01", "1.1.1.02", "3.2.1.01"
Lived = tuple["Life", Books]


def compare_month(client: Client, everybody: Sequence[Lived], last: date, found: Reconciliation) -> None:
    """What is open of each contract after a month, and over all."""
    told = {row["contract_id"]: row for row in client.pages(f"{API}/reports/aging", by="contract", on=str(last))}
    differing = [life.reference for life, books in everybody if not _aged(books, told.get(life.contract_id, {}), last)]
    found.compare(f"year: {last:%Y-%m} contracts whose open money or its age differs", [], differing[:5])
    whole = client.get(f"{API}/reports/balance", on="2199-12-31")
    credit = _sum(books.credit for _, books in everybody)
    found.compare(f"year: {last:%Y-%m} open", _sum(books.open for _, books in everybody), Decimal(whole["open"]))
    found.compare(f"year: {last:%Y-%m} customers' credit", credit, Decimal(whole["credit"]))


def _aged(books: Books, row: Mapping[str, Any], on: date) -> bool:
    ages = books.aging(on)
    return all(Decimal(row.get(name) or 0) == ages.get(name, ZERO) for name in AGES)


def compare(client: Client, everybody: Sequence[Lived], months: Sequence[date], found: Reconciliation) -> None:
    """The whole year, asked at its end."""
    ends = [first.replace(day=month_days(first)) for first in months]
    for last in ends:
        owed = _sum(books.balance_on(last) for _, books in everybody)
        answer = client.get(f"{API}/reports/balance", on=str(last))
        found.compare(f"year: balance as of {last}", owed, Decimal(answer["balance"]))
    _receivables(client, everybody, found)
    _statements(client, everybody, ends, found)
    _revenue(client, everybody, found)
    _recurring(client, everybody, ends[-1], found)
    _accounting(client, everybody, months[0], found)


def _receivables(client: Client, everybody: Sequence[Lived], found: Reconciliation) -> None:
    told: dict[str, list[dict[str, Any]]] = {}
    for row in client.pages(f"{API}/receivables"):
        told.setdefault(row["contract_id"], []).append(row)
    sums = [life.reference for life, books in everybody if _owed(books) != _told(told.get(life.contract_id, []))]
    found.compare("year: contracts whose charges, credits and payments differ", [], sums[:5])
    days = [
        life.reference
        for life, books in everybody
        if sorted(debt.days_late or 0 for debt in books.debts)
        != sorted(row["days_late"] or 0 for row in told.get(life.contract_id, []))
    ]
    found.compare("year: contracts whose days of delay differ", [], days[:5])


def _owed(books: Books) -> tuple[Decimal, ...]:
    names = ("gross", "credited", "late", "paid", "balance")
    return tuple(_sum(getattr(debt, name) for debt in books.debts) for name in names)


def _told(rows: Sequence[Mapping[str, Any]]) -> tuple[Decimal, ...]:
    gross, credited, paid, open_ = (
        _sum(Decimal(row[name] or 0) for row in rows) for name in ("gross", "credited", "paid", "balance")
    )
    return gross, credited, open_ - (gross - credited - paid), paid, open_


def _statements(client: Client, everybody: Sequence[Lived], ends: Sequence[date], found: Reconciliation) -> None:
    step = max(1, len(everybody) // STATEMENTS)
    differing = []
    for life, books in everybody[::step]:
        items = client.get(f"{API}/contracts/{life.contract_id}/statement")["items"]
        told = [_sum(Decimal(item["amount"]) for item in items if item["on"] <= str(last)) for last in ends]
        if told != [books.balance_on(last) for last in ends] or len(items) != len(books.entries):
            differing.append(life.reference)
    found.compare(f"year: statements of every {step}th contract that differ", [], differing[:5])


def _revenue(client: Client, everybody: Sequence[Lived], found: Reconciliation) -> None:
    """Billed by the month that was billed, received and credited by their day: each contract's by itself."""
    told = {
        (row["contract_id"], row["month"], name): Decimal(row[name])
        for row in client.pages(f"{API}/reports/revenue")
        for name in ("billed", "received", "credited")
        if Decimal(row[name])
    }
    owed: dict[tuple[str, str, str], Decimal] = {}
    names = {"receivable": ("billed", 1), "payment": ("received", -1), "credit_note": ("credited", -1)}
    for life, books in everybody:
        for entry in books.entries:
            if entry.kind in names:
                name, sign = names[entry.kind]
                key = (life.contract_id, f"{entry.on:%Y-%m}", name)
                owed[key] = owed.get(key, ZERO) + sign * entry.amount
    differing = sorted(key for key in owed.keys() | told.keys() if owed.get(key, ZERO) != told.get(key, ZERO))
    found.compare("year: revenue per contract and month that differs", [], differing[:3])


def _recurring(client: Client, everybody: Sequence[Lived], until: date, found: Reconciliation) -> None:
    owed: dict[tuple[str, str], Decimal] = {}
    for _, books in everybody:
        for day, kind, amount in books.recurring(until):
            key = (f"{day:%Y-%m}", kind)
            owed[key] = owed.get(key, ZERO) + amount
    answer = client.get(f"{API}/reports/recurring-revenue", until=f"{until:%Y-%m}")
    kinds = ("new", "expansion", "contraction", "churn", "reactivation")
    told = {
        (row["month"], kind): Decimal(row[kind]) for row in answer["months"] for kind in kinds if Decimal(row[kind])
    }
    differing = sorted(key for key in owed.keys() | told.keys() if owed.get(key, ZERO) != told.get(key, ZERO))
    found.compare("year: movements of recurring revenue that differ", [], differing[:3])
    found.compare("year: recurring revenue at the end", _sum(owed.values()), Decimal(answer["mrr"]))


def _accounting(client: Client, everybody: Sequence[Lived], since: date, found: Reconciliation) -> None:
    """The books' accounts, and billing's own closing line."""
    sides: dict[tuple[str, str], Decimal] = {}
    closing, after = ZERO, None
    while True:
        asked = {"since": str(since), "until": "2199-12-31", "limit": BOOK_PAGE, "after": after}
        page = client.get(f"{API}/reports/accounting", **asked)
        for row in page["items"]:
            for side in ("debit", "credit"):
                if row.get(side) and row.get("account"):
                    key = (row["account"], side)
                    sides[key] = sides.get(key, ZERO) + Decimal(row[side])
                elif row.get(side):
                    closing = Decimal(row[side])
        after = page.get("next")
        if after is None:
            break
    entries = [entry for _, books in everybody for entry in books.entries]
    for said, account, side, kinds in (
        ("revenue", REVENUE, "credit", ("receivable",)),
        ("deductions", DEDUCTIONS, "debit", ("credit_note",)),
        ("bank", BANK, "debit", ("payment",)),
        ("late charges", LATE, "credit", ("fine", "interest")),
    ):
        owed = _sum(abs(entry.amount) for entry in entries if entry.kind in kinds)
        found.compare(f"year: accounting, {said}", owed, sides.get((account, side), ZERO))
    for side in ("debit", "credit"):
        lines = _sum(amount for (_, each), amount in sides.items() if each == side)
        found.compare(f"year: accounting, the {side}s are the closing line", closing, lines)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


__all__ = ["compare", "compare_month"]
