"""A row of a bank's file and its life: imported once, then settled, noted or ignored, and all of it can be undone.

A row's id follows from the bank account and the bank's own id of the row (or from what the row says, with a running
number among equal rows of a file): the same file again, or one that overlaps it, brings nothing new.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.decider import Decider, command, doc, event, personal
from services.errors import Refused

from .ids import NAMESPACE
from .money import ZERO, total


@dataclass(frozen=True, slots=True)
class RowPart:
    """What came of a part of a row's amount: a payment recorded for it (``recorded``), one that was known already
    (``linked``), or one that this row takes back (``reversed``)."""

    account_id: str
    payment_id: str
    amount: Decimal
    receivable_ids: tuple[str, ...] = ()
    kind: str = "recorded"


@command
class ImportBankRow:
    row_id: str
    bank_account: str = doc("bank/branch/account as the file says, or the name given")
    on: date
    amount: Decimal = doc("positive: came in; negative: went out")
    method: str = "transfer"
    payer_id: str = ""
    customer_id: str | None = None
    description: str = ""
    payer_name: str = ""
    payer_document: str = ""
    txid: str | None = None
    our_number: str | None = None
    movement: str | None = None
    reasons: tuple[str, ...] = ()
    fee: Decimal = ZERO
    credited_on: date | None = None
    file_id: str = ""
    at: datetime | None = None


@command
class SettleBankRow:
    """``parts`` add up to the row's amount."""

    row_id: str
    parts: tuple[RowPart, ...]
    how: str = doc("certain, accepted", default="accepted")
    at: datetime | None = None


@command
class NoteBankRow:
    """A message of the bank that moves no money was taken."""

    row_id: str
    boleto_id: str | None = None
    account_id: str | None = None
    at: datetime | None = None


@command
class IgnoreBankRow:
    row_id: str
    reason: str
    at: datetime | None = None


@command
class ReopenBankRow:
    """What was decided about it was a mistake; its payments are reversed with it."""

    row_id: str
    reason: str
    at: datetime | None = None


@event("billing.bankrow.imported")
class BankRowImported:
    """``payer_id`` owns what the bank says of a person: the customer's id where he was found, else the row's own."""

    row_id: str
    bank_account: str
    on: date
    amount: Decimal
    method: str
    payer_id: str
    customer_id: str | None
    description: str = personal(of="payer_id")
    payer_name: str = personal(of="payer_id")
    payer_document: str = personal(of="payer_id")
    txid: str | None
    our_number: str | None
    movement: str | None
    reasons: tuple[str, ...]
    fee: Decimal
    credited_on: date | None
    file_id: str


@event("billing.bankrow.settled")
class BankRowSettled:
    row_id: str
    parts: tuple[RowPart, ...]
    how: str
    attempt: int


@event("billing.bankrow.noted")
class BankRowNoted:
    row_id: str
    boleto_id: str | None
    account_id: str | None


@event("billing.bankrow.ignored")
class BankRowIgnored:
    row_id: str
    reason: str


@event("billing.bankrow.reopened")
class BankRowReopened:
    row_id: str
    reason: str
    attempt: int


@dataclass(frozen=True, slots=True)
class BankRow:
    """``attempt`` counts how often it was opened again: payments of a new try have ids of their own."""

    row_id: str = ""
    amount: Decimal = ZERO
    status: str = "unknown"
    parts: tuple[RowPart, ...] = ()
    attempt: int = 0


def decide(wish: Any, row: BankRow) -> Sequence[Any]:
    if isinstance(wish, ImportBankRow):
        return [] if row.row_id else [_imported(wish)]
    if not row.row_id:
        raise Refused("bankrow.unknown", row_id=wish.row_id)
    match wish:
        case ReopenBankRow(reason=reason):
            return [] if row.status == "open" else [BankRowReopened(row.row_id, reason, row.attempt + 1)]
        case SettleBankRow(parts=parts) if row.status == "settled" and row.parts == tuple(parts):
            return []
        case _ if row.status != "open":
            raise Refused("bankrow.not-open", row_id=row.row_id, status=row.status)
        case SettleBankRow(parts=parts, how=how):
            if total(abs(part.amount) for part in parts) != abs(row.amount):
                raise Refused("bankrow.parts-differ", amount=row.amount, parts=total(part.amount for part in parts))
            return [BankRowSettled(row.row_id, tuple(parts), how, row.attempt)]
        case NoteBankRow(boleto_id=boleto_id, account_id=account_id):
            return [BankRowNoted(row.row_id, boleto_id, account_id)]
        case IgnoreBankRow(reason=reason):
            if not reason.strip():
                raise Refused("bankrow.reason-missing")
            return [BankRowIgnored(row.row_id, reason)]
    return []


def evolve(row: BankRow, happened: Any) -> BankRow:
    match happened:
        case BankRowImported(row_id=row_id, amount=amount):
            return BankRow(row_id, amount, "open")
        case BankRowSettled(parts=parts):
            return replace(row, status="settled", parts=parts)
        case BankRowNoted():
            return replace(row, status="noted")
        case BankRowIgnored():
            return replace(row, status="ignored")
        case BankRowReopened(attempt=attempt):
            return replace(row, status="open", parts=(), attempt=attempt)
    return row


def _imported(wish: ImportBankRow) -> BankRowImported:
    names = ("row_id", "bank_account", "on", "amount", "method", "customer_id", "description", "payer_name")
    more = ("payer_document", "txid", "our_number", "movement", "reasons", "fee", "credited_on", "file_id")
    values = {name: getattr(wish, name) for name in (*names, *more)}
    return BankRowImported(payer_id=wish.payer_id or wish.customer_id or f"bankrow:{wish.row_id}", **values)


def row_payment_id(row_id: str, account_id: str, attempt: int) -> str:
    """The id of the payment that a row is for an account: the same row cannot pay it twice."""
    return str(uuid.uuid5(NAMESPACE, f"bankrow:{row_id}:{account_id}:{attempt}"))


DECIDER: Decider[Any, BankRow, Any] = Decider(BankRow(), decide, evolve)
COMMANDS: tuple[type, ...] = (ImportBankRow, SettleBankRow, NoteBankRow, IgnoreBankRow, ReopenBankRow)
EVENTS: tuple[type, ...] = (BankRowImported, BankRowSettled, BankRowNoted, BankRowIgnored, BankRowReopened)
