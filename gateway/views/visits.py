"""Visits as calendars show them. From tickets' events."""

from __future__ import annotations

from typing import Any

from gateway.tables import visits
from gateway.views.reading import day, instant
from services.component import View
from services.events import Incoming
from services.rows import Rows

_PLANNED = (
    "contract_id", "customer_id", "service_type_id", "site_id", "request_id", "technician_id", "kind", "opens", "closes",
    "time_zone", "description", "equipment_ids",
)  # fmt: skip
_STATUSES = frozenset({"planned", "started", "done", "missed", "cancelled"})


class VisitsView(View):
    name = "visits"
    source = "tickets"
    tables = (visits,)

    def prefetch(self, events: list[Incoming], rows: Rows) -> None:
        rows.prefetch(visits, [(event.data["visit_id"],) for event in events if "visit_id" in event.data])

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        _, aggregate, happened = event.type.split(".", 2)
        if aggregate != "visit":
            return
        data = event.data
        values: dict[str, Any] = {"changed_at": instant(data), "customer_id": data["customer_id"]}
        known = rows.get(visits, visit_id=data["visit_id"]) or {}
        if happened in _STATUSES and (happened, known.get("status")) != ("started", "done"):  # a start may come last
            values["status"] = happened
        match happened:
            case "planned":
                values |= {name: data.get(name) for name in _PLANNED} | {"on": day(data, "on")}
            case "moved":
                days = {name: day(data, name) for name in ("on", "former_on")}
                values |= days | {name: data[name] for name in ("opens", "closes", "reason")}
                values["moved_by"] = data["by"]
            case "assigned" | "done":
                values["technician_id"] = data["technician_id"]
            case "started" if data["technician_id"]:
                values["technician_id"] = data["technician_id"]
            case "missed":
                values["reason"] = data["reason"]
            case "cancelled":
                values["reason"] = data["reason"] or data["cause"]
        rows.put(visits, **{**values, "visit_id": data["visit_id"], "contract_id": data["contract_id"]})
