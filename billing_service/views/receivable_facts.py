"""What happened to a receivable that moves no money: disputes, due days, marks, boletos. With their day and when they were
recorded, so that a receivable can be shown as it stood on a day, and as it was believed to stand on another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Date, Index, String, Table

from billing_service.domain.localtime import first_instant
from billing_service.views.metadata import METADATA, ZONE, day
from services.component import View
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText, UtcDateTime

receivable_facts = Table(
    "receivable_facts",
    METADATA,
    Column("fact_id", String(64), primary_key=True),
    Column("receivable_id", String(64), nullable=False),
    Column("on", Date, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("data", JsonText, nullable=True),
    Index("receivable_facts_receivable", "receivable_id", "recorded_at"),
)

KEPT: Mapping[str, tuple[str, ...]] = {
    "billing.receivable.disputed": ("reason", "lines"),
    "billing.receivable.dispute_resolved": ("charge_ids",),
    "billing.receivable.due_day_changed": ("due_on", "payable_on", "was_due_on", "was_payable_on"),
    "billing.receivable.cancelled": (),
    "billing.receivable.overdue": (),
    "billing.boleto.made": ("boleto_id",),
    "billing.boleto.remitted": ("boleto_id", "movement"),
    "billing.boleto.registered": ("boleto_id",),
    "billing.boleto.rejected": ("boleto_id", "instruction"),
    "billing.boleto.paid": ("boleto_id",),
    "billing.boleto.cancelled": ("boleto_id",),
}
"""Event → what of it is kept."""


class ReceivableFactsView(View):
    name = "receivable_facts"
    source = "billing"
    tables = (receivable_facts,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        if (names := KEPT.get(event.type)) is None:
            return
        rows.put(
            receivable_facts,
            fact_id=event.id,
            receivable_id=event.data["receivable_id"],
            on=day(event.data, "on"),
            recorded_at=event.at,
            kind=event.type.removeprefix("billing."),
            data={name: event.data.get(name) for name in names} or None,
        )


@dataclass
class Standing:
    """``due_on``, ``payable_on``: ``None``: as it was issued, and never changed. ``boletos``: id → how far it had come."""

    due_on: date | None = None
    payable_on: date | None = None
    disputed_whole: bool = False
    disputed_lines: dict[str, Decimal] = field(default_factory=dict)
    reason: str | None = None
    overdue: bool = False
    boletos: dict[str, str] = field(default_factory=dict)


def standing(rows: Rows, receivable_id: str, on: date, known_at: date | None) -> Standing:
    """What held at a day's end, by what was on record at the end of another (default: by all that is)."""
    ends = None if known_at is None else first_instant(known_at + timedelta(days=1), ZONE)
    order = (receivable_facts.c.recorded_at, receivable_facts.c.fact_id)
    found, later = Standing(), None
    for row in rows.find(receivable_facts, receivable_id=receivable_id, order_by=order):
        if row["on"] <= on and (ends is None or row["recorded_at"] < ends):
            _happened(found, row["kind"], row["data"] or {})
        elif row["kind"] == "receivable.due_day_changed" and later is None:
            later = row["data"]
    if found.due_on is None and later is not None:  # before it was changed
        found.due_on, found.payable_on = day(later, "was_due_on"), day(later, "was_payable_on")
    return found


def _happened(found: Standing, kind: str, data: Mapping[str, Any]) -> None:
    match kind:
        case "receivable.disputed":
            lines = data.get("lines") or ()
            found.disputed_whole = found.disputed_whole or not lines
            found.disputed_lines |= {line["charge_id"]: Decimal(line["amount"]) for line in lines}
            found.reason = data["reason"]
        case "receivable.dispute_resolved" if data.get("charge_ids"):
            for charge_id in data["charge_ids"]:
                found.disputed_lines.pop(charge_id, None)
        case "receivable.dispute_resolved" | "receivable.cancelled":
            found.disputed_whole, found.disputed_lines = False, {}
        case "receivable.due_day_changed":
            found.due_on, found.payable_on, found.overdue = day(data, "due_on"), day(data, "payable_on"), False
        case "receivable.overdue":
            found.overdue = True
        case "boleto.remitted" if data["movement"] != "register":
            pass  # an instruction: it lives on
        case "boleto.rejected" if data["instruction"]:
            pass
        case _:
            found.boletos[data["boleto_id"]] = kind.removeprefix("boleto.")


__all__ = ["ReceivableFactsView", "Standing", "receivable_facts", "standing"]
