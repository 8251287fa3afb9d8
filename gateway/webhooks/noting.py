"""What became of a batch, in one transaction: places, what waits, the endpoint's health, the log, and notices to people."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from uuid_utils import uuid7

from gateway.identity.roles import MANAGER, OPERATOR
from gateway.mail.tables import mail_causes
from gateway.webhooks.batches import Batch, Item, Tried
from gateway.webhooks.domain.health import Health, to_be_paused
from gateway.webhooks.domain.schedule import delay_after
from gateway.webhooks.parts import RELEASED, hurry
from gateway.webhooks.reading import Place
from gateway.webhooks.settings import WebhookSettings
from gateway.webhooks.tables import webhook_attempts, webhook_endpoints, webhook_places, webhook_waiting
from services import logs
from services.rows import Rows
from services.store.database import Database

PAUSED, STUCK = "webhook_paused", "webhook_stuck"
"""Templates of the notices."""
NOT_NOW = timedelta(seconds=30)
Row = Mapping[str, Any]
log = logs.get("webhooks")


@dataclass
class Work:
    """What is to be done next for an endpoint, and the places after it."""

    items: list[Item] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    vanished: list[Row] = field(default_factory=list)  # rows of what waits whose event the feed no longer has
    postponed: list[Row] = field(default_factory=list)  # rows whose service does not answer now
    diverged: str = ""


class Lost(Exception):
    """The endpoint is another worker's by now, or somebody changed it: nothing was noted."""


class Noting:
    def __init__(self, database: Database, settings: WebhookSettings, pick: Callable[[], float]) -> None:
        self._db, self._settings, self._pick = database, settings, pick

    def note(self, row: Row, work: Work, batch: Batch, before: Health, now: datetime) -> None:
        """Raises ``Lost``."""
        health = batch.health
        reason = ""
        if batch.gone:
            reason = "gone"
        elif work.diverged:
            reason = "diverged"
        elif to_be_paused(health, now, self._settings.give_up):
            reason = "failing"
        id_ = row["endpoint_id"]
        with self._db.write() as conn:
            self._keep(conn, row, health)
            self._places(conn, id_, work)
            for each in work.vanished:
                conn.execute(delete(webhook_waiting).where(*_at(id_, each)))
            for each in work.postponed:
                conn.execute(update(webhook_waiting).where(*_at(id_, each)).values(due_at=now + NOT_NOW))
            stuck = [each for each in batch.tried if not self._settle(conn, id_, each, pausing=bool(reason))]
            self._leave(conn, id_, batch.left, now)
            self._next_of(conn, id_, [*work.vanished, *_keys(batch)], now)
            if before.probing and health.delivered_at != before.delivered_at:
                hurry(conn, id_, now)  # it is back: nothing waits longer for having been tried in vain
            self._log(conn, id_, batch.tried)
            if reason:
                self._pause(conn, row, reason, now)
            elif stuck:
                self._notice(conn, row, STUCK, "stuck", now)

    def pause(self, row: Row, reason: str, now: datetime) -> None:
        """Outside of a batch."""
        with self._db.write() as conn:
            self._pause(conn, row, reason, now)

    # -- parts ---------------------------------------------------------------------------------------------------------

    @staticmethod
    def _keep(conn: Connection, row: Row, health: Health) -> None:
        c = webhook_endpoints.c
        mine = (c.endpoint_id == row["endpoint_id"], c.claimed_by == row["claimed_by"], c.state == "active")
        values = {
            "failing_since": health.failing_since,
            "misses": health.misses,
            "rests": health.rests,
            "rest_until": health.rest_until,
            "delivered_at": health.delivered_at,
        }
        if conn.execute(update(webhook_endpoints).where(*mine).values(**values)).rowcount != 1:
            raise Lost

    @staticmethod
    def _places(conn: Connection, id_: str, work: Work) -> None:
        rows = Rows(conn)
        for place in work.places:
            rows.put(webhook_places, endpoint_id=id_, source=place.source, partition=place.partition,
                     offset=place.offset, chain=place.chain, feed=place.feed)  # fmt: skip
        rows.flush()

    def _settle(self, conn: Connection, id_: str, tried: Tried, *, pausing: bool) -> bool:
        """False: it has been tried for so long that a person is to look at it."""
        item = tried.item
        if tried.outcome == "delivered":
            if item.held:
                conn.execute(delete(webhook_waiting).where(*_at(id_, _key(item))))
            return True
        attempts, first_at = item.attempts + 1, item.first_at or tried.at
        over = tried.at - first_at >= self._settings.give_up and not pausing
        values = {
            "attempts": attempts,
            "first_at": first_at,
            "due_at": None if over else tried.at + delay_after(attempts, self._pick()),
            "stuck": over,
        }
        if item.held:
            conn.execute(update(webhook_waiting).where(*_at(id_, _key(item))).values(**values))
        else:
            _insert(conn, id_, item, **values)
        return not over

    @staticmethod
    def _leave(conn: Connection, id_: str, left: Sequence[Item], now: datetime) -> None:
        """What was not tried waits; where nothing of its stream waits before it, ``_next_of`` makes it due."""
        for item in left:
            if not item.held:
                _insert(conn, id_, item, attempts=0, first_at=None, due_at=None, stuck=False)

    @staticmethod
    def _next_of(conn: Connection, id_: str, touched: Sequence[Row], now: datetime) -> None:
        """The first one of each stream that was touched is due now, unless it has a time, or is stuck."""
        w = webhook_waiting.c
        for source, stream in dict.fromkeys((each["source"], each["stream"]) for each in touched):
            queue = (w.endpoint_id == id_, w.source == source, w.stream == stream)
            first = conn.execute(select(webhook_waiting).where(*queue).order_by(w.offset).limit(1)).mappings().first()
            if first is not None and first["due_at"] is None and not first["stuck"]:
                conn.execute(update(webhook_waiting).where(*_at(id_, dict(first))).values(due_at=now))

    @staticmethod
    def _log(conn: Connection, id_: str, tried: Sequence[Tried]) -> None:
        if tried:
            conn.execute(insert(webhook_attempts), [attempt(id_, each) for each in tried])

    def _pause(self, conn: Connection, row: Row, reason: str, now: datetime) -> None:
        c = webhook_endpoints.c
        mine = (c.endpoint_id == row["endpoint_id"], c.state == "active")
        paused = update(webhook_endpoints).where(*mine).values(state="paused", reason=reason, **RELEASED)
        if conn.execute(paused).rowcount:
            log.warning("endpoint paused", endpoint=row["endpoint_id"], reason=reason)
            self._notice(conn, row, PAUSED, reason, now)

    @staticmethod
    def _notice(conn: Connection, row: Row, template: str, reason: str, now: datetime) -> None:
        """To managers and operators, by the mail engine, once for each time that it happens."""
        facts = {"role": MANAGER, "roles": [MANAGER, OPERATOR], "webhook": row["name"], "why": reason}
        cause = f"webhook/{row['endpoint_id']}/{uuid.uuid4()}"
        values = {"cause_id": cause, "template": template, "customer_id": "", "facts": facts, "happened_at": now}
        conn.execute(insert(mail_causes).values(**values))


def attempt(endpoint_id: str, tried: Tried) -> dict[str, Any]:
    """The row of the log."""
    envelope, answer = tried.item.envelope, tried.answer
    return {
        "attempt_id": str(uuid7()),
        "endpoint_id": endpoint_id,
        "at": tried.at,
        "source": tried.item.source or None,
        "partition": envelope.get("partition"),
        "offset": envelope.get("offset"),
        "stream": envelope["subject"],
        "type": envelope["type"],
        "message_id": tried.item.message_id,
        "attempt": tried.item.attempts + 1,
        "outcome": tried.outcome,
        "status": answer.status,
        "error": answer.error,
        "answer": answer.text,
        "milliseconds": round(answer.seconds * 1000),
    }


def _key(item: Item) -> dict[str, Any]:
    envelope = item.envelope
    named = {name: envelope[name] for name in ("partition", "offset")}
    return {"source": item.source, "stream": envelope["subject"], **named}


def _keys(batch: Batch) -> list[dict[str, Any]]:
    return [_key(item) for item in (*(each.item for each in batch.tried), *batch.left) if not item.behind]


def _insert(conn: Connection, id_: str, item: Item, **values: Any) -> None:
    row = {"endpoint_id": id_, **_key(item), "message_id": item.message_id, **values}
    conn.execute(insert(webhook_waiting).values(**row))


def _at(id_: str, row: Row) -> tuple[Any, ...]:
    w = webhook_waiting.c
    here = (w.source == row["source"], w.partition == row["partition"], w.offset == row["offset"])
    return (w.endpoint_id == id_, *here)
