"""The company's own table of closed days; and every closed day of a year, by law and by the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Column, Date, Index, String, Table, Text

from contracts_service.views.metadata import METADATA
from services.component import Context, View
from services.events import Incoming
from services.public_holidays import optional_days, public_days, states
from services.rows import Rows
from services.store.types import UtcDateTime

holidays = Table(
    "holidays",
    METADATA,
    Column("holiday_id", String(64), primary_key=True),
    Column("on", Date, nullable=False),
    Column("name", Text, nullable=False),
    Column("scope", String(80), nullable=False),
    Column("yearly", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("until", Date),
    Column("reason", Text),
    Column("changed_at", UtcDateTime, nullable=False),
    Index("holidays_on", "on"),
)


class HolidaysView(View):
    name = "holidays"
    source = "contracts"
    tables = (holidays,)

    def fold(self, event: Incoming, rows: Rows, *_: Any) -> None:
        kind, data = event.type.removeprefix("contracts.holiday."), event.data
        if kind not in ("added", "removed"):
            return
        rows.put(
            holidays,
            holiday_id=data["holiday_id"],
            on=date.fromisoformat(data["on"]),
            name=data["name"],
            scope=data["scope"],
            yearly=data["yearly"],
            removed=kind == "removed",
            until=date.fromisoformat(data["effective_on"]) if data.get("effective_on") else None,
            reason=data.get("reason"),
            changed_at=event.at,
        )


@dataclass(frozen=True, slots=True)
class HolidaysQuestion:
    """``year``: with the days by law, those of ``state`` too; left out: the company's table alone, removed ones too."""

    year: int | None = None
    state: str | None = None


def list_holidays(asked: HolidaysQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    """``source``: national, state, optional (kept where a contract says so), company (the own table)."""
    found = rows.find(holidays, order_by=(holidays.c.on, holidays.c.holiday_id))
    own = [{**row, "source": "company"} for row in found]
    if asked.year is None:
        return {"items": own}
    year = asked.year
    state = asked.state if asked.state in states() else ""
    national = public_days("", year)
    items: list[dict[str, Any]] = [
        {"on": day, "name": name, "scope": "country", "source": "national"} for day, name in national.items()
    ]
    items += [
        {"on": day, "name": name, "scope": f"state:{state}", "source": "state"}
        for day, name in public_days(state or "", year).items()
        if day not in national
    ]
    items += [
        {"on": day, "name": name, "scope": "country", "source": "optional", "optional": key}
        for day, (key, name) in optional_days(year).items()
    ]
    items += [{**row, "on": day} for row in own if (day := _in_year(row, year)) is not None]
    return {"items": sorted(items, key=lambda each: each["on"])}


def _in_year(row: dict[str, Any], year: int) -> date | None:
    """The entry's day in that year, if it is one then. The 29th of February comes in leap years only."""
    on: date = row["on"]
    if on.year != year:
        if not row["yearly"] or on.year > year:
            return None
        try:
            on = on.replace(year=year)
        except ValueError:
            return None
    gone = row["removed"] and (row["until"] is None or on >= row["until"])
    return None if gone else on
