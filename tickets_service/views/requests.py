"""Requests: one row each with status, people, deadlines and counts, and the questions over them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from services.component import View
from services.events import Incoming
from services.rows import Rows
from tickets_service.domain.agreement import DEFAULT_TIME_ZONE
from tickets_service.domain.calendar import local_date
from tickets_service.domain.pricing import CENT, ZERO
from tickets_service.domain.state import AWAITING, RESOLVED
from tickets_service.tables import protocol_numbers, recorded_works, requests

Row = dict[str, Any]
PLACES = ("service_type_id", "site_id", "equipment_id")
PRICE_STATES = {
    "request.price_offered": "offered",
    "request.price_accepted": "accepted",
    "request.price_declined": "declined",
    "request.price_waived": "waived",
    "request.emergency_invoked": "emergency",
}
ALSO = ("request.item_checked",)
CHARGED_ON_VISITS = ("tickets.visit.done", "tickets.visit.part_used")
COUNTS = {"resolution": 0, "reopenings": 0, "waitings": 0, "works": 0}


class RequestsView(View):
    name = "requests"
    source = "tickets"
    tables = (requests, protocol_numbers, recorded_works)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        if event.type in CHARGED_ON_VISITS and event.data.get("request_id"):
            request_id = event.data["request_id"]
            before = self._row(event.data, rows).get("charged_visits") or ZERO
            rows.put(requests, request_id=request_id, charged_visits=before + charged_of(event.data))
            return
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
            case "request.warned" | "request.escalated":
                return {f"{data['kind']}_level": data["level"]}
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
                names = ("work_id", "request_id", "service_type_id")
                day, charged = date.fromisoformat(data["performed_on"]), charged_of(data)
                rows.put(recorded_works, **{name: data[name] for name in names}, performed_on=day, charged=charged)
                charged += self._row(data, rows).get("charged_works") or ZERO
                return {**self._one_more(data, rows, "works"), "charged_works": charged, "updated_at": at}
            case "request.part_used" | "request.part_corrected":
                return {**self._part(data, rows), "updated_at": at}
            case "request.work_corrected":
                before = (rows.get(recorded_works, work_id=data["work_id"]) or {}).get("charged") or ZERO
                charged = (self._row(data, rows).get("charged_works") or ZERO) + charged_of(data) - before
                rows.put(recorded_works, work_id=data["work_id"], charged=charged_of(data))
                return {"charged_works": charged, "updated_at": at}
            case "request.resolved":
                done_as = AWAITING if data.get("awaiting_confirmation") else RESOLVED
                done = {"status": done_as, "resolved_at": at, "ended_at": at, "resolution": data["resolution"]}
                return {**done, **self._responded(data, rows), "updated_at": at}
            case "request.closed":
                ended = self._row(data, rows).get("ended_at") or at
                return {"status": "closed", "closed_by": data["by"], "ended_at": ended, "updated_at": at}
            case "request.reopened":
                more = self._one_more(data, rows, "reopenings")
                gone = dict.fromkeys(("ended_at", "closed_by", "duplicate_of", "resolution_level"))
                again = {"status": "in_progress", **gone}
                return {**again, **more, "updated_at": at}
            case "request.marked_duplicate":
                pointer = {"closed_by": "duplicate", "duplicate_of": data["original_id"]}
                return {"status": "closed", "ended_at": at, **pointer, "updated_at": at}
            case "request.field_corrected":
                named = {data["field"]: data["value"]} if data["field"] in PLACES else {}
                coverage = {"coverage_status": data["coverage"]["status"]} if data.get("coverage") else {}
                return {**named, **coverage, "updated_at": at}
            case "request.cancelled":
                return {"status": "cancelled", "ended_at": at, "updated_at": at}
        if (state := PRICE_STATES.get(kind)) is not None:
            return {**self._price(kind, state, data, rows), "updated_at": at}
        if kind in ALSO:
            return {"updated_at": at}
        return None

    def _price(self, kind: str, state: str, data: Any, rows: Rows) -> Row:
        """An offer does not undo what was accepted, or an emergency, until it is accepted itself."""
        known = self._row(data, rows)
        match state:
            case "offered" if known.get("price_state") in ("accepted", "emergency"):
                return {}
            case "declined" if known.get("price_state") in ("accepted", "emergency"):
                return {}
            case "offered":
                return {"price_state": state, "price_unit": Decimal(data["unit_price"])}
            case "accepted":
                unit, ceiling = Decimal(data["unit_price"]), data["ceiling"]
                bound = None if ceiling is None else Decimal(ceiling)
                return {"price_state": state, "price_unit": unit, "price_bound": bound}
            case "emergency":
                return {"price_state": state, "price_bound": Decimal(data["limit"])}
        return {"price_state": state}

    def _part(self, data: Any, rows: Rows) -> Row:
        """What parts are charged by an acceptance or limit counts with the work."""
        before = rows.get(recorded_works, work_id=data["part_id"]) or {}
        charged = charged_of(data)
        of = {"work_id": data["part_id"], "request_id": data["request_id"], "line_id": data.get("line_id")}
        day = data.get("used_on")
        rows.put(recorded_works, **of, performed_on=date.fromisoformat(day) if day else None, charged=charged)
        sum_of = self._row(data, rows).get("charged_works") or ZERO
        return {"charged_works": sum_of + charged - (before.get("charged") or ZERO)}

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
            "month": (data.get("opened_on") or str(local_date(at, DEFAULT_TIME_ZONE)) if at else "")[:7] or None,
            "updated_at": at,
            "historical": event.historical,
            **COUNTS,
        }

    def _deadline(self, kind: str, data: Any) -> Row:
        clock, due = data["kind"], _instant(data.get("due_at"))
        match kind:
            case "deadline.measured":
                waited = {"waited_seconds": data["waited_seconds"]} if clock == "resolution" else {}
                return {f"{clock}_seconds": data["took_seconds"], **waited}
            case "deadline.set":
                outcome = (
                    "running"
                    if due
                    else ("paused" if data["cause"] not in ("cancelled", "duplicate") and data["minutes"] else None)
                )
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


def charged_of(data: Any) -> Decimal:
    """What of recorded work or a visit is charged by an acceptance or the emergency clause."""
    if data.get("charge") not in ("accepted", "emergency") or data["unit_price"] is None:
        return ZERO
    quantity = data["beyond_quantity"] if "beyond_quantity" in data else data["quantity"]  # of a part: all of it
    amount = (Decimal(quantity) * Decimal(data["unit_price"])).quantize(CENT, ROUND_HALF_UP)
    return amount if data["charge_limit"] is None else min(amount, Decimal(data["charge_limit"]))


def next_protocol(rows: Rows, year: int) -> str:
    """The next protocol number of a year: "2026-000123"."""
    row = rows.get(protocol_numbers, year=year)
    return f"{year}-{(row['last'] if row else 0) + 1:06d}"


def request_row(rows: Rows, request_id: str) -> Row | None:
    return rows.get(requests, request_id=request_id)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
