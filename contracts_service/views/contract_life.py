"""Where contracts stand in their life: suspension, notice, the end, and what was undone of it. Part of ``contracts``."""

from __future__ import annotations

from datetime import date
from typing import Any

from contracts_service.views.contract_tables import contracts
from services.events import Incoming
from services.rows import Rows

_NO_NOTICE = {"notified_on": None, "suspend_on": None, "notice_reason": None, "proposed_on": None}
_NO_LEAVE = {"leave_on": None, "leave_by": None, "leave_last_day": None, "leave_reason": None}
_NO_SUSPENSION = {"suspended_on": None, "suspension_reason": None, "suspension_note": None, "suspension_rules": None}
_NO_END = {"ended_on": None, "end_reason": None, "end_by": None, "end_right": None, "end_fine": None}
_KEPT = ("status", *_NO_SUSPENSION)


def fold_life(event: Incoming, rows: Rows) -> None:
    data = event.data
    match event.type:
        case "contracts.contract.suspension_notified":
            notice = {"notified_on": _day(data["on"]), "suspend_on": _day(data["suspend_on"])}
            _put(event, rows, **notice, notice_reason=data["reason"])
        case "contracts.contract.suspension_withdrawn":
            _put(event, rows, **_NO_NOTICE)
        case "contracts.contract.suspension_proposed":
            _put(event, rows, proposed_on=_day(data["on"]))
        case "contracts.contract.suspended":
            why = {"suspension_reason": data["reason"], "suspension_note": data["note"]}
            rules = {name: data.get(name) for name in ("requests", "visits", "give_back", "taken_over")}
            day = _day(data["on"])
            _change(event, rows, status="suspended", suspended_on=day, suspension_rules=rules, **why, **_NO_NOTICE)
        case "contracts.contract.resumed":
            _change(event, rows, status="active", **_NO_SUSPENSION)
        case "contracts.contract.notice_given":
            leave = {"leave_by": data["by"], "leave_reason": data["reason"], "leave_last_day": _day(data["last_day"])}
            _put(event, rows, leave_on=_day(data["on"]), **leave)
        case "contracts.contract.notice_withdrawn":
            _put(event, rows, **_NO_LEAVE)
        case "contracts.contract.terminated":
            why = {"end_reason": data["reason"], "end_by": data.get("by"), "end_right": data.get("right")}
            end = {"ended_on": _day(data["on"]), "end_fine": data.get("fine"), **why}
            _change(event, rows, status="terminated", **end, **_NO_NOTICE, **_NO_LEAVE)
        case "contracts.contract.expired":
            _change(event, rows, status="expired", ended_on=_day(data["on"]), **_NO_NOTICE, **_NO_LEAVE)
        case (
            "contracts.contract.suspension_undone"
            | "contracts.contract.resumption_undone"
            | "contracts.contract.termination_undone"
            | "contracts.contract.expiry_undone"
        ):
            _back(event, rows)


def _put(event: Incoming, rows: Rows, **values: Any) -> None:
    rows.put(contracts, contract_id=event.data["contract_id"], **values)


def _change(event: Incoming, rows: Rows, **values: Any) -> None:
    """A change of state, which may have to be undone: what stood before is kept."""
    row = rows.get(contracts, contract_id=event.data["contract_id"]) or {}
    was = {name: row.get(name) for name in _KEPT}
    was["suspended_on"] = was["suspended_on"].isoformat() if was["suspended_on"] else None
    _put(event, rows, before=[*(row.get("before") or ()), was], **values)


def _back(event: Incoming, rows: Rows) -> None:
    row = rows.get(contracts, contract_id=event.data["contract_id"]) or {}
    *earlier, was = row.get("before") or [{"status": "active", "suspended_on": None}]
    _put(event, rows, **{**was, "suspended_on": _day(was["suspended_on"])}, **_NO_END, before=earlier)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
