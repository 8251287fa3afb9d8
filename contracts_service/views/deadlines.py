"""What a contract waits for: the end of its term, its tacit renewal, the day of a notified suspension.

Each is a due command, planned anew whenever an event changes what it depends on. Its key carries the version of
that event, so that what was once decided and came to nothing (a renewal while the contract was suspended) runs again.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, String, Table

from contracts_service.domain.contract_commands import (
    ExpireContract,
    RenewTacitly,
    SuspendContract,
    SuspensionReason,
)
from contracts_service.domain.days import day_begins
from contracts_service.views.metadata import METADATA
from services.component import View
from services.due import schedule, unschedule
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText

deadlines = Table(
    "deadlines",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("suspended", Boolean, nullable=False),
    Column("ends_on", Date),
    Column("renewal", String(10), nullable=False),
    Column("notice_days", Integer, nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("suspend_on", Date),
    Column("reason", String(12)),
    Column("keys", JsonText, nullable=False),
)


class DeadlinesView(View):
    name = "deadlines"
    source = "contracts"
    tables = (deadlines,)

    def fold(self, event: Incoming, rows: Rows, *_: Any) -> None:
        change = _change(event)
        if change is None:
            return
        contract_id = event.data["contract_id"]
        row = rows.get(deadlines, contract_id=contract_id) or {"active": True, "suspended": False, "keys": []}
        row |= {"suspend_on": None, "reason": None, **row, **change}
        for key in row["keys"]:
            unschedule(rows, key)
        waits = list(_waits(contract_id, row))
        keys = [f"{kind}:{contract_id}:{event.version}" for kind, _, _ in waits]
        for key, (_, day, command) in zip(keys, waits, strict=True):
            schedule(rows, key=key, at=day_begins(day, row["time_zone"]), command=command)
        rows.put(deadlines, **{**row, "contract_id": contract_id, "keys": keys})


def _change(event: Incoming) -> dict[str, Any] | None:
    """What the event changes of the row; None: nothing that a deadline depends on."""
    data = event.data
    match event.type.removeprefix("contracts.contract."):
        case "activated" | "amended" | "price_adjusted" | "renewed":
            terms = data["terms"]
            names = ("renewal", "notice_days", "time_zone")
            return {"ends_on": _day(terms["ends_on"]), **{name: terms[name] for name in names}}
        case "suspension_notified":
            return {"suspend_on": _day(data["suspend_on"]), "reason": data["reason"]}
        case "suspension_withdrawn":
            return {"suspend_on": None, "reason": None}
        case "suspended":
            return {"suspended": True, "suspend_on": None, "reason": None}
        case "resumed":
            return {"suspended": False}
        case "terminated" | "expired":
            return {"active": False}
    return None


def _waits(contract_id: str, row: dict[str, Any]) -> Any:
    """``(kind, local day, command)`` of everything that the contract waits for."""
    if not row["active"]:
        return
    ends_on: date | None = row["ends_on"]
    if ends_on is not None and row["renewal"] == "none":
        over = ends_on + timedelta(days=1)
        yield "expire", over, ExpireContract(contract_id, day_begins(over, row["time_zone"]))
    if ends_on is not None and row["renewal"] == "tacit" and not row["suspended"]:
        yield "renew", ends_on - timedelta(days=row["notice_days"]), RenewTacitly(contract_id, ends_on)
    if row["suspend_on"] is not None and not row["suspended"]:
        day = row["suspend_on"]
        begins = day_begins(day, row["time_zone"])
        yield "suspend", day, SuspendContract(contract_id, SuspensionReason(row["reason"]), begins, day)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
