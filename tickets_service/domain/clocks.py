"""The two clocks of a request, response and resolution: computed from its facts and the agreement, never accumulated.

The response clock runs from the opening to the first answer of the provider: work started, a public note, a question
to the customer, or the resolution. The resolution clock runs from the opening and stands still while the customer is
waited for and from a resolution until it is reopened. Both stand still while the contract's suspension holds the request.
"""

from __future__ import annotations

from datetime import datetime

from tickets_service.domain import escalation
from tickets_service.domain.agreement import Agreement
from tickets_service.domain.deadlines import paused, used
from tickets_service.domain.escalation_events import DeadlineMeasured
from tickets_service.domain.events import DeadlineBreached, DeadlineMet, DeadlineSet, DeadlineWarned
from tickets_service.domain.instants import due as due
from tickets_service.domain.instants import pauses, warning
from tickets_service.domain.state import Request

KINDS = ("response", "resolution")

DeadlineEvent = DeadlineSet | DeadlineWarned | DeadlineBreached | DeadlineMet | DeadlineMeasured


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


def recomputed(
    state: Request, agreement: Agreement | None, at: datetime, cause: str, why: str | None
) -> list[DeadlineEvent]:
    """What other terms or another calendar do: to clocks that run, and to the verdict on those that were reached."""
    if agreement is None:
        return []
    events: list[DeadlineEvent] = []
    for kind in KINDS:
        reached = state.satisfied_at(kind)
        if reached is None:
            events += _moved(state, kind, agreement, at, cause, why)
        elif state.clock(kind).judged_for not in (None, due(state, kind, agreement)):
            moved = _moved(state, kind, agreement, at, cause, why)
            events += [*moved, *_reached(state, kind, agreement, reached)]
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
    """Met or breached, and in any case what it took."""
    events: list[DeadlineEvent] = []
    known = due(state, kind, agreement)
    if known is not None and reached <= known:
        events.append(DeadlineMet(*_ids(state), kind, known, reached))
    elif known is not None and state.clock(kind).breached_for != known:
        events.append(DeadlineBreached(*_ids(state), kind, known, reached))
    return [*events, *_measured(state, kind, agreement, reached)]


def _measured(state: Request, kind: str, agreement: Agreement, reached: datetime) -> list[DeadlineMeasured]:
    calendar = agreement.business_calendar
    if state.opened_at is None or not calendar.ever_open:
        return []
    stops, target = pauses(state, kind), agreement.minutes(kind, state.priority_of(kind))
    took = used(calendar, state.opened_at, reached, stops)
    waited = paused(calendar, state.waits if kind == "resolution" else (), state.opened_at, reached)
    return [
        DeadlineMeasured(
            *_ids(state),
            kind=kind,
            took_seconds=int(took.total_seconds()),
            waited_seconds=int(waited.total_seconds()),
            target_seconds=None if target is None else target * 60,
            at=reached,
        )
    ]


def _moved(
    state: Request, kind: str, agreement: Agreement, at: datetime, cause: str, why: str | None = None
) -> list[DeadlineEvent]:
    clock = state.clock(kind)
    now = None if state.over else due(state, kind, agreement)
    if now == clock.due_at and (clock.said or now is None):
        return []
    warn = warning(state, kind, agreement) if now is not None else None
    if warn is not None and clock.warned and warn <= at:
        warn = None
    target = agreement.minutes(kind, state.priority_of(kind))
    following = None if now is None else escalation.next_at(state, kind, agreement)
    return [DeadlineSet(*_ids(state), kind, now, warn, target, clock.due_at, cause, at, why, following)]


def _ids(state: Request) -> tuple[str, str, str]:
    return state.request_id, state.contract_id, state.customer_id
