"""Rebuilding a view from its 100,000 events: an own view over the service's feed, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.fill import fill
from bench.machine import Machine
from bench.measure import Aim, Figure, Rounds
from services.rebuild import rebuild
from services.runtime import App
from services.testing.running import settings_for
from services.tests import sample
from services.transport.local import LocalTransport

EVENTS = 100_000


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    count = EVENTS // 5 if quick else EVENTS
    urls = {"PostgreSQL": machine.database(), "SQLite": f"sqlite:///{machine.folder}/rebuild.db"}
    apps = {name: _filled(machine, url, count) for name, url in urls.items()}

    def rate(app: App) -> float:
        started = time.perf_counter()
        done = rebuild(app, "counters")["events"]
        assert done == count
        return count / (time.perf_counter() - started)

    sides = {name: lambda _, app=app: rate(app) for name, app in apps.items()}
    rounds = Rounds(sides, rounds=2 if quick else 3, say=say).run()
    for app in apps.values():
        app.stop()
    note = f"{count:,} events of {count // 10:,} streams, one row a stream"
    return [
        rounds.figure(f"rebuild of a view, {name}", "events/s", name, aim=Aim("≥ 10,000/s", least=10_000), aimed="ours",
                      note=note if name == "PostgreSQL" else "")
        for name in urls
    ]  # fmt: skip


def _filled(machine: Machine, url: str, count: int) -> App:
    app = App(sample.component(), LocalTransport(), settings_for("sample", url, machine.folder))
    app.create()
    fill(app, count)
    with app.database.write() as conn:
        while app.application.store.number(conn, 0, limit=5000):
            pass
    return app
