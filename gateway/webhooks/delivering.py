"""The worker: hands the services' feeds over to endpoints. Any number of instances at once.

An endpoint is claimed by one of them for some seconds. It reads a batch, first of what waits and is due, then of the feeds,
delivers it, and notes in one transaction what was delivered, what waits, and the new places; only with the claim still its
own. Killed in between, the batch is delivered again: at least once, with the same ids.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from gateway.identity.keys import api_keys
from gateway.webhooks import metrics, reading
from gateway.webhooks.batches import Batch, Post
from gateway.webhooks.domain.addresses import target_of
from gateway.webhooks.noting import Lost, Noting, Work
from gateway.webhooks.parts import RELEASED, signing_secrets
from gateway.webhooks.posting import Channel
from gateway.webhooks.reading import Call
from gateway.webhooks.sealing import Seals
from gateway.webhooks.settings import WebhookSettings
from gateway.webhooks.tables import webhook_attempts, webhook_endpoints, webhook_places, webhook_waiting
from gateway.webhooks.taking import MOST_STREAMS, Taking, health_of
from services import logs
from services.errors import VigenciaError
from services.store.database import Database, is_passing

SPARE = 20.0
"""Seconds that a claim holds beyond what a batch may take: after a kill others go on within a minute."""
SLICE = 10.0
"""Seconds for which one endpoint is served before others have their turn, and within which a batch begins deliveries."""
EVERY = 1.0
"""Seconds between two looks at who has something to do."""
MOST_AT_ONCE = 16
STOP_SECONDS = 5.0
CLEANED_EVERY = timedelta(hours=1)
Row = Mapping[str, Any]
log = logs.get("webhooks")


class Deliverer:
    """``call(service, method, payload, timeout=…)`` asks a service; ``clock`` gives now in UTC."""

    def __init__(
        self,
        database: Database,
        seals: Seals,
        settings: WebhookSettings,
        call: Call,
        clock: Callable[[], datetime],
        *,
        open_: Callable[[str], Post] | None = None,
        pick: Callable[[], float] = random.random,
        stopping: threading.Event | None = None,
    ) -> None:
        self._db, self._seals, self._settings, self._call, self._clock = database, seals, settings, call, clock
        self._open = open_ or (lambda url: Channel(target_of(url), settings))
        self._pick, self._stopping = pick, stopping or threading.Event()
        self._me = uuid.uuid4().hex
        self._noting = Noting(database, settings, pick)
        self._taking = Taking(database, call, clock, pick)
        self._heads: dict[str, dict[int, int]] = {}
        self._cleaned_at: datetime | None = None

    def run(self) -> dict[str, int]:
        """One pass over all endpoints. Counts of deliveries by outcome."""
        counts: dict[str, int] = {}
        for endpoint_id in self.look():
            for outcome, count in self.serve(endpoint_id).items():
                counts[outcome] = counts.get(outcome, 0) + count
        return counts

    # -- who has something to do ---------------------------------------------------------------------------------------

    def look(self) -> list[str]:
        """Endpoints with something to deliver that nobody serves at this moment."""
        now = self._clock()
        self._clean(now)
        with self._db.read() as conn:
            rows = [dict(row) for row in conn.execute(select(webhook_endpoints)).mappings()]
            if not rows:
                return []
            places = conn.execute(select(webhook_places)).mappings().all()
            w = webhook_waiting.c
            due = set(conn.scalars(select(w.endpoint_id).where(w.due_at <= now).distinct()))
            streams = select(w.endpoint_id, func.count(w.stream.distinct())).group_by(w.endpoint_id)
            waiting = {row[0]: row[1] for row in conn.execute(streams)}
            stuck = conn.scalar(select(func.count()).select_from(webhook_waiting).where(w.stuck.is_(True))) or 0
            revoked = set(conn.scalars(select(api_keys.c.key_id).where(api_keys.c.revoked_at.is_not(None))))
        self._heads = self._ask_heads({source for row in rows if row["state"] == "active" for source in row["sources"]})
        behind: dict[str, int] = {}
        for place in places:
            head = self._heads.get(place["source"], {}).get(place["partition"], place["offset"])
            behind[place["endpoint_id"]] = behind.get(place["endpoint_id"], 0) + max(0, head - place["offset"])
        chosen = []
        for row in rows:
            id_ = row["endpoint_id"]
            if row["state"] != "active":
                continue
            if row["owner"] in revoked:
                self._noting.pause(row, "key-revoked", now)
                continue
            free = row["claimed_until"] is None or row["claimed_until"] < now
            awake = row["rest_until"] is None or row["rest_until"] <= now
            more = behind.get(id_, 0) and waiting.get(id_, 0) < MOST_STREAMS
            if free and awake and (id_ in due or more):
                chosen.append(id_)
        self._measure(rows, behind, waiting, stuck)
        return chosen

    def _ask_heads(self, sources: set[str]) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {}
        for source in sorted(sources):
            try:
                found[source] = {head.partition: head.offset for head in reading.heads(self._call, source)}
            except VigenciaError as error:
                log.info("heads not to be had", source=source, error=str(error)[:200])
        return found

    @staticmethod
    def _measure(rows: list[dict[str, Any]], behind: Mapping[str, int], waiting: Mapping[str, int], stuck: int) -> None:
        active = [row for row in rows if row["state"] == "active"]
        failing = sum(row["failing_since"] is not None for row in active)
        for state, count in (
            ("active", len(active) - failing),
            ("failing", failing),
            ("paused", len(rows) - len(active)),
        ):
            metrics.ENDPOINTS.labels(state).set(count)
        metrics.WAITING.set(sum(waiting.values()))
        metrics.STUCK.set(stuck)
        metrics.LAG.set(sum(behind.get(row["endpoint_id"], 0) for row in active))

    def _clean(self, now: datetime) -> None:
        if self._cleaned_at is None or now - self._cleaned_at >= CLEANED_EVERY:
            self._cleaned_at = now
            with self._db.write() as conn:
                conn.execute(delete(webhook_attempts).where(webhook_attempts.c.at < now - self._settings.log))

    def forget_claims(self) -> None:
        """Of whoever was killed. Only where nobody else can be at work: one process owns a SQLite store."""
        if self._db.sqlite:
            with self._db.write() as conn:
                conn.execute(update(webhook_endpoints).values(**RELEASED))

    # -- one endpoint --------------------------------------------------------------------------------------------------

    def serve(self, endpoint_id: str) -> dict[str, int]:
        """Deliver to one endpoint until there is nothing more, or others should have their turn."""
        end = time.monotonic() + SLICE
        counts: dict[str, int] = {}
        try:
            while time.monotonic() < end and not self._stopping.is_set():
                row = self._claim(endpoint_id)
                work = self._taking.next(row, self._heads) if row is not None else None
                if row is None or work is None:
                    break
                batch = self._deliver(row, work, end)
                for tried in batch.tried:
                    counts[tried.outcome] = counts.get(tried.outcome, 0) + 1
        except Lost:
            log.info("somebody changed the endpoint", endpoint=endpoint_id)
        finally:
            self._release(endpoint_id)
        return counts

    def _claim(self, endpoint_id: str) -> dict[str, Any] | None:
        """Take it, or keep what is taken. None: it is another's, rests, or is paused."""
        now, c = self._clock(), webhook_endpoints.c
        free = or_(c.claimed_until.is_(None), c.claimed_until < now, c.claimed_by == self._me)
        awake = or_(c.rest_until.is_(None), c.rest_until <= now)
        mine = (c.endpoint_id == endpoint_id, c.state == "active", free, awake)
        with self._db.write() as conn:
            until = now + timedelta(seconds=SLICE + self._settings.timeout + SPARE)
            taken = update(webhook_endpoints).where(*mine).values(claimed_by=self._me, claimed_until=until)
            if conn.execute(taken).rowcount != 1:
                return None
            return dict(conn.execute(select(webhook_endpoints).where(c.endpoint_id == endpoint_id)).mappings().one())

    def _release(self, endpoint_id: str) -> None:
        c = webhook_endpoints.c
        with self._db.write() as conn:
            mine = (c.endpoint_id == endpoint_id, c.claimed_by == self._me)
            conn.execute(update(webhook_endpoints).where(*mine).values(**RELEASED))

    def _deliver(self, row: Row, work: Work, end: float) -> Batch:
        health = health_of(row)
        with self._db.read() as conn:
            secrets = signing_secrets(conn, self._seals, row["endpoint_id"], self._clock())
        if not secrets:
            self._noting.pause(row, "no-secret", self._clock())
            raise Lost
        awake = replace(health, rest_until=None)
        batch = Batch(
            lambda: self._open(row["url"]), secrets, awake, self._clock, self._pick,
            over=lambda: self._stopping.is_set() or time.monotonic() >= end,
        )  # fmt: skip
        batch.deliver(work.items, self._settings.parallel)
        self._noting.note(row, work, batch, health, self._clock())
        return batch


class Runner:
    """Serves many endpoints at once, each in a thread of its own: a slow one delays nobody else."""

    def __init__(self, deliverer: Deliverer, stopping: threading.Event) -> None:
        self._deliverer, self._stopping = deliverer, stopping
        self._running: dict[str, threading.Thread] = {}

    def __call__(self) -> None:
        """Until it is to stop; then what is being delivered is finished, if that takes no longer than some seconds."""
        if not self._running:
            self._deliverer.forget_claims()
        while not self._stopping.wait(EVERY):
            self._running = {id_: thread for id_, thread in self._running.items() if thread.is_alive()}
            for endpoint_id in self._deliverer.look():
                if endpoint_id not in self._running and len(self._running) < MOST_AT_ONCE:
                    thread = threading.Thread(target=self._serve, args=(endpoint_id,), name="webhooks", daemon=True)
                    self._running[endpoint_id] = thread
                    thread.start()
        end = time.monotonic() + STOP_SECONDS
        for thread in self._running.values():
            thread.join(max(0.0, end - time.monotonic()))

    def _serve(self, endpoint_id: str) -> None:
        try:
            self._deliverer.serve(endpoint_id)
        except Exception as error:
            if not is_passing(error):
                log.exception("delivering failed", endpoint=endpoint_id)
