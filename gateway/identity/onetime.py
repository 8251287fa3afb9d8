"""Mailed addresses that work once: an invitation, a new password, a login without one. Signed, short-lived, for one user.

Opening the page changes nothing (mail scanners follow links); its button does. A row makes the address good once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from sqlalchemy import Connection, delete, select, update

from gateway.identity.signing import ALGORITHM, Secrets, keys_of
from gateway.identity.tables import one_time_links
from services.store.database import Database

INVITATION, PASSWORD, LOGIN = "invitation", "password", "login"
LIVES = {INVITATION: timedelta(days=7), PASSWORD: timedelta(minutes=15), LOGIN: timedelta(minutes=15)}
_ISSUER = "vigencia-once"


@dataclass(frozen=True, slots=True)
class OneTime:
    """``usable``: neither used nor over."""

    link_id: str
    kind: str
    user_id: str
    expires_at: datetime
    usable: bool = True


def _now() -> datetime:
    return datetime.now(UTC)


class OneTimeLinks:
    """``secrets`` gives the signing secrets, today's first."""

    def __init__(self, database: Database, secrets: Secrets, *, clock: Callable[[], datetime] = _now) -> None:
        self._db, self._secrets, self._clock = database, secrets, clock

    def make(self, conn: Connection, kind: str, user_id: str, *, link_id: str | None = None) -> OneTime:
        """In the caller's transaction. Older ones of the same kind are good no more: the last mail counts."""
        now = self._clock()
        older = (one_time_links.c.user_id == user_id, one_time_links.c.kind == kind, one_time_links.c.used_at.is_(None))
        conn.execute(update(one_time_links).where(*older).values(used_at=now))
        link = OneTime(link_id or str(uuid.uuid4()), kind, user_id, now + LIVES[kind])
        row = {"link_id": link.link_id, "kind": kind, "user_id": user_id, "made_at": now, "expires_at": link.expires_at}
        conn.execute(one_time_links.insert().values(**row))
        return link

    def token(self, link: OneTime) -> str:
        """What stands in the mailed address."""
        claims = {
            "iss": _ISSUER, "aud": link.kind, "jti": link.link_id, "sub": link.user_id,
            "exp": int(link.expires_at.timestamp()),
        }  # fmt: skip
        return jwt.encode({"alg": ALGORITHM}, claims, keys_of(self._secrets)[0])

    def read(self, token: str) -> OneTime | None:
        """None for one that is not ours."""
        for key in keys_of(self._secrets):
            try:
                claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
            except (JoseError, ValueError):
                continue
            if claims.get("iss") != _ISSUER:
                return None
            found = self.one(str(claims.get("jti")))
            same = found is not None and (found.kind, found.user_id) == (claims.get("aud"), claims.get("sub"))
            return found if same else None
        return None

    def one(self, link_id: str) -> OneTime | None:
        with self._db.read() as conn:
            row = conn.execute(select(one_time_links).where(one_time_links.c.link_id == link_id)).first()
        return None if row is None else self._link(row)

    def use(self, conn: Connection, link: OneTime) -> bool:
        """Whether it was good, and from now on is not. All that were mailed to this user beside it end with it."""
        now = self._clock()
        own = one_time_links.c.user_id == link.user_id
        mine = (one_time_links.c.link_id == link.link_id, own)
        good = (*mine, one_time_links.c.used_at.is_(None), one_time_links.c.expires_at > now)
        if conn.execute(update(one_time_links).where(*good).values(used_at=now)).rowcount != 1:
            return False
        conn.execute(update(one_time_links).where(own, one_time_links.c.used_at.is_(None)).values(used_at=now))
        return True

    def sweep(self) -> int:
        with self._db.write() as conn:
            old = one_time_links.c.expires_at < self._clock() - timedelta(days=7)
            return int(conn.execute(delete(one_time_links).where(old)).rowcount)

    def _link(self, row: Any) -> OneTime:
        usable = row.used_at is None and row.expires_at > self._clock()
        return OneTime(row.link_id, row.kind, row.user_id, row.expires_at, usable)
