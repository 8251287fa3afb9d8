"""What happened to an account's agenda: terms taken, charges planned, added, held, released, moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.decider import doc, event

from .explanation import Explanation
from .terms import BillingTerms


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
