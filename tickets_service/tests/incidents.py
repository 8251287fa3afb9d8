"""``python -m tickets_service.tests.incidents FILE``: a help desk's log replayed as real requests, against its own arithmetic.

Each incident is opened, started, put to wait, resumed, resolved, reopened and closed by commands at the log's instants, under
one contract (Monday to Friday, 8-18 h in São Paulo, national holidays). What the service then says about waiting,
reopenings, response and resolution is compared with sums over the file in this module, which uses none of its code.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.testing.app import MemoryApp, memory_app
from tickets_service.domain.commands import (
    CloseRequest,
    ReopenRequest,
    ResolveRequest,
    ResumeRequest,
    StartRequest,
    WaitRequest,
)
from tickets_service.tests.unit.kit import OPEN, terms
from tickets_service.wiring import component

ZONE = ZoneInfo("America/Sao_Paulo")
CLOSED_2016 = {"01-01", "03-25", "04-21", "05-01", "09-07", "10-12", "11-02", "11-15", "12-25"}
STATES = {"New": "new", "Awaiting User Info": "waiting", "Resolved": "resolved", "Closed": "closed"}
PRIORITIES = {"1": "critical", "2": "high", "3": "medium", "4": "low"}
TARGETS = [
    {"priority": name, "response_minutes": answer, "resolution_minutes": done}
    for name, answer, done in (("critical", 30, 240), ("high", 60, 480), ("medium", 240, 2400), ("low", 480, 4800))
]
Moment = tuple[datetime, str]


@dataclass(frozen=True)
class Incident:
    number: str
    opened: datetime
    priority: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Figures:
    """Seconds of business time; None: never reached."""

    reopenings: int
    waited: int | None
    response: int | None
    resolution: int | None


def read(path: Path) -> list[Incident]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["number"]].append(row)
    return [incident(number, found) for number, found in rows.items()]


def incident(number: str, rows: list[dict[str, str]]) -> Incident:
    """The rows by their running number; a stamp before the opening or its predecessor counts as that one's."""
    rows = sorted(rows, key=lambda row: int(row["sys_mod_count"]))
    opened = reached = instant(rows[0]["opened_at"])
    moments = []
    for row in rows:
        reached = max(reached, instant(row["sys_updated_at"]))
        moments.append((reached, STATES.get(row["incident_state"], "active")))
    return Incident(number, opened, PRIORITIES[rows[0]["priority"][0]], tuple(moments))


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=ZONE).astimezone(UTC)


# -- the file's own arithmetic --------------------------------------------------------------------------------------


def computed(told: Incident) -> Figures:
    """Spans of the log between its changes of state, each summed day by day."""
    response = resolved = None
    state, since, reopenings = "new", told.opened, 0
    waits: list[tuple[datetime, datetime]] = []
    still: list[tuple[datetime, datetime]] = []
    for at, now in told.moments:
        if now == state or (state == "closed" and now == "resolved") or now == "new":
            continue
        response = response or at
        if state == "waiting":
            waits.append((since, at))
        done, was_done = now in ("resolved", "closed"), state in ("resolved", "closed")
        if was_done and not done:
            still.append((resolved or since, at))
            reopenings, resolved = reopenings + 1, None
        if done and not was_done:
            resolved = at
        state, since = now, at
    paused = sum(business(*span) for span in [*waits, *still])
    return Figures(
        reopenings,
        None if resolved is None else sum(business(*span) for span in waits),
        None if response is None else business(told.opened, response),
        None if resolved is None else business(told.opened, resolved) - paused,
    )


def business(start: datetime, end: datetime) -> int:
    """Seconds between 8 and 18 h on working days."""
    total, day = 0, start.astimezone(ZONE).date()
    while day <= end.astimezone(ZONE).date():
        if day.weekday() < 5 and f"{day:%m-%d}" not in CLOSED_2016:
            opens, closes = (datetime.combine(day, time(hour), ZONE).astimezone(UTC) for hour in (8, 18))
            total += max(0, int((min(end, closes) - max(start, opens)).total_seconds()))
        day += timedelta(days=1)
    return total


# -- the service ----------------------------------------------------------------------------------------------------


def replayed(incidents: Iterable[Incident], app: MemoryApp) -> dict[str, Figures]:
    prepare(app)
    said = {}
    for each in incidents:
        live(each, app)
        row = app.query("request", request_id=each.number, audience="provider")
        ended = row["resolution_seconds"] if row["status"] in ("resolved", "closed") else None
        waited = row["waited_seconds"] if ended is not None else None
        said[each.number] = Figures(row["reopenings"], waited, row["response_seconds"], ended)
    return said


def prepare(app: MemoryApp) -> None:
    service = {**terms()["services"][0], "evidence": [], "targets": TARGETS, "included_quantity": None}
    calendar = {**terms()["calendar"], "holidays": [], "national": True}
    agreed = terms(starts_on="2015-01-01", services=[service], calendar=calendar, requests={"reopen_days": None})
    contract = {"contract_id": "c1", "customer_id": "u1", "number": "1", "on": "2015-01-01", "terms": agreed}
    app.deliver(
        [
            ("contracts.customer.registered", {"customer_id": "u1", "kind": "company"}),
            (
                "contracts.customer.contact_authorised",
                {"customer_id": "u1", "contact_id": "p1", "rights": ["requests"]},
            ),
            ("contracts.contract.activated", contract),
        ],
        source="contracts",
    )


def live(told: Incident, app: MemoryApp) -> None:
    wish = replace(
        OPEN,
        request_id=told.number,
        at=told.opened,
        priority=told.priority,
        coverage=None,
        agreement=None,
        customer_id=None,
    )
    app.execute(wish, actor="contact:p1", at=told.opened)
    state = "new"
    for at, now in told.moments:
        for step in steps(told.number, state, now, at):
            app.execute(step, actor="user:t1", at=at)
        if now != "new" and not (state == "closed" and now == "resolved"):
            state = now


def steps(id_: str, state: str, now: str, at: datetime) -> Sequence[Any]:
    done = state in ("resolved", "closed")
    reopened = [ReopenRequest(id_, at, "provider", reason="log")] if done else []
    match now:
        case "active" if state == "waiting":
            return [ResumeRequest(id_, at)]
        case "active" if done:
            return reopened
        case "active" if state == "new":
            return [StartRequest(id_, at)]
        case "waiting" if state != "waiting":
            return [*reopened, WaitRequest(id_, at)]
        case "resolved" if not done:
            return [ResolveRequest(id_, at, resolved_by="t1")]
        case "closed" if state != "closed":
            return [*([] if done else [ResolveRequest(id_, at, resolved_by="t1")]), CloseRequest(id_, at)]
    return []


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("usage: python -m tickets_service.tests.incidents FILE", file=sys.stderr)
        return 2
    incidents = read(Path(arguments[1]))
    with memory_app(component()) as app:
        said = replayed(incidents, app)
    wrong = [
        (each.number, computed(each), said[each.number]) for each in incidents if computed(each) != said[each.number]
    ]
    sums = [computed(each) for each in incidents]
    print(f"{len(incidents)} incidents, {sum(len(each.moments) for each in incidents)} rows")
    print(f"reopenings {sum(each.reopenings for each in sums)}")
    for name in ("waited", "response", "resolution"):
        known = [value for each in sums if (value := getattr(each, name)) is not None]
        print(f"{name}: {len(known)} measured, {sum(known) / 3600:,.1f} h of business time")
    print(f"{len(wrong)} differ")
    for number, mine, theirs in wrong[:10]:
        print(number, mine, theirs)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv))
