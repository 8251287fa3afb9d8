"""Leases: of several instances one does some work for a while. Only a saving: whoever works without one does no harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from services.store.database import Database, insert_if_missing
from services.store.tables import leases


def take(database: Database, name: str, owner: str, seconds: float) -> bool:
    """Whether ``owner`` has the lease from now on for so long. On SQLite there is one process."""
    if database.sqlite:
        return True
    now = datetime.now(UTC)
    values = {"owner": owner, "until": now + timedelta(seconds=seconds)}
    free = (leases.c.owner == owner) | (leases.c.until < now)
    with database.write() as conn:
        if conn.execute(update(leases).where(leases.c.name == name, free).values(values)).rowcount:
            return True
        return bool(conn.execute(insert_if_missing(conn, leases).values(name=name, **values)).rowcount)
