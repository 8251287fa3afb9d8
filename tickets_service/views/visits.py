"""Visits: one row each, and the command that plans further when a month has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from services.component import Context, View
from services.due import schedule, unschedule
from services.errors import NotFound
from services.events import Incoming
from services.rows import Rows
from tickets_service.domain.visit_messages import PlanVisits
from tickets_service.domain.visit_plans import month_end
from tickets_service.tables import visits

COPIED = (
    "kind", "opens", "closes", "time_zone", "service_type_id", "description", "site_id", "equipment_ids",
    "request_id", "plan_id", "technician_id",
)  # fmt: skip
MORNING = time(5, tzinfo=UTC)


class VisitsView(View):
    name = "visits"
    source = "tickets"
    tables = (visits,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        kind = event.type.removeprefix("tickets.")
        if kind.startswith("visitplan."):
            _timer(kind, event, rows)
        elif kind.startswith("visit.") and (changes := _changes(kind, event.data, _row(rows, event.data))) is not None:
            ids = {name: event.data[name] for name in ("visit_id", "contract_id", "customer_id")}
            rows.put(visits, **ids, **changes)


def _changes(kind: str, data: Any, row: dict[str, Any]) -> dict[str, Any] | None:
    match kind:
        case "visit.planned":
            return {**{name: data[name] for name in COPIED}, "status": "planned", "on": date.fromisoformat(data["on"])}
        case "visit.moved":
            days = {name: date.fromisoformat(data[name]) for name in ("on", "former_on")}
            return {**days, **{name: data[name] for name in ("opens", "closes", "reason")}, "moved_by": data["by"]}
        case "visit.assigned":
            return {"technician_id": data["technician_id"]}
        case "visit.started":
            # Its end may have come before: then only the time is new.
            status = {} if row.get("status") == "done" else {"status": "started"}
            started = status | {"started_at": _happened(data)}
            return started | ({"technician_id": data["technician_id"]} if data["technician_id"] else {})
        case "visit.done":
            return {"status": "done", "ended_at": _happened(data), "technician_id": data["technician_id"]}
        case "visit.missed":
            return {"status": "missed", "reason": data["reason"], "ended_at": _happened(data)}
        case "visit.cancelled":
            ended = datetime.fromisoformat(data["at"])
            return {"status": "cancelled", "reason": data["reason"] or data["cause"], "ended_at": ended}
    return None


def _row(rows: Rows, data: Any) -> dict[str, Any]:
    return rows.get(visits, visit_id=data["visit_id"]) or {}


def _happened(data: Any) -> datetime:
    """By the device's clock, where it said."""
    return datetime.fromisoformat(data.get("occurred_at") or data["at"])


def _timer(kind: str, event: Incoming, rows: Rows) -> None:
    """In the first night of the next month the plan goes on, unless the contract has ended."""
    data = event.data
    key = f"visits:{data['contract_id']}"
    if kind == "visitplan.extended":
        at = datetime.combine(month_end(event.at.date()) + timedelta(days=1), MORNING)
        schedule(rows, key=key, at=at, command=PlanVisits(data["contract_id"], at.date(), at))
    elif kind == "visitplan.stopped" and data["cause"] in ("termination", "expiry"):
        unschedule(rows, key)


@dataclass(frozen=True, slots=True)
class VisitsParams:
    """``since`` and ``until``: days, both included; ``after`` is the ``next`` of the page before."""

    contract_id: str | None = None
    customer_id: str | None = None
    technician_id: str | None = None
    request_id: str | None = None
    status: str | None = None
    since: date | None = None
    until: date | None = None
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class VisitParams:
    visit_id: str


def one_visit(params: VisitParams, rows: Rows, context: Context) -> dict[str, Any]:
    """A visit as it stands."""
    row = rows.get(visits, visit_id=params.visit_id)
    if row is None:
        raise NotFound("visit.unknown", visit_id=params.visit_id)
    return row


def list_visits(params: VisitsParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Visits by day."""
    columns, limit = visits.c, min(max(params.limit, 1), 1000)
    names = ("contract_id", "customer_id", "technician_id", "request_id", "status")
    equals = {name: value for name in names if (value := getattr(params, name)) is not None}
    where = [columns["on"] >= params.since] if params.since else []
    where += [columns["on"] <= params.until] if params.until else []
    if params.after:
        day, _, last = params.after.partition("/")
        on = date.fromisoformat(day)
        where.append((columns["on"] > on) | ((columns["on"] == on) & (columns.visit_id > last)))
    items = rows.find(visits, *where, order_by=(columns["on"], columns.visit_id), limit=limit, **equals)
    after = f"{items[-1]['on'].isoformat()}/{items[-1]['visit_id']}" if len(items) == limit else None
    return {"items": items, "next": after}
