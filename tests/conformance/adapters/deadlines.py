"""Kinds about business calendars and deadlines: tickets_service/domain/calendar.py, deadlines.py, promises.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from tests.conformance.reading import calendar, duration, holidays, instant, the_day
from tests.conformance.runner import adapts
from tickets_service.domain.calendar import BusinessCalendar
from tickets_service.domain.contacts import Facts, Message, Targets, dues
from tickets_service.domain.deadlines import (
    BusinessTime,
    Pause,
    Target,
    WorkingDays,
    after_closing,
    due_at,
    escalation_at,
    paused,
    pauses_between,
    used,
)
from tickets_service.domain.measures import resolution
from tickets_service.domain.promises import Promise, promised

AT_CLOSING = ("stays", "next_opening")
CLOCKS = ("response", "update", "resolution")


def zone_of(given: Mapping[str, Any], cal: BusinessCalendar) -> tzinfo:
    """Of instants without an offset: the one that the opening is told with, else the calendar's."""
    at = str(given.get("opened") or "")
    return UTC if at.endswith("Z") else cal.zone


def target(value: Any, unit: str, *, end_of_day: bool = False) -> Target:
    """ "business seconds", "minutes", "hours"; or working "days"."""
    word = unit.split()[-1].rstrip("s")
    if word == "day":
        return WorkingDays(int(value), end_of_day)
    return BusinessTime(timedelta(**{f"{word}s": float(value)}))


def target_of(given: Mapping[str, Any]) -> Target | None:
    """The target of a case that names one clock only."""
    if "target" in given:
        return target(given["target"], given.get("unit", "seconds"), end_of_day=bool(given.get("end_of_working_day")))
    span = duration(given, "target")
    return None if span is None else BusinessTime(span)


def targets_of(given: Mapping[str, Any]) -> dict[str, timedelta]:
    spans = {name: duration(given, name) for name in CLOCKS}
    return {name: span for name, span in spans.items() if span is not None}


def as_targets(spans: Mapping[str, timedelta]) -> Targets:
    return Targets(**{name: BusinessTime(span) for name, span in spans.items()})


def pauses_of(given: Mapping[str, Any], zone: tzinfo, opened: datetime) -> tuple[Pause, ...]:
    if "open_intervals" in given:
        return pauses_between(open_spans(given, zone), opened)
    waits = given.get("waiting_on_customer") or given.get("waiting") or ()
    waits = [waits] if waits and isinstance(waits[0], str) else waits
    return tuple(Pause(instant(start, zone), instant(end, zone) if end else None) for start, end in waits)


def open_spans(given: Mapping[str, Any], zone: tzinfo) -> list[tuple[datetime, datetime | None]]:
    return [(instant(a, zone), instant(b, zone) if b else None) for a, b in given["open_intervals"]]


def local(at: datetime | None, zone: tzinfo) -> datetime | None:
    return at and at.astimezone(zone)


@adapts("sla_due", "sla_due_pause", "sla_hold", at_closing=AT_CLOSING)
def due(given: Mapping[str, Any], at_closing: str = "stays") -> dict[str, Any]:
    """Due instants of one clock (``target``) or of several, pauses and escalation, and what was measured at the end.

    Waiting for the customer is an answer to him, so it does not stop the response clock; a request that is not open
    (``open_intervals``) has no clock that runs.
    """
    cal = calendar(given.get("calendar"))
    zone = zone_of(given, cal)
    opened = instant(given["opened"], zone)
    pauses = pauses_of(given, zone, opened)
    response_pauses = pauses if "open_intervals" in given else ()
    held = duration(given, "business_hold") or timedelta(0)

    def put(at: datetime | None, clock: str) -> datetime | None:
        at = cal.add(at, held) if at is not None and clock == "resolution" else at
        return local(after_closing(cal, at) if at is not None and at_closing != "stays" else at, zone)

    answer: dict[str, Any] = {}
    if (one := target_of(given)) is not None:
        clock = given.get("clock", "resolution")
        counted = response_pauses if clock == "response" else pauses
        answer["due"] = put(due_at(cal, opened, one, counted), clock)
        answer["hold_business_seconds"] = _held(cal, counted, opened) + int(held.total_seconds())
        if (offset := given.get("escalation_offset")) and answer["due"] is not None:
            step = target(offset["value"], offset["unit"], end_of_day=bool(given.get("end_of_working_day")))
            answer["escalation_at"] = local(escalation_at(cal, answer["due"], step), zone)
    if spans := targets_of(given):
        messages = (Message(opened, "customer"),)
        found = dues(cal, as_targets(spans), Facts(opened, messages, pauses=pauses))
        waits = dues(cal, as_targets(spans), Facts(opened, messages, pauses=response_pauses))
        answer |= {
            "response_due": put(waits.response, "response"),
            "update_due": put(found.update, "update"),
            "resolution_due": put(found.resolution, "resolution"),
            "next_escalation": put(found.next, "next"),
        }
        answer["hold_business_seconds"] = _held(cal, pauses, opened) + int(held.total_seconds())
    if ended := given.get("resolved") or given.get("closed"):
        done = resolution(cal, opened, instant(ended, zone), pauses)
        answer["net_resolution_seconds"] = int(done.took.total_seconds())
        answer["hold_business_seconds"] = int(done.waited.total_seconds())
    return answer


def _held(cal: BusinessCalendar, pauses: Iterable[Pause], opened: datetime) -> int:
    pauses = tuple(pauses)
    until = max((pause.end or pause.start for pause in pauses), default=opened)
    return int(paused(cal, pauses, opened, until).total_seconds())


@adapts("sla_elapsed", "calendar_elapsed")
def elapsed(given: Mapping[str, Any]) -> dict[str, Any]:
    cal = calendar(given.get("calendar"))
    start, end = (
        instant(next(given[key] for key in keys if key in given), cal.zone)
        for keys in (("opened", "from", "start"), ("first_response", "to", "end", "resolved", "closed"))
    )
    return {"business_seconds": int(used(cal, start, end).total_seconds())}


@adapts("calendar_add_days")
def add_days(given: Mapping[str, Any]) -> dict[str, Any]:
    cal = calendar(given["calendar"])
    end_of_day = bool(given.get("end_of_working_day"))
    found = cal.add_days(instant(given["from"], cal.zone), given["working_days"], end_of_day=end_of_day)
    return {"result": local(found, cal.zone)}


@adapts("calendar_working_day")
def working_day(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"working_day": calendar(given["calendar"]).is_working_day(the_day(given["date"][:10]))}


@adapts("calendar_working_hour")
def working_hour(given: Mapping[str, Any]) -> dict[str, Any]:
    cal = calendar(given["calendar"])
    return {"working_hour": cal.is_open(instant(given["at"], cal.zone))}


@adapts("calendar_holiday")
def holiday(given: Mapping[str, Any]) -> dict[str, Any]:
    cal = BusinessCalendar("UTC", holidays=holidays(given["holidays"]))
    return {"holiday": cal.is_holiday(the_day(given["date"][:10]))}


@adapts("sla_reassign")
def reassigned(given: Mapping[str, Any]) -> dict[str, Any]:
    """The customer's targets count from opening; internal ones from the instant at which they were attached."""
    cal = calendar(given.get("calendar"))
    opened = instant(given["opened"], cal.zone)
    attached = next((given[key] for key in ("ola_attached", "assigned", "sla_attached") if key in given), None)
    pauses = pauses_of(given, cal.zone, opened)
    answer: dict[str, Any] = {}
    for name, key, since in (
        ("sla", "customer_sla", opened),
        ("ola", "internal_ola", instant(attached, cal.zone) if attached else opened),
    ):
        if key in given:
            spans = {clock: BusinessTime(span) for clock, span in targets_of(given[key]).items()}
            found = promised(cal, Promise(key, spans.get("response"), spans.get("resolution")), since, pauses)
            answer[f"{name}_response_due"] = local(found.response_due, cal.zone)
            answer[f"{name}_resolution_due"] = local(found.resolution_due, cal.zone)
    return answer
