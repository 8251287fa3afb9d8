"""What happened in an account. One stream per contract: ``account_id`` is the contract's id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.decider import doc, event

from . import boleto_messages
from .explanation import Explanation
from .terms import BillingTerms
from .withholding import Withholding


@dataclass(frozen=True, slots=True)
class PlannedCharge:
    """What will be charged for a line and period; not billed yet. ``held``, ``due_on`` and ``moved_from`` (the bill day
    that the terms give) are finance's decisions about it, which stay when it is planned anew."""

    charge_id: str
    line_id: str
    clause: str
    description: str
    period_start: date
    period_end: date
    bill_on: date
    amount: Decimal
    explanation: Explanation
    held: bool = False
    due_on: date | None = None
    moved_from: date | None = None
    reason: str = ""

    @property
    def planned(self) -> bool:
        return True

    @property
    def quantity(self) -> Decimal:
        return Decimal(1)

    @property
    def unit_price(self) -> Decimal:
        return self.amount if self.explanation.unit_price is None else self.explanation.unit_price

    @property
    def changed(self) -> bool:
        """Whether finance decided something about it."""
        return self.held or self.due_on is not None or self.moved_from is not None


@dataclass(frozen=True, slots=True)
class ReceivableLine:
    charge_id: str
    line_id: str | None
    clause: str
    description: str
    period_start: date | None
    period_end: date | None
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    explanation: Explanation


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


@dataclass(frozen=True, slots=True)
class DisputedLine:
    """``amount`` of the receivable's balance is contested with this line."""

    charge_id: str
    amount: Decimal


@event("billing.account.opened")
class AccountOpened:
    account_id: str
    contract_id: str
    customer_id: str
    on: date
    contract_number: str = ""


@event("billing.account.terms_taken", version=2)
class TermsTaken:
    """From ``effective_on`` these terms hold. Planned charges of periods that end on or after it are void; the
    ``charges_planned`` that follows states them anew."""

    account_id: str
    effective_on: date
    terms: BillingTerms
    cause: str


@event("billing.account.charges_planned", version=2)
class ChargesPlanned:
    """Charges added to the agenda; everything due to start until ``through`` is now planned."""

    account_id: str
    through: date
    charges: tuple[PlannedCharge, ...]


@event("billing.account.planning_stopped")
class PlanningStopped:
    """``on`` is the first day that is not charged. Planned charges of periods that end on or after it are void; what
    remains of them is stated by the ``charges_planned`` that follows."""

    account_id: str
    on: date
    reason: str


@event("billing.account.planning_resumed")
class PlanningResumed:
    """``on`` is the first day that is charged again."""

    account_id: str
    on: date


@event("billing.charge.added", version=2)
class ChargeAdded:
    account_id: str
    charge_id: str
    line_id: str | None
    clause: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    occurred_on: date
    bill_on: date
    source_type: str
    source_ref: str
    reason: str
    explanation: Explanation
    request_id: str | None = doc("the request that the work was done for", default=None)


@event("billing.charge.held")
class ChargeHeld:
    """No receivable takes it until it is released."""

    account_id: str
    charge_id: str
    line_id: str | None
    period_start: date | None
    on: date
    reason: str


@event("billing.charge.released")
class ChargeReleased:
    account_id: str
    charge_id: str
    line_id: str | None
    period_start: date | None
    on: date
    reason: str


@event("billing.charge.moved")
class ChargeMoved:
    """It is billed on ``bill_on`` instead of ``moved_from``, the day that the terms give. Its period stays."""

    account_id: str
    charge_id: str
    line_id: str | None
    period_start: date | None
    bill_on: date
    moved_from: date
    on: date
    reason: str


@event("billing.charge.due_day_changed")
class ChargeDueDayChanged:
    """``due_on`` is its due day when it is billed (``None``: the terms' again); charges of another due day stand on a
    receivable of their own."""

    account_id: str
    charge_id: str
    line_id: str | None
    period_start: date | None
    due_on: date | None
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Of a receivable that another system issued: ``gross`` − ``withheld`` − ``paid`` there was left, and is owed here.
    ``on``: the day of the opening balance. ``source``: the other system's name."""

    on: date
    source: str
    gross: Decimal
    withheld: Decimal
    paid: Decimal


@event("billing.receivable.issued", version=2)
class ReceivableIssued:
    """``due_on`` is the agreed day, ``payable_on`` the business day on which it can still be paid without charges.
    ``month`` (YYYY-MM) is the month that was billed. ``net`` = ``gross`` − ``withheld``, the taxes that the customer
    keeps back, each explained in ``withholdings``. ``imported``: history of another system; never reminded.
    ``taken_over``: what was left of another system's receivable; ``gross`` and ``net`` are that rest."""

    account_id: str
    contract_id: str
    customer_id: str
    receivable_id: str
    number: str
    issued_on: date
    due_on: date
    payable_on: date
    gross: Decimal
    withheld: Decimal
    net: Decimal
    lines: tuple[ReceivableLine, ...]
    month: str
    sequence: int
    external_ref: str | None = None
    imported: bool = False
    withholdings: tuple[Withholding, ...] = ()
    renegotiation_id: str | None = None
    run_id: str | None = doc("the billing run that issued it", default=None)
    taken_over: TakenOver | None = doc("an opening balance, no revenue", default=None)


@event("billing.receivable.nfse_noted")
class NfseNoted:
    account_id: str
    receivable_id: str
    number: str
    link: str
    verification_code: str
    on: date


@event("billing.receivable.disputed", version=2)
class ReceivableDisputed:
    """Without ``lines`` the whole receivable is contested."""

    account_id: str
    receivable_id: str
    on: date
    reason: str
    lines: tuple[DisputedLine, ...] = ()


@event("billing.receivable.dispute_resolved", version=2)
class DisputeResolved:
    """Of these lines; none named: of all."""

    account_id: str
    receivable_id: str
    on: date
    note: str
    charge_ids: tuple[str, ...] = ()


@event("billing.receivable.cancelled")
class ReceivableCancelled:
    """Nothing of it is owed. ``lines`` are its charges that stand on the agenda again, to be billed from ``bill_on``
    on (held with ``charges`` = ``hold``). ``amount`` was open, late charges included."""

    account_id: str
    receivable_id: str
    on: date
    reason: str
    amount: Decimal
    gross: Decimal
    month: str
    charges: str
    bill_on: date
    lines: tuple[ReceivableLine, ...]
    renegotiation_id: str | None = None
    withheld: Decimal = Decimal("0.00")
    taken_over: bool = False


@event("billing.receivable.renegotiated")
class ReceivableRenegotiated:
    """``amount`` was open and is owed by the instalments of this renegotiation, which are issued with it."""

    account_id: str
    receivable_id: str
    renegotiation_id: str
    on: date
    amount: Decimal
    reason: str


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


@event("billing.receivable.settled")
class ReceivableSettled:
    account_id: str
    receivable_id: str
    on: date
    days_late: int


@event("billing.receivable.written_off")
class ReceivableWrittenOff:
    account_id: str
    receivable_id: str
    on: date
    amount: Decimal
    reason: str


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


EVENTS: tuple[type, ...] = (
    AccountOpened,
    TermsTaken,
    ChargesPlanned,
    PlanningStopped,
    PlanningResumed,
    ChargeAdded,
    ChargeHeld,
    ChargeReleased,
    ChargeMoved,
    ChargeDueDayChanged,
    ReceivableIssued,
    NfseNoted,
    ReceivableDisputed,
    DisputeResolved,
    ReceivableCancelled,
    ReceivableRenegotiated,
    ReceivableOverdue,
    LateChargesAccrued,
    ReminderSent,
    ReceivableSettled,
    ReceivableWrittenOff,
    PaymentReceived,
    PaymentReversed,
    CreditNoteIssued,
    CreditAllocated,
    AccountInDefault,
    AccountRegularised,
    *boleto_messages.EVENTS,
)
