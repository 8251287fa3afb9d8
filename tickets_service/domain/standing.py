"""How a request stands against its agreement, in one word, at an instant."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from tickets_service.domain import clocks
from tickets_service.domain.agreement import Agreement
from tickets_service.domain.state import CLOSED, DONE, WAITING, Request


class Standing(StrEnum):
    FIRST_RESPONSE_DUE = "first_response_due"
    RESOLUTION_DUE = "resolution_due"
    PAUSED = "paused"
    FULFILLED = "fulfilled"
    FAILED = "failed"


def standing(request: Request, agreement: Agreement, at: datetime) -> Standing:
    """Failed as soon as one clock was missed, for good; a clock that stands still is not missed meanwhile."""
    if any(_missed(request, kind, agreement, at) for kind in clocks.KINDS):
        return Standing.FAILED
    if request.status in (*DONE, CLOSED):
        return Standing.FULFILLED
    if request.status == WAITING:
        return Standing.PAUSED
    return Standing.FIRST_RESPONSE_DUE if request.responded_at is None else Standing.RESOLUTION_DUE


def _missed(request: Request, kind: str, agreement: Agreement, at: datetime) -> bool:
    due = clocks.due(request, kind, agreement)
    reached = request.satisfied_at(kind)
    return due is not None and (at if reached is None else reached) > due
