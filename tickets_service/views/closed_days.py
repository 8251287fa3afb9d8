"""The company's own table of closed days, from contracts' events; and the calendar of a contract with all its closed days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from services.component import View
from services.events import Incoming
from services.public_holidays import OwnDay, chosen, observed, own_days, scopes_of
from services.rows import Rows
from tickets_service.domain.calendar import CalendarTerms
from tickets_service.tables import closed_days

Entry = Mapping[str, Any]
FIELDS = ("on", "yearly", "removed", "until")
BEFORE, AFTER = 1, 3
"""Years around those in question whose closed days are worked out: a target that runs longer is none of a help desk's."""


class ClosedDaysView(View):
    name = "closed_days"
    source = "contracts"
    tables = (closed_days,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        kind, data = event.type.removeprefix("contracts.holiday."), event.data
        if kind in ("added", "removed"):
            rows.put(closed_days, holiday_id=data["holiday_id"], **entry_of(event), version=event.version)


def entry_of(event: Incoming) -> dict[str, Any]:
    """What an event says of a closed day."""
    data = event.data
    until = data.get("effective_on")
    return {
        "on": date.fromisoformat(data["on"]),
        "scope": data["scope"],
        "yearly": data["yearly"],
        "removed": event.type.endswith(".removed"),
        "until": date.fromisoformat(until) if until else None,
    }


def all_entries(rows: Rows) -> list[Entry]:
    return list(rows.known(closed_days))


def closed_calendar(
    calendar: CalendarTerms,
    terms: Mapping[str, Any],
    entries: Iterable[Entry],
    years: tuple[int, int],
    *,
    contract_id: str,
    provider_id: str | None,
) -> CalendarTerms:
    """The calendar with every day on which the contract says that it is closed. Round the clock knows no such day."""
    said = terms.get("calendar") or {}
    if calendar.always:
        return calendar
    first, last = years[0] - BEFORE, years[1] + AFTER
    state = str(terms.get("state") or "") if said.get("of_state") else None
    days = observed(
        state, chosen(said.get("optional") or ()), tuple(range(first, last + 1)), bool(said.get("national"))
    )
    own: tuple[date, ...] = ()
    if said.get("company"):
        scopes = scopes_of(contract_id=contract_id, state=str(terms.get("state") or ""), provider_id=provider_id)
        ours = [OwnDay(*(each[name] for name in FIELDS)) for each in entries if each["scope"] in scopes]
        own = tuple(sorted(own_days(ours, first, last)))
    return replace(calendar, holidays=_together(calendar.holidays, days, own))


@lru_cache(maxsize=4096)
def _together(*parts: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(sorted({day for days in parts for day in days}))
