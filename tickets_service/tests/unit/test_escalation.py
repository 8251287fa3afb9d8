"""The ladder: who is told of a deadline at which instants, once each; and what each clock took."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.store.tables import due
from services.testing.decider import DeciderSpec
from services.testing.rows import MemoryRows
from tickets_service.domain import escalation
from tickets_service.domain.agreement import LadderStep, agreement_from_terms
from tickets_service.domain.commands import (
    CancelRequest,
    ClassifyRequest,
    EscalateDeadline,
    ReopenRequest,
    ResolveRequest,
    ResumeRequest,
    StartRequest,
    WaitRequest,
)
from tickets_service.domain.escalation_events import DeadlineMeasured, RequestEscalated, RequestWarned
from tickets_service.domain.events import DeadlineSet, RequestAssigned
from tickets_service.domain.request import DECIDER
from tickets_service.tests.unit.kit import AGREEMENT, IDS, MONDAY_9, OPEN, at, terms
from tickets_service.tests.unit.test_views import fold
from tickets_service.views.timers import TimersView, keys_of

LADDER = (
    LadderStep(1, percent=50, role="assignee"),
    LadderStep(2, minutes=-60, role="attendant"),
    LadderStep(3, percent=100, role="manager"),
    LadderStep(4, minutes=180, user_id="w1", any_hour=True),
)
CLIMBING = replace(AGREEMENT, ladder=LADDER, evidence=())
spec = DeciderSpec(DECIDER)
opened = spec.when(replace(OPEN, agreement=CLIMBING))
history = opened.events()


def escalate(text: str) -> EscalateDeadline:
    return EscalateDeadline("r1", "resolution", at(text), CLIMBING)


def levels(events: list[Any]) -> list[tuple[str, int]]:
    return [(type(each).__name__, each.level) for each in events if isinstance(each, RequestWarned | RequestEscalated)]


def test_the_first_step_is_said_with_the_deadline() -> None:
    """8 h from Monday 9:00 in a week of 8-18 h: half of it at 13:00, an hour before it 16:00, due 17:00, and 3 h later
    Tuesday 10:00."""
    (said,) = [each for each in history if isinstance(each, DeadlineSet) and each.kind == "resolution"]
    assert said.escalate_at == at("2026-03-02 13:00")
    instants = [instant for instant, _ in escalation.rungs(DECIDER.fold(history), "resolution", CLIMBING)]
    assert instants == [at("2026-03-02 13:00"), at("2026-03-02 16:00"), at("2026-03-02 17:00"), at("2026-03-03 10:00")]


def test_before_the_due_instant_it_is_a_warning_and_from_it_on_an_escalation() -> None:
    given = spec.given(*history, RequestAssigned(*IDS, "t1", MONDAY_9))
    first = given.when(escalate("2026-03-02 13:00")).events()
    due, following = at("2026-03-02 17:00"), at("2026-03-02 16:00")
    assert first == [
        RequestWarned(
            *IDS, "resolution", 1, due, "assignee", None, "t1", "p1", False, at("2026-03-02 13:00"), following
        )
    ]
    assert levels(given.when(escalate("2026-03-02 17:00")).events()) == [
        ("RequestWarned", 1), ("RequestWarned", 2), ("RequestEscalated", 3),
    ]  # fmt: skip


def test_nobody_is_told_twice_nor_too_early() -> None:
    once = spec.given(*history).when(escalate("2026-03-02 13:00")).events()
    spec.given(*history, *once).when(escalate("2026-03-02 13:00")).then_nothing()
    spec.given(*history).when(escalate("2026-03-02 12:59")).then_nothing()


def test_what_was_down_for_a_day_tells_all_steps_in_order() -> None:
    events = spec.given(*history).when(escalate("2026-03-03 12:00")).events()
    assert [level for _, level in levels(events)] == [1, 2, 3, 4]
    assert [each.next_at for each in events][-1] is None


def test_waiting_for_the_customer_moves_the_ladder_by_business_time() -> None:
    """An hour of waiting: half of the target at 14:00."""
    waits = spec.given(*history).when(WaitRequest("r1", at("2026-03-02 10:00"), agreement=CLIMBING)).events()
    assert [each.escalate_at for each in waits if isinstance(each, DeadlineSet)] == [None]
    spec.given(*history, *waits).when(escalate("2026-03-02 13:00")).then_nothing()
    resumed = (
        spec.given(*history, *waits).when(ResumeRequest("r1", at("2026-03-02 11:00"), agreement=CLIMBING)).events()
    )
    assert [each.escalate_at for each in resumed if isinstance(each, DeadlineSet)] == [at("2026-03-02 14:00")]


def test_another_priority_does_not_tell_again_what_was_told() -> None:
    told = spec.given(*history).when(escalate("2026-03-02 13:00")).events()
    classified = ClassifyRequest("r1", "high", at("2026-03-02 13:30"), CLIMBING)
    events = spec.given(*history, *told).when(classified).events()
    (moved,) = [each for each in events if isinstance(each, DeadlineSet) and each.kind == "resolution"]
    assert (moved.due_at, moved.escalate_at) == (at("2026-03-02 13:00"), at("2026-03-02 12:00"))
    late = spec.given(*history, *told, *events).when(escalate("2026-03-02 13:30")).events()
    assert levels(late) == [("RequestWarned", 2), ("RequestEscalated", 3)]


def test_a_resolved_or_cancelled_request_tells_nobody_and_a_reopened_one_again() -> None:
    told = spec.given(*history).when(escalate("2026-03-02 13:00")).events()
    done = spec.given(*history, *told).when(ResolveRequest("r1", at("2026-03-02 14:00"), agreement=CLIMBING)).events()
    spec.given(*history, *told, *done).when(escalate("2026-03-03 12:00")).then_nothing()
    again = ReopenRequest("r1", at("2026-03-02 15:00"), "customer", agreement=CLIMBING)
    reopened = spec.given(*history, *told, *done).when(again).events()
    assert [each.escalate_at for each in reopened if isinstance(each, DeadlineSet)] == [at("2026-03-02 13:00")]
    cancelled = spec.given(*history).when(CancelRequest("r1", MONDAY_9, "Engano", agreement=CLIMBING)).events()
    spec.given(*history, *cancelled).when(escalate("2026-03-03 12:00")).then_nothing()


def test_a_service_has_its_own_step_instead_of_the_general_one() -> None:
    general = {"level": 1, "clock": "resolution", "percent": 80, "role": "manager"}
    own = {**general, "percent": 50, "role": "assignee", "service_type_id": "s1"}
    other = {**general, "level": 2, "service_type_id": "s2"}
    agreement = agreement_from_terms(terms(escalation=[general, own, other]), "s1")
    assert agreement is not None
    assert agreement.ladder == (LadderStep(1, "resolution", percent=50, role="assignee"),)


def measures(events: list[Any]) -> list[tuple[str, int, int, int | None]]:
    return [
        (each.kind, each.took_seconds, each.waited_seconds, each.target_seconds)
        for each in events
        if isinstance(each, DeadlineMeasured)
    ]


def test_what_a_clock_took_is_business_time_without_the_waiting() -> None:
    """Opened Monday 9:00, answered 10:00, waited 17:00 to Tuesday 9:00 (2 h), done Tuesday 11:00: 10 h, 2 h waited."""
    steps = history
    for command in (
        StartRequest("r1", at("2026-03-02 10:00"), CLIMBING),
        WaitRequest("r1", at("2026-03-02 17:00"), agreement=CLIMBING),
        ResumeRequest("r1", at("2026-03-03 09:00"), CLIMBING),
        ResolveRequest("r1", at("2026-03-03 11:00"), agreement=CLIMBING),
    ):
        steps = [*steps, *spec.given(*steps).when(command).events()]
    assert measures(steps) == [("response", 3600, 0, 7200), ("resolution", 10 * 3600, 2 * 3600, 28800)]


def test_without_a_target_it_is_measured_all_the_same() -> None:
    free = replace(CLIMBING, targets=())
    given = spec.when(replace(OPEN, agreement=free)).events()
    events = spec.given(*given).when(StartRequest("r1", at("2026-03-02 10:00"), free)).events()
    assert measures(events) == [("response", 3600, 0, None)]


def test_one_timer_a_clock_waits_for_the_next_step_and_is_gone_when_all_was_told() -> None:
    rows = MemoryRows()

    def folded(events: list[Any]) -> dict[str, datetime]:
        fold(TimersView(), rows, *events)
        return {row["key"]: row["at"] for row in rows.find(due) if row["key"].startswith("escalate")}

    assert folded(history) == {"escalate:r1:resolution": at("2026-03-02 13:00")}
    told = spec.given(*history).when(escalate("2026-03-02 13:00")).events()
    assert folded(told) == {"escalate:r1:resolution": at("2026-03-02 16:00")}
    rest = spec.given(*history, *told).when(escalate("2026-03-03 12:00")).events()
    assert folded(rest) == {}
    assert {"escalate:r1:resolution", "warn:r1:response"} <= set(keys_of("r1"))
