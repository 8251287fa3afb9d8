"""What comes of a debt that is not paid: overdue, late charges, reminders, loss, default."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.decider import event


@event("billing.receivable.overdue")
class ReceivableOverdue:
    account_id: str
    receivable_id: str
    on: date
    days: int


@event("billing.receivable.late_charges_accrued")
class LateChargesAccrued:
    """``fine``, ``interest`` and monetary ``correction`` are added to what is owed; ``days`` since the original due day."""

    account_id: str
    receivable_id: str
    on: date
    days: int
    fine: Decimal
    interest: Decimal
    correction: Decimal = Decimal("0.00")


@event("billing.receivable.reminder_sent")
class ReminderSent:
    account_id: str
    contract_id: str
    customer_id: str
    receivable_id: str
    level: int
    channel: str
    on: date


@event("billing.receivable.written_off")
class ReceivableWrittenOff:
    account_id: str
    receivable_id: str
    on: date
    amount: Decimal
    reason: str


@event("billing.account.in_default")
class AccountInDefault:
    """``since`` is the due day of the oldest receivable that is late, ``amount`` all that is late."""

    account_id: str
    contract_id: str
    customer_id: str
    since: date
    days: int
    amount: Decimal


@event("billing.account.regularised")
class AccountRegularised:
    account_id: str
    contract_id: str
    customer_id: str
    on: date
