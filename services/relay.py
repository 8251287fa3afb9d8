"""The relay: outbox → feed (numbering, by any instance) → broker (publishing, confirmed in windows).

The cursor moves only over confirmed offsets and only forward. After a crash it may publish again; nobody minds.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from services import logs, metrics, tracing
from services.application import Application
from services.errors import Unavailable
from services.events import routing_key, traceparent_in
from services.store.database import is_duplicate, is_passing
from services.store.tables import events, feed, feed_head, leases, outbox
from services.transport.lane import Lane
from services.transport.port import Outgoing, Sender

NUMBERED_AT_ONCE = 2000
PUBLISHED_AT_ONCE = 2000  # per partition; the sender's window is inside it
WORTH_LOOKING_AHEAD = 200  # events: a smaller batch is confirmed before more could be read
LEASE_SECONDS = 6.0
BUSY_POLL, IDLE_POLL = 0.02, 0.25  # seconds, for what other instances append
GATHER = 0.03  # seconds from the beginning of a round to that of the next
log = logs.get("relay")


class Relay:
    """One service's relay over a sender. ``step()`` is one round; ``run(stop)`` goes on until told to stop."""

    def __init__(self, app: Application, sender: Sender) -> None:
        self._app = app
        self._store = app.store
        self._sender = sender
        self._lane = Lane(f"{app.name}-relay-ahead", 1)
        self._owner = uuid.uuid4().hex
        self._lease_until = datetime.min.replace(tzinfo=UTC)
        self.broker = "unknown"

    def step(self) -> int:
        """Number what waits, publish what is not confirmed; returns how many events were confirmed."""
        self._number_some()
        return self.publish()

    def number(self) -> int:
        """Give everything in the outbox its place in the feed."""
        total = 0
        while count := self._number_some():
            total += count
        return total

    def publish(self) -> int:
        """Publish from the cursor of each partition. Raises ``Unavailable`` when the broker confirms nothing.

        While the broker confirms one batch, the next one is numbered and read.
        """
        total = 0
        batch = self._next_batch({})
        while batch:
            ahead = self._look_ahead(batch) if len(batch) >= WORTH_LOOKING_AHEAD else None
            try:
                with tracing.of_many(self._app.name, "publish", "producer", traces_of(batch), events=len(batch)):
                    confirmed = self._sender.send(batch)
            finally:
                if ahead is not None:
                    ahead.wait()
            self.broker = "up"
            with self._app.db.write() as conn:
                self._store.confirm_all(conn, _latest(batch[:confirmed]))
            total += confirmed
            metrics.RELAY_PUBLISHED.labels(self._app.name).inc(confirmed)
            if confirmed < len(batch) or ahead is None:
                return total
            batch = ahead.batch() or self._next_batch({})
        return total

    def _number_some(self) -> int:
        """Up to ``NUMBERED_AT_ONCE`` of each partition, by one commit."""
        with self._app.db.write() as conn:
            return self._store.number_all(conn, NUMBERED_AT_ONCE)

    def _something_to_do(self) -> bool:
        with self._app.db.look() as conn:
            return self._store.to_do(conn)

    def _look_ahead(self, batch: Sequence[Outgoing]) -> _Ahead:
        """Begin to number and to read what follows ``batch``."""

        def work() -> list[Outgoing]:
            self._number_some()
            return self._next_batch(_latest(batch))

        ahead = _Ahead(work)
        if not self._lane.submit(ahead.run):
            ahead.run()
        return ahead

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``: go round whenever something was appended here, and look for what others appended.

        One event by itself goes out at once; where they come thick, those of some milliseconds share a round.
        """
        pause, failures = BUSY_POLL, 0
        while not stop.is_set():
            try:
                appended = failures > 0 or self._app.appended.wait(pause)
                self._app.appended.clear()
                if not self._holds_lease():
                    pause = IDLE_POLL
                    continue
                begun = time.monotonic()
                done = self.step() if appended or self._something_to_do() else 0
                pause = BUSY_POLL if done or appended else min(IDLE_POLL, pause * 1.5)
                failures = 0
                if 0 < done < WORTH_LOOKING_AHEAD:
                    stop.wait(max(0.001, begun + GATHER - time.monotonic()))
            except Unavailable as error:
                self.broker = f"down: {error}"
                failures = min(failures + 1, 6)
                stop.wait(min(5.0, 0.1 * 2**failures))
            except Exception as error:
                if not is_passing(error) and not is_duplicate(error):
                    log.exception("relay failed")
                failures = min(failures + 1, 6)
                stop.wait(min(5.0, 0.1 * 2**failures))
        self._release()

    def close(self) -> None:
        self._lane.close()
        self._sender.close()

    def lag(self) -> dict[str, Any]:
        """``{"events", "seconds", "broker"}``: what is not yet confirmed."""
        with self._app.db.read() as conn:
            waiting = conn.execute(select(func.count()).select_from(outbox)).scalar() or 0
            unconfirmed = conn.execute(select(func.sum(feed_head.c.offset - feed_head.c.published))).scalar() or 0
            oldest = self._oldest(conn) if waiting or unconfirmed else None
        count = int(waiting + unconfirmed)
        seconds = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
        metrics.RELAY_LAG_EVENTS.labels(self._app.name).set(count)
        metrics.RELAY_LAG_SECONDS.labels(self._app.name).set(seconds)
        return {"events": count, "seconds": round(seconds, 3), "broker": self.broker}

    def _oldest(self, conn: Any) -> datetime | None:
        same = (events.c.stream == feed.c.stream) & (events.c.version == feed.c.version)
        behind = (
            select(events.c.recorded_at)
            .join(feed, same)
            .join(feed_head, feed_head.c.partition == feed.c.partition)
            .where(feed.c.offset == feed_head.c.published + 1)
        )
        same = (events.c.stream == outbox.c.stream) & (events.c.version == outbox.c.version)
        first = select(events.c.recorded_at).join(outbox, same).order_by(outbox.c.seq).limit(1)
        found = [*conn.scalars(behind), *conn.scalars(first)]
        return min(found, default=None)

    def _next_batch(self, after: dict[int, int]) -> list[Outgoing]:
        """What follows on the cursors, or on ``after`` (partition → offset) where that is further."""
        name = self._app.name
        with self._app.db.look() as conn:
            return [
                Outgoing(routing_key(name, partition, kind), body, f"{name}.{partition}.{offset}", partition, offset)
                for partition, offset, kind, body in self._store.unsent(conn, after, PUBLISHED_AT_ONCE)
            ]

    # -- the lease: an optimisation, so that two instances do not publish everything twice -----------------------------

    def _holds_lease(self) -> bool:
        if self._app.db.sqlite:  # one process owns a SQLite store
            return True
        now = datetime.now(UTC)
        if self._lease_until - now > timedelta(seconds=LEASE_SECONDS / 2):
            return True
        until = now + timedelta(seconds=LEASE_SECONDS)
        mine = (leases.c.owner == self._owner) | (leases.c.until < now)
        try:
            with self._app.db.write() as conn:
                change = update(leases).where(leases.c.name == "relay", mine).values(owner=self._owner, until=until)
                if conn.execute(change).rowcount == 0:
                    if conn.execute(select(leases.c.owner).where(leases.c.name == "relay")).first() is not None:
                        return False
                    conn.execute(insert(leases).values(name="relay", owner=self._owner, until=until))
        except Exception as error:
            if is_duplicate(error):
                return False
            raise
        self._lease_until = until
        return True

    def _release(self) -> None:
        if self._app.db.sqlite:
            return
        try:
            with self._app.db.write() as conn:
                mine = (leases.c.name == "relay", leases.c.owner == self._owner)
                conn.execute(update(leases).where(*mine).values(until=datetime.now(UTC)))
        except Exception as error:
            log.info("lease not released", error=str(error)[:200])


def traces_of(messages: Sequence[Outgoing]) -> Iterator[str]:
    """Read only where somebody records."""
    return (traceparent_in(message.body) for message in messages)


def _latest(messages: Sequence[Outgoing]) -> dict[int, int]:
    """Partition → last offset."""
    return {message.partition: message.offset for message in messages}


class _Ahead:
    """A batch that is being read on another thread."""

    def __init__(self, work: Callable[[], list[Outgoing]]) -> None:
        self._work, self._done = work, threading.Event()
        self._batch: list[Outgoing] = []
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            self._batch = self._work()
        except Exception as error:
            self._error = error
        self._done.set()

    def wait(self) -> None:
        self._done.wait()

    def batch(self) -> list[Outgoing]:
        """What was read; raises what went wrong."""
        if self._error is not None:
            raise self._error
        return self._batch
