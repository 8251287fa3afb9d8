"""Requests: one row each with status, people, deadlines and counts, and the questions over them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.component import View
from services.events import Incoming
from services.rows import Rows
from tickets_service.tables import protocol_numbers, requests

Row = dict[str, Any]
COUNTS = {"resolution": 0, "reopenings": 0, "waitings": 0, "works": 0}


class RequestsView(View):
    name = "requests"
    source = "tickets"
    tables = (requests, protocol_numbers)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        changes = self._changes(event, rows)
        if changes is None:
            return
        data = event.data
        ids = {key: data[key] for key in ("request_id", "contract_id", "customer_id")}
        rows.put(requests, **ids, **changes)

    def _changes(self, event: Incoming, rows: Rows) -> Row | None:
        data, at = event.data, _instant(event.data.get("at"))
        kind = event.type.removeprefix("tickets.")
        if kind.startswith("deadline."):
            return self._deadline(kind, data)
        match kind:
            case "request.opened":
                return self._opened(event, rows)
            case "request.completed":
                return {"category": data["category"], "updated_at": at}
            case "request.classified":
                return {"priority": data["priority"], "updated_at": at}
            case "request.assigned":
                return {"assignee_id": data["assignee_id"], "assignee_group": data.get("group"), "updated_at": at}
            case "request.started":
                return {"status": "in_progress", **self._responded(data, rows), "updated_at": at}
            case "request.waiting":
                more = self._responded(data, rows) | self._one_more(data, rows, "waitings")
                return {"status": "waiting", **more, "updated_at": at}
            case "request.resumed":
                return {"status": "in_progress", "updated_at": at}
            case "request.held" | "request.released":
                return {"held": kind == "request.held", "updated_at": at}
            case "request.noted":
                answers = data["side"] == "provider" and data["visibility"] == "public"
                return {**(self._responded(data, rows) if answers else {}), "updated_at": at}
            case "request.document_attached":
                return {"updated_at": at}
            case "request.work_recorded":
                return {**self._one_more(data, rows, "works"), "updated_at": at}
            case "request.resolved":
                done = {"status": "resolved", "resolved_at": at, "ended_at": at, "resolution": data["resolution"]}
                return {**done, **self._responded(data, rows), "updated_at": at}
            case "request.closed":
                ended = self._row(data, rows).get("ended_at") or at
                return {"status": "closed", "closed_by": data["by"], "ended_at": ended, "updated_at": at}
            case "request.reopened":
                more = self._one_more(data, rows, "reopenings")
                return {"status": "in_progress", "ended_at": None, "closed_by": None, **more, "updated_at": at}
            case "request.cancelled":
                return {"status": "cancelled", "ended_at": at, "updated_at": at}
        return None

    def _opened(self, event: Incoming, rows: Rows) -> Row:
        data, at = event.data, _instant(event.data["at"])
        if data["protocol"]:
            year, number = data["protocol"].split("-")
            rows.put(protocol_numbers, year=int(year), last=int(number))
        copied = ("protocol", "external_ref", "service_type_id", "site_id", "equipment_id", "opened_by", "entered_by")
        return {
            **{key: data.get(key) for key in copied},
            "channel": data["channel"],
            "priority": data["priority"],
            "status": "open",
            "coverage_status": (data.get("coverage") or {}).get("status"),
            "opened_at": at,
            "updated_at": at,
            "historical": event.historical,
            **COUNTS,
        }

    def _deadline(self, kind: str, data: Any) -> Row:
        clock, due = data["kind"], _instant(data["due_at"])
        match kind:
            case "deadline.set":
                outcome = "running" if due else ("paused" if data["cause"] in ("waiting", "held") else None)
                return {f"{clock}_due_at": due, f"{clock}_outcome": outcome}
            case "deadline.met" | "deadline.breached":
                return {f"{clock}_due_at": due, f"{clock}_outcome": kind.removeprefix("deadline.")}
        return {}

    def _responded(self, data: Any, rows: Rows) -> Row:
        known = self._row(data, rows).get("responded_at")
        return {} if known else {"responded_at": _instant(data["at"])}

    def _one_more(self, data: Any, rows: Rows, count: str) -> Row:
        return {count: (self._row(data, rows).get(count) or 0) + 1}

    def _row(self, data: Any, rows: Rows) -> Row:
        return rows.get(requests, request_id=data["request_id"]) or {}


def next_protocol(rows: Rows, year: int) -> str:
    """The next protocol number of a year: "2026-000123"."""
    row = rows.get(protocol_numbers, year=year)
    return f"{year}-{(row['last'] if row else 0) + 1:06d}"


def request_row(rows: Rows, request_id: str) -> Row | None:
    return rows.get(requests, request_id=request_id)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
