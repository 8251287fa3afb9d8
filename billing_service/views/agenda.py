"""Finance's agenda: what is planned or added and not billed yet. Billed charges live on their receivable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text
from sqlalchemy import false as sa_false

from billing_service.domain.explain import sentences
from billing_service.domain.planning import horizon
from billing_service.views.metadata import METADATA, ZERO, day, limited, money
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText, Money

planned_charges = Table(
    "planned_charges",
    METADATA,
    Column("charge_id", String(64), primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("line_id", Text, nullable=True),
    Column("clause", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("period_start", Date, nullable=True),
    Column("period_end", Date, nullable=True),
    Column("bill_on", Date, nullable=False),
    Column("amount", Money, nullable=False),
    Column("planned", Boolean, nullable=False),
    Column("held", Boolean, nullable=False, default=False),
    Column("due_on", Date, nullable=True),
    Column("moved_from", Date, nullable=True),
    Column("reason", Text, nullable=True),
    Column("explanation", JsonText, nullable=False),
    Column("falls_on", Date, nullable=True),
    Index("planned_charges_account", "account_id", "bill_on"),
    Index("planned_charges_day", "bill_on"),
)
"""``falls_on``: the day on which it will be due; of a held one, would be."""

agenda_terms = Table(
    "agenda_terms",
    METADATA,
    Column("account_id", String(64), primary_key=True),
    Column("due_days", Integer, nullable=False),
)
"""What of an account's terms says when a charge falls due."""

planned_months = Table(
    "planned_months",
    METADATA,
    Column("month", String(7), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("amount", Money, nullable=False, default=ZERO),
)
"""What of all accounts falls due in a month and is not held. In parts, so that those who write do not wait for each other."""

COUNTED = tuple(planned_charges.c[name] for name in ("account_id", "amount", "held", "falls_on"))
"""What ``planned_months`` counts of a charge."""

FIRST_TERMS = 2  # an account's second event: nothing is planned that they could void
FIRST_PLAN = 3  # and its third: nothing is planned yet
PARTS = 64


class AgendaView(View):
    name = "agenda"
    source = "billing"
    tables = (planned_charges, agenda_terms, planned_months)

    def prefetch(self, events: list[Incoming], rows: Rows) -> None:
        for event in events:
            for name in ("charges", "lines"):
                told = event.data.get(name)
                if isinstance(told, list):
                    rows.prefetch(planned_charges, [(each["charge_id"],) for each in told if each.get("charge_id")])

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "billing.account.charges_planned":
                if event.version == FIRST_PLAN:
                    rows.absent(planned_charges, [(charge["charge_id"],) for charge in data["charges"]])
                self.prefetch([event], rows)
                for charge in data["charges"]:
                    _put(rows, data["account_id"], charge, planned=True)
            case "billing.charge.added":
                _put(rows, data["account_id"], data, planned=False)
            case "billing.charge.held" | "billing.charge.released":
                _decide(rows, data, held=event.type == "billing.charge.held")
            case "billing.charge.moved":
                bill_on, agreed = day(data, "bill_on"), day(data, "moved_from")
                _decide(rows, data, bill_on=bill_on, moved_from=None if bill_on == agreed else agreed)
            case "billing.charge.due_day_changed":
                _decide(rows, data, due_on=day(data, "due_on"))
            case "billing.account.terms_taken":
                _take_terms(rows, event)
            case "billing.account.planning_stopped":
                _drop_from(rows, data["account_id"], day(data, "on"))
            case "billing.receivable.cancelled":
                back = {"bill_on": data["bill_on"], "held": data["charges"] == "hold", "reason": data["reason"]}
                for line in data["lines"]:
                    planned = line["explanation"]["kind"] in ("period", "once")
                    _put(rows, data["account_id"], {**line, **back}, planned=planned)
            case "billing.charge.corrected":
                _change(rows, data, amount=money(data, "amount"), explanation=data["explanation"])
            case "billing.charge.withdrawn":
                _drop(rows, data["charge_id"])
            case "billing.receivable.issued" if not data.get("imported"):
                for line in data["lines"]:
                    _drop(rows, line["charge_id"])


def _put(rows: Rows, account_id: str, charge: Any, *, planned: bool) -> None:
    _write(
        rows,
        rows.get(planned_charges, charge_id=charge["charge_id"]),
        charge_id=charge["charge_id"],
        account_id=account_id,
        line_id=charge["line_id"],
        clause=charge["clause"],
        description=charge["description"],
        period_start=day(charge, "period_start"),
        period_end=day(charge, "period_end"),
        bill_on=day(charge, "bill_on"),
        amount=money(charge, "amount"),
        planned=planned,
        held=charge.get("held", False),
        due_on=day(charge, "due_on"),
        moved_from=day(charge, "moved_from"),
        reason=(charge.get("reason") if planned or "source_ref" not in charge else None) or None,
        explanation=charge["explanation"],
    )


def _decide(rows: Rows, data: Any, **values: Any) -> None:
    _change(rows, data, **values, reason=data["reason"])


def _change(rows: Rows, data: Any, **values: Any) -> None:
    before = rows.get(planned_charges, charge_id=data["charge_id"])
    if before is not None:
        _write(rows, before, **values)


def _write(rows: Rows, before: Mapping[str, Any] | None, **values: Any) -> None:
    """A charge as it is now, and what its month has more or less for it."""
    row = {**(before or {}), **values}
    terms = rows.get(agenda_terms, account_id=row["account_id"]) or {"due_days": 0}
    row["falls_on"] = row["due_on"] or row["bill_on"] + timedelta(days=terms["due_days"])
    _count(rows, before, -1)
    _count(rows, row, 1)
    rows.put(planned_charges, **{**values, "charge_id": row["charge_id"], "falls_on": row["falls_on"]})


def _drop(rows: Rows, charge_id: str) -> None:
    _count(rows, rows.glance(planned_charges, charge_id=charge_id), -1)
    rows.delete(planned_charges, charge_id=charge_id)


def _count(rows: Rows, row: Mapping[str, Any] | None, sign: int) -> None:
    if row is not None and not row["held"] and row["falls_on"] is not None:
        month, part = row["falls_on"].isoformat()[:7], part_of(row["account_id"])
        rows.add(planned_months, by={"amount": sign * row["amount"]}, month=month, part=part)


def part_of(account_id: str) -> int:
    """Which part of the months an account's charges are counted in."""
    return crc32(account_id.encode()) % PARTS


def _take_terms(rows: Rows, event: Incoming) -> None:
    account_id, due_days = event.data["account_id"], event.data["terms"]["billing"]["due_days"]
    first = event.version <= FIRST_TERMS
    before = None if first else rows.get(agenda_terms, account_id=account_id)
    rows.put(agenda_terms, account_id=account_id, due_days=due_days)
    if not first:
        _drop_from(rows, account_id, day(event.data, "effective_on"))
        if before is None or before["due_days"] != due_days:
            for row in rows.find(planned_charges, account_id=account_id):
                _write(rows, row)


def state_of(row: Mapping[str, Any]) -> str:
    """held, moved (to another bill or due day), added (by finance or by work), or planned."""
    if row["held"]:
        return "held"
    if row["moved_from"] or row["due_on"]:
        return "moved"
    return "planned" if row["planned"] else "added"


def _drop_from(rows: Rows, account_id: str, since: date | None) -> None:
    """Planned charges whose period reaches the day are void: the events say so, and state anew what remains."""
    reaching = planned_charges.c.period_end >= since
    for row in rows.find(planned_charges, reaching, account_id=account_id, planned=True):
        _count(rows, row, -1)
        rows.delete(planned_charges, charge_id=row["charge_id"])


@dataclass(frozen=True, slots=True)
class AgendaParams:
    """``account_id`` or all; ``state``: only held, moved, added or planned ones; ``through``: default the coming twelve
    months; ``after`` is the ``next`` of the page before."""

    account_id: str | None = None
    since: date | None = None
    through: date | None = None
    state: str | None = None
    after: str | None = None
    limit: int | None = None


def agenda(params: AgendaParams, rows: Rows, context: Context) -> dict[str, Any]:
    """What is to be billed, by bill day, each with its explanation."""
    columns, limit = planned_charges.c, limited(params.limit or (1000 if params.account_id else None))
    where = [columns.bill_on >= params.since] if params.since else []
    where.append(columns.bill_on <= (params.through or horizon(context.now.date())))
    where += _in_state(params.state)
    where += [columns.account_id == params.account_id] if params.account_id else []
    if params.after:
        on, _, charge_id = params.after.partition("/")
        last = date.fromisoformat(on)
        where.append((columns.bill_on > last) | ((columns.bill_on == last) & (columns.charge_id > charge_id)))
    found = rows.find(planned_charges, *where, order_by=(columns.bill_on, columns.charge_id), limit=limit)
    items = [{**row, "state": state_of(row), "why": sentences(row["explanation"])} for row in found]
    after = f"{found[-1]['bill_on'].isoformat()}/{found[-1]['charge_id']}" if len(found) == limit else None
    return {"items": items, "next": after}


def _in_state(state: str | None) -> list[Any]:
    columns = planned_charges.c
    moved = columns.moved_from.is_not(None) | columns.due_on.is_not(None)
    return {
        None: [],
        "held": [columns.held],
        "moved": [~columns.held, moved],
        "added": [~columns.held, ~moved, ~columns.planned],
        "planned": [~columns.held, ~moved, columns.planned],
    }.get(state, [sa_false()])
