"""Proving a store: hash chains of streams, gap-free feeds with their chains, nothing in the outbox left out."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from services.codec import chain_hash, event_hash, iso
from services.events import ORIGIN
from services.store.tables import events, feed, feed_head, outbox

if TYPE_CHECKING:
    from services.runtime import App


def verify(app: App) -> dict[str, Any]:
    """``{"service", "ok", "streams", "events", "feed", "problems"}``; problems name stream@version or partition/offset."""
    problems: list[str] = []
    streams = total = fed = 0
    with app.database.read() as conn:
        rows = conn.execution_options(stream_results=True).execute(
            select(events).order_by(events.c.stream, events.c.version)
        )
        hashes: dict[tuple[str, int], str] = {}
        for stream, group in groupby(rows.mappings(), key=lambda row: row["stream"]):
            streams += 1
            previous, expected = "", 1
            for row in group:
                total += 1
                at = iso(row["recorded_at"])
                parts = (stream, row["version"], row["type"], row["schema"], at, row["meta"], row["data"])
                if row["version"] != expected:
                    problems.append(f"{stream}@{expected} is missing")
                if event_hash(previous, *parts) != row["hash"]:
                    problems.append(f"{stream}@{row['version']}: the hash does not match what is stored")
                previous, expected = row["hash"], row["version"] + 1
                hashes[stream, row["version"]] = row["hash"]
        for head in conn.execute(select(feed_head).order_by(feed_head.c.partition)).all():
            chain, offset = "", ORIGIN
            numbered = select(feed).where(feed.c.partition == head.partition).order_by(feed.c.offset)
            for row in conn.execute(numbered).mappings():
                fed += 1
                if row["offset"] != offset + 1:
                    problems.append(f"feed {head.partition}/{offset + 1} is missing")
                chain, offset = chain_hash(chain, hashes.get((row["stream"], row["version"]), "")), row["offset"]
                if chain != row["chain"]:
                    problems.append(f"feed {head.partition}/{offset}: the chain does not match")
                    chain = row["chain"]
            if (offset, chain) != (head.offset, head.chain):
                problems.append(f"feed {head.partition}: the head says {head.offset}, the feed ends at {offset}")
        waiting = conn.execute(select(func.count()).select_from(outbox)).scalar() or 0
    if fed + waiting != total:
        problems.append(f"{total} events, but {fed} in the feed and {waiting} in the outbox")
    return {
        "service": app.component.name,
        "ok": not problems,
        "streams": streams,
        "events": total,
        "feed": fed,
        "outbox": waiting,
        "problems": problems[:100],
    }
