"""When the clocks of a request run out, as its facts and the agreement have it: nothing here was said before."""

from __future__ import annotations

from datetime import datetime

from tickets_service.domain.agreement import Agreement
from tickets_service.domain.deadlines import Pause, due_at, minutes, warn_at
from tickets_service.domain.state import Request

WARN_SHARE = 0.8


def due(state: Request, kind: str, agreement: Agreement) -> datetime | None:
    """When this clock runs out by the agreement; None without a target, or while it stands still."""
    target = agreement.minutes(kind, state.priority_of(kind))
    if target is None or state.opened_at is None:
        return None
    return due_at(agreement.business_calendar, state.opened_at, minutes(target), pauses(state, kind))


def warning(state: Request, kind: str, agreement: Agreement) -> datetime | None:
    """When 80 % of this clock's target is used."""
    target = agreement.minutes(kind, state.priority_of(kind))
    if target is None or state.opened_at is None:
        return None
    return warn_at(agreement.business_calendar, state.opened_at, minutes(target), pauses(state, kind), WARN_SHARE)


def pauses(state: Request, kind: str) -> tuple[Pause, ...]:
    """Waiting is an answer, so only a suspension of the contract pauses the response clock."""
    every = state.all_holds if kind == "response" else (*state.all_pauses, *state.all_holds)
    reached = state.satisfied_at(kind)
    if reached is None:
        return every
    # what came after the clock was reached does not change the verdict on it
    before = (pause for pause in every if pause.start < reached)
    return tuple(pause if pause.end is not None and pause.end <= reached else Pause(pause.start) for pause in before)
