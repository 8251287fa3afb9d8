"""Finance's agenda: what is planned or added and not billed yet. Billed charges live on their receivable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text
from sqlalchemy import false as sa_false

from billing_service.domain.explain import sentences
from billing_service.domain.planning import horizon
from billing_service.views.metadata import METADATA, ZERO, day, limited, money
from services.component import Context, View
from services.cursors import day_place
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

COUNTED = tuple(planned_charges.c[name] for name in ("amount", "held", "falls_on"))
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
        charges = _Charges(rows, data.get("account_id", ""))
        match event.type:
            case "billing.account.charges_planned":
                if event.version == FIRST_PLAN:
                    rows.absent(planned_charges, [(charge["charge_id"],) for charge in data["charges"]])
                else:
                    self.prefetch([event], rows)
                for charge in data["charges"]:
                    charges.put(charge, planned=True)
            case "billing.charge.added":
                charges.put(data, planned=False)
            case "billing.charge.held" | "billing.charge.released":
                charges.decide(data, held=event.type == "billing.charge.held")
            case "billing.charge.moved":
                bill_on, agreed = day(data, "bill_on"), day(data, "moved_from")
                charges.decide(data, bill_on=bill_on, moved_from=None if bill_on == agreed else agreed)
            case "billing.charge.due_day_changed":
                charges.decide(data, due_on=day(data, "due_on"))
            case "billing.account.terms_taken":
                _take_terms(charges, event)
            case "billing.account.planning_stopped":
                charges.drop_from(day(data, "on"))
            case "billing.receivable.cancelled":
                back = {"bill_on": data["bill_on"], "held": data["charges"] == "hold", "reason": data["reason"]}
                for line in data["lines"]:
                    planned = line["explanation"]["kind"] in ("period", "once")
                    charges.put({**line, **back}, planned=planned)
            case "billing.charge.corrected":
                charges.change(data["charge_id"], amount=money(data, "amount"), explanation=data["explanation"])
            case "billing.charge.withdrawn":
                charges.drop(data["charge_id"])
            case "billing.receivable.issued" if not (data.get("imported") or data.get("taken_over")):
                for line in data["lines"]:
                    charges.drop(line["charge_id"])
        charges.count()


class _Charges:
    """An account's charges in one fold, and what their months have more or less for it."""

    def __init__(self, rows: Rows, account_id: str) -> None:
        self.rows, self.account_id = rows, account_id
        self._months: dict[str, Decimal] = {}
        self._due_days: int | None = None

    @property
    def due_days(self) -> int:
        if self._due_days is None:
            self._due_days = (self.rows.get(agenda_terms, account_id=self.account_id) or {"due_days": 0})["due_days"]
        return self._due_days

    def put(self, charge: Any, *, planned: bool) -> None:
        self._write(
            self.rows.get(planned_charges, charge_id=charge["charge_id"]),
            charge_id=charge["charge_id"],
            account_id=self.account_id,
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

    def decide(self, data: Any, **values: Any) -> None:
        self.change(data["charge_id"], **values, reason=data["reason"])

    def change(self, charge_id: str, **values: Any) -> None:
        before = self.rows.get(planned_charges, charge_id=charge_id)
        if before is not None:
            self._write(before, **{**before, **values})

    def drop(self, charge_id: str) -> None:
        self._tell(self.rows.glance(planned_charges, charge_id=charge_id), -1)
        self.rows.delete(planned_charges, charge_id=charge_id)

    def drop_from(self, since: date | None) -> None:
        """Planned charges whose period reaches the day are void: the events say so, and state anew what remains."""
        reaching = planned_charges.c.period_end >= since
        for row in self.rows.find(planned_charges, reaching, account_id=self.account_id, planned=True):
            self._tell(row, -1)
            self.rows.delete(planned_charges, charge_id=row["charge_id"])

    def reckon(self) -> None:
        """All of them again, by the terms as they are now."""
        for row in self.rows.find(planned_charges, account_id=self.account_id):
            self._write(row, **row)

    def count(self) -> None:
        """Write what the months have more or less."""
        for month, amount in self._months.items():
            if amount:
                self.rows.add(planned_months, by={"amount": amount}, month=month, part=part_of(self.account_id))

    def _write(self, before: Mapping[str, Any] | None, **values: Any) -> None:
        values["falls_on"] = values["due_on"] or values["bill_on"] + timedelta(days=self.due_days)
        self._tell(before, -1)
        self._tell(values, 1)
        self.rows.put(planned_charges, **values)

    def _tell(self, row: Mapping[str, Any] | None, sign: int) -> None:
        if row is not None and not row["held"] and row["falls_on"] is not None:
            month = row["falls_on"].isoformat()[:7]
            self._months[month] = self._months.get(month, ZERO) + sign * row["amount"]


def part_of(account_id: str) -> int:
    """Which part of the months an account's charges are counted in."""
    return crc32(account_id.encode()) % PARTS


def _take_terms(charges: _Charges, event: Incoming) -> None:
    rows, account_id = charges.rows, charges.account_id
    due_days, first = event.data["terms"]["billing"]["due_days"], event.version <= FIRST_TERMS
    before = None if first else rows.get(agenda_terms, account_id=account_id)
    rows.put(agenda_terms, account_id=account_id, due_days=due_days)
    if not first:
        charges.drop_from(day(event.data, "effective_on"))
        if before is None or before["due_days"] != due_days:
            charges.reckon()


def state_of(row: Mapping[str, Any]) -> str:
    """held, moved (to another bill or due day), added (by finance or by work), or planned."""
    if row["held"]:
        return "held"
    if row["moved_from"] or row["due_on"]:
        return "moved"
    return "planned" if row["planned"] else "added"


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
    """What is to be billed, by bill day, each with its contract's number and its explanation."""
    columns, limit = planned_charges.c, limited(params.limit or (1000 if params.account_id else None))
    where = [columns.bill_on >= params.since] if params.since else []
    where.append(columns.bill_on <= (params.through or horizon(context.now.date())))
    where += _in_state(params.state)
    where += [columns.account_id == params.account_id] if params.account_id else []
    if params.after:
        last, charge_id = day_place(params.after)
        where.append((columns.bill_on > last) | ((columns.bill_on == last) & (columns.charge_id > charge_id)))
    found = rows.find(planned_charges, *where, order_by=(columns.bill_on, columns.charge_id), limit=limit)
    accounts = METADATA.tables["accounts"]  # its module reads this one
    of_accounts = sorted({row["account_id"] for row in found})
    numbers = {
        row["account_id"]: row["contract_number"] for row in rows.find(accounts, accounts.c.account_id.in_(of_accounts))
    }
    items = [
        {
            **row,
            "contract_id": row["account_id"],
            "contract_number": numbers.get(row["account_id"]),
            "state": state_of(row),
            "why": sentences(row["explanation"]),
        }
        for row in found
    ]
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
