"""Accounts, receivables and payments as lists show them. From billing's events."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gateway.tables import accounts, payments, receivables
from gateway.views.reading import ZERO, day, money
from services.component import View
from services.events import Incoming
from services.rows import Rows

FINAL = ("written_off", "cancelled", "renegotiated")


class MoneyView(View):
    name = "money"
    source = "billing"
    tables = (accounts, receivables, payments)

    def prefetch(self, events: list[Incoming], rows: Rows) -> None:
        ids = {event.data["receivable_id"] for event in events if event.data.get("receivable_id")}
        for event in events:
            ids |= {each["receivable_id"] for each in event.data.get("allocations") or ()}
        rows.prefetch(receivables, [(id_,) for id_ in ids])

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        _, aggregate, happened = event.type.split(".", 2)
        fold = getattr(self, f"_{aggregate}_{happened}", None)
        if fold is not None:
            fold(event.data, rows)

    # -- accounts --------------------------------------------------------------------------------------------------

    def _account_opened(self, data: Any, rows: Rows) -> None:
        rows.put(accounts, account_id=data["account_id"], customer_id=data["customer_id"], opened_on=day(data, "on"))

    def _account_charges_planned(self, data: Any, rows: Rows) -> None:
        rows.put(accounts, account_id=data["account_id"], planned_through=day(data, "through"))

    def _account_planning_stopped(self, data: Any, rows: Rows) -> None:
        rows.put(accounts, account_id=data["account_id"], stopped_on=day(data, "on"))

    def _account_planning_resumed(self, data: Any, rows: Rows) -> None:
        rows.put(accounts, account_id=data["account_id"], stopped_on=None)

    def _account_in_default(self, data: Any, rows: Rows) -> None:
        since, amount = day(data, "since"), money(data, "amount")
        rows.put(accounts, account_id=data["account_id"], in_default_since=since, default_amount=amount)

    def _account_regularised(self, data: Any, rows: Rows) -> None:
        rows.put(accounts, account_id=data["account_id"], in_default_since=None, default_amount=None)

    # -- receivables -----------------------------------------------------------------------------------------------

    def _receivable_issued(self, data: Any, rows: Rows) -> None:
        _change(
            rows,
            data["receivable_id"],
            contract_id=data["contract_id"],
            customer_id=data["customer_id"],
            number=data.get("number"),
            month=data.get("month"),
            issued_on=day(data, "issued_on"),
            due_on=day(data, "due_on"),
            payable_on=day(data, "payable_on"),
            gross=money(data, "gross"),
            withheld=money(data, "withheld"),
            net=money(data, "net"),
            external_ref=data.get("external_ref"),
            imported=bool(data.get("imported")),
            taken_over=data.get("taken_over"),
            renegotiation_id=data.get("renegotiation_id"),
        )

    def _receivable_disputed(self, data: Any, rows: Rows) -> None:
        """The whole of it, or some of its lines: billing knows which."""
        _change(rows, data["receivable_id"], disputed=True)

    def _receivable_dispute_resolved(self, data: Any, rows: Rows) -> None:
        if not data.get("charge_ids"):
            _change(rows, data["receivable_id"], disputed=False)

    def _receivable_cancelled(self, data: Any, rows: Rows) -> None:
        _change(rows, data["receivable_id"], add={"credited": money(data, "amount")}, status="cancelled")

    def _receivable_renegotiated(self, data: Any, rows: Rows) -> None:
        """Owed by instalments that are issued with it."""
        _change(rows, data["receivable_id"], add={"credited": money(data, "amount")}, status="renegotiated")

    def _receivable_overdue(self, data: Any, rows: Rows) -> None:
        _change(rows, data["receivable_id"], overdue_on=day(data, "on"))

    def _receivable_due_day_changed(self, data: Any, rows: Rows) -> None:
        days = {"due_on": day(data, "due_on"), "payable_on": day(data, "payable_on")}
        _change(rows, data["receivable_id"], **days, overdue_on=None)

    def _receivable_late_charges_accrued(self, data: Any, rows: Rows) -> None:
        late = sum((money(data, name) for name in ("fine", "interest", "correction") if name in data), ZERO)
        _change(rows, data["receivable_id"], add={"late_charges": late})

    def _receivable_reminder_sent(self, data: Any, rows: Rows) -> None:
        known = rows.get(receivables, receivable_id=data["receivable_id"]) or {}
        _change(rows, data["receivable_id"], reminders=(known.get("reminders") or 0) + 1)

    def _receivable_settled(self, data: Any, rows: Rows) -> None:
        _change(rows, data["receivable_id"], settled_on=day(data, "on"), days_late=data.get("days_late"))

    def _receivable_written_off(self, data: Any, rows: Rows) -> None:
        _change(rows, data["receivable_id"], add={"credited": money(data, "amount")}, status="written_off")

    # -- money in and back -------------------------------------------------------------------------------------------

    def _payment_received(self, data: Any, rows: Rows) -> None:
        rows.put(
            payments,
            payment_id=data["payment_id"],
            contract_id=data["contract_id"],
            customer_id=data["customer_id"],
            amount=money(data, "amount"),
            received_on=day(data, "on"),
            method=data.get("method"),
            allocations=[dict(each) for each in data.get("allocations") or ()],
            unallocated=money(data, "unallocated"),
        )
        for each in data.get("allocations") or ():
            _change(rows, each["receivable_id"], add={"paid": money(each, "amount")})

    def _payment_reversed(self, data: Any, rows: Rows) -> None:
        rows.put(payments, payment_id=data["payment_id"], reversed_on=day(data, "on"), unallocated=ZERO)
        for each in data.get("allocations") or ():
            _change(rows, each["receivable_id"], add={"paid": -money(each, "amount")}, settled_on=None, days_late=None)

    def _creditnote_issued(self, data: Any, rows: Rows) -> None:
        _change(rows, data["receivable_id"], add={"credited": money(data, "applied")})

    def _credit_refunded(self, data: Any, rows: Rows) -> None:
        for part in data.get("parts") or ():
            known = rows.get(payments, payment_id=part["source_id"])
            if known is not None:
                left = (known.get("unallocated") or ZERO) - money(part, "amount")
                rows.put(payments, payment_id=part["source_id"], unallocated=left)

    def _credit_allocated(self, data: Any, rows: Rows) -> None:
        for each in data.get("allocations") or ():
            _change(rows, each["receivable_id"], add={"paid": money(each, "amount")})  # with money that lay there


def _change(rows: Rows, receivable_id: str, *, add: dict[str, Decimal] | None = None, **values: Any) -> None:
    """Put and add, then say again what follows: balance and status."""
    row = rows.get(receivables, receivable_id=receivable_id) or {}
    for name, amount in (add or {}).items():
        values[name] = (row.get(name) or ZERO) + amount
    row = {**row, **values}
    parts = {name: row.get(name) or ZERO for name in ("net", "late_charges", "paid", "credited")}
    balance = parts["net"] + parts["late_charges"] - parts["paid"] - parts["credited"]
    if row.get("status") not in FINAL:
        late = "overdue" if row.get("overdue_on") else "open"
        values["status"] = "settled" if row.get("settled_on") else late
    rows.put(receivables, receivable_id=receivable_id, **values, balance=balance)
