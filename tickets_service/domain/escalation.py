"""The escalation ladder: whom the contract wants told of a deadline, and at which instants.

Instants are computed from the same facts as the deadline, so that a pause or a holiday moves them with it. A level is
told once for each deadline of a request; a reopened request has a new resolution, and begins its ladder again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tickets_service.domain.agreement import Agreement, LadderStep
from tickets_service.domain.deadlines import BusinessTime, due_at, escalation_at
from tickets_service.domain.escalation_events import RequestEscalated, RequestWarned
from tickets_service.domain.instants import due as due_of
from tickets_service.domain.instants import pauses
from tickets_service.domain.state import Request

Rung = tuple[datetime, LadderStep]


def rungs(state: Request, kind: str, agreement: Agreement) -> list[Rung]:
    """The steps that were not told yet with their instants, in order. None while the clock stands still."""
    due = due_of(state, kind, agreement)
    target = agreement.minutes(kind, state.priority_of(kind))
    if due is None or target is None or state.opened_at is None or not state.active:
        return []
    if state.satisfied_at(kind) is not None:
        return []
    told = state.clock(kind).levels
    found = []
    for step in agreement.ladder:
        if step.kind == kind and step.level not in told:
            at = _instant(state, kind, agreement, step, due, target)
            if at is not None:
                found.append((at, step))
    return sorted(found, key=lambda rung: (rung[0], rung[1].level))


def next_at(state: Request, kind: str, agreement: Agreement | None) -> datetime | None:
    """When somebody is to be told next."""
    waiting = rungs(state, kind, agreement) if agreement else []
    return waiting[0][0] if waiting else None


def told(
    state: Request, kind: str, agreement: Agreement | None, at: datetime
) -> list[RequestWarned | RequestEscalated]:
    """Every step whose instant has come, in order."""
    waiting = rungs(state, kind, agreement) if agreement else []
    due = due_of(state, kind, agreement) if agreement else None
    events: list[RequestWarned | RequestEscalated] = []
    for place, (instant, step) in enumerate(waiting):
        if instant > at or due is None:
            break
        following = waiting[place + 1][0] if place + 1 < len(waiting) else None
        fact = RequestWarned if instant < due else RequestEscalated
        events.append(
            fact(
                request_id=state.request_id,
                contract_id=state.contract_id,
                customer_id=state.customer_id,
                kind=kind,
                level=step.level,
                due_at=due,
                role=step.role,
                user_id=step.user_id,
                assignee_id=state.assigned[0],
                contact_id=state.opened_by,
                any_hour=step.any_hour,
                at=at,
                next_at=following,
            )
        )
    return events


def _instant(
    state: Request, kind: str, agreement: Agreement, step: LadderStep, due: datetime, target: int
) -> datetime | None:
    calendar, opened = agreement.business_calendar, state.opened_at
    assert opened is not None
    if step.percent is not None:
        amount = timedelta(minutes=target) * step.percent / 100
        return due_at(calendar, opened, BusinessTime(amount), pauses(state, kind))
    return max(opened, escalation_at(calendar, due, BusinessTime(timedelta(minutes=step.minutes or 0))))
