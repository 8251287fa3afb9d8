"""What happened to receivables: issued, contested, cancelled, owed by instalments instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.decider import doc, event

from .explanation import Explanation
from .withholding import Withholding


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
class DisputedLine:
    """``amount`` of the receivable's balance is contested with this line."""

    charge_id: str
    amount: Decimal


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
