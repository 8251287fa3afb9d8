"""Reads what cases say: days, instants, spans of time ("t0 + 11h"), opening hours ("Mon 10:30-19:00, Tue-Fri …")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from tickets_service.domain.calendar import BusinessCalendar, Holidays, Opening

SOME_DAY = date(2026, 3, 2)
"""The day of a case that says only a time of day; a Monday."""

_UNITS = {
    "s": "seconds",
    "sec": "seconds",
    "second": "seconds",
    "min": "minutes",
    "minute": "minutes",
    "h": "hours",
    "hour": "hours",
    "d": "days",
    "day": "days",
    "w": "weeks",
    "week": "weeks",
    "month": "months",
    "y": "years",
    "year": "years",
}
_TERM = re.compile(r"([+-]?)\s*(\d+)\s*([a-z]+)", re.I)
_BASE = re.compile(r"^\s*(?:any\s+)?([a-z_]+\d?)\s*(?=$|[+-])", re.I)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Prose(ValueError):
    """The case says in free text what an adapter cannot read; the rule has a test of its own in its service."""


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def the_day(text: str) -> date:
    return date.fromisoformat(text)


def instant(text: str, zone: tzinfo = UTC) -> datetime:
    """An instant; without an offset it is the wall clock of ``zone``. What follows it in words is a comment."""
    word = text.split(" (")[0].strip()
    if re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?", word):
        word = f"{SOME_DAY}T{word:0>5}"
    found = datetime.fromisoformat(word)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def offset(text: str) -> relativedelta:
    """ "t0", "t0 + 11h", "D - 15 days", "1 month": the sum of its terms."""
    base = _BASE.match(text)
    rest = text[base.end() :] if base else text
    terms = list(_TERM.finditer(rest))
    if _TERM.sub("", rest).strip() or not (base or terms):
        raise Prose(text)
    total = relativedelta()
    for sign, number, unit in (term.groups() for term in terms):
        word = unit.lower()
        name = _UNITS.get(word) or _UNITS.get(word.rstrip("s"))
        if name is None:
            raise Prose(text)
        span: dict[str, Any] = {name: -int(number) if sign == "-" else int(number)}
        total += relativedelta(**span)
    return total


def duration(given: Mapping[str, Any], name: str) -> timedelta | None:
    """A span of time that the case names with its unit: ``response_hours``, ``update_min``, ``resolution_seconds``."""
    for suffix, unit in (
        ("seconds", "seconds"),
        ("minutes", "minutes"),
        ("min", "minutes"),
        ("hours", "hours"),
        ("days", "days"),
    ):
        value = given.get(f"{name}_{suffix}")
        if value is not None:
            return timedelta(**{unit: float(value)})
    return None


def month(name: str) -> int:
    """ "Feb", "February": 2."""
    return _MONTHS.index(name[:3].lower()) + 1


def decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def calendar(given: Mapping[str, Any] | str | None) -> BusinessCalendar:
    """Opening hours, holidays and a time zone (UTC where none is named); nothing, or "24x7": round the clock."""
    spec: Mapping[str, Any] = {"hours": given or "24x7"} if isinstance(given, str | None) else given
    zone, hours = spec.get("tz") or "UTC", str(spec.get("hours", "24x7"))
    if re.fullmatch(r"24\s*[x/]\s*7|always", hours.strip(), re.I):
        return BusinessCalendar(zone, always=True)
    return BusinessCalendar(zone, openings(hours), holidays(spec.get("holidays") or ()))


def openings(text: str) -> list[Opening]:
    """ "10:00-18:00 Mon-Fri"; "Mon 10:30-19:00, Tue-Fri 08:30-19:00"; "08:00-12:00, 13:00-18:00 every day"."""
    tokens = re.findall(
        r"\d{1,2}:\d\d\s*[-\u2013]\s*\d{1,2}:\d\d|every day|daily|[a-z]{3,}(?:\s*[-\u2013]\s*[a-z]{3,})?", text, re.I
    )
    groups: list[tuple[set[int], list[tuple[str, str]]]] = [(set(), [])]
    times_first = bool(tokens) and tokens[0][0].isdigit()
    for token in tokens:
        is_time = token[0].isdigit()
        weekdays, times = groups[-1]
        if is_time is times_first and (weekdays if times_first else times):
            weekdays, times = set(), []
            groups.append((weekdays, times))
        if is_time:
            opens, closes = re.split(r"\s*[-\u2013]\s*", token)
            times.append((opens, closes))
        else:
            weekdays |= _weekdays(token)
    return [Opening(day, *hours) for weekdays, times in groups for day in sorted(weekdays) for hours in times]


def _weekdays(token: str) -> set[int]:
    word = token.lower()
    if word in ("every day", "daily"):
        return set(range(7))
    if word in ("weekdays", "workdays"):
        return set(range(5))
    ends = [_WEEKDAYS.index(part.strip()[:3]) for part in re.split(r"[-\u2013]", word)]
    first, last = ends[0], ends[-1]
    return {day % 7 for day in range(first, (last if last >= first else last + 7) + 1)}


def holidays(given: Any) -> Holidays:
    """Dates, or ``{"day": "05-01", "every_year": true}``, ``{"range": [first, last], "every_year": false}``."""
    dates: list[date] = []
    yearly: list[str] = []
    periods: list[tuple[date, date]] = []
    yearly_periods: list[tuple[str, str]] = []
    for each in given:
        entry: dict[str, Any] = {"day": each} if isinstance(each, str) else each
        day_ = str(entry.get("day") or entry.get("date"))
        first, last = entry.get("range") or (day_, day_)
        every_year = entry.get("every_year", len(first) == len("MM-DD"))
        if every_year and first == last:
            yearly.append(first[-5:])
        elif every_year:
            yearly_periods.append((first[-5:], last[-5:]))
        elif first == last:
            dates.append(the_day(first))
        else:
            periods.append((the_day(first), the_day(last)))
    return Holidays(tuple(dates), tuple(yearly), tuple(periods), tuple(yearly_periods))
