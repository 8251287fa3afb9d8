"""What can be asked about money: payments, credit, credit notes. ``at`` and ``on`` as in ``commands``."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.decider import command, doc

from .events import Allocation
from .late import IndexMonth


@command
class RecordPayment:
    """Money came in. Without ``allocations`` it pays the oldest first; what is left stays as the account's credit."""

    account_id: str
    payment_id: str
    amount: Decimal
    on: date | None = None
    method: str = "other"
    allocations: tuple[Allocation, ...] = ()
    at: datetime | None = None
    as_credit: bool = doc("what is not allocated pays nothing: it stays as the account's credit", default=False)
    whole_id: str | None = doc("of one payment for several accounts", default=None)
    whole_amount: Decimal | None = None
    published: tuple[IndexMonth, ...] = doc("index values; filled in by billing", default=())


@command
class ReversePayment:
    account_id: str
    payment_id: str
    reason: str
    on: date | None = None
    at: datetime | None = None


@command
class AllocateCredit:
    """Put the account's credit on open receivables, oldest first, or on the one that is named."""

    account_id: str
    receivable_id: str | None = None
    on: date | None = None
    at: datetime | None = None


@command
class IssueCreditNote:
    """Finance gives back part of a receivable, with a reason."""

    account_id: str
    credit_note_id: str
    receivable_id: str
    amount: Decimal
    reason: str
    charge_id: str | None = None
    on: date | None = None
    at: datetime | None = None
