"""Properties of business time and deadlines that hold for every calendar, pause and history, by hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from services.errors import Refused
from services.testing.decider import DeciderSpec
from tickets_service.domain import clocks
from tickets_service.domain.agreement import Agreement
from tickets_service.domain.calendar import NOTHING, BusinessCalendar, CalendarTerms, Opening
from tickets_service.domain.commands import (
    ClassifyRequest,
    HoldRequest,
    RecomputeDeadlines,
    ReleaseRequest,
    ReopenRequest,
    ResolveRequest,
    ResumeRequest,
    StartRequest,
    WaitRequest,
)
from tickets_service.domain.deadlines import Pause, due_at, minutes
from tickets_service.domain.events import DeadlineSet
from tickets_service.domain.request import DECIDER
from tickets_service.tests.unit.kit import AGREEMENT, OPEN

ZONES = some.sampled_from(["America/Sao_Paulo", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"])
QUARTERS = some.integers(0, 95)


def clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


OPENINGS = some.lists(
    some.builds(
        lambda day, opens, closes: Opening(day, clock(opens), clock(closes)), some.integers(0, 6), QUARTERS, QUARTERS
    ),
    min_size=1,
    max_size=8,
)
"""Shifts over midnight, overlaps and several a day included."""
DAYS = some.lists(some.dates(date(2018, 1, 1), date(2019, 12, 31)), max_size=20)
TERMS = some.builds(
    lambda zone, openings, days, always: CalendarTerms(zone, tuple(openings), tuple(sorted(set(days))), always),
    ZONES, OPENINGS, DAYS, some.sampled_from([False, False, False, True]),
)  # fmt: skip
INSTANTS = some.datetimes(datetime(2018, 1, 5), datetime(2019, 12, 1), timezones=some.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
"""With the changes of the clock of those years: São Paulo's last ones are among them."""


def calendar(terms: CalendarTerms) -> BusinessCalendar:
    return BusinessCalendar(terms.time_zone, terms.openings, terms.holidays, always=terms.always)


@given(TERMS, some.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_elapsed_business_time_is_additive(terms: CalendarTerms, instants: list[datetime]) -> None:
    first, second, third = instants
    cal = calendar(terms)
    assert cal.elapsed(first, second) + cal.elapsed(second, third) == cal.elapsed(first, third)


@given(TERMS, some.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_elapsed_business_time_is_monotonic_and_never_more_than_passed(
    terms: CalendarTerms, instants: list[datetime]
) -> None:
    first, second, third = instants
    cal = calendar(terms)
    assert NOTHING <= cal.elapsed(first, second) <= cal.elapsed(first, third) <= third - first


@given(TERMS, INSTANTS, some.integers(0, 100_000), some.integers(0, 100_000))
def test_a_longer_target_is_never_due_earlier_and_takes_exactly_its_time(
    terms: CalendarTerms, at: datetime, one: int, other: int
) -> None:
    cal = calendar(terms)
    shorter, longer = sorted((timedelta(minutes=one), timedelta(minutes=other)))
    assert at <= cal.add(at, shorter) <= cal.add(at, longer)
    assert cal.elapsed(at, cal.add(at, longer)) == longer


PAUSES = some.lists(some.tuples(INSTANTS, INSTANTS).map(sorted), max_size=5)


@given(TERMS, INSTANTS, some.integers(1, 20_000), PAUSES)
def test_pauses_never_extend_by_more_business_time_than_they_lasted(
    terms: CalendarTerms, at: datetime, target: int, spans: list[list[datetime]]
) -> None:
    cal = calendar(terms)
    pauses = [Pause(start, end) for start, end in spans]
    without, with_pauses = due_at(cal, at, minutes(target)), due_at(cal, at, minutes(target), pauses)
    assert without is not None
    assert with_pauses is not None
    lasted = sum((cal.elapsed(pause.start, pause.end or pause.start) for pause in pauses), NOTHING)
    assert NOTHING <= cal.elapsed(without, with_pauses) <= lasted


@given(TERMS, INSTANTS, some.integers(1, 20_000), PAUSES, some.randoms(use_true_random=False))
def test_the_order_of_pauses_is_of_no_account(
    terms: CalendarTerms, at: datetime, target: int, spans: list[list[datetime]], random: Any
) -> None:
    pauses = [Pause(start, end) for start, end in spans]
    shuffled = list(pauses)
    random.shuffle(shuffled)
    cal = calendar(terms)
    assert due_at(cal, at, minutes(target), pauses) == due_at(cal, at, minutes(target), shuffled)


STEPS = some.lists(
    some.tuples(
        some.sampled_from(["start", "wait", "resume", "high", "medium", "hold", "release", "resolve", "reopen"]),
        some.integers(1, 3_000),
    ),
    max_size=12,
)


def command(kind: str, at: datetime, agreement: Agreement) -> Any:
    match kind:
        case "start":
            return StartRequest("r1", at, agreement)
        case "wait":
            return WaitRequest("r1", at, agreement=agreement)
        case "resume":
            return ResumeRequest("r1", at, agreement)
        case "high" | "medium":
            return ClassifyRequest("r1", kind, at, agreement)
        case "hold":
            return HoldRequest("r1", at, agreement)
        case "release":
            return ReleaseRequest("r1", at, agreement)
        case "resolve":
            return ResolveRequest("r1", at, agreement=agreement)
    return ReopenRequest("r1", at, "provider", agreement=agreement)


def lived(steps: list[tuple[str, int]], agreement: Agreement, start: datetime) -> tuple[list[Any], datetime]:
    """The events of a request's life: what is refused in a state is left out."""
    events = list(DECIDER.decide(replace(OPEN, at=start, agreement=agreement), DECIDER.initial))
    at = start
    for kind, later in steps:
        at += timedelta(minutes=later)
        try:
            events += DECIDER.decide(command(kind, at, agreement), DECIDER.fold(events))
        except Refused:
            continue
    return events, at


@settings(max_examples=40)
@given(TERMS, INSTANTS, STEPS)
def test_a_deadline_from_the_history_is_the_one_reached_step_by_step(
    terms: CalendarTerms, start: datetime, steps: list[tuple[str, int]]
) -> None:
    agreement = replace(AGREEMENT, calendar=terms, evidence=())
    events, at = lived(steps, agreement, start)
    state = DECIDER.fold(events)
    for kind in clocks.KINDS:
        if state.satisfied_at(kind) is None:
            said = [each.due_at for each in events if isinstance(each, DeadlineSet) and each.kind == kind]
            assert said[-1] == clocks.due(state, kind, agreement) == state.clock(kind).due_at
    DeciderSpec(DECIDER).given(*events).when(RecomputeDeadlines("r1", at, agreement)).then_nothing()


@settings(max_examples=40)
@given(TERMS, INSTANTS, STEPS, DAYS)
def test_a_late_change_of_the_calendar_gives_what_it_would_have_given_from_the_beginning(
    terms: CalendarTerms, start: datetime, steps: list[tuple[str, int]], days: list[date]
) -> None:
    agreement = replace(AGREEMENT, calendar=terms, evidence=())
    later = replace(agreement, calendar=replace(terms, holidays=tuple(sorted({*terms.holidays, *days}))))
    events, at = lived(steps, agreement, start)
    state = DECIDER.fold(events)
    again = DECIDER.decide(RecomputeDeadlines("r1", at, later, "calendar", "Feriado"), state)
    changed, known = DECIDER.fold(again, state), DECIDER.fold(lived(steps, later, start)[0])
    if changed.unfinished:
        for kind in clocks.KINDS:
            if changed.satisfied_at(kind) is None:
                assert changed.clock(kind).due_at == known.clock(kind).due_at
    assert all(each.cause == "calendar" for each in again if isinstance(each, DeadlineSet))


def test_a_request_that_is_reopened_at_once_has_its_deadline_said_again() -> None:
    """The same due instant as before the resolution, whose timers the met deadline took away."""
    start = datetime(2018, 3, 5, 12, tzinfo=UTC)
    events, _ = lived([("start", 1), ("resolve", 1), ("reopen", 0)], replace(AGREEMENT, evidence=()), start)
    last = events[-1]
    assert (type(last), last.kind, last.cause) == (DeadlineSet, "resolution", "reopened")
