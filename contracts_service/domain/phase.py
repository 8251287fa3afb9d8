"""Where a contract stands on a day, in words of the people who look after it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from contracts_service.domain.contract_state import Status
from contracts_service.domain.terms import Renewal


class Phase(StrEnum):
    DRAFT = "draft"
    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    TO_RENEW = "to_renew"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    CLOSED = "closed"


def phase(status: Status, starts_on: date, ends_on: date | None, renewal: Renewal, today: date) -> Phase:
    """A term that is over waits for renewal where somebody has to approve it; otherwise it is closed."""
    if status is Status.ACTIVE and ends_on is not None and ends_on < today:
        return Phase.CLOSED if renewal is Renewal.NONE else Phase.TO_RENEW
    if status is Status.ACTIVE:
        return Phase.UPCOMING if today < starts_on else Phase.IN_FORCE
    return _SAME[status]


_SAME = {
    Status.NEW: Phase.DRAFT,
    Status.DRAFT: Phase.DRAFT,
    Status.SUSPENDED: Phase.SUSPENDED,
    Status.TERMINATED: Phase.TERMINATED,
    Status.EXPIRED: Phase.CLOSED,
}
