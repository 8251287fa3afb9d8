"""Billed, received and credited per contract and month: each contract's revenue by itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Integer, String, Table, func, select

from billing_service.views.metadata import METADATA, ZERO, money
from billing_service.views.receivables import receivables as of_receivables
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows
from services.store.types import Money

AMOUNTS = ("billed", "withheld", "received", "credited", "written_off")

contract_months = Table(
    "contract_months",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("receivables", Integer, nullable=False, default=0),
    *(Column(name, Money, nullable=False, default=ZERO) for name in AMOUNTS),
)


class MonthsView(View):
    """``billed`` by the month that was billed; what was received, credited and lost by the month of its day."""

    name = "months"
    source = "billing"
    tables = (contract_months,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "billing.receivable.issued" | "billing.receivable.cancelled" if data.get("renegotiation_id"):
                return  # the same debt in instalments: nothing more was billed
            case "billing.receivable.issued" | "billing.receivable.cancelled" | "billing.credit.granted" if data.get(
                "taken_over"
            ):
                return  # an opening balance is nobody's revenue
            case "billing.receivable.cancelled":
                _add(
                    rows,
                    event,
                    data["month"],
                    billed=-money(data, "gross"),
                    withheld=-money(data, "withheld"),
                    receivables=-1,
                )
            case "billing.receivable.issued":
                _add(
                    rows,
                    event,
                    data["month"],
                    billed=money(data, "gross"),
                    withheld=money(data, "withheld"),
                    receivables=1,
                )
            case "billing.payment.received":
                _add(rows, event, data["on"][:7], received=money(data, "amount"))
            case "billing.payment.reversed":
                _add(rows, event, data["on"][:7], received=-money(data, "amount"))
            case "billing.creditnote.issued":
                _add(rows, event, data["on"][:7], credited=money(data, "amount"))
            case "billing.credit.granted":
                _add(rows, event, data["on"][:7], credited=money(data, "amount"))
            case "billing.credit.refunded":
                _add(rows, event, data["on"][:7], received=-money(data, "amount"))
            case "billing.receivable.written_off":
                _add(rows, event, data["on"][:7], written_off=money(data, "amount"))


def _add(rows: Rows, event: Incoming, month: str, **amounts: Decimal | int) -> None:
    """An account has the id of its contract."""
    rows.add(contract_months, by=amounts, contract_id=event.data["account_id"], month=month)


@dataclass(frozen=True, slots=True)
class TotalsParams:
    """One month, or from ``since`` to ``until``; of one contract or of all."""

    month: str | None = None
    since: str | None = None
    until: str | None = None
    contract_id: str | None = None


def totals(params: TotalsParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Sums per month, and over them: contracts billed, receivables, billed (gross), withheld, net, received, credited,
    written off, and what is open today of the month's receivables."""
    columns = contract_months.c
    where = [columns.month == params.month] if params.month else []
    where += [columns.month >= params.since] if params.since else []
    where += [columns.month <= params.until] if params.until else []
    where += [columns.contract_id == params.contract_id] if params.contract_id else []
    sums = [func.sum(columns[name]).label(name) for name in AMOUNTS]
    contracts = func.count().filter(columns.receivables > 0).label("contracts")
    receivables = func.sum(columns.receivables).label("receivables")
    by_month = select(columns.month, contracts, receivables, *sums).where(*where)
    found = rows.select(by_month.group_by(columns.month).order_by(columns.month))
    open_ = _open(rows, [row["month"] for row in found], params.contract_id)
    items = [{**row, "net": row["billed"] - row["withheld"], "open": open_.get(row["month"], ZERO)} for row in found]
    over = {name: sum((item[name] for item in items), ZERO) for name in (*AMOUNTS, "net", "open")}
    counts = {name: sum(item[name] for item in items) for name in ("contracts", "receivables")}
    return {"months": items, **counts, **over}


def _open(rows: Rows, months: list[str], contract_id: str | None) -> dict[str, Decimal]:
    r = of_receivables.c
    sums: Any = select(r.month, func.sum(r.balance).label("open")).where(
        r.month.in_(months), r.balance > 0, r.taken_over.is_(None)
    )
    sums = sums.where(r.contract_id == contract_id) if contract_id else sums
    return {row["month"]: row["open"] for row in rows.select(sums.group_by(r.month))}
