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
}
_OPENED = ("contract_id", "customer_id", "service_type_id", "site_id", "equipment_id", "opened_by", "channel")
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
        at = instant(data)
        if at is not None:
            values["changed_at"] = at
        for name in ("contract_id", "customer_id"):
            if data.get(name):
                values[name] = data[name]
        rows.put(requests, request_id=data["request_id"], **values)

    @staticmethod
    def _happened(happened: str, data: Any, rows: Rows) -> dict[str, Any]:
        known = rows.get(requests, request_id=data["request_id"]) or {}
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
                }
            case "completed":
                return {"category": readable(data.get("category"))}
            case "classified":
                return {"priority": data.get("priority")}
            case "assigned":
                return {"assignee_id": data.get("assignee_id"), "group": data.get("group")}
            case "noted":
                return {"notes": (known.get("notes") or 0) + 1}
            case "document_attached":
                return {"documents": (known.get("documents") or 0) + 1}
            case "resolved":
                return {"resolved_at": instant(data), "resolution": data.get("resolution")}
            case "closed":
                return {"closed_at": instant(data), "closed_by": data.get("by")}
            case "reopened":
                again = (known.get("reopened") or 0) + 1
                return {"reopened": again, "resolved_at": None, "closed_at": None, "closed_by": None}
        return {}

    @staticmethod
    def _deadline(happened: str, data: Any, rows: Rows) -> None:
        kind = data.get("kind")
        if kind not in ("response", "resolution") or happened not in _DEADLINE_STATE:
            return
        due_at = instant(data, "due_at")
        state = _DEADLINE_STATE[happened] if due_at is not None else None
        if due_at is None and data.get("cause") == "waiting":
            state = "paused"
        rows.put(requests, request_id=data["request_id"], **{f"{kind}_due_at": due_at, f"{kind}_state": state})
