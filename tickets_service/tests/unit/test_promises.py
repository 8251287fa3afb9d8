"""Which targets hold and since when; how a request stands; what comes again at the same hour on the wall."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import islice

import pytest
from dateutil.relativedelta import relativedelta

from tickets_service.domain.calendar import BusinessCalendar
from tickets_service.domain.commands import AddNote, ReopenRequest, ResolveRequest, ResumeRequest, WaitRequest
from tickets_service.domain.deadlines import minutes
from tickets_service.domain.promises import Promise, chosen, promised
from tickets_service.domain.standing import Standing, standing
from tickets_service.domain.wall_clock import repeated
from tickets_service.tests.unit.kit import AGREEMENT, MONDAY_9, OPEN, at, hours, spec, without_targets

ALWAYS = BusinessCalendar(always=True)
OURS = replace(AGREEMENT, evidence=())


def test_the_customers_targets_count_from_opening_and_internal_ones_from_assignment() -> None:
    promise = Promise("gold", minutes(240), minutes(720))
    assert promised(ALWAYS, promise, MONDAY_9).response_due == MONDAY_9 + hours(4)
    assert promised(ALWAYS, promise, MONDAY_9 + hours(1)).resolution_due == MONDAY_9 + hours(13)
    assert promised(ALWAYS, Promise("none"), MONDAY_9).response_due is None


DEFAULT = Promise("default", is_default=True)
FORMER = Promise("former default")
URGENT = Promise("urgent", condition={"priority": "high", "service": "s1"})


def test_a_promise_holds_when_all_its_conditions_are_met() -> None:
    assert chosen([DEFAULT, URGENT], {"priority": "high", "service": "s1"}) is URGENT
    assert chosen([DEFAULT, URGENT], {"priority": "high"}) is DEFAULT


def test_a_promise_without_condition_catches_nothing_unless_it_is_the_default() -> None:
    """frappe/helpdesk: a former default is no catch-all."""
    assert chosen([FORMER, DEFAULT], {}) is DEFAULT
    assert chosen([FORMER, URGENT], {}) is None


def stands(after: float, *commands: object) -> Standing:
    state = spec.when(replace(OPEN, agreement=OURS), *commands).state()
    return standing(state, OURS, MONDAY_9 + hours(after))


def answered(after: float) -> AddNote:
    return AddNote("r1", "n1", "Estamos a caminho", MONDAY_9 + hours(after), author_id="t1", agreement=OURS)


def waited(after: float) -> WaitRequest:
    return WaitRequest("r1", MONDAY_9 + hours(after), agreement=OURS)


def resumed(after: float) -> ResumeRequest:
    return ResumeRequest("r1", MONDAY_9 + hours(after), agreement=OURS)


def resolved(after: float) -> ResolveRequest:
    return ResolveRequest("r1", MONDAY_9 + hours(after), resolved_by="t1", agreement=OURS)


def test_a_request_stands_from_first_response_due_to_fulfilled() -> None:
    assert stands(0) is Standing.FIRST_RESPONSE_DUE
    assert stands(1, waited(1)) is Standing.PAUSED
    assert stands(2, waited(1), resumed(2)) is Standing.RESOLUTION_DUE
    assert stands(9, waited(1), resumed(2), resolved(3)) is Standing.FULFILLED


def test_a_clock_that_was_missed_is_missed_for_good() -> None:
    assert stands(2.1) is Standing.FAILED
    assert stands(3, answered(2.5)) is Standing.FAILED
    assert stands(3, waited(2.5)) is Standing.FAILED
    assert stands(30, answered(1), resolved(30)) is Standing.FAILED


def test_a_clock_that_stands_still_is_not_missed() -> None:
    """glpi 24481."""
    assert stands(100, waited(1)) is Standing.PAUSED


def test_without_targets_nothing_is_missed() -> None:
    state = spec.when(OPEN).state()
    assert standing(state, without_targets(), MONDAY_9 + hours(900)) is Standing.FIRST_RESPONSE_DUE


def test_a_reopened_request_is_due_again() -> None:
    reopened = ReopenRequest("r1", MONDAY_9 + hours(5), cause="contested", reason="Voltou", agreement=OURS)
    assert stands(5, answered(1), resolved(2), reopened) is Standing.RESOLUTION_DUE


@pytest.mark.parametrize(
    ("zone", "first", "every", "expected"),
    [
        ("Europe/Paris", "2022-03-21T15:00", {"weeks": 1}, ["2022-03-21 14:00", "2022-03-28 13:00"]),
        ("America/Sao_Paulo", "2018-10-28T00:30", {"weeks": 1}, ["2018-10-28 03:30", "2018-11-04 03:30"]),
        ("America/Sao_Paulo", "2026-01-31T09:00", {"months": 1}, ["2026-01-31 12:00", "2026-02-28 12:00"]),
    ],
)
def test_a_repeated_visit_keeps_the_hour_on_the_wall(
    zone: str, first: str, every: dict[str, int], expected: list[str]
) -> None:
    """OCA/field-service 919; a time that does not exist moves past the gap."""
    found = islice(repeated(datetime.fromisoformat(first), relativedelta(**every), zone), 2)
    assert [f"{instant:%Y-%m-%d %H:%M}" for instant in found] == expected


def test_the_31st_comes_back_after_a_short_month() -> None:
    found = list(islice(repeated(datetime(2026, 1, 31, 9), relativedelta(months=1), "America/Sao_Paulo"), 3))
    assert [instant.day for instant in found] == [31, 28, 31]
    assert found[0] == at("2026-01-31 09:00")
