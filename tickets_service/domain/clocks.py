"""The two clocks of a request, response and resolution: computed from its facts and the agreement, never accumulated.

The response clock runs from the opening to the first answer of the provider: work started, a public note, a question
to the customer, or the resolution. The resolution clock runs from the opening and stands still while the customer is
waited for and from a resolution until it is reopened. Both stand still while the contract's suspension holds the request.
"""

from __future__ import annotations

from datetime import datetime

from tickets_service.domain.agreement import Agreement
from tickets_service.domain.deadlines import Pause, due_at, minutes, warn_at
from tickets_service.domain.events import DeadlineBreached, DeadlineMet, DeadlineSet, DeadlineWarned
from tickets_service.domain.state import Request

KINDS = ("response", "resolution")
WARN_SHARE = 0.8

DeadlineEvent = DeadlineSet | DeadlineWarned | DeadlineBreached | DeadlineMet


def due(state: Request, kind: str, agreement: Agreement) -> datetime | None:
    """When this clock runs out by the agreement; None without a target, or while it stands still."""
    target = agreement.minutes(kind, state.priority)
    if target is None or state.opened_at is None:
        return None
    return due_at(agreement.business_calendar, state.opened_at, minutes(target), _pauses(state, kind))


def warning(state: Request, kind: str, agreement: Agreement) -> datetime | None:
    """When 80 % of this clock's target is used."""
    target = agreement.minutes(kind, state.priority)
    if target is None or state.opened_at is None:
        return None
    pauses = _pauses(state, kind)
    return warn_at(agreement.business_calendar, state.opened_at, minutes(target), pauses, WARN_SHARE)


def consequences(
    before: Request, after: Request, agreement: Agreement | None, at: datetime, cause: str
) -> list[DeadlineEvent]:
    """What a step does to the deadlines: reached in time or too late, or another due instant than was last said.

    Without an agreement nothing is known, so nothing is said; an agreement without a target takes a deadline away.
    """
    if agreement is None:
        return []
    events: list[DeadlineEvent] = []
    for kind in KINDS:
        reached = after.satisfied_at(kind)
        if reached is not None:
            if before.satisfied_at(kind) is None:
                events += _reached(after, kind, agreement, reached)
        else:
            events += _moved(after, kind, agreement, at, cause)
    return events


def warned(state: Request, kind: str, agreement: Agreement | None, at: datetime) -> list[DeadlineEvent]:
    """The warning of a deadline that is still open and was not warned of yet, if it is time."""
    current = _open_due(state, kind, agreement)
    if agreement is None or current is None or state.clock(kind).warned_for == current:
        return []
    warn = warning(state, kind, agreement)
    if warn is None or at < warn:
        return []
    return [DeadlineWarned(*_ids(state), kind, current, at)]


def breached(state: Request, kind: str, agreement: Agreement | None, at: datetime) -> list[DeadlineEvent]:
    """The breach of a deadline that is still open, if its time has passed and it was not said yet."""
    current = _open_due(state, kind, agreement)
    if current is None or at < current or state.clock(kind).breached_for == current:
        return []
    return [DeadlineBreached(*_ids(state), kind, current, at)]


def _open_due(state: Request, kind: str, agreement: Agreement | None) -> datetime | None:
    if agreement is None or not state.active or state.satisfied_at(kind) is not None:
        return None
    return due(state, kind, agreement)


def _reached(state: Request, kind: str, agreement: Agreement, reached: datetime) -> list[DeadlineEvent]:
    known = due(state, kind, agreement)
    if known is None:
        return []
    if reached <= known:
        return [DeadlineMet(*_ids(state), kind, known, reached)]
    if state.clock(kind).breached_for == known:
        return []
    return [DeadlineBreached(*_ids(state), kind, known, reached)]


def _moved(state: Request, kind: str, agreement: Agreement, at: datetime, cause: str) -> list[DeadlineEvent]:
    clock = state.clock(kind)
    now = None if state.over else due(state, kind, agreement)
    if now == clock.due_at and (clock.said or now is None):
        return []
    warn = warning(state, kind, agreement) if now is not None else None
    if warn is not None and clock.warned and warn <= at:
        warn = None
    target = agreement.minutes(kind, state.priority)
    return [DeadlineSet(*_ids(state), kind, now, warn, target, clock.due_at, cause, at)]


def _pauses(state: Request, kind: str) -> tuple[Pause, ...]:
    """Waiting is an answer, so only a suspension of the contract pauses the response clock."""
    return state.all_holds if kind == "response" else (*state.all_pauses, *state.all_holds)


def _ids(state: Request) -> tuple[str, str, str]:
    return state.request_id, state.contract_id, state.customer_id
