"""Keys of other systems: each names its scopes, is shown once, and stands here only as a hash. Kept, not rebuilt."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.tables import METADATA
from services.errors import Invalid, NotFound, Refused
from services.store.database import Database
from services.store.types import JsonText, UtcDateTime

MARK = "vgk"
FEEDS = ("contracts", "billing", "tickets", "feedback")
"""Services whose feeds other systems may read."""
WEBHOOKS = "webhooks"
"""Scope of keys that keep webhook endpoints of their own, for events of the feeds that they may read."""
SCOPES = frozenset({WEBHOOKS, *(f"feed:{service}" for service in FEEDS)})

api_keys = Table(
    "api_keys",
    METADATA,
    Column("key_id", String(64), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("scopes", JsonText, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("revoked_at", UtcDateTime),
)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key; the key itself is not."""

    key_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime  # UTC
    created_by: str
    revoked_at: datetime | None = None


class ApiKeys:
    """``vgk_<key id>_<secret>``: 256 random bits, so that a plain SHA-256 of them tells nothing and costs nothing."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, key_id: str, name: str, scopes: Sequence[str], *, by: str, at: datetime) -> tuple[ApiKey, str]:
        """A new key and its text, which nobody can be told again. Raises ``Refused`` where the id has its key already."""
        if unknown := set(scopes) - SCOPES:
            message = f"no such scope: {sorted(unknown)}"
            raise Invalid(problems=[{"path": "scopes", "code": "value", "message": message}])
        secret = secrets.token_urlsafe(32)
        row = {"key_id": key_id, "name": name, "scopes": sorted(set(scopes)), "created_at": at, "created_by": by}
        try:
            with self._db.write() as conn:
                conn.execute(insert(api_keys).values(**row, hash=_hash(secret)))
        except IntegrityError:
            raise Refused("api-key.shown-once", key_id=key_id) from None
        return self._known(key_id), f"{MARK}_{key_id}_{secret}"

    def all(self) -> list[ApiKey]:
        """In the order in which they were made, the revoked ones too."""
        with self._db.read() as conn:
            return [_key(row) for row in conn.execute(select(api_keys).order_by(api_keys.c.created_at))]

    def revoke(self, key_id: str, *, at: datetime) -> ApiKey:
        """From the next call on it opens nothing. Again: nothing more happens."""
        with self._db.write() as conn:
            still = (api_keys.c.key_id == key_id, api_keys.c.revoked_at.is_(None))
            conn.execute(update(api_keys).where(*still).values(revoked_at=at))
        return self._known(key_id)

    def holder(self, text: str) -> ApiKey | None:
        """Whose key this is; None for one that is unknown, wrong or revoked."""
        mark, _, rest = text.partition("_")
        key_id, _, secret = rest.partition("_")
        if mark != MARK or not secret:
            return None
        with self._db.read() as conn:
            row = conn.execute(select(api_keys).where(api_keys.c.key_id == key_id)).first()
        if row is None or row.revoked_at is not None or not hmac.compare_digest(row.hash, _hash(secret)):
            return None
        return _key(row)

    def _known(self, key_id: str) -> ApiKey:
        with self._db.read() as conn:
            row = conn.execute(select(api_keys).where(api_keys.c.key_id == key_id)).first()
        if row is None:
            raise NotFound("api-key.unknown", key_id=key_id)
        return _key(row)


def is_key(token: str) -> bool:
    return token.startswith(f"{MARK}_")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Any) -> ApiKey:
    return ApiKey(row.key_id, row.name, tuple(row.scopes), row.created_at, row.created_by, row.revoked_at)
