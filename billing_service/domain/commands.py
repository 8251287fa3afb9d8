"""What can be asked of an account. ``at`` is filled with the command's instant; a missing ``on`` is its local day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.decider import command, doc

from . import boleto_messages
from .events import Allocation
from .late import IndexMonth
from .terms import BillingTerms
from .withholding import Rate, Withholder


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


@command
class MarkOverdue:
    account_id: str
    receivable_id: str
    on: date | None = None
    at: datetime | None = None


@command
class SendReminder:
    """A level of the contract's dunning ladder; each level once per receivable."""

    account_id: str
    receivable_id: str
    level: int
    on: date | None = None
    at: datetime | None = None


@command
class CheckDefault:
    """Is a receivable late for as many days as the contract allows? Then the account is in default."""

    account_id: str
    on: date | None = None
    at: datetime | None = None


@command
class AccrueLateCharges:
    """Add the fine (once), the interest and the correction until ``on`` to what is owed."""

    account_id: str
    receivable_id: str
    on: date | None = None
    at: datetime | None = None
    published: tuple[IndexMonth, ...] = doc("index values; filled in by billing", default=())


@command
class WriteOffReceivable:
    account_id: str
    receivable_id: str
    reason: str
    on: date | None = None
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


COMMANDS: tuple[type, ...] = (
    OpenAccount,
    TakeTerms,
    StopPlanning,
    ResumePlanning,
    AddCharge,
    HoldCharge,
    ReleaseCharge,
    MoveCharge,
    ChangeChargeDueDay,
    BillMonth,
    BillThrough,
    IssueDue,
    NoteNfse,
    RecordPayment,
    ReversePayment,
    AllocateCredit,
    IssueCreditNote,
    MarkOverdue,
    SendReminder,
    CheckDefault,
    AccrueLateCharges,
    WriteOffReceivable,
    DisputeReceivable,
    ResolveDispute,
    CancelReceivable,
    RenegotiateReceivables,
    ImportReceivable,
    *boleto_messages.COMMANDS,
)
