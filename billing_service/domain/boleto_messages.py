"""A boleto's life: what can be asked of it and what happened. Its events stand in its receivable's account.

A boleto is one nosso número. It is made for a receivable, told to the bank in a remittance, and lives when the bank
has registered it; a new one, with a new number, is made when the bank rejected it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.decider import command, doc, event


@dataclass(frozen=True, slots=True)
class BankDetails:
    """The creditor's account at the bank as its numbers need it."""

    bank_code: str
    branch: str
    account: str
    account_digit: str
    wallet: str


@command
class MakeBoleto:
    """One more boleto of a receivable; at most one lives at a time."""

    account_id: str
    receivable_id: str
    boleto_id: str
    provider_id: str
    our_number: int
    bank: BankDetails
    on: date | None = None
    at: datetime | None = None


@command
class RemitBoleto:
    """It stands in a remittance with this movement."""

    account_id: str
    boleto_id: str
    remittance_id: str
    movement: str = doc("register, cancel, abate, unabate or due_day")
    abatement: Decimal = Decimal("0.00")
    due_on: date | None = None
    on: date | None = None
    at: datetime | None = None


@command
class ConfirmBoleto:
    """The bank has registered it: from now on it may be shown."""

    account_id: str
    boleto_id: str
    on: date | None = None
    at: datetime | None = None


@command
class RejectBoleto:
    """The bank refused its registration, or an instruction about it."""

    account_id: str
    boleto_id: str
    reasons: tuple[str, ...] = ()
    on: date | None = None
    at: datetime | None = None


@command
class NoteBoletoPaid:
    """The bank tells its payment. The money itself is a payment of the account."""

    account_id: str
    boleto_id: str
    amount: Decimal
    payment_id: str
    fee: Decimal = Decimal("0.00")
    credited_on: date | None = None
    on: date | None = None
    at: datetime | None = None


@command
class CloseBoleto:
    """The bank has written it off: it can no longer be paid."""

    account_id: str
    boleto_id: str
    reason: str
    on: date | None = None
    at: datetime | None = None


@event("billing.boleto.made")
class BoletoMade:
    """``amount`` is the nominal one of the bar code, which never changes; what is credited later is an abatement."""

    account_id: str
    receivable_id: str
    boleto_id: str
    provider_id: str
    our_number: int
    bank: BankDetails
    amount: Decimal
    due_on: date
    bar_code: str
    on: date


@event("billing.boleto.remitted")
class BoletoRemitted:
    """``movement``: register, cancel, abate (``abatement`` in all), unabate, due_day (``due_on``)."""

    account_id: str
    receivable_id: str
    boleto_id: str
    remittance_id: str
    movement: str
    abatement: Decimal
    due_on: date
    on: date


@event("billing.boleto.registered")
class BoletoRegistered:
    account_id: str
    receivable_id: str
    boleto_id: str
    on: date


@event("billing.boleto.rejected")
class BoletoRejected:
    """``reasons``: the bank's codes. ``instruction``: what it refused was a change; the boleto itself lives on."""

    account_id: str
    receivable_id: str
    boleto_id: str
    reasons: tuple[str, ...]
    instruction: bool
    on: date


@event("billing.boleto.paid")
class BoletoPaid:
    account_id: str
    receivable_id: str
    boleto_id: str
    amount: Decimal
    fee: Decimal
    payment_id: str
    credited_on: date | None
    on: date


@event("billing.boleto.cancelled")
class BoletoCancelled:
    account_id: str
    receivable_id: str
    boleto_id: str
    reason: str
    on: date


COMMANDS: tuple[type, ...] = (MakeBoleto, RemitBoleto, ConfirmBoleto, RejectBoleto, NoteBoletoPaid, CloseBoleto)
EVENTS: tuple[type, ...] = (
    BoletoMade,
    BoletoRemitted,
    BoletoRegistered,
    BoletoRejected,
    BoletoPaid,
    BoletoCancelled,
)
