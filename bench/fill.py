"""A store full of events, written in large transactions."""

from __future__ import annotations

from datetime import UTC, datetime

from services.events import Meta
from services.runtime import App
from services.tests import sample

PER_STREAM = 10


def fill(app: App, count: int, prefix: str = "c") -> None:
    """``count`` events of the sample's counters into the outbox, ten a stream."""
    meta = Meta("00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000000", "bench", "user:bench")
    store, now = app.application.store, datetime.now(UTC)
    streams = [f"{prefix}{number:07}" for number in range(-(-count // PER_STREAM))]
    for start in range(0, len(streams), 200):
        with app.database.write() as conn:
            for counter in streams[start : start + 200]:
                store.append(conn, f"counter-{counter}", (0, ""), [sample.Added(counter, 1)] * PER_STREAM, meta, now)
