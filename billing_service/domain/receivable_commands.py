"""What can be asked about receivables: bill, contest, cancel, renegotiate, import. ``at`` and ``on`` as in ``commands``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.decider import command, doc

from .late import IndexMonth
from .withholding import Rate, Withholder


@command
class BillMonth:
    """Everything planned or added that is to be billed by the month's last day, in one receivable. Again: nothing."""

    account_id: str
    month: str = doc("YYYY-MM")
    on: date | None = doc("issue date; default: today", default=None)
    at: datetime | None = None
    withholders: tuple[Withholder, ...] = doc("filled in by billing", default=())
    rates: tuple[Rate, ...] = doc("filled in by billing", default=())
    run_id: str | None = doc("the billing run that asks for it", default=None)
    closed: tuple[date, ...] = doc("days on which no bank is open; filled in by billing", default=())


@command
class BillThrough:
    """Everything planned or added that is to be billed by a day, in one receivable. Again: nothing."""

    account_id: str
    through: date
    on: date | None = doc("issue date; default: today", default=None)
    at: datetime | None = None
    withholders: tuple[Withholder, ...] = doc("filled in by billing", default=())
    rates: tuple[Rate, ...] = doc("filled in by billing", default=())
    run_id: str | None = doc("the billing run that asks for it", default=None)
    closed: tuple[date, ...] = doc("days on which no bank is open; filled in by billing", default=())


@command
class IssueDue:
    """What is to be billed by today is issued, where the terms say that charges issue themselves. Again: nothing."""

    account_id: str
    on: date | None = None
    at: datetime | None = None
    withholders: tuple[Withholder, ...] = doc("filled in by billing", default=())
    rates: tuple[Rate, ...] = doc("filled in by billing", default=())
    closed: tuple[date, ...] = doc("days on which no bank is open; filled in by billing", default=())


@command
class NoteNfse:
    """The number of the electronic invoice (NFS-e) of this receivable, and where it can be seen. Another one replaces
    it."""

    account_id: str
    receivable_id: str
    number: str
    link: str = ""
    verification_code: str = ""
    on: date | None = doc("day of the NFS-e; default: today", default=None)
    at: datetime | None = None


@command
class DisputeReceivable:
    """The customer contests it, or only some of its lines: no reminders, late charges or default for what is contested
    until that is resolved. What is not contested goes on."""

    account_id: str
    receivable_id: str
    reason: str
    on: date | None = None
    at: datetime | None = None
    charge_ids: tuple[str, ...] = doc("the lines; none named: the whole receivable", default=())


@command
class ResolveDispute:
    """It is owed as it stands; or, with ``credit``, the customer is right: what was contested is credited."""

    account_id: str
    receivable_id: str
    note: str = ""
    on: date | None = None
    at: datetime | None = None
    charge_ids: tuple[str, ...] = doc("only these lines; none named: all that is contested", default=())
    credit: bool = False


@command
class CancelReceivable:
    """It was issued by mistake and nothing was paid or credited of it."""

    account_id: str
    receivable_id: str
    reason: str
    charges: str = doc("return: back to the agenda; hold: back and held; drop: not charged at all", default="return")
    on: date | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Instalment:
    due_on: date
    amount: Decimal


@command
class RenegotiateReceivables:
    """Open receivables of this contract, with their late charges, are owed in instalments instead: as listed, or
    ``count`` equal monthly ones from ``first_due_on`` on."""

    account_id: str
    renegotiation_id: str
    receivable_ids: tuple[str, ...]
    reason: str
    instalments: tuple[Instalment, ...] = ()
    count: int = 0
    first_due_on: date | None = None
    late_charges: bool = doc("add fine and interest until today", default=True)
    on: date | None = None
    at: datetime | None = None
    published: tuple[IndexMonth, ...] = doc("index values; filled in by billing", default=())
    closed: tuple[date, ...] = doc("days on which no bank is open; filled in by billing", default=())


@dataclass(frozen=True, slots=True)
class ImportedPayment:
    on: date
    amount: Decimal


@command
class ImportReceivable:
    """History of another system: a receivable with its payments. The same again: nothing; different: refused."""

    account_id: str
    external_ref: str
    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    disputed: bool = False
    payments: tuple[ImportedPayment, ...] = ()
    description: str = ""
    receivable_id: str | None = doc("default: made of account and reference", default=None)
    at: datetime | None = None
