"""Small pieces of SQL that the API's side and the worker's share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from gateway.webhooks.sealing import Seals
from gateway.webhooks.tables import webhook_secrets, webhook_waiting

FRESH: Mapping[str, Any] = {"failing_since": None, "misses": 0, "rests": 0, "rest_until": None}
RELEASED: Mapping[str, Any] = {"claimed_by": None, "claimed_until": None}


def signing_secrets(conn: Connection, seals: Seals, endpoint_id: str, now: datetime) -> list[str]:
    """An endpoint's secrets that sign now, the newest first. None at all: sealed with another installation's secret."""
    c = webhook_secrets.c
    valid = (c.endpoint_id == endpoint_id, or_(c.ends_at.is_(None), c.ends_at > now))
    rows = conn.execute(select(c.sealed).where(*valid).order_by(c.made_at.desc()))
    return [text for (sealed,) in rows if (text := seals.open(endpoint_id, sealed)) is not None]


def hurry(conn: Connection, endpoint_id: str, now: datetime, *, afresh: bool = False) -> None:
    """The first event of each stream that waits is due at once. ``afresh``: as if it had never been tried."""
    w = webhook_waiting.c
    firsts = (
        select(w.source, w.partition, func.min(w.offset))
        .where(w.endpoint_id == endpoint_id)
        .group_by(w.source, w.partition, w.stream)
    )
    again = {"attempts": 0, "first_at": None, "stuck": False} if afresh else {}
    for source, partition, offset in conn.execute(firsts).all():
        first = (w.endpoint_id == endpoint_id, w.source == source, w.partition == partition, w.offset == offset)
        free = () if afresh else (w.stuck.is_(False),)
        conn.execute(update(webhook_waiting).where(*first, *free).values(due_at=now, **again))
