"""Payments, and what each of them paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Index, String, Table, Text

from billing_service.views.metadata import METADATA, ZERO, day, found, limited, money
from services.component import Context, View
from services.cursors import day_place
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText, Money

payments = Table(
    "payments",
    METADATA,
    Column("payment_id", String(64), primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("contract_id", String(64), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("on", Date, nullable=False),
    Column("amount", Money, nullable=False),
    Column("method", Text, nullable=False),
    Column("allocations", JsonText, nullable=False),
    Column("unallocated", Money, nullable=False),
    Column("reversed_on", Date, nullable=True),
    Column("reversal_reason", Text, nullable=True),
    Column("whole_id", String(64), nullable=True, index=True),
    Index("payments_account", "account_id", "on"),
)


class PaymentsView(View):
    name = "payments"
    source = "billing"
    tables = (payments,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "billing.payment.received":
                names = ("payment_id", "account_id", "contract_id", "customer_id", "method", "allocations")
                amounts = {name: money(data, name) for name in ("amount", "unallocated")}
                values = {**{name: data[name] for name in names}, "whole_id": data.get("whole_id")}
                rows.put(payments, **values, **amounts, on=day(data, "on"))
            case "billing.payment.reversed":
                reversed_ = {"reversed_on": day(data, "on"), "reversal_reason": data["reason"]}
                rows.put(payments, payment_id=data["payment_id"], allocations=[], unallocated=ZERO, **reversed_)
            case "billing.credit.refunded":
                for part in data["parts"]:
                    row = rows.get(payments, payment_id=part["source_id"])
                    if row is not None:
                        left = row["unallocated"] - money(part, "amount")
                        rows.put(payments, payment_id=part["source_id"], unallocated=left)
            case "billing.credit.allocated":
                for use in data["allocations"]:
                    _use(rows, use)


def _use(rows: Rows, use: Any) -> None:
    """Credit that a payment had left, put on a receivable later (a credit note's has no row here)."""
    row = rows.get(payments, payment_id=use["source_id"])
    if row is None:
        return
    allocations = [*row["allocations"], {"receivable_id": use["receivable_id"], "amount": use["amount"]}]
    left = row["unallocated"] - money(use, "amount")
    rows.put(payments, payment_id=use["source_id"], allocations=allocations, unallocated=left)


@dataclass(frozen=True, slots=True)
class PaymentsParams:
    account_id: str | None = None
    since: date | None = None
    until: date | None = None
    after: str | None = None
    limit: int | None = None
    payment_id: str | None = None


def list_payments(params: PaymentsParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Payments, newest first. ``after`` is the ``next`` of the page before."""
    columns, limit = payments.c, limited(params.limit)
    named = {"account_id": params.account_id, "payment_id": params.payment_id}
    equals = {name: value for name, value in named.items() if value}
    where = [columns["on"] >= params.since] if params.since else []
    where += [columns["on"] <= params.until] if params.until else []
    if params.after:
        last, payment_id = day_place(params.after)
        where.append((columns["on"] < last) | ((columns["on"] == last) & (columns.payment_id > payment_id)))
    order = (columns["on"].desc(), columns.payment_id)
    items = rows.find(payments, *where, order_by=order, limit=limit, **equals)
    after = f"{items[-1]['on'].isoformat()}/{items[-1]['payment_id']}" if len(items) == limit else None
    return {"items": items, "next": after}


@dataclass(frozen=True, slots=True)
class PartsParams:
    payment_id: str


def payment_parts(params: PartsParams, rows: Rows, context: Context) -> dict[str, Any]:
    """One payment for several contracts: what each of them got, what that paid, and what is left as credit."""
    parts = rows.find(payments, whole_id=params.payment_id, order_by=(payments.c.account_id,))
    found(parts[0] if parts else None, "payment.unknown", payment_id=params.payment_id)
    names = ("payment_id", "contract_id", "amount", "allocations", "unallocated", "reversed_on")
    return {
        "payment_id": params.payment_id,
        "customer_id": parts[0]["customer_id"],
        "on": parts[0]["on"],
        "method": parts[0]["method"],
        "amount": sum((part["amount"] for part in parts), ZERO),
        "parts": [{name: part[name] for name in names} for part in parts],
    }
