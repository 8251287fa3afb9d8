"""What the three source files say, computed from their text alone: no import code, no mapping, no service.

The story compares the system's answers with these. Dates: receivables month/day/year, log day-month-year.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

CHECKED_DAYS = 6


@dataclass(frozen=True)
class Contracts:
    count: int
    monthly: Decimal


@dataclass(frozen=True)
class Receivables:
    count: int
    customers: int
    total: Decimal
    disputed: int
    days_late: dict[str, int]  # invoice number → days from due to settlement, only those above 0
    references: frozenset[str]
    open_on: dict[date, Decimal]  # day → issued by then and not yet settled at its end


@dataclass(frozen=True)
class Requests:
    count: int
    reopened: int
    waited: int
    resolved: int
    closed: int


def contracts(path: Path) -> Contracts:
    rows = _rows(path)
    return Contracts(len(rows), sum((Decimal(row["Cargos mensuales"]) for row in rows), Decimal("0.00")))


def references(path: Path) -> list[str]:
    """How the contracts' file calls its customers."""
    return [row["ClienteID"] for row in _rows(path)]


def receivables(path: Path) -> Receivables:
    rows = _rows(path)
    late: dict[str, int] = {}
    for row in rows:
        days = (_us(row["SettledDate"]) - _us(row["DueDate"])).days
        if days > 0:
            late[row["invoiceNumber"]] = days
    return Receivables(
        count=len(rows),
        customers=len({row["customerID"] for row in rows}),
        total=sum((Decimal(row["InvoiceAmount"]) for row in rows), Decimal("0.00")),
        disputed=sum(row["Disputed"] == "Yes" for row in rows),
        days_late=late,
        references=frozenset(row["invoiceNumber"] for row in rows),
        open_on={day: _open_on(rows, day) for day in _days(rows)},
    )


def requests(path: Path) -> Requests:
    states: dict[str, set[str]] = {}
    reopened: set[str] = set()
    for row in _rows(path):
        states.setdefault(row["number"], set()).add(row["incident_state"])
        if int(row["reopen_count"]) > 0:
            reopened.add(row["number"])
    return Requests(
        count=len(states),
        reopened=len(reopened),
        waited=sum(any(state.startswith("Awaiting") for state in those) for those in states.values()),
        resolved=sum("Resolved" in those for those in states.values()),
        closed=sum("Closed" in those for those in states.values()),
    )


def _open_on(rows: list[dict[str, str]], day: date) -> Decimal:
    return sum(
        (Decimal(row["InvoiceAmount"]) for row in rows if _us(row["InvoiceDate"]) <= day < _us(row["SettledDate"])),
        Decimal("0.00"),
    )


def _days(rows: list[dict[str, str]]) -> list[date]:
    """Some days spread over the file's time, and the day after its last payment."""
    stamps = sorted({_us(row[column]) for row in rows for column in ("InvoiceDate", "SettledDate")})
    step = max(1, len(stamps) // CHECKED_DAYS)
    return sorted({*stamps[step // 2 :: step], stamps[-1]})


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _us(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a day has no zone
