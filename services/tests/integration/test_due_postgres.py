"""Due commands among other commands on PostgreSQL: nobody waits in a circle, nobody does twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from services.application import Request
from services.runtime import App
from services.store.tables import due, events
from services.testing.running import settings_for, wait_for
from services.tests.sample import component
from services.transport.local import LocalTransport

PAST = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def app(postgres_url: str, tmp_path: Path) -> Iterator[App]:
    """One service that runs nothing by itself."""
    made = App(component(), LocalTransport(), settings_for("sample", postgres_url, tmp_path))
    made.create()
    yield made
    made.stop()


def plan(app: App, counter: str, amount: int = 1) -> None:
    payload = {"counter_id": counter, "amount": amount, "at": PAST.isoformat()}
    app.application.execute(Request(f"plan-{counter}", "add_later", payload))


def added(app: App, counter: str) -> int:
    with app.database.read() as conn:
        stream = events.c.stream == f"counter-{counter}"
        return len(conn.execute(select(events).where(stream, events.c.type == "sample.counter.added")).all())


def test_a_command_that_writes_a_claimed_row_does_not_wait_in_a_circle(app: App) -> None:
    """It holds its stream, for which the due command waits, and then moves the row that was claimed."""
    plan(app, "a")
    with ThreadPoolExecutor(1) as pool, app.database.write() as conn:
        app.application.execute_within(
            conn, "add", {"counter_id": "a", "amount": 5}, command_id="held", actor="test"
        )  # fmt: skip
        running = pool.submit(app.due.run, datetime.now(UTC))
        wait_for(lambda: waiting(app) == 1, "the due command to wait for the stream")
        conn.execute(text("SET LOCAL lock_timeout = 500"))
        conn.execute(update(due).values(at=PAST + timedelta(hours=1)))
        conn.commit()
        assert running.result(timeout=20) == {"done": 1, "refused": 0, "failed": 0}
    assert added(app, "a") == 2


def test_instances_at_once_share_the_due_rows(app: App) -> None:
    """Each is done once, whoever does it."""
    for number in range(30):
        plan(app, f"n{number}")
    with ThreadPoolExecutor(6) as pool:
        counts = list(pool.map(lambda _: app.due.run(datetime.now(UTC)), range(6)))
    assert sum(count["done"] for count in counts) == 30
    assert [added(app, f"n{number}") for number in range(30)] == [1] * 30


def waiting(app: App) -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with app.database.read() as conn:
        return int(conn.execute(text(query)).scalar_one())
