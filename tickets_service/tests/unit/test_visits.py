"""Visits: planned from the contract, once; moved, done, missed and cancelled by people; stopped with the contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.testing.decider import DeciderSpec
from tickets_service.domain import visit_messages as m
from tickets_service.domain.calendar import CalendarTerms, Opening, calendar_of
from tickets_service.domain.usage import Allowance
from tickets_service.domain.visit_plans import VisitRule, days_of, horizon, month_end
from tickets_service.domain.visits import DECIDER, Visits

WEEK = tuple(Opening(weekday, "08:00", "18:00") for weekday in range(5))
CALENDAR = CalendarTerms("America/Sao_Paulo", WEEK)
MONTHLY = VisitRule("mensal", "s1", "Manutenção preventiva", 1, (), "08:00", "12:00")
FACTS = m.VisitFacts("k1", (MONTHLY,), CALENDAR, date(2026, 3, 1))
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAN = m.PlanVisits("c1", date(2026, 3, 1), AT, "activation", facts=FACTS)
fresh = DeciderSpec(DECIDER)


def planned(events: Any) -> list[m.VisitPlanned]:
    return [event for event in events if isinstance(event, m.VisitPlanned)]


def state_of(*commands: Any) -> Visits:
    state = Visits()
    for command in commands:
        state = DECIDER.fold(DECIDER.decide(command, state), state)
    return state


def first_of(*commands: Any) -> m.VisitPlanned:
    return planned(DECIDER.decide(PLAN, Visits()))[0]


def test_one_visit_a_month_for_three_months() -> None:
    events = fresh.when(PLAN).events()
    assert [event.month for event in planned(events)] == ["2026-03", "2026-04", "2026-05"]
    assert events[-1] == m.VisitPlanExtended("c1", "k1", date(2026, 5, 31), "activation", AT)
    assert all(event.on.weekday() < 5 for event in planned(events))


def test_planning_again_plans_nothing_and_a_month_later_one_more() -> None:
    again = replace(PLAN, cause="time")
    fresh.when(PLAN, again).then_nothing()
    april = replace(again, since=date(2026, 4, 1), at=AT + timedelta(days=31))
    assert [event.month for event in planned(fresh.when(PLAN, april).events())] == ["2026-06"]


def test_weekdays_and_holidays_are_kept() -> None:
    tuesdays = replace(MONTHLY, weekdays=(1,), per_month=4)
    holiday = replace(CALENDAR, holidays=(date(2026, 3, 10),))
    facts = replace(FACTS, rules=(tuesdays,), calendar=holiday)
    days = [e.on for e in planned(fresh.when(replace(PLAN, facts=facts)).events()) if e.month == "2026-03"]
    assert [day.weekday() for day in days] == [1] * 4
    assert date(2026, 3, 10) not in days


def test_a_month_of_which_the_contract_has_a_part_gets_its_share() -> None:
    weekly = replace(MONTHLY, per_month=4)
    facts = replace(FACTS, rules=(weekly,), starts_on=date(2026, 3, 16))
    events = fresh.when(replace(PLAN, since=date(2026, 3, 16), facts=facts)).events()
    assert len([e for e in planned(events) if e.month == "2026-03"]) == 2  # 12 of 22 working days


def test_nothing_is_planned_after_the_term() -> None:
    facts = replace(FACTS, ends_on=date(2026, 4, 30))
    assert [e.month for e in planned(fresh.when(replace(PLAN, facts=facts)).events())] == ["2026-03", "2026-04"]


def test_new_terms_replan_only_what_they_change() -> None:
    twice = replace(MONTHLY, per_month=2)
    amended = replace(PLAN, since=date(2026, 4, 1), cause="terms", facts=replace(FACTS, rules=(twice,)))
    events = fresh.when(PLAN, amended).events()
    assert not [event for event in events if isinstance(event, m.VisitCancelled)]
    assert [(e.month, e.number) for e in planned(events)] == [
        ("2026-04", 2),
        ("2026-05", 2),
        ("2026-06", 1),
        ("2026-06", 2),
    ]
    gone = fresh.when(PLAN, replace(amended, facts=replace(FACTS, rules=()))).events()
    assert [event.cause for event in gone if isinstance(event, m.VisitCancelled)] == ["terms", "terms"]


def test_a_late_holiday_moves_only_the_visit_on_that_day() -> None:
    day = first_of().on
    holiday = replace(FACTS, calendar=replace(CALENDAR, holidays=(day,)))
    events = fresh.when(PLAN, replace(PLAN, cause="terms", facts=holiday)).events()
    assert len([event for event in events if isinstance(event, m.VisitCancelled)]) == 1
    (anew,) = planned(events)
    assert (anew.month, anew.number) == ("2026-03", 1)
    assert anew.on != day


# -- a day that becomes closed ------------------------------------------------------------------------------------------


def closed(*days: date, **changes: Any) -> m.AvoidClosedDays:
    facts = replace(FACTS, calendar=replace(CALENDAR, holidays=days), **changes)
    return m.AvoidClosedDays("c1", AT, "Aniversário", facts)


def on_of(*commands: Any) -> date:
    return state_of(PLAN, *commands).visits[first_of().visit_id].on


def next_working(day: date) -> date:
    return day + timedelta(days=3 if day.weekday() == 4 else 1)


def test_a_visit_leaves_a_day_that_becomes_closed_for_the_next_open_one_by_rule() -> None:
    visit = first_of()
    (moved,) = fresh.when(PLAN, closed(visit.on)).events()
    assert (moved.visit_id, moved.on, moved.former_on) == (visit.visit_id, next_working(visit.on), visit.on)
    assert (moved.cause, moved.by, moved.reason, moved.opens) == ("closed_day", "contract", "Aniversário", "08:00")
    fresh.when(PLAN, closed(visit.on), closed(visit.on)).then_nothing()


def test_it_goes_further_when_that_day_closes_too_and_returns_when_its_own_opens() -> None:
    day = first_of().on
    further = next_working(day)
    assert on_of(closed(day), closed(day, further)) == next_working(further)
    assert on_of(closed(day), closed(day, further), closed(further)) == day
    assert on_of(closed(day), closed()) == day


def test_what_people_moved_or_agreed_on_stays() -> None:
    visit = first_of()
    by_hand = m.MoveVisit("c1", visit.visit_id, date(2026, 3, 20), "Pedido", AT)
    fresh.when(PLAN, by_hand, closed(date(2026, 3, 20))).then_nothing()
    fresh.when(PLAN, closed(visit.on), by_hand, closed()).then_nothing()  # nor does it return
    agreed = m.ScheduleVisit("v9", "c1", date(2026, 3, 18), AT, facts=FACTS)
    assert all(e.visit_id != "v9" for e in fresh.when(PLAN, agreed, closed(date(2026, 3, 18))).events())


def test_planning_on_keeps_what_left_a_closed_day() -> None:
    day = first_of().on
    again = replace(PLAN, cause="time", facts=closed(day).facts)
    fresh.when(PLAN, closed(day), again).then_nothing()
    weekdays = replace(MONTHLY, weekdays=((day.weekday() + 2) % 5,))
    other = replace(again, cause="terms", facts=replace(again.facts, rules=(weekdays,)))  # type: ignore[type-var]
    gone = [e.visit_id for e in fresh.when(PLAN, closed(day), other).events() if isinstance(e, m.VisitCancelled)]
    assert first_of().visit_id in gone


def test_at_the_end_of_the_contract_it_goes_to_the_last_open_day_before() -> None:
    day = first_of().on
    before = day - timedelta(days=3 if day.weekday() == 0 else 1)
    assert on_of(closed(day, ends_on=day)) == before
    stopped = m.StopVisits("c1", day + timedelta(days=1), "suspension", AT)
    assert on_of(stopped, closed(day)) == before


def test_a_visit_whose_own_day_is_over_does_not_return() -> None:
    day = first_of().on
    late = replace(closed(), at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1))
    fresh.when(PLAN, closed(day), late).then_nothing()


def test_a_suspension_cancels_and_a_resumption_plans_again() -> None:
    stop = m.StopVisits("c1", date(2026, 4, 1), "suspension", AT)
    stopped = fresh.when(PLAN, stop)
    assert [type(event).__name__ for event in stopped.events()] == [
        "VisitPlanStopped",
        "VisitCancelled",
        "VisitCancelled",
    ]
    fresh.when(PLAN, stop, stop).then_nothing()
    resume = replace(PLAN, since=date(2026, 5, 1), cause="resumption", resumes=True)
    months = [event.month for event in planned(fresh.when(PLAN, stop, resume).events())]
    assert months == ["2026-05", "2026-06", "2026-07"]


def test_while_it_is_suspended_nothing_is_planned() -> None:
    stop = m.StopVisits("c1", date(2026, 4, 1), "suspension", AT)
    assert planned(fresh.when(PLAN, stop, replace(PLAN, since=date(2026, 4, 1), cause="time")).events()) == []


def test_what_people_moved_stays_and_what_they_cancelled_does_not_come_again() -> None:
    visit = first_of()
    move = m.MoveVisit("c1", visit.visit_id, date(2026, 3, 28), "Feira no local", AT, by="customer")
    moved = fresh.when(PLAN, move)
    assert moved.events()[0].former_on == visit.on
    fresh.when(PLAN, move, replace(PLAN, cause="terms")).then_nothing()
    cancel = m.CancelVisit("c1", visit.visit_id, "Obra", AT)
    fresh.when(PLAN, cancel, replace(PLAN, cause="terms")).then_nothing()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (m.MoveVisit("c1", "", date(2026, 2, 1), "x", AT), "visit.past"),
        (m.MoveVisit("c1", "", date(2026, 3, 30), " ", AT), "visit.reason-missing"),
        (m.MoveVisit("c1", "", date(2026, 3, 30), "x", AT, "12:00", "09:00"), "visit.window-empty"),
        (m.CancelVisit("c1", "", "", AT), "visit.reason-missing"),
    ],
)
def test_what_makes_no_sense_is_refused(command: Any, code: str) -> None:
    fresh.when(PLAN, replace(command, visit_id=first_of().visit_id)).then_refused(code)


def test_a_visit_is_started_and_done_once() -> None:
    visit = first_of()
    start = m.StartVisit("c1", visit.visit_id, AT, "t1")
    finish = m.FinishVisit("c1", visit.visit_id, AT, technician_id="t1", note="Tudo certo")
    (done,) = fresh.when(PLAN, start, finish).events()
    assert (done.performed_on, done.unit, done.beyond_quantity, done.note) == (date(2026, 3, 1), "", 0, "Tudo certo")
    fresh.when(PLAN, start, finish, finish).then_nothing()
    fresh.when(PLAN, finish, m.MissVisit("c1", visit.visit_id, "no_access", AT)).then_refused(
        "visit.not-open", status="done"
    )


def test_a_visit_for_a_request_beyond_what_is_included_has_a_price() -> None:
    asked = m.ScheduleVisit("v1", "c1", date(2026, 3, 5), AT, request_id="r1", service_type_id="s1", facts=FACTS)
    allowance = Allowance("visit", Decimal("0"), Decimal("180.00"))
    (done,) = fresh.when(asked, m.FinishVisit("c1", "v1", AT, technician_id="t1", allowance=allowance)).events()
    assert (done.unit, done.included_quantity, done.beyond_quantity, done.unit_price) == (
        "visit",
        0,
        1,
        Decimal("180.00"),
    )


def test_an_ended_contract_takes_no_visits() -> None:
    stop = m.StopVisits("c1", date(2026, 4, 1), "termination", AT)
    asked = m.ScheduleVisit("v1", "c1", date(2026, 4, 5), AT, facts=FACTS)
    fresh.when(PLAN, stop, asked).then_refused("visit.contract-stopped", cause="termination", on=date(2026, 4, 1))
    fresh.when(PLAN, stop, replace(PLAN, since=date(2026, 4, 1), cause="time")).then_nothing()


@given(
    per_month=st.integers(1, 12),
    weekdays=st.sets(st.integers(0, 4)),
    month=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    contract=st.text("abc123", min_size=1, max_size=8),
)
def test_whole_months_get_all_their_visits_in_order_on_possible_days(
    per_month: int, weekdays: set[int], month: date, contract: str
) -> None:
    rule = replace(MONTHLY, per_month=per_month, weekdays=tuple(weekdays))
    first = month.replace(day=1)
    found = days_of(rule, contract, first, first, month_end(first), calendar_of(CALENDAR))
    days = [day for _, day in found]
    assert [number for number, _ in found] == list(range(1, per_month + 1))
    assert days == sorted(days)
    assert all(first <= day <= month_end(first) and day.weekday() < 5 for day in days)
    assert all(day.weekday() in weekdays for day in days) or not weekdays


def test_the_horizon_is_the_end_of_the_third_month() -> None:
    assert horizon(date(2026, 12, 31)) == date(2027, 2, 28)
