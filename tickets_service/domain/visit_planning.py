"""What a contract's plans ask for, against what is planned: new visits, and those that are no longer asked for.

A visit's identity is (plan, month, number), so that no planning, however often or late it runs, plans one twice; what
people moved or cancelled stays as they decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tickets_service.domain import visit_messages as m
from tickets_service.domain.calendar import BusinessCalendar, calendar_of, local_date
from tickets_service.domain.visit_plans import ONE_DAY, VisitRule, days_of, horizon, months, possible_days, visit_id
from tickets_service.domain.visit_state import BY_CONTRACT, CANCELLED, ENDED, PLANNED, Visit, Visits


def plan(command: m.PlanVisits, state: Visits) -> Iterator[Any]:
    facts = command.facts
    if facts is None or (state.stop_cause in ENDED and not command.resumes):
        return
    ids = (command.contract_id, facts.customer_id)
    stopped = state.stopped_on
    if command.resumes and stopped is not None:
        yield m.VisitPlanResumed(*ids, command.since, command.at)
        stopped = None
    first = max(command.since, facts.starts_on)
    last = max(horizon(first), state.through or first)
    until = min(last, facts.ends_on or last)
    wanted = _wanted(command.contract_id, facts, first, until)
    gone = {visit.visit_id for visit in _planned_from(state, command.since) if not _kept(visit, wanted, until)}
    for id_ in gone:
        yield m.VisitCancelled(*ids, id_, "terms", "contract", "", command.at)
    for (plan_id, month), (rule, _, days) in wanted.items():
        for number, on in days:
            if on < first or (stopped is not None and on >= stopped):
                continue
            new = _free_id(state, command.contract_id, plan_id, month, number, gone)
            if new is not None:
                yield _planned(command, facts, rule, new, month, number, on)
    if state.through is None or last > state.through or command.resumes:
        yield m.VisitPlanExtended(*ids, last, command.cause, command.at)


Wanted = dict[tuple[str, str], tuple[VisitRule, set[date], list[tuple[int, date]]]]
"""(plan, month) → its rule, its possible days, and (number, day) of its visits."""


def _wanted(contract_id: str, facts: m.VisitFacts, first: date, until: date) -> Wanted:
    calendar = calendar_of(facts.calendar)
    found: Wanted = {}
    for rule in facts.rules:
        for month, month_ends in months(first, until):
            span = (max(month, facts.starts_on), min(month_ends, facts.ends_on or month_ends))
            possible = set(possible_days(rule, *span, calendar))
            found[rule.plan_id, f"{month:%Y-%m}"] = (rule, possible, days_of(rule, contract_id, month, *span, calendar))
    return found


def _kept(visit: Visit, wanted: Wanted, until: date) -> bool:
    """Whether a planned visit still is what the contract asks for; one for a request is, and where people moved one it stays
    there."""
    if visit.plan_id is None:
        return True
    rule, possible, days = wanted.get((visit.plan_id, visit.month or ""), (None, set(), []))
    if rule is None or visit.on > until or visit.number not in {number for number, _ in days}:
        return False
    same = (visit.service_type_id, visit.site_id, visit.equipment_ids) == (
        rule.service_type_id,
        rule.site_id,
        rule.equipment_ids,
    )
    home = visit.home  # one that left a closed day is still what is asked for
    there = visit.on in possible or (home is not None and (not rule.weekdays or home.weekday() in rule.weekdays))
    return same and (visit.moved or (there and (visit.opens, visit.closes) == (rule.opens, rule.closes)))


def _planned(
    command: m.PlanVisits, facts: m.VisitFacts, rule: VisitRule, id_: str, month: str, number: int, on: date
) -> m.VisitPlanned:
    return m.VisitPlanned(
        contract_id=command.contract_id,
        customer_id=facts.customer_id,
        visit_id=id_,
        kind="preventive",
        on=on,
        opens=rule.opens,
        closes=rule.closes,
        time_zone=facts.calendar.time_zone,
        service_type_id=rule.service_type_id,
        description=rule.description,
        site_id=rule.site_id,
        equipment_ids=rule.equipment_ids,
        plan_id=rule.plan_id,
        month=month,
        number=number,
        request_id=None,
        technician_id=None,
        at=command.at,
    )


def _free_id(state: Visits, contract_id: str, plan_id: str, month: str, number: int, gone: set[str]) -> str | None:
    """The id under which this visit is planned; None where it is there, done, or was cancelled by people."""
    revision = 0
    while True:
        id_ = visit_id(contract_id, plan_id, month, number, revision)
        visit = state.visits.get(id_)
        if visit is None:
            return id_
        if id_ not in gone and not (visit.status == CANCELLED and visit.cause in BY_CONTRACT):
            return None
        revision += 1


def avoid(command: m.AvoidClosedDays, state: Visits) -> Iterator[m.VisitMoved]:
    """Visits of the plans to the first open day from their own day on. At the end of the contract, to the last one before."""
    facts = command.facts
    if facts is None:
        return
    calendar = calendar_of(facts.calendar)
    today = local_date(command.at, facts.calendar.time_zone)
    ends = [day for day in (facts.ends_on, state.stopped_on and state.stopped_on - ONE_DAY) if day is not None]
    last = min(ends, default=None)
    for visit in _planned_from(state, today):
        if visit.plan_id is None or visit.moved:
            continue
        home = visit.home or visit.on
        if home < today and calendar.is_working_day(visit.on):
            continue  # its own day is over: it stays where it is
        day = _open_day(calendar, max(home, today), last, today)
        if day is not None and day != visit.on:
            yield m.VisitMoved(
                contract_id=state.contract_id,
                customer_id=state.customer_id,
                visit_id=visit.visit_id,
                on=day,
                opens=visit.opens,
                closes=visit.closes,
                former_on=visit.on,
                reason=command.why,
                by="contract",
                at=command.at,
                cause="closed_day",
            )


def _open_day(calendar: BusinessCalendar, day: date, last: date | None, today: date) -> date | None:
    """The first open day from ``day`` on, until ``last``; else the last one before; none within a year: None."""
    for n in range(366):
        on = day + n * ONE_DAY
        if last is not None and on > last:
            break
        if calendar.is_working_day(on):
            return on
    before = ((last or day) - n * ONE_DAY for n in range(366))
    return next((on for on in before if today <= on and calendar.is_working_day(on)), None)


def stop(command: m.StopVisits, state: Visits) -> Iterator[Any]:
    if not state.contract_id or (state.stopped_on, state.stop_cause) == (command.on, command.cause):
        return
    ids = (state.contract_id, state.customer_id)
    yield m.VisitPlanStopped(*ids, command.on, command.cause, command.at)
    for visit in _planned_from(state, command.on):
        yield m.VisitCancelled(*ids, visit.visit_id, command.cause, "contract", "", command.at)


def _planned_from(state: Visits, day: date) -> list[Visit]:
    found = [visit for visit in state.visits.values() if visit.status == PLANNED and visit.on >= day]
    return sorted(found, key=lambda visit: (visit.on, visit.visit_id))
