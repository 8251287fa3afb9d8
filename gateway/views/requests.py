"""Service requests as lists show them: where each stands, and its deadlines. From tickets' events."""

from __future__ import annotations

from typing import Any

from gateway.tables import requests
from gateway.views.reading import instant, readable
from services.component import View
from services.events import Incoming
from services.rows import Rows

_STATUS = {
    "opened": "open",
    "started": "in_progress",
    "waiting": "waiting",
    "resumed": "in_progress",
    "resolved": "resolved",
    "closed": "closed",
    "reopened": "in_progress",
    "cancelled": "cancelled",
    "marked_duplicate": "closed",
}
_PRICE = {
    "price_offered": "offered",
    "price_accepted": "accepted",
    "price_declined": "declined",
    "price_waived": "waived",
    "emergency_invoked": "emergency",
}
_AGREED = ("accepted", "emergency")
_PAUSES = ("waiting", "held", "price")
_OPENED = ("contract_id", "customer_id", "service_type_id", "site_id", "equipment_id", "opened_by", "channel")
_PLACES = ("service_type_id", "site_id", "equipment_id")
_DEADLINE_STATE = {"set": "running", "warned": "warned", "breached": "breached", "met": "met"}


class RequestsView(View):
    name = "requests"
    source = "tickets"
    tables = (requests,)

    def prefetch(self, events: list[Incoming], rows: Rows) -> None:
        rows.prefetch(requests, [(event.data["request_id"],) for event in events if "request_id" in event.data])

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        _, aggregate, happened = event.type.split(".", 2)
        if aggregate == "deadline":
            self._deadline(happened, data, rows)
            return
        if aggregate != "request":
            return
        values = self._happened(happened, data, rows)
        if happened in _STATUS:
            values["status"] = _STATUS[happened]
        if happened == "resolved" and data.get("awaiting_confirmation"):
            values["status"] = "awaiting_confirmation"  # nothing else proves it under the contract
        at = instant(data)
        if at is not None and data.get("visibility") != "internal":
            values["changed_at"] = at  # nor does the hour of an internal note show
        for name in ("contract_id", "customer_id"):
            if data.get(name):
                values[name] = data[name]
        rows.put(requests, request_id=data["request_id"], **values)

    @staticmethod
    def _happened(happened: str, data: Any, rows: Rows) -> dict[str, Any]:
        known = rows.get(requests, request_id=data["request_id"]) or {}
        internal = data.get("visibility") == "internal"
        if (state := _PRICE.get(happened)) is not None:
            kept = state in ("offered", "declined") and known.get("price_state") in _AGREED
            return {} if kept else {"price_state": state}
        match happened:
            case "opened":
                coverage = data.get("coverage") or {}
                return {
                    **{name: data.get(name) for name in _OPENED},
                    "protocol": data.get("protocol"),
                    "priority": data.get("priority"),
                    "coverage": coverage.get("status"),
                    "opened_at": instant(data),
                    "external_ref": data.get("external_ref"),
                    "reopened": 0,
                    "documents": 0,
                    "notes": 0,
                    "internal_notes": 0,
                }
            case "completed":
                return {"category": readable(data.get("category"))}
            case "classified":
                return {"priority": data.get("priority")}
            case "assigned":
                return {"assignee_id": data.get("assignee_id"), "group": data.get("group")}
            case "noted" if internal:
                return {"internal_notes": (known.get("internal_notes") or 0) + 1}
            case "noted":
                return {"notes": (known.get("notes") or 0) + 1}
            case "document_attached" if not internal:
                return {"documents": (known.get("documents") or 0) + 1}
            case "resolved":
                return {"resolved_at": instant(data), "resolution": data.get("resolution")}
            case "closed":
                return {"closed_at": instant(data), "closed_by": data.get("by")}
            case "reopened":
                again = (known.get("reopened") or 0) + 1
                nothing = dict.fromkeys(("resolved_at", "closed_at", "closed_by", "duplicate_of"))
                return {"reopened": again, **nothing}
            case "marked_duplicate":
                return {"closed_at": instant(data), "closed_by": "duplicate", "duplicate_of": data["original_id"]}
            case "field_corrected":
                coverage = {"coverage": data["coverage"]["status"]} if data.get("coverage") else {}
                return {data["field"]: data["value"], **coverage} if data["field"] in _PLACES else coverage
        return {}

    @staticmethod
    def _deadline(happened: str, data: Any, rows: Rows) -> None:
        kind = data.get("kind")
        if kind not in ("response", "resolution") or happened not in _DEADLINE_STATE:
            return
        due_at = instant(data, "due_at")
        state = _DEADLINE_STATE[happened] if due_at is not None else None
        if due_at is None and data.get("cause") in _PAUSES:
            state = "paused"
        rows.put(requests, request_id=data["request_id"], **{f"{kind}_due_at": due_at, f"{kind}_state": state})
