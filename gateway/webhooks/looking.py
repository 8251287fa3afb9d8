"""What is to be seen of webhook endpoints: they themselves, where they stand, what waits, and the log.

``owner``: the id of the API key that calls, which sees its own endpoints alone; None: staff, who see all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from gateway.queries.paging import equal, page
from gateway.webhooks import reading
from gateway.webhooks.parts import signing_secrets
from gateway.webhooks.reading import Call
from gateway.webhooks.sealing import Seals
from gateway.webhooks.tables import (
    webhook_attempts,
    webhook_endpoints,
    webhook_places,
    webhook_secrets,
    webhook_waiting,
)
from services.errors import NotFound, VigenciaError
from services.rows import Rows
from services.store.database import Database


class Endpoints:
    def __init__(self, database: Database, seals: Seals, call: Call) -> None:
        self._db, self._seals, self._call = database, seals, call

    def all(self, owner: str | None) -> list[dict[str, Any]]:
        """In the order in which they were made."""
        mine = () if owner is None else (webhook_endpoints.c.owner == owner,)
        with self._db.read() as conn:
            statement = select(webhook_endpoints).where(*mine)
            ordered = statement.order_by(webhook_endpoints.c.created_at, webhook_endpoints.c.endpoint_id)
            rows = [dict(row) for row in conn.execute(ordered).mappings()]
            return [{**row, **self._told(conn, row["endpoint_id"])} for row in rows]

    def one(self, endpoint_id: str, owner: str | None) -> dict[str, Any]:
        with self._db.read() as conn:
            row = conn.execute(
                select(webhook_endpoints).where(webhook_endpoints.c.endpoint_id == endpoint_id)
            ).mappings().first()  # fmt: skip
            if row is None or owner not in (None, row["owner"]):
                raise NotFound("webhook.unknown", endpoint_id=endpoint_id)
            return {**row, **self._told(conn, endpoint_id)}

    def places(self, endpoint_id: str, owner: str | None) -> list[dict[str, Any]]:
        """Where it stands in each partition, with the feed's head; null where the service does not answer."""
        self.one(endpoint_id, owner)
        with self._db.read() as conn:
            mine = select(webhook_places).where(webhook_places.c.endpoint_id == endpoint_id)
            rows = [dict(row) for row in conn.execute(mine).mappings()]
        known: dict[tuple[str, int], int] = {}
        for source in dict.fromkeys(row["source"] for row in rows):
            try:
                known |= {(source, head.partition): head.offset for head in reading.heads(self._call, source)}
            except VigenciaError:
                continue
        rows.sort(key=lambda row: (row["source"], row["partition"]))
        return [
            {
                "service": row["source"],
                "partition": row["partition"],
                "through": row["offset"],
                "head": known.get((row["source"], row["partition"])),
            }
            for row in rows
        ]

    def attempts(self, endpoint_id: str, owner: str | None, args: Mapping[str, Any]) -> dict[str, Any]:
        """The log, the newest first."""
        self.one(endpoint_id, owner)
        c = webhook_attempts.c
        with self._db.read() as conn:
            chosen = equal(c, args, ("outcome", "type", "stream", "message_id"))
            statement = select(webhook_attempts).where(c.endpoint_id == endpoint_id, *chosen)
            return page(Rows(conn, lock=False), statement, args, order=c.at, key=c.attempt_id)

    def waiting(self, endpoint_id: str, owner: str | None) -> list[dict[str, Any]]:
        """Streams that wait, each with the event that it waits for."""
        self.one(endpoint_id, owner)
        c = webhook_waiting.c
        groups = (
            select(c.source, c.stream, func.min(c.offset).label("first"), func.count().label("events"))
            .where(c.endpoint_id == endpoint_id)
            .group_by(c.source, c.stream)
            .subquery()
        )
        g = groups.c
        same = and_(c.source == g.source, c.stream == g.stream, c.offset == g.first)
        statement = select(webhook_waiting, g.events).join(groups, same).where(c.endpoint_id == endpoint_id)
        with self._db.read() as conn:
            rows = conn.execute(statement.order_by(c.first_at, c.source, c.stream).limit(500)).mappings()
            return [{**row, "service": row["source"]} for row in rows]

    def secrets(self, endpoint_id: str, now: datetime) -> list[str]:
        """Those that sign now, the newest first."""
        with self._db.read() as conn:
            return signing_secrets(conn, self._seals, endpoint_id, now)

    @staticmethod
    def _told(conn: Connection, endpoint_id: str) -> dict[str, Any]:
        w, s = webhook_waiting.c, webhook_secrets.c
        of = (w.endpoint_id == endpoint_id,)
        streams = select(w.source, w.stream).where(*of).distinct().subquery()
        stuck = select(func.count()).select_from(webhook_waiting).where(*of, w.stuck.is_(True))
        now = datetime.now(UTC)
        valid = (s.endpoint_id == endpoint_id, or_(s.ends_at.is_(None), s.ends_at > now))
        signing = select(func.count()).select_from(webhook_secrets).where(*valid)
        return {
            "waiting_streams": conn.scalar(select(func.count()).select_from(streams)) or 0,
            "stuck_streams": conn.scalar(stuck) or 0,
            "secrets": conn.scalar(signing) or 0,
        }
