"""Tickets at size: a closed day that is entered late moves the deadlines of many open requests; a technician's queue among them.

The requests are opened by a batch of the bench's own, so that the filling does not take longer than what is measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.machine import Machine
from bench.measure import Aim, Figure, Spread, once, percentile
from services.application import Request
from services.component import Batch, Context, Execute
from services.events import Incoming
from services.rows import Rows
from services.runtime import App
from services.store.tables import due
from services.subscriptions import react, subscriptions_of
from services.testing.running import settings_for
from services.transport.local import LocalTransport
from tickets_service.domain.commands import AssignRequest, OpenRequest
from tickets_service.recalculating import Recalculator
from tickets_service.tables import requests
from tickets_service.views.timers import keys_of
from tickets_service.wiring import component

SIZE, QUICK = 100_000, 500
AT_ONCE = 2
PORTION = 100
EACH = 100  # requests a contract, and technicians
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
HOLIDAY = {"holiday_id": "h1", "on": "2026-03-02", "name": "Aniversário", "scope": "company", "yearly": False}
TERMS = {
    "starts_on": "2026-01-01",
    "ends_on": None,
    "time_zone": "America/Sao_Paulo",
    "state": "SP",
    "services": [
        {
            "service_type_id": "s1",
            "code": "MAN",
            "name": "Manutenção",
            "calendar": "business",
            "channels": ["portal", "phone"],
            "targets": [{"priority": "medium", "response_minutes": 120, "resolution_minutes": 480}],
        }
    ],
    "calendar": {
        "intervals": [{"weekday": day, "opens": "08:00", "closes": "18:00"} for day in range(5)],
        "holidays": [],
        "company": True,
    },
    "lines": [{"line_id": "l1", "clause": "4.1", "service_type_id": "s1"}],
}


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    size, url = QUICK if quick else SIZE, machine.database()
    app = built(url, machine.folder)
    app.create()
    told = [("contracts.customer.registered", "customer-u1", {"customer_id": "u1", "kind": "company"})]
    contact = {"customer_id": "u1", "contact_id": "p1", "rights": ["requests"]}
    told.append(("contracts.customer.contact_authorised", "customer-u1", contact))
    for number in range(max(1, size // EACH)):
        agreed = {"customer_id": "u1", "provider_id": "pr1", "number": str(number), "on": "2026-01-01", "terms": TERMS}
        told.append(("contracts.contract.activated", f"contract-c{number}", {"contract_id": f"c{number}", **agreed}))
    tell(app, told)
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:

        def together(work: str) -> list[int]:
            return list(pool.map(take_part, [(url, str(machine.folder), work, size, part) for part in range(AT_ONCE)]))

        started = time.perf_counter()
        together("open")
        opened = size / (time.perf_counter() - started)
        say(f"{size:,} requests opened and assigned: {opened:,.0f}/s")
        tell(app, [("contracts.holiday.added", "holiday-h1", HOLIDAY)])
        started = time.perf_counter()
        changed = sum(together("recalculate"))
        seconds = time.perf_counter() - started
        assert changed == size, changed
        say(f"{size:,} deadlines recomputed in {seconds:,.1f} s")
    queue = times_of(app, {"assignee_id": "t1", "status": ["open", "in_progress"], "order": "due", "limit": 50})
    app.stop()
    spread = Spread(min(queue), percentile(queue, 0.5), max(queue))
    say(f"a technician's queue: p50 {spread.median:.1f} ms")
    return [
        once(f"requests opened and assigned by a batch, {size:,}", "requests/s", opened),
        once(
            f"deadlines of {size:,} open requests recomputed",
            "s",
            seconds,
            aim=Aim("< 60 s for 100,000", most=60 * size / 100_000),
        ),
        Figure("a technician's queue out of them", "ms", spread, aim=Aim("< 20 ms", most=20), aimed="ours"),
    ]


def built(url: str, folder: Path) -> App:
    whole = component()
    opening = Batch(
        "open",
        open_one,
        streams=lambda record: [f"request-{record['request_id']}"],
        prefetch=opening_prefetch,
    )
    settings = settings_for("tickets", url, folder, partitions=4)
    app = App(replace(whole, batches=(*whole.batches, opening)), LocalTransport(), settings)
    app.application.clock = lambda: NOW
    return app


def opening_prefetch(records: Sequence[Mapping[str, Any]], rows: Rows, _: Context) -> None:
    """They are new: none of their rows is there."""
    rows.absent(requests, [(record["request_id"],) for record in records])
    rows.absent(due, [(key,) for record in records for key in keys_of(record["request_id"])])


def open_one(record: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    id_, number = record["request_id"], int(record["request_id"][1:])
    execute(OpenRequest(id_, f"c{number // EACH}", "s1", "p1", "O ar pinga.", context.now, "phone"))
    execute(AssignRequest(id_, f"t{number % EACH}", at=context.now))
    return {"status": "opened"}


def tell(app: App, events: list[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Events of contracts to all who listen, as a subscription hands them over."""
    versions: dict[str, int] = {}
    with app.database.write() as conn:
        rows = Rows(conn)
        for kind, stream, data in events:
            versions[stream] = versions.get(stream, 0) + 1
            told = Incoming(
                id=f"{stream}@{versions[stream]}", source="contracts", type=kind, schema=1, stream=stream,
                version=versions[stream], at=NOW, data=dict(data), correlation="bench", causation="bench",
                actor="user:bench", historical=False, depth=0,
            )  # fmt: skip
            for subscription in subscriptions_of(app.component):
                if subscription.source == "contracts" and subscription.view is not None:
                    subscription.view.fold(told, rows)
                elif subscription.source == "contracts" and subscription.interested(told):
                    rows.flush()
                    react(app.application, subscription, told, conn)
        rows.flush()


def times_of(app: App, params: dict[str, Any]) -> list[float]:
    """Milliseconds of each of some questions."""
    times = []
    for _ in range(15):
        started = time.perf_counter()
        answer = app.application.query("requests", params)
        times.append((time.perf_counter() - started) * 1000)
        assert answer["requests"], params
    return times


_apps: dict[str, App] = {}


def take_part(asked: tuple[str, str, str, int, int]) -> int:
    """In a process of its own: every second portion, or as many parts of the recalculation as it gets."""
    url, folder, work, size, part = asked
    app = _apps.get(url) or _apps.setdefault(url, built(url, Path(folder)))
    if work == "recalculate":
        return Recalculator(app.application).run()["changed"]
    request = Request("", "open", {}, actor="user:bench", correlation="bench", at=NOW)
    for number, start in enumerate(range(0, size, PORTION)):
        if number % AT_ONCE == part:
            records = [{"request_id": f"r{each}"} for each in range(start, min(start + PORTION, size))]
            answers = app.application.batch("open", records, request)
            bad = [answer for answer in answers if answer["status"] != "opened"]
            assert not bad, bad[0]
    return 0
