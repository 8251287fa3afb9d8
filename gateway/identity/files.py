"""Who brought which file: a customer attaches only what he brought himself, whatever hash he has heard of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Column, String, Table, select

from gateway.tables import METADATA
from services.errors import NotFound
from services.store.database import Database, insert_if_missing
from services.store.types import UtcDateTime

file_uploads = Table(
    "file_uploads",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("user_id", String(64), primary_key=True),
    Column("uploaded_at", UtcDateTime, nullable=False),
)


def _now() -> datetime:
    return datetime.now(UTC)


class FileUploads:
    def __init__(self, database: Database, *, clock: Callable[[], datetime] = _now) -> None:
        self._db, self._clock = database, clock

    def note(self, sha256: str, user_id: str) -> None:
        row = {"sha256": sha256, "user_id": user_id, "uploaded_at": self._clock()}
        with self._db.write() as conn:
            conn.execute(insert_if_missing(conn, file_uploads).values(**row))

    def check(self, sha256: str, user_id: str) -> None:
        """Raises ``NotFound`` (``blob.unknown``) for one that he did not bring: as for one that is not there."""
        brought = (file_uploads.c.sha256 == sha256, file_uploads.c.user_id == user_id)
        with self._db.read() as conn:
            if conn.execute(select(file_uploads.c.sha256).where(*brought)).first() is None:
                raise NotFound("blob.unknown", sha256=sha256)
