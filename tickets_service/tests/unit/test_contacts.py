"""Who waits for whom: the update clock, what escalates next, and the measures that statistics are made of."""

from __future__ import annotations

from datetime import datetime

import pytest

from tickets_service.domain.calendar import BusinessCalendar, Opening
from tickets_service.domain.contacts import Exchange, Facts, Message, Side, Targets, dues, exchanges, waiting_since
from tickets_service.domain.deadlines import Pause, after_closing, minutes
from tickets_service.domain.measures import answers, measure, resolution
from tickets_service.tests.unit.kit import at, hours

WEEK = BusinessCalendar(openings=[Opening(day, "08:00", "18:00") for day in range(5)])
TARGETS = Targets(minutes(60), minutes(120), minutes(180))


def monday(clock: str) -> datetime:
    return at(f"2026-03-02 {clock}")


def said(*messages: str) -> tuple[Message, ...]:
    """ "c 09:00": the customer spoke at nine; "p 10:00": the provider at ten."""
    sides: dict[str, Side] = {"c": "customer", "p": "provider"}
    return tuple(Message(monday(text[2:]), sides[text[0]]) for text in messages)


def clocks(*messages: str, **facts: object) -> list[datetime | None]:
    found = dues(WEEK, TARGETS, Facts(monday("09:00"), said(*messages), **facts))  # type: ignore[arg-type]
    return [found.response, found.update, found.resolution, found.next]


def test_what_escalates_first_is_the_first_response() -> None:
    assert clocks("c 09:00") == [monday("10:00"), monday("11:00"), monday("12:00"), monday("10:00")]


def test_an_answer_ends_the_response_and_the_update_clock() -> None:
    assert clocks("c 09:00", "p 09:30") == [None, None, monday("12:00"), monday("12:00")]


def test_a_response_that_is_no_message_leaves_the_update_clock_running() -> None:
    assert clocks("c 09:00", responded_at=monday("09:30")) == [None, monday("11:00"), monday("12:00"), monday("11:00")]


def test_the_customers_next_message_starts_the_update_clock_again() -> None:
    assert clocks("c 09:00", "p 09:30", "c 09:40", "c 09:55")[1] == monday("11:40")


def test_a_message_of_the_provider_alone_starts_no_update_clock() -> None:
    assert clocks("p 09:30")[1] is None


def test_the_update_does_not_escalate_before_the_first_response() -> None:
    """zammad 5177."""
    quick = Targets(minutes(240), minutes(60))
    assert dues(WEEK, quick, Facts(monday("09:00"), said("c 09:00"))).next == monday("13:00")


def test_a_resolved_request_has_no_deadline_and_neither_has_one_without_agreement() -> None:
    assert clocks("c 09:00", resolved_at=monday("10:30")) == [None, None, None, None]
    assert dues(WEEK, None, Facts(monday("09:00"), said("c 09:00"))).next is None


def test_only_the_last_question_may_be_unanswered() -> None:
    messages = said("c 09:10", "c 09:00", "p 09:30", "p 09:35", "c 10:00")
    assert exchanges(messages) == [
        Exchange(monday("09:00"), monday("09:30")),
        Exchange(monday("10:00"), None),
    ]
    assert waiting_since(messages) == monday("10:00")
    assert waiting_since(said("c 09:00", "p 09:30")) is None
    assert waiting_since(()) is None


def test_answers_are_measured_from_the_first_unanswered_message() -> None:
    found = answers(WEEK, said("c 09:00", "p 09:15", "c 10:00", "p 10:05"))
    assert (found.average, found.longest, found.total) == (hours(1 / 6), hours(0.25), hours(1 / 3))
    assert answers(WEEK, ()).average is None


def test_a_clock_that_was_missed_has_a_negative_margin() -> None:
    late = measure(WEEK, monday("09:00"), monday("11:30"), hours(2))
    assert (late.took, late.margin, late.met) == (hours(2.5), -hours(0.5), False)
    assert measure(WEEK, monday("09:00"), monday("11:00"), hours(2)).met


def test_the_time_to_resolve_is_without_the_pauses() -> None:
    """frappe/helpdesk 3776: resolved while paused, the pause is subtracted all the same."""
    found = resolution(WEEK, monday("09:00"), monday("12:00"), (Pause(monday("10:00")),))
    assert (found.took, found.waited) == (hours(1), hours(2))


@pytest.mark.parametrize(("due", "after"), [("18:00", "2026-03-03 08:00"), ("17:59", "2026-03-02 17:59")])
def test_what_is_due_at_closing_may_be_put_to_the_next_opening(due: str, after: str) -> None:
    assert after_closing(WEEK, monday(due)) == at(after)
