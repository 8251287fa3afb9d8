"""Where a contract stands on a day, in words of the people who look after it."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from contracts_service.domain.contract_state import Status
from contracts_service.domain.terms import Renewal


class Phase(StrEnum):
    DRAFT = "draft"
    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    ENDING = "ending"
    TO_RENEW = "to_renew"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    CLOSED = "closed"


def phase(
    status: Status,
    starts_on: date,
    ends_on: date | None,
    renewal: Renewal,
    today: date,
    notice_days: int | None = None,
) -> Phase:
    """A term that is over waits for renewal where somebody has to approve it; otherwise it is closed.

    With ``notice_days``, a term that will not be renewed is *ending* as soon as its day of notice is over.
    """
    if status is not Status.ACTIVE:
        return _SAME[status]
    if ends_on is not None and ends_on < today:
        return Phase.CLOSED if renewal is Renewal.NONE else Phase.TO_RENEW
    if today < starts_on:
        return Phase.UPCOMING
    return Phase.ENDING if _is_ending(ends_on, renewal, today, notice_days) else Phase.IN_FORCE


def _is_ending(ends_on: date | None, renewal: Renewal, today: date, notice_days: int | None) -> bool:
    if ends_on is None or renewal is not Renewal.NONE or notice_days is None:
        return False
    return ends_on - timedelta(days=notice_days) < today


_SAME = {
    Status.NEW: Phase.DRAFT,
    Status.DRAFT: Phase.DRAFT,
    Status.SUSPENDED: Phase.SUSPENDED,
    Status.TERMINATED: Phase.TERMINATED,
    Status.EXPIRED: Phase.CLOSED,
}
