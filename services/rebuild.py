"""Rebuilding views: an own view from the service's feed at once, a view of other services' events from offset 0.

An own view's rebuild pauses the service's commands (it takes alone the lock that appends share) and is one
transaction: readers see the old rows until the new ones are whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, text, update

from services.component import View
from services.errors import NotFound
from services.events import ORIGIN, Incoming, Meta
from services.rows import Rows
from services.store.statements import VIEWS_LOCK, fed
from services.store.tables import applied, checkpoints, feed_head, parked_events, parked_streams
from services.subscriptions import Checkpoint, Subscription, subscriptions_of

if TYPE_CHECKING:
    from services.runtime import App

BATCH = 2000  # events
REMEMBERED = 50_000  # rows, between batches


def rebuild(app: App, name: str) -> dict[str, Any]:
    """``{"view", "events"}`` for an own view; ``{"view", "restarted": true}`` for one of other services' events."""
    for view in app.component.views:
        if view.name == name:
            return {"view": name, "events": rebuild_own(app, view)}
    subscriptions = [s for s in subscriptions_of(app.component) if s.view is not None and s.view.name == name]
    if not subscriptions:
        known = sorted(view.name for view in (*app.component.views, *app.component.remote_views))
        raise NotFound("view.not-found", view=name, known=known)
    with app.database.write() as conn:
        for subscription in subscriptions:
            restart(conn, subscription, range(app.settings.partitions))
    for reader in app.readers:
        if any(reader.source == s.source for s in subscriptions):
            reader.reload()
    return {"view": name, "restarted": True}


def rebuild_own(app: App, view: View) -> int:
    """Fold an own view anew from the feed, in one transaction. Returns the number of events."""
    count = 0
    store = app.application.store
    with app.database.write() as conn:
        if not app.database.sqlite:
            conn.execute(text("SET LOCAL statement_timeout = 0"))
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": VIEWS_LOCK})
        heads = [row.partition for row in conn.execute(select(feed_head.c.partition).order_by(feed_head.c.partition))]
        for partition in heads:
            while store.number(conn, partition):
                pass
        empty(conn, view)
        rows = Rows(conn, empty=view.tables)
        whole = conn.execute(select(func.sum(feed_head.c.offset + 1))).scalar() or 0
        for partition in heads:
            after = ORIGIN
            while batch := _batch(app, conn, partition, after):
                fold_all(view, batch, rows)
                after = batch[-1].offset
                count += len(batch)
                app.rebuilds.moved(view.name, count, int(whole))
    return count


def fold_all(view: View, batch: list[Incoming], rows: Rows) -> None:
    view.prefetch(batch, rows)
    for event in batch:
        view.fold(event, rows)
    rows.shrink(REMEMBERED)


def restart(conn: Connection, subscription: Subscription, partitions: Iterable[int]) -> None:
    """Let a view of another service's events begin again with the first one.

    The checkpoints come first: from then on no reader can commit what it has folded of the old rows.
    """
    assert subscription.view is not None
    for partition in partitions:
        reset_checkpoint(conn, subscription, partition, Checkpoint())
    empty(conn, subscription.view)
    for table in (parked_events, parked_streams, applied):
        conn.execute(
            delete(table).where(table.c.subscription == subscription.name, table.c.source == subscription.source)
        )


def empty(conn: Connection, view: View) -> None:
    """Delete a view's rows."""
    for table in reversed(view.tables):
        conn.execute(delete(table))


def reset_checkpoint(conn: Connection, subscription: Subscription, partition: int, at: Checkpoint) -> None:
    c = checkpoints.c
    where = (c.subscription == subscription.name, c.source == subscription.source, c.partition == partition)
    values = {"offset": at.offset, "chain": at.chain, "feed": at.feed}
    if conn.execute(update(checkpoints).where(*where).values(**values)).rowcount == 0:
        key = {"subscription": subscription.name, "source": subscription.source, "partition": partition}
        conn.execute(insert(checkpoints).values(**key, **values))


def _batch(app: App, conn: Connection, partition: int, after: int) -> list[Incoming]:
    """The next events of a partition, as folds see them."""
    service, opened, meta_of = app.component.name, app.application.codec.open, msgspec.json.Decoder(Meta).decode
    found = []
    for offset, _, stream, version, kind, schema, data, meta_text, at, _ in fed(conn, partition, after, BATCH):
        meta = meta_of(meta_text)
        found.append(
            Incoming(
                id=f"{stream}@{version}",
                source=service,
                type=kind,
                schema=schema,
                stream=stream,
                version=version,
                at=at,
                data=opened(kind, schema, data),
                correlation=meta.correlation,
                causation=meta.causation,
                actor=meta.actor,
                historical=meta.historical,
                depth=meta.depth,
                partition=partition,
                offset=offset,
            )
        )
    return found
