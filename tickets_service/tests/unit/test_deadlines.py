"""Due instants: targets, pauses, escalation; recomputed from facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets_service.domain.calendar import BusinessCalendar, Opening
from tickets_service.domain.deadlines import (
    BusinessTime,
    Pause,
    Target,
    WorkingDays,
    due_at,
    escalation_at,
    merged,
    minutes,
    paused,
    pauses_between,
    used,
    warn_at,
)

GLPI = BusinessCalendar("UTC", [Opening(0, "10:30", "19:00"), *(Opening(day, "08:30", "19:00") for day in range(1, 5))])
TEN_TO_SIX = BusinessCalendar("UTC", [Opening(day, "10:00", "18:00") for day in range(7)])
NINE_TO_SIX_BERLIN = BusinessCalendar("Europe/Berlin", [Opening(day, "09:00", "18:00") for day in range(7)])
ALWAYS = BusinessCalendar("UTC", always=True)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def pauses(*spans: tuple[str, str | None]) -> tuple[Pause, ...]:
    return tuple(Pause(utc(a), utc(b) if b else None) for a, b in spans)


def seconds(amount: int) -> BusinessTime:
    return BusinessTime(timedelta(seconds=amount))


@pytest.mark.parametrize(
    ("opened", "target", "waits", "due", "offset", "escalation"),
    [
        ("2034-06-09T08:46:12", seconds(1800), (), "2034-06-09T09:16:12", seconds(-600), "2034-06-09T09:06:12"),
        ("2034-06-09T08:46:12", WorkingDays(5), (), "2034-06-16T08:46:12", seconds(-28800), "2034-06-15T11:16:12"),
        (
            "2034-06-09T08:46:12",
            WorkingDays(5, end_of_day=True),
            (),
            "2034-06-16T19:00",
            WorkingDays(-2, end_of_day=True),
            "2034-06-14T19:00",
        ),
        (
            "2034-06-09T08:46:12",
            seconds(1800),
            (
                ("2034-06-09T08:47:42", "2034-06-09T10:05:54"),
                ("2034-06-09T10:09:13", "2034-06-09T10:34:38"),
                ("2034-06-09T10:43:41", "2034-06-09T11:29:17"),
            ),
            "2034-06-09T11:45:25",
            seconds(-300),
            "2034-06-09T11:40:25",
        ),
        (
            "2034-06-05T10:00",
            seconds(14400),
            (("2034-06-05T11:00", "2034-06-07T09:30"), ("2034-06-07T10:00", "2034-06-08T09:00")),
            "2034-06-08T12:00",
            WorkingDays(3),
            "2034-06-13T12:00",
        ),
        (
            "2034-06-07T10:00",
            WorkingDays(5),
            (("2034-06-07T11:00", "2034-06-13T11:00"), ("2034-06-14T07:00", "2034-06-14T18:00")),
            "2034-06-21T09:00",
            WorkingDays(15),
            "2034-07-12T09:00",
        ),
        (
            "2034-06-07T10:00",
            WorkingDays(5, end_of_day=True),
            (("2034-06-07T11:00", "2034-06-13T11:00"), ("2034-06-14T07:00", "2034-06-14T18:00")),
            "2034-06-21T18:00",
            seconds(7200),
            "2034-06-22T09:30",
        ),
    ],
)
def test_deadlines_and_escalations_with_waits(
    opened: str, target: Target, waits: tuple[tuple[str, str], ...], due: str, offset: Target, escalation: str
) -> None:
    answer = due_at(GLPI, utc(opened), target, pauses(*waits))
    assert answer == utc(due)
    assert escalation_at(GLPI, answer, offset) == utc(escalation)


def test_a_wait_outside_business_hours_moves_nothing() -> None:
    """erpnext 47029, 47884, 49414, 51111 counted waiting in clock time."""
    waited = pauses(("2020-03-04T04:15", "2020-03-04T05:00"))
    assert due_at(TEN_TO_SIX, utc("2020-03-04T04:00"), minutes(360), waited) == utc("2020-03-04T16:00")


def test_changed_terms_keep_the_pauses() -> None:
    """glpi 6902, 15605 lost the pause when the terms changed."""
    waited = pauses(("2026-03-02T10:00", "2026-03-02T12:00"))
    assert due_at(ALWAYS, utc("2026-03-02T09:00"), minutes(480), waited) == utc("2026-03-02T19:00")
    assert due_at(ALWAYS, utc("2026-03-02T09:00"), minutes(240), waited) == utc("2026-03-02T15:00")


def test_while_it_waits_there_is_no_due_instant() -> None:
    """glpi 24481 broke a deadline while the customer was waited for."""
    assert due_at(ALWAYS, utc("2026-03-02T09:00"), minutes(60), pauses(("2026-03-02T09:30", None))) is None


def test_a_pause_that_begins_after_the_deadline_does_not_move_it() -> None:
    late = pauses(("2026-03-02T10:00", "2026-03-02T12:00"))
    assert due_at(ALWAYS, utc("2026-03-02T09:00"), minutes(60), late) == utc("2026-03-02T10:00")


def test_pending_and_closed_time_both_stop_the_clock() -> None:
    start = utc("2013-06-04T09:00")
    running = [
        (utc("2013-06-04T09:00"), utc("2013-06-04T09:30")),
        (utc("2013-06-04T09:45"), utc("2013-06-04T10:00")),
        (utc("2013-06-04T10:30"), None),
    ]
    stopped = pauses_between(running, start)
    assert due_at(NINE_TO_SIX_BERLIN, start, minutes(120), stopped) == utc("2013-06-04T11:45")


def test_a_clock_that_never_ran_used_nothing() -> None:
    start = utc("2013-06-04T09:00")
    assert used(NINE_TO_SIX_BERLIN, start, utc("2013-06-04T12:00"), pauses_between([], start)) == timedelta(0)


def test_waiting_and_working_time_are_both_known() -> None:
    waited = pauses(("2026-03-02T12:30", "2026-03-02T13:00"))
    start, end = utc("2026-03-02T12:00"), utc("2026-03-02T13:30")
    assert paused(TEN_TO_SIX, waited, start, end) == timedelta(minutes=30)
    assert used(TEN_TO_SIX, start, end, waited) == timedelta(hours=1)
    assert due_at(TEN_TO_SIX, start, minutes(240), waited) == utc("2026-03-02T16:30")


def test_the_warning_comes_when_four_fifths_are_used() -> None:
    assert warn_at(TEN_TO_SIX, utc("2026-03-02T10:00"), minutes(600)) == utc("2026-03-02T18:00")


def test_a_calendar_that_never_opens_sets_no_deadline() -> None:
    assert due_at(BusinessCalendar("UTC"), utc("2026-03-02T10:00"), minutes(60)) is None


def test_overlapping_pauses_count_once() -> None:
    both = pauses(("2026-03-02T11:00", "2026-03-02T12:00"), ("2026-03-02T11:30", "2026-03-02T13:00"))
    assert merged(both, utc("2026-03-02T11:15")) == pauses(("2026-03-02T11:15", "2026-03-02T13:00"))


INSTANTS = st.datetimes(datetime(2034, 6, 1), datetime(2034, 7, 31), timezones=st.just(UTC))
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=5))
PAUSES = st.lists(st.builds(lambda start, length: Pause(start, start + length), INSTANTS, LENGTHS), max_size=5)
TARGETS = st.builds(BusinessTime, st.timedeltas(timedelta(minutes=1), timedelta(days=6)))
CALENDARS = st.sampled_from([GLPI, TEN_TO_SIX, NINE_TO_SIX_BERLIN, ALWAYS])


@given(CALENDARS, INSTANTS, TARGETS, PAUSES)
def test_pauses_never_extend_a_deadline_by_more_business_time_than_they_lasted(
    cal: BusinessCalendar, start: datetime, target: BusinessTime, waits: list[Pause]
) -> None:
    without, with_pauses = due_at(cal, start, target), due_at(cal, start, target, waits)
    assert without is not None
    assert with_pauses is not None
    extended = cal.elapsed(without, with_pauses)
    lasted = sum((cal.elapsed(p.start, p.end) for p in waits if p.end), timedelta(0))
    assert timedelta(0) <= extended <= lasted


@given(CALENDARS, INSTANTS, TARGETS, PAUSES)
def test_at_the_due_instant_exactly_the_target_is_used(
    cal: BusinessCalendar, start: datetime, target: BusinessTime, waits: list[Pause]
) -> None:
    due = due_at(cal, start, target, waits)
    assert due is not None
    assert used(cal, start, due, waits) == target.amount


@given(CALENDARS, INSTANTS, TARGETS, PAUSES)
def test_the_order_of_the_pauses_does_not_matter(
    cal: BusinessCalendar, start: datetime, target: BusinessTime, waits: list[Pause]
) -> None:
    assert due_at(cal, start, target, waits) == due_at(cal, start, target, list(reversed(waits)))
