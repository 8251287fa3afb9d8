"""Money that came in and went back, credit notes, and what they pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.decider import event

from .explanation import Explanation


@dataclass(frozen=True, slots=True)
class Allocation:
    """Money put on a receivable."""

    receivable_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CreditUse:
    """Credit of a payment or credit note (``source_id``), put on a receivable."""

    source_id: str
    receivable_id: str
    amount: Decimal


@event("billing.receivable.settled")
class ReceivableSettled:
    account_id: str
    receivable_id: str
    on: date
    days_late: int


@event("billing.payment.received")
class PaymentReceived:
    """``whole_id``: it is the part for this account of one payment of ``whole_amount`` for several accounts."""

    account_id: str
    contract_id: str
    customer_id: str
    payment_id: str
    amount: Decimal
    on: date
    method: str
    allocations: tuple[Allocation, ...]
    unallocated: Decimal
    whole_id: str | None = None
    whole_amount: Decimal | None = None


@event("billing.payment.reversed")
class PaymentReversed:
    """``allocations`` and ``credit`` are what the payment had paid and what was left of it: both are undone."""

    account_id: str
    payment_id: str
    on: date
    amount: Decimal
    reason: str
    allocations: tuple[Allocation, ...]
    credit: Decimal


@event("billing.creditnote.issued", version=2)
class CreditNoteIssued:
    """``period_start``..``period_end`` of the charge is no longer owed. ``amount`` is gross; ``withheld`` of it are
    taxes that the customer had kept back. Of the rest ``applied`` lowers the receivable's balance; ``unallocated`` had
    been paid and is the account's credit."""

    account_id: str
    contract_id: str
    customer_id: str
    credit_note_id: str
    receivable_id: str
    charge_id: str
    on: date
    amount: Decimal
    applied: Decimal
    unallocated: Decimal
    period_start: date | None
    period_end: date | None
    reason: str
    explanation: Explanation
    withheld: Decimal = Decimal("0.00")


@event("billing.credit.allocated")
class CreditAllocated:
    account_id: str
    on: date
    allocations: tuple[CreditUse, ...]
