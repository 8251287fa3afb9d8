"""What is done about debts that are not paid. ``at`` and ``on`` as in ``commands``."""

from __future__ import annotations

from datetime import date, datetime

from services.decider import command, doc

from .late import IndexMonth


@command
class MarkOverdue:
    account_id: str
    receivable_id: str
    on: date | None = None
    at: datetime | None = None


@command
class SendReminder:
    """A level of the contract's dunning ladder; each level once per receivable."""

    account_id: str
    receivable_id: str
    level: int
    on: date | None = None
    at: datetime | None = None


@command
class CheckDefault:
    """Is a receivable late for as many days as the contract allows? Then the account is in default."""

    account_id: str
    on: date | None = None
    at: datetime | None = None


@command
class AccrueLateCharges:
    """Add the fine (once), the interest and the correction until ``on`` to what is owed."""

    account_id: str
    receivable_id: str
    on: date | None = None
    at: datetime | None = None
    published: tuple[IndexMonth, ...] = doc("index values; filled in by billing", default=())


@command
class WriteOffReceivable:
    account_id: str
    receivable_id: str
    reason: str
    on: date | None = None
    at: datetime | None = None
