"""What is next for an endpoint: first what waits and is due, then the next events of the feeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from gateway.webhooks import reading
from gateway.webhooks.batches import Item
from gateway.webhooks.domain.filters import Filter, contract_of
from gateway.webhooks.domain.health import Health
from gateway.webhooks.noting import Work
from gateway.webhooks.reading import Call, Owners, Place
from gateway.webhooks.tables import webhook_places, webhook_waiting
from services import logs
from services.errors import VigenciaError
from services.store.database import Database

BATCH = 100
MOST_STREAMS = 100
"""Streams of one endpoint that may wait: beyond, nothing more is read for it. So a dead receiver fills no table."""
Row = Mapping[str, Any]
Heads = Mapping[str, Mapping[int, int]]
log = logs.get("webhooks")


class Taking:
    """Reads; what it found is noted by others."""

    def __init__(
        self, database: Database, call: Call, clock: Callable[[], datetime], pick: Callable[[], float]
    ) -> None:
        self._db, self._call, self._clock, self._pick = database, call, clock, pick
        self._owners = Owners(database, call)
        self._looks: dict[str, int] = {}

    def next(self, row: Row, heads: Heads) -> Work | None:
        """``heads``: source → partition → last offset. None: there is nothing to do."""
        limit = 1 if health_of(row).probing else BATCH
        return self._due(row, limit) or self._fresh(row, limit, heads)

    def _due(self, row: Row, limit: int) -> Work | None:
        """What waits and is due, with what waits behind it."""
        w, now = webhook_waiting.c, self._clock()
        mine = w.endpoint_id == row["endpoint_id"]
        rows: list[Row] = []
        with self._db.read() as conn:
            first = select(w.source, w.stream).where(mine, w.due_at <= now).order_by(w.due_at, w.offset).limit(limit)
            streams = conn.execute(first).all()
            for source, stream in streams:
                queue = select(webhook_waiting).where(mine, w.source == source, w.stream == stream)
                some = queue.order_by(w.offset).limit(max(1, limit // len(streams)))
                rows += [dict(each) for each in conn.execute(some).mappings()]
        work, silent = Work(), set[str]()
        for each in rows:
            if each["source"] not in silent:
                try:
                    self._again(work, each)
                except VigenciaError:
                    silent.add(each["source"])
        work.items = [item for item in work.items if item.source not in silent]
        work.postponed = [each for each in rows if each["source"] in silent and each["due_at"] is not None]
        return work if rows else None

    def _again(self, work: Work, row: Row) -> None:
        event = reading.one(self._call, row["source"], row["partition"], row["offset"])
        item = None if event is None else Item(row["source"], event, row["attempts"], row["first_at"], held=True)
        if item is None or item.message_id != row["message_id"]:
            work.vanished.append(row)
        else:
            work.items.append(item)

    def _fresh(self, row: Row, limit: int, heads: Heads) -> Work | None:
        """The next events of the feeds, from one partition after another."""
        w, id_ = webhook_waiting.c, row["endpoint_id"]
        with self._db.read() as conn:
            found = conn.execute(select(w.source, w.stream).where(w.endpoint_id == id_))
            streams = {(source, stream) for source, stream in found}
            rows = conn.execute(select(webhook_places).where(webhook_places.c.endpoint_id == id_)).all()
        if len(streams) >= MOST_STREAMS:
            return None
        first = int(self._pick() * len(rows))  # no partition always comes last
        wanted = Filter(tuple(row["types"]), frozenset(row["customers"]), frozenset(row["contracts"]))
        work = Work()
        for each in [*rows[first:], *rows[:first]]:
            place = Place(each.source, each.partition, each.offset, each.chain, each.feed)
            if heads.get(place.source, {}).get(place.partition, -1) <= place.offset or len(work.items) >= limit:
                continue
            try:
                self._read(work, place, wanted, streams, limit, id_)
            except VigenciaError as error:
                log.info("a feed does not answer", source=place.source, error=str(error)[:200])
        return work if work.items or work.places or work.diverged else None

    def _read(
        self, work: Work, place: Place, wanted: Filter, streams: set[tuple[str, str]], limit: int, endpoint_id: str
    ) -> None:
        look = self._looks.get(endpoint_id, BATCH)
        page = reading.page(self._call, place, types=wanted.exact(), limit=look)
        if page["diverged"]:
            work.diverged = place.source
            return
        begun, last = len(work.items), replace(place, offset=page["through"], chain=page["chain"], feed=page["feed"])
        for event in page["events"]:
            if self._wants(wanted, event):
                if len(work.items) >= limit:  # of this page there is one already: it was begun below the limit
                    done = work.items[-1].envelope
                    last = replace(place, offset=done["offset"], chain=done["chain"], feed=done["feed"])
                    break
                item = Item(place.source, event)
                work.items.append(replace(item, behind=item.stream in streams))
        work.places.append(last)
        # what is rare is looked for in larger pages
        self._looks[endpoint_id] = BATCH if len(work.items) > begun else min(look * 2, reading.LOOK)

    def _wants(self, wanted: Filter, event: Mapping[str, Any]) -> bool:
        says = wanted.wants(event["type"], event["data"])
        if says is None:
            return self._owners.customer_of(contract_of(event["data"]) or "") in wanted.customers
        return says


def health_of(row: Row) -> Health:
    return Health(row["failing_since"], row["misses"], row["rests"], row["rest_until"], row["delivered_at"])
