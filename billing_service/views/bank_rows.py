"""The rows of banks' files: the work list, one row with what it probably pays, and files read without keeping them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select

from billing_service.domain import bank_row
from billing_service.domain.bank_csv import Mapped, read_csv
from billing_service.domain.bank_file import Reading, decoded, kind_of
from billing_service.domain.bank_ofx import read_ofx
from billing_service.domain.cnab240_return import read_return
from billing_service.domain.late import LateCharges
from billing_service.domain.matching import KnownPayment, Target, suggest, suggest_payments
from billing_service.domain.paying import charges_on
from billing_service.upcasters import UPCASTERS
from billing_service.views.accounts import accounts
from billing_service.views.bank_tables import bank_row_parts, bank_rows
from billing_service.views.indices import published
from billing_service.views.metadata import day, found, limited, money
from billing_service.views.payments import payments
from billing_service.views.receivables import as_state, late_terms, receivables
from services.codec import Codec
from services.component import Context, View
from services.cursors import day_place
from services.errors import Invalid, Refused
from services.events import Incoming
from services.rows import Rows
from services.store.tables import events as stored

AMONG = 200  # receivables looked at for one row
PERSONAL = ("description", "payer_name", "payer_document")


class BankRowsView(View):
    name = "bank_rows"
    source = "billing"
    tables = (bank_rows, bank_row_parts)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        if not event.type.startswith("billing.bankrow."):
            return
        data = event.data
        id_ = data["row_id"]
        match event.type.rpartition(".")[2]:
            case "imported":
                names = ("row_id", "bank_account", "method", "customer_id", "txid", "our_number", "movement", "file_id")
                amounts = {name: money(data, name) for name in ("amount", "fee")}
                days = {name: day(data, name) for name in ("on", "credited_on")}
                said = {**{name: data[name] for name in names}, **amounts, **days}
                rows.put(bank_rows, **said, reasons=data["reasons"] or None, status="open")
            case "settled":
                rows.put(bank_rows, row_id=id_, status="settled", how=data["how"], reason=None)
                for position, part in enumerate(data["parts"], start=1):
                    names = ("account_id", "payment_id", "receivable_ids", "kind")
                    values = {**{name: part[name] for name in names}, "amount": money(part, "amount")}
                    rows.put(bank_row_parts, row_id=id_, position=position, **values)
            case "noted":
                rows.put(bank_rows, row_id=id_, status="noted")
            case "ignored":
                rows.put(bank_rows, row_id=id_, status="ignored", reason=data["reason"])
            case "reopened":
                for part in rows.find(bank_row_parts, row_id=id_):
                    rows.delete(bank_row_parts, row_id=id_, position=part["position"])
                rows.put(bank_rows, row_id=id_, status="open", how=None, reason=data["reason"], attempt=data["attempt"])


# -- a file ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadParams:
    """``content``: base64 of the file. ``kind``: csv, ofx, cnab240; default: by its look. ``columns``: of a CSV."""

    content: str
    kind: str | None = None
    bank_account: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ""
    decimal: str = ","
    order: str = "dmy"


def read_bank_file(params: ReadParams, rows: Rows, context: Context) -> dict[str, Any]:
    """``{"kind", "rows", "problems"}``: what a file says, each row with its id. Nothing is kept."""
    reading = reading_of(params)
    known = set()
    ids = [row.row_id for row in reading.rows]
    for start in range(0, len(ids), 500):
        statement = select(bank_rows.c.row_id).where(bank_rows.c.row_id.in_(ids[start : start + 500]))
        known |= {row["row_id"] for row in rows.select(statement)}
    items = [{**asdict(row), "known": row.row_id in known} for row in reading.rows]
    for item in items:
        item.pop("bank_ref")
    return {"kind": reading.kind, "rows": items, "problems": [asdict(each) for each in reading.problems]}


def reading_of(params: ReadParams) -> Reading:
    try:
        text = decoded(base64.b64decode(params.content, validate=True))
    except binascii.Error:
        raise Invalid(problems=[{"path": "content", "code": "value", "message": "not base64"}]) from None
    match params.kind or kind_of(text):
        case "ofx":
            return read_ofx(text, params.bank_account)
        case "cnab240":
            return read_return(text)
        case "csv":
            mapped = Mapped(params.columns, params.delimiter, params.decimal, params.order, params.bank_account)
            return read_csv(text, mapped)
        case kind:
            raise Refused("bankfile.kind-unknown", kind=kind)


# -- the work list -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RowsParams:
    """``status``: open (the work list), settled, noted, ignored; none: all. ``after``: the ``next`` of the page before."""

    status: str | None = None
    customer_id: str | None = None
    since: date | None = None
    until: date | None = None
    after: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class RowParams:
    row_id: str


def list_bank_rows(params: RowsParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Rows by day, oldest first, with the best suggestion of each open one; and how many there are by state."""
    columns, limit = bank_rows.c, limited(params.limit, 200)
    where = [columns.status == params.status] if params.status else []
    where += [columns.customer_id == params.customer_id] if params.customer_id else []
    where += [columns.on >= params.since] if params.since else []
    where += [columns.on <= params.until] if params.until else []
    if params.after:
        last, row_id = day_place(params.after)
        where.append(or_(columns.on > last, (columns.on == last) & (columns.row_id > row_id)))
    page = rows.find(bank_rows, *where, order_by=(columns.on, columns.row_id), limit=limit)
    counts = rows.select(select(columns.status, func.count().label("rows")).group_by(columns.status))
    items = []
    for row in page:
        said = _said(rows, context, row["row_id"])
        best = _suggestions(rows, row, said)[:1] if row["status"] == "open" else []
        items.append({**row, **said, "suggestions": best})
    next_ = f"{page[-1]['on'].isoformat()}/{page[-1]['row_id']}" if len(page) == limit else None
    return {"items": items, "counts": {each["status"]: each["rows"] for each in counts}, "next": next_}


def bank_row_of(params: RowParams, rows: Rows, context: Context) -> dict[str, Any]:
    """One row: what the bank says, what came of it, and what it probably pays."""
    row = found(rows.get(bank_rows, row_id=params.row_id), "bankrow.unknown", row_id=params.row_id)
    said = _said(rows, context, params.row_id)
    parts = rows.find(bank_row_parts, row_id=params.row_id, order_by=(bank_row_parts.c.position,))
    open_ = row["status"] == "open"
    return {**row, **said, "parts": parts, "suggestions": _suggestions(rows, row, said) if open_ else []}


def _said(rows: Rows, context: Context, row_id: str) -> dict[str, Any]:
    """What the bank says of persons, read from the event: gone when the person is erased."""
    codec = Codec(bank_row.EVENTS, UPCASTERS, context.vault)
    statement = select(stored).where(stored.c.stream == f"bankrow-{row_id}", stored.c.version == 1)
    for event in rows.select(statement):
        data = codec.open(event["type"], event["schema"], event["data"])
        return {name: data.get(name) for name in PERSONAL}
    return dict.fromkeys(PERSONAL)


# -- suggestions -------------------------------------------------------------------------------------------------------


def _suggestions(rows: Rows, row: Mapping[str, Any], said: Mapping[str, Any]) -> list[dict[str, Any]]:
    amount, on, customer = row["amount"], row["on"], row["customer_id"]
    found_: list[dict[str, Any]] = []
    if amount > 0:
        targets = {target.receivable_id: target for target in _targets(rows, amount, on, customer)}
        for each in suggest(amount, on, said["description"] or "", customer, list(targets.values())):
            parts = [_shown_part(targets[id_], part) for id_, part in each.parts]
            found_.append({"score": each.score, "reasons": list(each.reasons), "parts": parts})
    if amount != 0:
        known = {payment.payment_id: payment for payment in _payments(rows, amount)}
        for each_ in suggest_payments(amount, on, customer, known.values()):
            payment = known[each_.payment_id]
            part = {
                "payment_id": payment.payment_id,
                "contract_id": payment.account_id,
                "kind": each_.kind,
                "amount": payment.amount,
                "on": payment.on,
            }
            found_.append({"score": each_.score, "reasons": list(each_.reasons), "parts": [part]})
    return sorted(found_, key=lambda each: -each["score"])


def _shown_part(target: Target, amount: Decimal) -> dict[str, Any]:
    return {
        "receivable_id": target.receivable_id,
        "contract_id": target.account_id,
        "number": target.number,
        "due_on": target.due_on,
        "balance": target.balance,
        "payable": target.payable,
        "amount": amount,
    }


def _targets(rows: Rows, amount: Decimal, on: date, customer_id: str | None) -> list[Target]:
    """Open receivables of the payer, and of anybody what the amount may be."""
    columns = receivables.c
    near = or_(columns.balance.between(amount * Decimal("0.7"), amount + Decimal("0.05")), columns.gross == amount)
    whose = or_(near, columns.customer_id == customer_id) if customer_id else near
    open_ = (columns.balance > 0, columns.status.in_(("open", "partial", "overdue", "disputed")))
    order = (*((columns.customer_id != customer_id,) if customer_id else ()), columns.due_on, columns.receivable_id)
    found_ = rows.find(receivables, *open_, whose, order_by=order, limit=AMONG)
    targets = []
    for row in found_:
        late = late_of(rows, row, on)
        names = ("receivable_id", "account_id", "customer_id", "number", "balance", "gross", "net", "due_on")
        targets.append(Target(**{name: row[name] for name in names}, payable=row["balance"] + late.total))
    return targets


def late_of(rows: Rows, row: Mapping[str, Any], on: date) -> LateCharges:
    """The late charges that a receivable's payment owes on a day, beyond those accrued."""
    account = rows.get(accounts, account_id=row["account_id"]) or {"terms": None}
    terms = late_terms(account["terms"])
    return charges_on(as_state(row), terms, on, published(rows, terms))


def _payments(rows: Rows, amount: Decimal) -> list[KnownPayment]:
    of_rows = select(bank_row_parts.c.payment_id)
    statement = (
        select(payments, payments.c.payment_id.in_(of_rows).label("of_row"))
        .where(payments.c.amount == abs(amount), payments.c.reversed_on.is_(None))
        .order_by(payments.c.on.desc(), payments.c.payment_id)
        .limit(AMONG)
    )
    names = ("payment_id", "account_id", "customer_id", "amount", "on", "method")
    return [
        KnownPayment(**{name: row[name] for name in names}, of_row=bool(row["of_row"]))
        for row in rows.select(statement)
    ]


__all__ = [
    "BankRowsView",
    "ReadParams",
    "RowParams",
    "RowsParams",
    "bank_row_of",
    "late_of",
    "list_bank_rows",
    "read_bank_file",
]
