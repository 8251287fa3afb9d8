"""Events of an account beside its charges, receivables and payments: credit given, money given back, contested work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.decider import doc, event

from .explanation import Explanation

REGRET = "regret"
"""The reason of what a consumer's regret within the days of the law takes back."""


@dataclass(frozen=True, slots=True)
class CreditPart:
    """``amount`` of the credit that a payment, credit note or grant (``source_id``) had left."""

    source_id: str
    amount: Decimal


@event("billing.charge.withdrawn")
class ChargeWithdrawn:
    """A charge that was added and not billed yet is not charged."""

    account_id: str
    charge_id: str
    on: date
    reason: str


@event("billing.charge.corrected")
class ChargeCorrected:
    """The quantity of a use was another: it costs ``amount``. Of a billed one the difference follows, as a credit note or
    as a charge beside it."""

    account_id: str
    charge_id: str
    on: date
    quantity: Decimal
    amount: Decimal
    reason: str
    explanation: Explanation


@event("billing.receivable.due_day_changed")
class ReceivableDueDayChanged:
    """It is due on ``due_on`` instead of ``was_due_on``; late charges, reminders and the bank follow."""

    account_id: str
    receivable_id: str
    due_on: date
    payable_on: date
    was_due_on: date
    was_payable_on: date
    on: date
    reason: str


@event("billing.credit.granted")
class CreditGranted:
    """Credit that takes back no charge: what the provider owes, or gives."""

    account_id: str
    contract_id: str
    customer_id: str
    credit_id: str
    on: date
    amount: Decimal
    reason: str
    explanation: Explanation
    taken_over: bool = doc("paid in advance to another system: an opening balance", default=False)


@event("billing.credit.refunded")
class CreditRefunded:
    """Credit was paid back to the customer: ``parts`` say of what."""

    account_id: str
    contract_id: str
    customer_id: str
    refund_id: str
    on: date
    amount: Decimal
    method: str
    reason: str
    parts: tuple[CreditPart, ...]


@event("billing.work.contested")
class WorkContested:
    """The customer does not accept the work of a request: what is charged for it waits. ``held`` charges are not billed,
    ``disputed`` ones stand on receivables already."""

    account_id: str
    request_id: str
    on: date
    reason: str
    held: tuple[str, ...]
    disputed: tuple[str, ...]


@event("billing.work.accepted")
class WorkAccepted:
    """The work of a request that was contested is accepted: what waited goes on."""

    account_id: str
    request_id: str
    on: date


MORE_EVENTS: tuple[type, ...] = (
    ChargeWithdrawn,
    ChargeCorrected,
    ReceivableDueDayChanged,
    CreditGranted,
    CreditRefunded,
    WorkContested,
    WorkAccepted,
)
