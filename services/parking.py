"""Parked events: what a handler cannot take waits per (subscription, stream), in order, while other streams flow.

A redrive locks the stream's row, as the consumer does: whoever comes second sees what the first one did.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from services import metrics
from services.errors import NotFound
from services.events import Envelope, envelope_json, parse_envelope
from services.store.tables import discarded_events, parked_events, parked_streams
from services.subscriptions import Subscription


def any_parked(conn: Connection, subscription: Subscription, streams: set[str] | None = None) -> bool:
    """Whether one of these streams (None: any at all) is parked for this subscription."""
    where = [*_of(parked_streams, subscription)]
    if streams is not None:
        where.append(parked_streams.c.stream.in_(streams))
    return conn.execute(select(parked_streams.c.stream).where(*where).limit(1)).first() is not None


def is_parked(conn: Connection, subscription: Subscription, stream: str) -> bool:
    """Whether a stream is parked; takes its row's lock where it is."""
    statement = select(parked_streams.c.stream).where(
        *_of(parked_streams, subscription), parked_streams.c.stream == stream
    )
    return conn.execute(_locked(conn, statement)).first() is not None


def park(conn: Connection, subscription: Subscription, envelope: Envelope, reason: str) -> None:
    """Put an event behind what is parked of its stream (or make it the first)."""
    now = datetime.now(UTC)
    key = {"subscription": subscription.name, "source": subscription.source, "stream": envelope.subject}
    if not is_parked(conn, subscription, envelope.subject):
        conn.execute(insert(parked_streams).values(**key, reason=reason, since=now))
    conn.execute(
        insert(parked_events).values(
            **key,
            version=envelope.streamversion,
            partition=envelope.partition,
            offset=envelope.offset,
            type=envelope.type,
            envelope=envelope_json(envelope),
            error=reason,
            parked_at=now,
        )
    )


def set_aside(conn: Connection, subscription: Subscription, stream: str, reason: str) -> None:
    """Park a stream before anything of it failed: what comes of it from now on waits behind."""
    if not is_parked(conn, subscription, stream):
        key = {"subscription": subscription.name, "source": subscription.source, "stream": stream}
        conn.execute(insert(parked_streams).values(**key, reason=reason[:1000], since=datetime.now(UTC)))


def redrive(
    conn: Connection, subscription: Subscription, stream: str, handle: Callable[[Envelope, Connection], None]
) -> tuple[int, str | None]:
    """Handle a stream's parked events in order; stops at the first that fails again. Returns (handled, new reason)."""
    if not is_parked(conn, subscription, stream):
        raise NotFound("parked.not-found", subscription=subscription.name, stream=stream)
    where = (*_of(parked_events, subscription), parked_events.c.stream == stream)
    handled = 0
    for row in conn.execute(select(parked_events).where(*where).order_by(parked_events.c.offset)).all():
        try:
            with conn.begin_nested():
                handle(parse_envelope(row.envelope), conn)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"[:1000]
            conn.execute(parked_events.update().where(parked_events.c.id == row.id).values(error=reason))
            conn.execute(parked_streams.update().where(*_key(subscription, stream)).values(reason=reason))
            return handled, reason
        conn.execute(delete(parked_events).where(parked_events.c.id == row.id))
        handled += 1
    conn.execute(delete(parked_streams).where(*_key(subscription, stream)))
    return handled, None


def discard(conn: Connection, subscription: Subscription, stream: str, *, reason: str, actor: str) -> str:
    """Take out the first parked event of a stream, keeping it with the reason. Returns the event's id."""
    if not is_parked(conn, subscription, stream):
        raise NotFound("parked.not-found", subscription=subscription.name, stream=stream)
    where = (*_of(parked_events, subscription), parked_events.c.stream == stream)
    row = conn.execute(select(parked_events).where(*where).order_by(parked_events.c.offset).limit(1)).one()
    event = f"{row.stream}@{row.version}"
    kept = {"subscription": subscription.name, "event": event, "envelope": row.envelope}
    conn.execute(insert(discarded_events).values(**kept, reason=reason, actor=actor, at=datetime.now(UTC)))
    conn.execute(delete(parked_events).where(parked_events.c.id == row.id))
    if conn.execute(select(func.count()).select_from(parked_events).where(*where)).scalar() == 0:
        conn.execute(delete(parked_streams).where(*_key(subscription, stream)))
    return event


def listing(conn: Connection, service: str, limit: int = 200) -> list[dict[str, Any]]:
    """Parked events with their reasons, oldest first. Payloads stay sealed."""
    counts = select(parked_events.c.subscription, func.count()).group_by(parked_events.c.subscription)
    for subscription, count in conn.execute(counts):
        metrics.PARKED.labels(service, subscription).set(count)
    rows = conn.execute(select(parked_events).order_by(parked_events.c.id).limit(limit)).mappings()
    return [{**row, "parked_at": row["parked_at"].isoformat()} for row in rows]


def _of(table: Any, subscription: Subscription) -> tuple[Any, ...]:
    return table.c.subscription == subscription.name, table.c.source == subscription.source


def _key(subscription: Subscription, stream: str) -> tuple[Any, ...]:
    return (*_of(parked_streams, subscription), parked_streams.c.stream == stream)


def _locked(conn: Connection, statement: Any) -> Any:
    return statement.with_for_update() if conn.dialect.name == "postgresql" else statement
