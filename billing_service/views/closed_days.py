"""Days on which nobody can pay at a bank: by law, and of the company's own table. From contracts' events.

What a due day needs is given to the command: no rule reads a table. A day that is entered later moves no due day that was told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Integer, Table

from billing_service.views.accounts import accounts
from billing_service.views.creditors import contract_creditors
from billing_service.views.metadata import METADATA
from services.component import Context, Prepare, View
from services.events import Incoming
from services.public_holidays import OwnDay, chosen, observed, own_days, scopes_of
from services.rows import Rows
from services.store.types import JsonText

closed_days = Table(
    "closed_days",
    METADATA,
    Column("book_id", Integer, primary_key=True, autoincrement=False),
    Column("entries", JsonText, nullable=False),
)
"""The company's own table in one row, since each bill reads it: id of the entry → what it says."""

THE_BOOK = 1
BEFORE, AFTER = 1, 2
"""Years around a command's days whose closed days it is given."""


class ClosedDaysView(View):
    name = "closed_days"
    source = "contracts"
    tables = (closed_days,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        kind, data = event.type.removeprefix("contracts.holiday."), event.data
        if kind not in ("added", "removed"):
            return
        known = (rows.get(closed_days, book_id=THE_BOOK) or {"entries": {}})["entries"]
        entry = {name: data[name] for name in ("on", "scope", "yearly")}
        entry |= {"removed": kind == "removed", "until": data.get("effective_on")}
        rows.put(closed_days, book_id=THE_BOOK, entries={**known, data["holiday_id"]: entry})


def prefetch_closed(rows: Rows) -> None:
    rows.prefetch(closed_days, [(THE_BOOK,)], lock=False)


def fill_closed(command: Any, rows: Rows, context: Context) -> Any:
    """The command with the closed days of the years that it may be about."""
    rows.prefetch(accounts, [(command.account_id,)], lock=False)
    prefetch_closed(rows)
    terms = (rows.get(accounts, account_id=command.account_id) or {}).get("terms") or {}
    entries = (rows.get(closed_days, book_id=THE_BOOK) or {"entries": {}})["entries"]
    years = {day.year for day in _days_of(command)} | {(command.at or context.now).year}
    span = tuple(range(min(years) - BEFORE, max(years) + AFTER + 1))
    state = terms.get("state") or ""
    said = terms.get("business_days") or {}
    law = _by_law(state if said.get("of_state", True) else "", chosen(said.get("optional") or ()), span)
    own = _own(command.account_id, state, entries, span, rows) if entries and said.get("company", True) else ()
    return replace(command, closed=tuple(sorted({*law, *own})) if own else law)


def both(first: Prepare, second: Prepare) -> Prepare:
    """The facts of the one, then those of the other."""
    return lambda command, rows, context: second(first(command, rows, context), rows, context)


@lru_cache(maxsize=512)
def _by_law(state: str, optional: tuple[str, ...], years: tuple[int, ...]) -> tuple[date, ...]:
    return observed(state or None, optional, years, True)


def _own(contract_id: str, state: str, entries: Any, years: tuple[int, ...], rows: Rows) -> set[date]:
    provider_id = None
    if any(entry["scope"].startswith("provider:") for entry in entries.values()):
        rows.prefetch(contract_creditors, [(contract_id,)], lock=False)
        provider_id = (rows.get(contract_creditors, contract_id=contract_id) or {}).get("provider_id")
    scopes = scopes_of(contract_id=contract_id, state=state, provider_id=provider_id)
    return own_days([_entry(entry) for entry in entries.values() if entry["scope"] in scopes], years[0], years[-1])


def _entry(said: Any) -> OwnDay:
    until = date.fromisoformat(said["until"]) if said["until"] else None
    return OwnDay(date.fromisoformat(said["on"]), said["yearly"], said["removed"], until)


def _days_of(command: Any) -> list[date]:
    """The days that the command names."""
    named = [getattr(command, name, None) for name in ("on", "due_on", "first_due_on", "through")]
    month = getattr(command, "month", None)
    if isinstance(month, str) and month[:4].isdecimal():
        named.append(date(max(int(month[:4]), 1900), 1, 1))
    found = [day for day in named if isinstance(day, date)]
    found += [each.due_on for each in getattr(command, "instalments", ())]
    count = getattr(command, "count", 0)
    if count and found:
        last = max(found)
        found.append(last.replace(year=min(last.year + count // 12 + 1, 9000), day=1))
    return found
