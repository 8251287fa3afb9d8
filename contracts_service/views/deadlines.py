"""What a contract waits for: the end of its term or of a notice, its renewal or the offer of it, a notified suspension.

Each is a due command, planned anew whenever an event changes what it depends on. Its key carries the version of
that event, so that what was once decided and came to nothing (a renewal while the contract was suspended) runs again.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, String, Table

from contracts_service.domain.contract_commands import (
    EndByNotice,
    ExpireContract,
    OfferRenewal,
    RenewTacitly,
    SuspendAfterNotice,
)
from contracts_service.domain.days import day_begins
from contracts_service.views.metadata import METADATA
from services.component import View
from services.due import schedule, unschedule
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText

ONE_DAY = timedelta(days=1)
ACTIVATION = 2  # a contract's second event, where its draft was not changed

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
    Column("leave_on", Date),
    Column("declined_for", Date),
    Column("offered_for", Date),
    Column("offer_days", Integer),
    Column("expired_for", Date),
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


def first_keys(contract_id: str) -> list[str]:
    """Under which of these a contract waits that was just activated."""
    return [f"{kind}:{contract_id}:{ACTIVATION}" for kind in ("expire", "renew", "offer")]


def _change(event: Incoming) -> dict[str, Any] | None:
    """What the event changes of the row; None: nothing that a deadline depends on."""
    data = event.data
    match event.type.removeprefix("contracts.contract."):
        case "activated" | "amended" | "price_adjusted" | "renewed" | "addendum_undone":
            terms = data["terms"]
            names = ("renewal", "notice_days", "time_zone")
            offer = {"offer_days": terms.get("offer_days")}
            return {"ends_on": _day(terms["ends_on"]), **offer, **{name: terms[name] for name in names}}
        case "renewal_undone":
            return {"ends_on": _day(data["ends_on"]), "declined_for": _day(data["ends_on"])}
        case "renewal_offered":
            return {"offered_for": _day(data["ends_on"])}
        case "renewal_declined":
            return {"declined_for": _day(data["ends_on"])}
        case "notice_given":
            return {"leave_on": _day(data["last_day"])}
        case "notice_withdrawn":
            return {"leave_on": None}
        case "suspension_notified":
            return {"suspend_on": _day(data["suspend_on"]), "reason": data["reason"]}
        case "suspension_withdrawn" | "suspension_proposed":
            return {"suspend_on": None, "reason": None}
        case "suspended":
            return {"suspended": True, "suspend_on": None, "reason": None}
        case "resumed" | "suspension_undone":
            return {"suspended": False}
        case "resumption_undone":
            return {"suspended": True}
        case "terminated" | "expired":
            return {"active": False, "leave_on": None}
        case "termination_undone":
            return {"active": True, "suspended": data["status"] == "suspended"}
        case "expiry_undone":  # somebody renews it, or ends it by hand: it would expire again at once
            return {"active": True, "suspended": data["status"] == "suspended", "expired_for": _day(data["on"])}
    return None


def _waits(contract_id: str, row: dict[str, Any]) -> Any:
    """``(kind, local day, command)`` of everything that the contract waits for."""
    if not row["active"]:
        return
    yield from _end_of_term(contract_id, row)
    if row["suspend_on"] is not None and not row["suspended"]:
        day = row["suspend_on"]
        yield "suspend", day, SuspendAfterNotice(contract_id, day_begins(day, row["time_zone"]), day)


def _end_of_term(contract_id: str, row: dict[str, Any]) -> Any:
    ends_on: date | None = row["ends_on"]
    if row.get("leave_on") is not None:
        over = row["leave_on"] + ONE_DAY
        yield "leave", over, EndByNotice(contract_id, day_begins(over, row["time_zone"]))
        return
    if ends_on is None:
        return
    answer_by = ends_on - timedelta(days=row["notice_days"])
    if row["renewal"] == "none" or row.get("declined_for") == ends_on:
        if row.get("expired_for") != ends_on:
            over = ends_on + ONE_DAY
            yield "expire", over, ExpireContract(contract_id, day_begins(over, row["time_zone"]))
    elif row["renewal"] == "tacit" and not row["suspended"]:
        yield "renew", answer_by, RenewTacitly(contract_id, ends_on)
    elif row["renewal"] == "approval" and row.get("offered_for") != ends_on:
        day = answer_by - timedelta(days=row.get("offer_days") or 0)
        yield "offer", day, OfferRenewal(contract_id, ends_on, day_begins(day, row["time_zone"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
