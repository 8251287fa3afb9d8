"""Kinds about local days: billing_service/domain/localtime.py, and visits that keep the hour on the wall."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from billing_service.domain import localtime, recurrence
from tests.conformance.adapters.recurrence import cycle_of
from tests.conformance.compare import SHOWN, Begins
from tests.conformance.reading import instant, month, offset, the_day
from tests.conformance.runner import adapts
from tickets_service.domain.wall_clock import repeated

LONG_AGO = date(1970, 1, 1)


@adapts("tz_anchor_day")
def anchor_day(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"anchor_day": localtime.local_date(instant(given["start_instant"]), given["tz"]).day}


@adapts("tz_period_bounds")
def period_bounds(given: Mapping[str, Any]) -> dict[str, Any]:
    """First and last second of what a run bills. A civil period needs no start; an anniversary has its anchor."""
    zone = given["tz"]
    on = localtime.local_date(instant(given["run_instant"]), zone)
    anchor = given.get("anchor") or given.get("subscribed_at")
    start = LONG_AGO if anchor is None else _local(anchor, zone)
    period = _run_period({**given, "anchor": None}, start, on)
    first, last = localtime.bounds(period.start, period.end, zone)
    return {"from": first, "to": last}


@adapts("tz_change_no_gap")
def zone_changed(given: Mapping[str, Any]) -> dict[str, Any]:
    """``run``: a day, an instant, or the first day of a named month."""
    zone, run = given["new_tz"], given["run"]
    named = re.fullmatch(r"([A-Z][a-z]+) (\d{4})", run)
    on = date(int(named[2]), month(named[1]), 1) if named else _local(run, zone)
    period = _run_period(given, LONG_AGO, on)
    first, last = localtime.bounds(period.start, period.end, zone, instant(given["billed_usage_to"]))
    return {"usage_from": first, "usage_to": last}


def _run_period(given: Mapping[str, Any], start: date, on: date) -> recurrence.Period:
    cycle = cycle_of({**given, "start": None}, start=start)
    arrears = given.get("mode", "arrears") == "arrears"
    period = cycle.last_complete(on) if arrears else cycle.period_containing(on)
    assert period is not None
    return period


def _local(text: str, zone: str) -> date:
    return localtime.local_date(instant(text), zone) if "T" in text else the_day(text)


@adapts("own_brazil_tz")
def local_day(given: Mapping[str, Any]) -> dict[str, Any]:
    """Of an instant its local date; of a local day its first and last instant, and how long it is."""
    zone = given["tz"]
    if "instant" in given:
        at = instant(given["instant"])
        return {
            "local_date": localtime.local_date(at, zone),
            "wall_clock": f"{at.astimezone(localtime.zone(zone)):%H:%M}",
        }
    text = next(given[key] for key in ("local_midnight", "local_date", "local_day", "date", "day") if key in given)
    day = the_day(text[:10])
    first = localtime.first_instant(day, zone)
    hours = localtime.day_length(day, zone) / timedelta(hours=1)
    return {
        "first_instant_of_day": first,
        "last_instant_of_day": localtime.last_instant(day, zone),
        "wall_clock": f"{first.astimezone(localtime.zone(zone)):%H:%M}",
        **dict.fromkeys(("hours", "hours_in_day", "day_hours", "length_hours"), hours),
    }


@adapts("tz_recurring_visits")
def recurring_visits(given: Mapping[str, Any]) -> dict[str, Any]:
    zone = localtime.zone(given["tz"])
    first, every = datetime.fromisoformat(given["first"]), offset(given["every"])

    found = list(islice(repeated(first, every, given["tz"]), SHOWN))
    return {"local": Begins([at.astimezone(zone) for at in found]), "utc": Begins(found)}
