"""What hurts users of other help desks about deadlines, each thread by its number, and what happens here instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tickets_service.domain.agreement import PriorityTarget
from tickets_service.domain.commands import (
    BreachDeadline,
    ClassifyRequest,
    RecomputeDeadlines,
    ReopenRequest,
    ResolveRequest,
    ResumeRequest,
    StartRequest,
    WaitRequest,
)
from tickets_service.domain.escalation_events import DeadlineMeasured
from tickets_service.domain.events import DeadlineMet, DeadlineSet
from tickets_service.domain.request import DECIDER
from tickets_service.tests.unit.kit import AGREEMENT, OPEN, at

FREE = replace(AGREEMENT, evidence=())


def lived(*steps: Any, opened: str = "2026-03-02 09:00") -> list[Any]:
    events = list(DECIDER.decide(replace(OPEN, at=at(opened), agreement=FREE), DECIDER.initial))
    for step in steps:
        events += DECIDER.decide(step, DECIDER.fold(events))
    return events


def due(events: list[Any], kind: str = "resolution") -> Any:
    return [each.due_at for each in events if isinstance(each, DeadlineSet) and each.kind == kind][-1]


def wait(when: str) -> WaitRequest:
    return WaitRequest("r1", at(when), agreement=FREE)


def resume(when: str) -> ResumeRequest:
    return ResumeRequest("r1", at(when), FREE)


def test_glpi_6902_a_pause_survives_other_terms() -> None:
    """Three hours of waiting stay on top when an addendum changes the target from 8 to 4 h."""
    events = lived(wait("2026-03-02 10:00"), resume("2026-03-02 13:00"))
    assert due(events) == at("2026-03-03 10:00")
    shorter = replace(FREE, targets=(PriorityTarget("medium", 120, 240),))
    again = DECIDER.decide(RecomputeDeadlines("r1", at("2026-03-02 13:30"), shorter), DECIDER.fold(events))
    assert due(again) == at("2026-03-02 16:00")


def test_glpi_15605_another_priority_keeps_the_pause_and_counts_from_the_opening() -> None:
    events = lived(
        wait("2026-03-02 10:00"),
        resume("2026-03-02 12:00"),
        ClassifyRequest("r1", "high", at("2026-03-02 12:30"), FREE),
    )
    assert due(events) == at("2026-03-02 15:00")


def test_glpi_10594_waiting_over_the_weekend_moves_by_business_time_only() -> None:
    """From Friday 17:00 to Monday 9:00 two hours of business pass, not sixty-four."""
    events = lived(wait("2026-03-06 17:00"), resume("2026-03-09 09:00"), opened="2026-03-06 15:00")
    assert due(events) == at("2026-03-09 13:00") + timedelta(hours=2)


def test_glpi_23359_the_time_from_a_resolution_to_its_reopening_is_no_waiting() -> None:
    """An hour of waiting, two days resolved: an hour was waited, and the resolution's clock stood still all the while."""
    events = lived(
        wait("2026-03-02 10:00"),
        resume("2026-03-02 11:00"),
        ResolveRequest("r1", at("2026-03-02 12:00"), agreement=FREE),
        ReopenRequest("r1", at("2026-03-04 12:00"), "customer", agreement=FREE),
        ResolveRequest("r1", at("2026-03-04 13:00"), agreement=FREE),
    )
    last = [each for each in events if isinstance(each, DeadlineMeasured) and each.kind == "resolution"][-1]
    assert (last.took_seconds, last.waited_seconds) == (3 * 3600, 3600)


def test_a_calendar_that_changes_is_obeyed_by_open_requests() -> None:
    events = lived()
    closed = replace(FREE, calendar=replace(FREE.calendar, holidays=(at("2026-03-02 12:00").date(),)))
    wish = RecomputeDeadlines("r1", at("2026-03-02 10:00"), closed, "calendar", "Feriado, 2026-03-02")
    (response, resolution) = DECIDER.decide(wish, DECIDER.fold(events))
    assert (response.due_at, response.former_due_at) == (at("2026-03-03 10:00"), at("2026-03-02 11:00"))
    assert (resolution.due_at, resolution.why) == (at("2026-03-03 16:00"), "Feriado, 2026-03-02")


def test_erpnext_47029_47884_49414_51111_waiting_is_counted_in_business_time() -> None:
    events = lived(wait("2026-03-02 17:30"), resume("2026-03-03 08:30"), opened="2026-03-02 12:00")
    assert due(events) == at("2026-03-03 11:00")


def test_a_reopened_request_gets_the_time_back_that_it_was_resolved() -> None:
    events = lived(
        StartRequest("r1", at("2026-03-02 10:00"), FREE),
        ResolveRequest("r1", at("2026-03-02 16:00"), agreement=FREE),
        ReopenRequest("r1", at("2026-03-04 16:00"), "customer", agreement=FREE),
    )
    assert due(events) == at("2026-03-04 17:00")


def test_what_was_resolved_in_time_stays_met_however_late_it_is_looked_at() -> None:
    events = lived(
        StartRequest("r1", at("2026-03-02 10:00"), FREE), ResolveRequest("r1", at("2026-03-02 17:00"), agreement=FREE)
    )
    met = [each for each in events if isinstance(each, DeadlineMet) and each.kind == "resolution"]
    assert [each.due_at for each in met] == [at("2026-03-02 17:00")]
    late = RecomputeDeadlines("r1", at("2026-04-02 17:00"), FREE)
    assert DECIDER.decide(late, DECIDER.fold(events)) == []


def test_glpi_24481_what_waits_for_the_customer_is_never_breached() -> None:
    events = lived(wait("2026-03-02 10:00"))
    late = BreachDeadline("r1", "resolution", at("2026-03-02 17:00"), at("2026-03-20 17:00"), FREE)
    assert DECIDER.decide(late, DECIDER.fold(events)) == []


def test_erpnext_49414_a_wait_from_closing_to_opening_moves_nothing() -> None:
    """The thread's own example: the wait lies outside business hours altogether."""
    events = lived(wait("2026-03-02 18:00"), resume("2026-03-03 08:00"), opened="2026-03-02 12:00")
    assert due(events) == due(lived(opened="2026-03-02 12:00"))
