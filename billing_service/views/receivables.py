"""Receivables with their state, their lines and why each line costs what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text, select

from billing_service.domain.explain import sentences, withheld
from billing_service.domain.paying import charges_on
from billing_service.domain.state import Receivable
from billing_service.domain.terms import LateTerms
from billing_service.views.accounts import account_today, accounts
from billing_service.views.indices import published
from billing_service.views.ledger import known, ledger
from billing_service.views.metadata import METADATA, ZERO, day, found, money
from billing_service.views.receivable_facts import Standing, standing
from services.codec import from_json_values
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText, Money

receivables = Table(
    "receivables",
    METADATA,
    Column("receivable_id", String(64), primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("contract_id", String(64), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("number", Text, nullable=False),
    Column("month", String(7), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("payable_on", Date, nullable=False),
    Column("gross", Money, nullable=False),
    Column("withheld", Money, nullable=False),
    Column("net", Money, nullable=False),
    Column("fine", Money, nullable=False, default=ZERO),
    Column("interest", Money, nullable=False, default=ZERO),
    Column("interest_through", Date, nullable=True),
    Column("paid", Money, nullable=False, default=ZERO),
    Column("credited", Money, nullable=False, default=ZERO),
    Column("written_off", Money, nullable=False, default=ZERO),
    Column("balance", Money, nullable=False),
    Column("status", String(12), nullable=False),
    Column("overdue_on", Date, nullable=True),
    Column("disputed", Boolean, nullable=False, default=False),
    Column("dispute_reason", Text, nullable=True),
    Column("settled_on", Date, nullable=True),
    Column("days_late", Integer, nullable=True),
    Column("reminder_level", Integer, nullable=True),
    Column("imported", Boolean, nullable=False, default=False),
    Column("external_ref", Text, nullable=True),
    Column("disputed_amount", Money, nullable=False, default=ZERO),
    Column("disputed_lines", JsonText, nullable=True),
    Column("cancelled", Money, nullable=False, default=ZERO),
    Column("renegotiated", Money, nullable=False, default=ZERO),
    Column("renegotiation_id", Text, nullable=True),
    Column("withholdings", JsonText, nullable=True),
    Column("nfse_number", Text, nullable=True),
    Column("nfse_link", Text, nullable=True),
    Column("nfse_code", Text, nullable=True),
    Column("run_id", String(64), nullable=True, index=True),
    Column("correction", Money, nullable=False, default=ZERO),
    Column("taken_over", JsonText, nullable=True),
    Column("original_due_on", Date, nullable=True),
    Index("receivables_account", "account_id", "due_on"),
    Index("receivables_customer", "customer_id", "due_on"),
    Index("receivables_status", "status", "due_on"),
    Index("receivables_month", "month"),
)

receivable_lines = Table(
    "receivable_lines",
    METADATA,
    Column("receivable_id", String(64), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("charge_id", String(64), nullable=False),
    Column("line_id", Text, nullable=True),
    Column("clause", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("period_start", Date, nullable=True),
    Column("period_end", Date, nullable=True),
    Column("quantity", Money, nullable=False),
    Column("unit_price", Money, nullable=False),
    Column("amount", Money, nullable=False),
    Column("explanation", JsonText, nullable=False),
)

credit_notes = Table(
    "credit_notes",
    METADATA,
    Column("credit_note_id", String(64), primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("receivable_id", String(64), nullable=False, index=True),
    Column("charge_id", String(64), nullable=False),
    Column("on", Date, nullable=False),
    Column("amount", Money, nullable=False),
    Column("applied", Money, nullable=False),
    Column("unallocated", Money, nullable=False),
    Column("reason", Text, nullable=False),
    Column("explanation", JsonText, nullable=False),
)


ISSUED_HERE = (~receivables.c.imported, receivables.c.taken_over.is_(None), receivables.c.renegotiation_id.is_(None))
"""Their charges were billed here: neither history, nor taken over, nor instalments."""

LATE_KINDS = ("fine", "interest", "correction")


class ReceivablesView(View):
    name = "receivables"
    source = "billing"
    tables = (receivables, receivable_lines, credit_notes)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "billing.receivable.issued":
                _issue(data, rows)
            case "billing.receivable.disputed":
                _dispute(rows, data)
            case "billing.receivable.dispute_resolved":
                _resolve(rows, data)
            case "billing.receivable.cancelled":
                nothing = {"disputed": False, "disputed_lines": None, "disputed_amount": ZERO}
                amount = {"cancelled": money(data, "amount")}
                _change(rows, data["receivable_id"], amount, status="cancelled", **nothing)
            case "billing.receivable.renegotiated":
                _change(rows, data["receivable_id"], {"renegotiated": money(data, "amount")})
            case "billing.receivable.overdue":
                _change(rows, data["receivable_id"], overdue_on=day(data, "on"))
            case "billing.receivable.due_day_changed":
                _due_anew(rows, data)
            case "billing.receivable.late_charges_accrued":
                names = ("fine", "interest", "correction")
                parts = {name: money(data, name) if name in data else ZERO for name in names}
                _change(rows, data["receivable_id"], parts, interest_through=day(data, "on"))
            case "billing.receivable.reminder_sent":
                _change(rows, data["receivable_id"], reminder_level=data["level"])
            case "billing.receivable.settled":
                late = data["days_late"]
                _change(rows, data["receivable_id"], settled_on=day(data, "on"), days_late=late)
            case "billing.receivable.nfse_noted":
                nfse = {"nfse_number": data["number"], "nfse_link": data["link"] or None}
                _change(rows, data["receivable_id"], **nfse, nfse_code=data["verification_code"] or None)
            case "billing.receivable.written_off":
                _change(rows, data["receivable_id"], {"written_off": money(data, "amount")})
            case "billing.payment.received" | "billing.credit.allocated":
                for part in data["allocations"]:
                    _change(rows, part["receivable_id"], {"paid": money(part, "amount")})
            case "billing.payment.reversed":
                for part in data["allocations"]:
                    reopened = {"settled_on": None, "days_late": None}
                    _change(rows, part["receivable_id"], {"paid": -money(part, "amount")}, **reopened)
            case "billing.creditnote.issued":
                names = ("credit_note_id", "account_id", "receivable_id", "charge_id", "reason", "explanation")
                amounts = {name: money(data, name) for name in ("amount", "applied", "unallocated")}
                rows.put(credit_notes, **{name: data[name] for name in names}, **amounts, on=day(data, "on"))
                _change(rows, data["receivable_id"], {"credited": money(data, "applied")})


def _dispute(rows: Rows, data: Mapping[str, Any]) -> None:
    row = rows.get(receivables, receivable_id=data["receivable_id"])
    if row is None or not data.get("lines"):
        _change(rows, data["receivable_id"], disputed=True, dispute_reason=data["reason"])
        return
    lines = {**(row["disputed_lines"] or {}), **{line["charge_id"]: line["amount"] for line in data["lines"]}}
    _contest(rows, data["receivable_id"], lines, dispute_reason=data["reason"])


def _resolve(rows: Rows, data: Mapping[str, Any]) -> None:
    row = rows.get(receivables, receivable_id=data["receivable_id"])
    resolved = data.get("charge_ids")
    if row is None or not resolved:
        _contest(rows, data["receivable_id"], {}, disputed=False)
        return
    left = {key: amount for key, amount in (row["disputed_lines"] or {}).items() if key not in resolved}
    _contest(rows, data["receivable_id"], left)


def _due_anew(rows: Rows, data: Mapping[str, Any]) -> None:
    known = rows.get(receivables, receivable_id=data["receivable_id"]) or {}
    days = {"due_on": day(data, "due_on"), "payable_on": day(data, "payable_on")}
    original = known.get("original_due_on") or day(data, "was_due_on")
    _change(rows, data["receivable_id"], **days, original_due_on=original, overdue_on=None, reminder_level=None)


def _contest(rows: Rows, receivable_id: str, lines: Mapping[str, str], **values: Any) -> None:
    contested = sum((Decimal(amount) for amount in lines.values()), ZERO)
    _change(rows, receivable_id, disputed_lines=dict(lines) or None, disputed_amount=contested, **values)


def _issue(data: Mapping[str, Any], rows: Rows) -> None:
    names = ("receivable_id", "account_id", "contract_id", "customer_id", "number", "month", "external_ref", "imported")
    days = {name: day(data, name) for name in ("issued_on", "due_on", "payable_on")}
    amounts = {name: money(data, name) for name in ("gross", "withheld", "net")}
    more = {name: data[name] for name in ("withholdings", "renegotiation_id", "run_id", "taken_over") if data.get(name)}
    values = {**{name: data[name] for name in names}, **days, **amounts, **more}
    rows.put(receivables, **values, balance=amounts["net"], status="open")
    for position, line in enumerate(data["lines"], start=1):
        rows.put(
            receivable_lines,
            receivable_id=data["receivable_id"],
            position=position,
            charge_id=line["charge_id"],
            line_id=line["line_id"],
            clause=line["clause"],
            description=line["description"],
            period_start=day(line, "period_start"),
            period_end=day(line, "period_end"),
            quantity=money(line, "quantity"),
            unit_price=money(line, "unit_price"),
            amount=money(line, "amount"),
            explanation=line["explanation"],
        )


def _change(rows: Rows, receivable_id: str, add: Mapping[str, Decimal] | None = None, **values: Any) -> None:
    """Change a receivable, and say again what follows from it: balance and status."""
    row = rows.get(receivables, receivable_id=receivable_id)
    if row is None:
        return
    for name, amount in (add or {}).items():
        values[name] = row[name] + amount
    row |= values
    owed = row["net"] + row["correction"] + row["fine"] + row["interest"]
    owed -= row["cancelled"] + row["renegotiated"]
    values["balance"] = owed - row["paid"] - row["credited"] - row["written_off"]
    if row["status"] != "cancelled":
        values["status"] = _status({**row, **values})
    rows.put(receivables, receivable_id=receivable_id, **values)


def _status(row: Mapping[str, Any]) -> str:
    if row["written_off"] > 0:
        return "written_off"
    if row["balance"] <= 0:
        return "renegotiated" if row["renegotiated"] > 0 else "settled"
    if row["disputed"] or row["disputed_amount"] >= row["balance"]:
        return "disputed"
    if row["overdue_on"]:
        return "overdue"
    return "partial" if row["paid"] > 0 or row["credited"] > 0 else "open"


@dataclass(frozen=True, slots=True)
class ReceivableParams:
    """``as_of``: the day of the balance and late charges shown; default: today. ``known_at``: by what was on record at
    the end of that day."""

    receivable_id: str
    as_of: date | None = None
    known_at: date | None = None


def receivable(params: ReceivableParams, rows: Rows, context: Context) -> dict[str, Any]:
    """A receivable with its lines, each with its explanation and the sentences, and what paying it takes that day."""
    id_ = params.receivable_id
    row = found(rows.get(receivables, receivable_id=id_), "receivable.unknown", receivable_id=id_)
    account = rows.get(accounts, account_id=row["account_id"]) or {"time_zone": None, "terms": None}
    on = params.as_of or account_today(account, context)
    past = params.as_of is not None or params.known_at is not None
    held = standing(rows, id_, on, params.known_at) if past else None
    then = _as_of(row, rows, on, held, params.known_at) if held else as_state(row)
    lines = rows.find(receivable_lines, receivable_id=id_, order_by=(receivable_lines.c.position,))
    by_then = [credit_notes.c.on <= on, *_recorded(rows, params.known_at)] if past else []
    order = (credit_notes.c.on, credit_notes.c.credit_note_id)
    notes = rows.find(credit_notes, *by_then, receivable_id=id_, order_by=order)
    terms = late_terms(account["terms"])
    late = charges_on(then, terms, on, published(rows, terms))
    return {
        **row,
        "withholdings": [{**tax, "why": withheld(tax)} for tax in row["withholdings"] or ()],
        "lines": [{**line, "why": sentences(line["explanation"])} for line in lines],
        "credit_notes": [{**note, "why": sentences(note["explanation"])} for note in notes],
        "late": {
            "on": on,
            **{name: getattr(late, name) for name in ("days", "fine", "interest", "correction")},
            "unpublished": list(late.unpublished),
        },
        "as_of": _told(row, then, held, late.total) | {"on": on, "known_at": params.known_at},
    }


def _told(row: Mapping[str, Any], then: Receivable, held: Standing | None, late: Decimal) -> dict[str, Any]:
    """How it stood: status, what was contested of it, its due day, what paying it took, and its boletos."""
    contested = then.balance - then.claimable if then.balance > 0 else ZERO
    money_then = {name: getattr(then, name) for name in ("paid", "credited", "written_off", "renegotiated", "balance")}
    overdue = row["overdue_on"] if held is None else held.overdue
    parts = {**money_then, "disputed": then.disputed_whole, "disputed_amount": contested, "overdue_on": overdue}
    return {
        **money_then,
        "cancelled": then.cancelled or ZERO,
        "status": row["status"] if held is None else "cancelled" if then.cancelled else _status(parts),
        "disputed": then.disputed_whole or contested > 0,
        "disputed_amount": contested,
        "due_on": then.due_on,
        "payable": then.balance + late,
        **({} if held is None else {"boletos": held.boletos}),
    }


def as_state(row: Mapping[str, Any]) -> Receivable:
    """The row as the rules see it."""
    names = ("receivable_id", "number", "issued_on", "due_on", "payable_on", "net", "withheld", "month", "imported")
    more = (
        "fine",
        "interest",
        "correction",
        "interest_through",
        "paid",
        "credited",
        "written_off",
        "settled_on",
        "renegotiated",
        "renegotiation_id",
    )
    return Receivable(
        **{name: row[name] for name in (*names, *more, "renegotiation_id")},
        disputed_whole=row["disputed"],
        disputed_lines={key: Decimal(amount) for key, amount in (row["disputed_lines"] or {}).items()},
        cancelled=row["cancelled"] if row["status"] == "cancelled" else None,
    )


def _recorded(rows: Rows, known_at: date | None) -> list[Any]:
    """The condition that a credit note was on record by a day's end: its entries in the ledger were."""
    if known_at is None:
        return []
    entries = select(ledger.c.source_id).where(ledger.c.kind == "credit_note", *known(known_at))
    return [credit_notes.c.credit_note_id.in_(entries)]


def _as_of(row: Mapping[str, Any], rows: Rows, on: date, held: Standing, known_at: date | None) -> Receivable:
    """The receivable as it stood at a day's end: its entries in the ledger until then, as far as they were known."""
    sums = dict.fromkeys(("receivable", "fine", "interest", "payment", "reversal", "credit", "credit_note"), ZERO)
    through = None
    for entry in rows.find(ledger, ledger.c["on"] <= on, *known(known_at), receivable_id=row["receivable_id"]):
        sums[entry["kind"]] = sums.get(entry["kind"], ZERO) + entry["amount"]
        through = max(through or entry["on"], entry["on"]) if entry["kind"] in LATE_KINDS else through
    return replace(
        as_state(row),
        net=sums["receivable"],
        fine=sums["fine"],
        interest=sums["interest"],
        correction=sums.get("correction", ZERO),
        interest_through=through,
        paid=-(sums["payment"] + sums["reversal"] + sums["credit"]),
        credited=-sums["credit_note"],
        written_off=-sums.get("write_off", ZERO),
        cancelled=-sums["cancellation"] if "cancellation" in sums else None,
        renegotiated=-sums.get("renegotiation", ZERO),
        settled_on=None,
        due_on=held.due_on or row["due_on"],
        payable_on=held.payable_on or row["payable_on"],
        disputed_whole=held.disputed_whole,
        disputed_lines=held.disputed_lines,
        overdue=held.overdue,
    )


def late_terms(terms: Mapping[str, Any] | None) -> LateTerms:
    said = (terms or {}).get("late") or {}
    made: LateTerms = from_json_values(said, LateTerms)
    return made
