"""Which days the visits of a contract's plan fall on: so many a month, on working days, spread over the month.

Days are spread evenly over the month's possible days; where in its share of the month a contract's day lies follows from
the contract and the plan, so that not all contracts are visited on the same day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5
from zlib import crc32

from tickets_service.domain.calendar import BusinessCalendar

ONE_DAY = timedelta(days=1)
MONTHS_AHEAD = 3
VISITS = UUID("5d0f5e1c-7a0e-5a39-9e0a-5b2a8f5c7d11")


@dataclass(frozen=True, slots=True)
class VisitRule:
    """A plan of the contract: ``per_month`` visits on one of ``weekdays`` (0 = Monday; none: any working day), between
    ``opens`` and ``closes`` (local wall clock)."""

    plan_id: str
    service_type_id: str
    description: str = ""
    per_month: int = 1
    weekdays: tuple[int, ...] = ()
    opens: str = "08:00"
    closes: str = "18:00"
    site_id: str | None = None
    equipment_ids: tuple[str, ...] = ()


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY


def horizon(day: date) -> date:
    """Until when visits are planned on ``day``: the end of the third month from it, its own counted."""
    last = day
    for _ in range(MONTHS_AHEAD - 1):
        last = month_end(last) + ONE_DAY
    return month_end(last)


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The calendar months that two days span, as (first day, last day), whole ones."""
    start = first.replace(day=1)
    while start <= last:
        yield start, month_end(start)
        start = month_end(start) + ONE_DAY


def days_of(
    rule: VisitRule, contract_id: str, month: date, first: date, last: date, calendar: BusinessCalendar
) -> list[tuple[int, date]]:
    """``(number, day)`` of a month's visits within ``first``..``last``.

    A month of which the contract has only a part gets its share of the visits, rounded half-up. Where there are fewer
    possible days than visits, several fall on one day rather than being lost.
    """
    whole = possible_days(rule, month.replace(day=1), month_end(month), calendar)
    possible = [day for day in whole if first <= day <= last]
    if not possible or rule.per_month <= 0:
        return []
    number = (2 * rule.per_month * len(possible) + len(whole)) // (2 * len(whole))
    shift = crc32(f"{contract_id}/{rule.plan_id}".encode()) % 1000
    count = len(possible)
    return [(nth + 1, possible[(nth * 1000 + shift) * count // (number * 1000)]) for nth in range(number)]


def visit_id(contract_id: str, plan_id: str, month: str, number: int, revision: int) -> str:
    """A planned visit is one number of one month of one plan; planned anew after a cancellation, the next revision."""
    return str(uuid5(VISITS, f"{contract_id}/{plan_id}/{month}/{number}/{revision}"))


def possible_days(rule: VisitRule, first: date, last: date, calendar: BusinessCalendar) -> list[date]:
    """The days between two on which a visit of this plan may be."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [
        day for day in days if calendar.is_working_day(day) and (not rule.weekdays or day.weekday() in rule.weekdays)
    ]
