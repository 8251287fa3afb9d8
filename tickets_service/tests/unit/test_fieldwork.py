"""What a phone without a signal sends later: in any order, twice, by its own clock; within limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Refused
from tickets_service.domain import visit_messages as m
from tickets_service.domain.fieldwork import AHEAD, BEHIND, occurred
from tickets_service.domain.fieldwork_messages import AddVisitDocument, UseVisitPart, VisitPartUsed
from tickets_service.domain.part_pricing import ListedPart
from tickets_service.domain.pricing import RequestPrice
from tickets_service.domain.visits import DECIDER, Visits
from tickets_service.tests.unit.test_visits import AT, PLAN, first_of

FIRST = first_of()
ID, DAY = FIRST.visit_id, FIRST.on
SENT = datetime(DAY.year, DAY.month, DAY.day, 20, tzinfo=AT.tzinfo)


def hour(number: float) -> datetime:
    return SENT.replace(hour=0) + timedelta(hours=number)


def start(at: datetime | None = None, **more: Any) -> m.StartVisit:
    return m.StartVisit("c1", ID, SENT, "t1", occurred_at=at, **more)


def finish(at: datetime | None = None) -> m.FinishVisit:
    return m.FinishVisit("c1", ID, SENT, technician_id="t1", checklist=("Filtros",), occurred_at=at)


def photo(number: int, at: datetime | None) -> AddVisitDocument:
    return AddVisitDocument(
        "c1", ID, f"d{number}", "photo", "ab" * 32, "f.jpg", 10, "image/jpeg", SENT, at, technician_id="t1"
    )


def part(number: int, at: datetime | None) -> UseVisitPart:
    return UseVisitPart("c1", ID, f"p{number}", "Correia", Decimal(1), SENT, occurred_at=at, technician_id="t1")


DAY_S_WORK = (start(hour(11)), photo(1, hour(11.5)), part(1, hour(12)), photo(2, hour(12.5)), finish(hour(13)))
PLANNED = DECIDER.fold(DECIDER.decide(PLAN, Visits()), Visits())


def after(*commands: Any, state: Visits = PLANNED) -> tuple[Visits, list[Any]]:
    happened: list[Any] = []
    for command in commands:
        events = DECIDER.decide(command, state)
        state, happened = DECIDER.fold(events, state), [*happened, *events]
    return state, happened


@given(order=st.permutations([*DAY_S_WORK, DAY_S_WORK[0], DAY_S_WORK[2], DAY_S_WORK[4]]))
def test_in_whatever_order_and_however_often_it_comes_the_visit_is_the_same(order: list[Any]) -> None:
    expected, events = after(*DAY_S_WORK)
    state, happened = after(*order)
    assert state.visits[ID] == expected.visits[ID]
    assert sorted(map(str, happened)) == sorted(map(str, events))
    assert (state.visits[ID].status, state.visits[ID].ended_at) == ("done", hour(13))


def test_both_times_are_kept_when_it_happened_and_when_it_was_recorded() -> None:
    _, [started] = after(start(hour(11)))
    assert (started.occurred_at, started.at) == (hour(11), SENT)
    _, [done] = after(finish(hour(13)))
    assert (done.occurred_at, done.at) == (hour(13), SENT)


def test_the_day_of_the_work_is_the_one_on_which_it_happened() -> None:
    """Finished on the 31st at 22:30 in São Paulo, sent on the 1st: it belongs to the month in which it was done."""
    ended = datetime(2026, 4, 1, 1, 30, tzinfo=AT.tzinfo)
    command = m.FinishVisit("c1", ID, ended + timedelta(hours=9), technician_id="t1", occurred_at=ended)
    _, [done] = after(command)
    assert done.performed_on == date(2026, 3, 31)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=3), BEHIND])
def test_what_was_entered_within_the_limit_counts_as_of_then(late: timedelta) -> None:
    assert occurred(SENT - late, SENT) == SENT - late


def test_a_clock_that_is_a_little_ahead_says_now_and_one_far_off_is_refused() -> None:
    assert occurred(SENT + AHEAD, SENT) == SENT
    assert occurred(None, SENT) == SENT
    with pytest.raises(Refused) as ahead:
        occurred(SENT + AHEAD + timedelta(seconds=1), SENT)
    assert ahead.value.code == "visit.device-clock-ahead"
    with pytest.raises(Refused) as behind:
        occurred(SENT - BEHIND - timedelta(seconds=1), SENT)
    assert behind.value.code == "visit.entered-too-late"


def test_the_one_who_was_there_knows_better_than_the_office() -> None:
    missed, _ = after(m.MissVisit("c1", ID, "technician", SENT))
    state, _ = after(finish(hour(13)), state=missed)
    assert state.visits[ID].status == "done"
    with pytest.raises(Refused):
        after(finish(), state=missed)


def test_a_start_after_the_end_is_no_start() -> None:
    done, _ = after(finish(hour(13)))
    for command in (start(hour(14)), start()):
        with pytest.raises(Refused):
            after(command, state=done)


def test_a_cancelled_visit_takes_nothing_more() -> None:
    cancelled, _ = after(m.CancelVisit("c1", ID, "Reforma", SENT))
    for command in (photo(1, None), part(1, None), start(hour(11)), finish(hour(13))):
        with pytest.raises(Refused):
            after(command, state=cancelled)


def test_a_signature_is_drawn_and_a_part_is_more_than_nothing() -> None:
    signature = AddVisitDocument("c1", ID, "s", "signature", "ab" * 32, "s.pdf", 10, "application/pdf", SENT)
    with pytest.raises(Refused) as refused:
        after(signature)
    assert refused.value.code == "visit.not-an-image"
    with pytest.raises(Refused):
        after(UseVisitPart("c1", ID, "p", "Correia", Decimal(0), SENT))


def test_a_part_of_the_contracts_list_has_its_price_and_obeys_the_requests() -> None:
    """On a planned visit it is charged by the contract; for a request as its price stands, up to what is left."""
    belt = ListedPart("belt", "4.3", "Correia", Decimal("80.00"))
    part = UseVisitPart("c1", ID, "p", "Correia", Decimal(2), SENT, line_id="belt", listed=belt)

    def how(command: UseVisitPart) -> tuple[Any, ...]:
        (event,) = [each for each in after(command)[1] if isinstance(each, VisitPartUsed)]
        return event.charge, event.unit_price, event.charge_limit, event.uncharged_because

    assert how(part) == ("contract", Decimal("80.00"), None, None)
    accepted = RequestPrice("accepted", Decimal("120.00"), Decimal("500.00"), Decimal("400.00"), "covered_at_price")
    assert how(replace(part, price=accepted)) == ("accepted", Decimal("80.00"), Decimal("100.00"), None)
    waived = RequestPrice("waived", Decimal("120.00"))
    assert how(replace(part, price=waived)) == ("none", Decimal("80.00"), None, "waived")
    assert how(replace(part, line_id="gone", listed=None)) == ("none", None, None, None)
