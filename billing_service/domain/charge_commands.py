"""What can be asked of an account's agenda. ``at`` and ``on`` as in ``commands``."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.decider import command, doc

from .terms import BillingTerms


@command
class OpenAccount:
    """An active contract gets its account, its terms and its agenda. Again: nothing."""

    account_id: str
    contract_id: str
    customer_id: str
    on: date
    terms: BillingTerms
    cause: str = "activation"
    contract_number: str = ""
    at: datetime | None = None


@command
class TakeTerms:
    """New terms hold from ``effective_on``; later days that were billed otherwise are credited and charged anew."""

    account_id: str
    effective_on: date
    terms: BillingTerms
    cause: str
    at: datetime | None = None


@command
class StopPlanning:
    """``on`` is the first day that is not charged; what was billed beyond is credited."""

    account_id: str
    on: date
    reason: str = doc("suspension, termination or expiry")
    at: datetime | None = None


@command
class ResumePlanning:
    """``on`` is the first day that is charged again."""

    account_id: str
    on: date
    at: datetime | None = None


@command
class AddCharge:
    """A charge that is not planned: for work done, or by finance with a reason. One for each ``source_ref``."""

    account_id: str
    source_type: str = doc("work, manual …")
    source_ref: str = doc("what it is for: the same again adds nothing")
    quantity: Decimal
    occurred_on: date
    description: str
    unit_price: Decimal | None = doc("default: the price of the contract's per-use line", default=None)
    line_id: str | None = None
    service_type_id: str | None = None
    reason: str = ""
    at: datetime | None = None
    request_id: str | None = doc("the request that the work was done for", default=None)
    source_label: str = doc("what people call it: the request's protocol", default="")
    used: Decimal | None = doc("all of the work's quantity; default: `quantity`", default=None)
    included: Decimal | None = doc("the part of it that the contract includes", default=None)
    most: Decimal | None = doc(
        "the ceiling of what its customer accepted, or the emergency clause's limit", default=None
    )


@command
class HoldCharge:
    """Finance: not to be billed until it is released. The charge is named by its line and the first day of its period,
    or by its id (a charge that was added)."""

    account_id: str
    reason: str
    line_id: str | None = None
    period_start: date | None = None
    charge_id: str | None = None
    on: date | None = None
    at: datetime | None = None


@command
class ReleaseCharge:
    """A charge that was held may be billed again: with the next bill when its day has passed."""

    account_id: str
    reason: str
    line_id: str | None = None
    period_start: date | None = None
    charge_id: str | None = None
    on: date | None = None
    at: datetime | None = None


@command
class MoveCharge:
    """Bill it on another day. What it is for, and so its period and amount, stays."""

    account_id: str
    bill_on: date
    reason: str
    line_id: str | None = None
    period_start: date | None = None
    charge_id: str | None = None
    on: date | None = None
    at: datetime | None = None


@command
class ChangeChargeDueDay:
    account_id: str
    due_on: date | None = doc("null: the day that the terms give", default=None)
    reason: str = ""
    line_id: str | None = None
    period_start: date | None = None
    charge_id: str | None = None
    on: date | None = None
    at: datetime | None = None
