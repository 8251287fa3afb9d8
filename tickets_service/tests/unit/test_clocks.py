"""Deadlines of a request as its steps move them: set, stopped, warned of, met, breached; always from facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets_service.domain.agreement import Agreement, PriorityTarget
from tickets_service.domain.calendar import CalendarTerms
from tickets_service.domain.clocks import due
from tickets_service.domain.commands import (
    AddNote,
    AssignRequest,
    BreachDeadline,
    CancelRequest,
    ClassifyRequest,
    HoldRequest,
    RecomputeDeadlines,
    ReleaseRequest,
    ReopenRequest,
    ResolveRequest,
    ResumeRequest,
    StartRequest,
    WaitRequest,
    WarnDeadline,
)
from tickets_service.domain.events import (
    DeadlineBreached,
    DeadlineMet,
    DeadlineSet,
    DeadlineWarned,
    RequestReopened,
    RequestStarted,
)
from tickets_service.domain.request import DECIDER
from tickets_service.tests.unit.kit import (
    AGREEMENT,
    IDS,
    MONDAY_9,
    OPEN,
    RESOLUTION_DUE,
    hours,
    opened,
    spec,
    without_targets,
)

NO_EVIDENCE = replace(AGREEMENT, evidence=())
START = StartRequest("r1", MONDAY_9 + hours(1), AGREEMENT)


def deadlines(events: list[Any]) -> list[Any]:
    return [e for e in events if e.EVENT_TYPE.startswith("tickets.deadline.")]


def of_kind(events: list[Any], kind: str) -> list[Any]:
    return [e for e in deadlines(events) if e.kind == kind]


def test_the_first_answer_in_time_meets_the_response() -> None:
    met = DeadlineMet(*IDS, "response", MONDAY_9 + hours(2), START.at)
    opened.when(START).then(RequestStarted(*IDS, START.at), met)


def test_an_answer_at_the_due_instant_is_in_time() -> None:
    (answer,) = deadlines(opened.when(replace(START, at=MONDAY_9 + hours(2))).events())
    assert isinstance(answer, DeadlineMet)


def test_a_late_answer_breaches_the_response_even_if_nobody_said_so_before() -> None:
    (late,) = deadlines(opened.when(replace(START, at=MONDAY_9 + hours(3))).events())
    assert late == DeadlineBreached(*IDS, "response", MONDAY_9 + hours(2), MONDAY_9 + hours(3))


def test_a_breach_is_said_once() -> None:
    breach = BreachDeadline("r1", "response", MONDAY_9 + hours(2), MONDAY_9 + hours(2), AGREEMENT)
    after = opened.when(breach).then(DeadlineBreached(*IDS, "response", breach.due_at, breach.at))
    after.when(replace(breach, at=MONDAY_9 + hours(3))).then_nothing()
    assert deadlines(after.when(replace(START, at=MONDAY_9 + hours(3))).events()) == []


def test_a_public_note_of_the_provider_answers_but_no_internal_one_and_no_assignment() -> None:
    note = AddNote("r1", "n1", "Vamos hoje", MONDAY_9 + hours(1), "public", "t1", "provider", AGREEMENT)
    assert [type(e) for e in deadlines(opened.when(note).events())] == [DeadlineMet]
    assert deadlines(opened.when(replace(note, visibility="internal")).events()) == []
    assert deadlines(opened.when(replace(note, side="customer")).events()) == []
    assert deadlines(opened.when(AssignRequest("r1", "t1", MONDAY_9 + hours(1))).events()) == []


def test_asking_the_customer_is_an_answer_and_stops_the_resolution() -> None:
    wait = WaitRequest("r1", MONDAY_9 + hours(1), agreement=AGREEMENT)
    response, stopped = deadlines(opened.when(wait).events())
    assert response == DeadlineMet(*IDS, "response", MONDAY_9 + hours(2), wait.at)
    assert stopped == DeadlineSet(
        *IDS, "resolution", None, None, 480, MONDAY_9 + hours(8), "waiting", MONDAY_9 + hours(1)
    )


def test_resuming_moves_the_resolution_by_the_business_time_of_the_wait() -> None:
    """From 17:00 to 09:00 the next day two business hours were waited, not sixteen."""
    wait = WaitRequest("r1", MONDAY_9 + hours(8) - hours(1), agreement=AGREEMENT)
    resume = ResumeRequest("r1", MONDAY_9 + hours(24), AGREEMENT)
    (moved,) = deadlines(opened.when(START, wait, resume).events())
    waited = hours(3)  # 16:00 to 18:00, 08:00 to 09:00
    assert moved.due_at == AGREEMENT.business_calendar.add(MONDAY_9, hours(8) + waited)
    assert (moved.former_due_at, moved.cause) == (None, "resumed")


def test_a_wait_outside_business_hours_changes_nothing_in_the_end() -> None:
    wait = WaitRequest("r1", MONDAY_9 + hours(10), agreement=AGREEMENT)  # 19:00
    long = replace(AGREEMENT, targets=(PriorityTarget("medium", 120, 1200),))
    before = spec.given().when(replace(OPEN, agreement=long), replace(START, agreement=long))
    resumed = before.when(replace(wait, agreement=long), ResumeRequest("r1", MONDAY_9 + hours(20), long))
    (moved,) = deadlines(resumed.events())
    assert moved.due_at == long.business_calendar.add(MONDAY_9, hours(20))


def test_while_the_customer_is_waited_for_nothing_is_breached_or_warned_of() -> None:
    wait = WaitRequest("r1", MONDAY_9 + hours(1), agreement=AGREEMENT)
    late = MONDAY_9 + hours(48)
    waiting = opened.when(START, wait)
    waiting.when(BreachDeadline("r1", "resolution", MONDAY_9 + hours(8), late, AGREEMENT)).then_nothing()
    waiting.when(WarnDeadline("r1", "resolution", MONDAY_9 + hours(8), late, AGREEMENT)).then_nothing()


def test_resolving_while_waiting_takes_the_wait_off_first() -> None:
    """frappe/helpdesk 3776: paused, then resolved in the same step."""
    wait = WaitRequest("r1", MONDAY_9 + hours(1), agreement=AGREEMENT)
    resolve = ResolveRequest("r1", MONDAY_9 + hours(28), (), None, "t1", NO_EVIDENCE)
    (met,) = deadlines(opened.when(START, wait, resolve).events())
    assert isinstance(met, DeadlineMet)
    assert met.due_at > resolve.at


def test_a_resolution_without_any_answer_before_counts_for_both_clocks() -> None:
    resolve = ResolveRequest("r1", MONDAY_9 + hours(3), (), None, "t1", NO_EVIDENCE)
    late, met = deadlines(opened.when(resolve).events())
    assert (type(late), late.kind) == (DeadlineBreached, "response")
    assert (type(met), met.kind) == (DeadlineMet, "resolution")


def test_another_priority_sets_other_deadlines_from_the_opening() -> None:
    classify = ClassifyRequest("r1", "high", MONDAY_9 + hours(0.5), AGREEMENT)
    response, resolution = deadlines(opened.when(classify).events())
    assert (response.due_at, response.former_due_at) == (MONDAY_9 + hours(1), MONDAY_9 + hours(2))
    assert (resolution.due_at, resolution.cause) == (MONDAY_9 + hours(4), "classified")


def test_a_priority_without_targets_takes_all_deadlines_away() -> None:
    changed = deadlines(opened.when(ClassifyRequest("r1", "low", MONDAY_9, AGREEMENT)).events())
    assert [(e.due_at, e.minutes) for e in changed] == [(None, None), (None, None)]


def test_reopening_goes_on_where_the_clock_stood() -> None:
    resolve = ResolveRequest("r1", MONDAY_9 + hours(2), (), None, "t1", NO_EVIDENCE)
    reopen = ReopenRequest("r1", MONDAY_9 + hours(26), "contested", agreement=NO_EVIDENCE)
    after = opened.when(START, resolve, reopen)
    reopened, moved = after.events()
    assert isinstance(reopened, RequestReopened)
    # Resolved from Monday 11:00 to Tuesday 11:00: ten business hours stood still.
    assert moved.due_at == AGREEMENT.business_calendar.add(MONDAY_9, hours(18))
    assert moved.cause == "reopened"


def test_cancelling_takes_the_deadlines_away() -> None:
    gone = deadlines(opened.when(CancelRequest("r1", MONDAY_9, "Engano", "p1", agreement=AGREEMENT)).events())
    assert [(e.kind, e.due_at, e.cause) for e in gone] == [
        ("response", None, "cancelled"),
        ("resolution", None, "cancelled"),
    ]


def test_the_warning_comes_once_for_a_due_instant() -> None:
    warn = WarnDeadline("r1", "resolution", RESOLUTION_DUE.due_at or MONDAY_9, MONDAY_9 + hours(6.4), AGREEMENT)
    after = opened.when(START, warn).then(DeadlineWarned(*IDS, "resolution", MONDAY_9 + hours(8), warn.at))
    after.when(warn).then_nothing()


def test_a_warning_before_its_time_or_after_the_resolution_decides_nothing() -> None:
    early = WarnDeadline("r1", "resolution", MONDAY_9 + hours(8), MONDAY_9 + hours(6), AGREEMENT)
    opened.when(early).then_nothing()
    resolve = ResolveRequest("r1", MONDAY_9 + hours(2), (), None, "t1", NO_EVIDENCE)
    opened.when(resolve, replace(early, at=MONDAY_9 + hours(7))).then_nothing()


def test_a_breach_that_is_no_longer_true_says_the_new_deadline_and_breaches_nothing() -> None:
    """The calendar got a holiday meanwhile; the former answer stays in the history."""
    holiday = replace(AGREEMENT.calendar, holidays=(MONDAY_9.date(),))
    later = replace(AGREEMENT, calendar=holiday)
    breach = BreachDeadline("r1", "resolution", MONDAY_9 + hours(8), MONDAY_9 + hours(8), later)
    events = opened.when(START, breach).events()
    assert [type(e) for e in events] == [DeadlineSet]
    assert events[0].former_due_at == MONDAY_9 + hours(8)
    assert events[0].due_at == later.business_calendar.add(MONDAY_9, hours(8))


def test_a_suspension_of_the_contract_stops_both_clocks_and_its_end_starts_them_again() -> None:
    hold = HoldRequest("r1", MONDAY_9 + hours(1), AGREEMENT)
    release = ReleaseRequest("r1", MONDAY_9 + hours(3), AGREEMENT)
    held = opened.when(hold)
    assert [(e.kind, e.due_at, e.cause) for e in deadlines(held.events())] == [
        ("response", None, "held"),
        ("resolution", None, "held"),
    ]
    moved = deadlines(opened.when(hold, release).events())
    assert [(e.kind, e.due_at) for e in moved] == [
        ("response", MONDAY_9 + hours(2) + hours(2)),
        ("resolution", AGREEMENT.business_calendar.add(MONDAY_9, hours(10))),
    ]
    opened.when(release).then_nothing()
    opened.when(hold, replace(hold, at=MONDAY_9 + hours(2))).then_nothing()


def test_recomputing_under_the_same_terms_changes_nothing() -> None:
    opened.when(RecomputeDeadlines("r1", MONDAY_9, AGREEMENT)).then_nothing()


def test_shorter_targets_keep_the_wait() -> None:
    """glpi 6902, 15605: 9:00, waited 10 to 12, then 4 instead of 8 hours: due at 15:00, not 13:00."""
    wait, resume = WaitRequest("r1", MONDAY_9 + hours(1), agreement=AGREEMENT), ResumeRequest("r1", MONDAY_9 + hours(3))
    shorter = replace(AGREEMENT, targets=(PriorityTarget("medium", 120, 240),))
    recompute = RecomputeDeadlines("r1", MONDAY_9 + hours(3), shorter)
    (moved,) = deadlines(opened.when(wait, replace(resume, agreement=AGREEMENT), recompute).events())
    assert moved.due_at == MONDAY_9 + hours(6)
    assert moved.former_due_at == MONDAY_9 + hours(24)  # 19:00 is 09:00 of the next day


def test_terms_without_targets_take_the_deadlines_away_but_unknown_terms_say_nothing() -> None:
    gone = opened.when(RecomputeDeadlines("r1", MONDAY_9, without_targets())).events()
    assert [e.due_at for e in gone] == [None, None]
    opened.when(RecomputeDeadlines("r1", MONDAY_9, None)).then_nothing()


ALWAYS = Agreement("s1", "X", "X", CalendarTerms("UTC", always=True), targets=(PriorityTarget("medium", 60, 600),))


@st.composite
def lives(draw: st.DrawFn) -> list[Any]:
    """Commands of a life of waits, resumptions, resolutions and reopenings, in the order of time."""
    agreement = draw(st.sampled_from([replace(AGREEMENT, evidence=()), ALWAYS]))
    at, status, commands = MONDAY_9, "open", [replace(OPEN, agreement=agreement)]
    for gap in draw(st.lists(st.integers(1, 3000), max_size=8)):
        at += timedelta(minutes=gap)
        steps = {
            "open": ["start", "wait", "resolve"],
            "in_progress": ["wait", "resolve"],
            "waiting": ["resume", "resolve"],
            "resolved": ["reopen"],
        }
        step = draw(st.sampled_from(steps[status]))
        command, status = {
            "start": (StartRequest("r1", at, agreement), "in_progress"),
            "wait": (WaitRequest("r1", at, agreement=agreement), "waiting"),
            "resume": (ResumeRequest("r1", at, agreement), "in_progress"),
            "resolve": (ResolveRequest("r1", at, agreement=agreement), "resolved"),
            "reopen": (ReopenRequest("r1", at, agreement=agreement), "in_progress"),
        }[step]
        commands.append(command)
    return commands


@given(lives())
def test_the_deadline_reached_step_by_step_is_the_one_computed_from_the_whole_history(commands: list[Any]) -> None:
    state = spec.when(*commands).state()
    agreement = commands[0].agreement
    for kind in ("response", "resolution"):
        if state.satisfied_at(kind) is None:
            assert state.clock(kind).due_at == due(state, kind, agreement)


@given(lives())
def test_every_clock_that_reached_its_goal_was_met_or_breached_and_not_both(commands: list[Any]) -> None:
    history: list[Any] = []
    for command in commands:
        history += DECIDER.decide(command, DECIDER.fold(history))
    response = [type(e) for e in of_kind(history, "response") if isinstance(e, DeadlineMet | DeadlineBreached)]
    assert len(response) == (1 if DECIDER.fold(history).responded_at else 0)


@pytest.mark.parametrize("kind", ["response", "resolution"])
def test_a_breach_before_its_time_decides_nothing(kind: Any) -> None:
    opened.when(BreachDeadline("r1", kind, MONDAY_9, MONDAY_9, AGREEMENT)).then_nothing()


def test_the_customer_reopens_within_the_contract_s_window_and_the_provider_always() -> None:
    limited = replace(NO_EVIDENCE, reopen_days=5)
    resolve = ResolveRequest("r1", MONDAY_9 + hours(2), (), None, "t1", limited)
    late = ReopenRequest("r1", MONDAY_9 + hours(2 + 5 * 24 + 1), "customer", agreement=limited)
    opened.when(START, resolve, late).then_refused(
        "request.reopen-too-late", until=(MONDAY_9 + hours(2 + 5 * 24)).date(), days=5
    )
    in_time = replace(late, at=MONDAY_9 + hours(2 + 5 * 24))
    assert isinstance(opened.when(START, resolve, in_time).events()[0], RequestReopened)
    for cause in ("provider", "contested"):
        assert isinstance(opened.when(START, resolve, replace(late, cause=cause)).events()[0], RequestReopened)
