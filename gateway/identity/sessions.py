"""Who is logged in: one row a browser or program, shown to its user, ended by him, by a manager or by time.

A browser's cookie and a program's refresh token are ``<mark>_<session id>_<secret>``; the secret stands here as a hash.
A refresh token is good once. The one before is taken for some seconds more, for an answer may have been lost; later it
is in somebody else's hands, and the session ends.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from gateway.identity.devices import device_of
from gateway.identity.tables import sessions
from gateway.identity.users import User, user_of
from gateway.tables import users
from services import logs
from services.errors import NotFound
from services.store.database import Database
from services.store.types import UtcDateTime

MARK = "vgs"
BROWSER, API = "browser", "api"
READING = timedelta(hours=1)
"""A browser's session ends when nothing was read for so long."""
STAYING = timedelta(days=30)
"""The same, where the user said that the device is his own; and how long a refresh token is good."""
LOST_ANSWER = timedelta(seconds=30)
NOTED_EVERY = timedelta(minutes=5)
KEPT = timedelta(days=90)
"""So long a session that is over is kept: a login from a new device can be told from others."""
log = logs.get("gateway")


_FOUND = (  # made once: to make it costs as much as to ask it
    select(users, *(sessions.c[name] for name in ("session_id", "secret_hash", "lasts", "seen_at")))
    .join(sessions, sessions.c.user_id == users.c.user_id)
    .where(
        sessions.c.session_id == bindparam("in_session"),
        sessions.c.kind == bindparam("in_kind"),
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > bindparam("now"),
        users.c.active.is_(True),
    )
)


@dataclass(frozen=True, slots=True)
class Session:
    """What its user is shown. ``how``: password | link. Instants are UTC."""

    session_id: str
    user_id: str
    kind: str
    how: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """``secret``: the cookie's or refresh token's text, told this once. ``new_device``: no other login looked like it."""

    session: Session
    secret: str
    new_device: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """``noted``: it was long ago that somebody read, so that its end was moved: the cookie is to be sent again."""

    user: User
    session_id: str
    lasts: timedelta
    noted: bool


def _now() -> datetime:
    return datetime.now(UTC)


class Sessions:
    """Sessions in the gateway's store."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = _now) -> None:
        self._db, self._clock = database, clock

    # -- beginning -------------------------------------------------------------------------------------------------

    def open(
        self, user_id: str, *, kind: str, how: str, agent: str | None, address: str | None, lasts: timedelta
    ) -> Opened:
        now, secret, id_ = self._clock(), secrets.token_urlsafe(32), str(uuid.uuid4())
        row = {
            "session_id": id_, "user_id": user_id, "kind": kind, "how": how, "secret_hash": _hash(secret),
            "lasts": round(lasts.total_seconds()), "created_at": now, "seen_at": now, "expires_at": now + lasts,
            "agent": (agent or "")[:200] or None, "address": address,
        }  # fmt: skip
        with self._db.write() as conn:
            new = self._is_new(conn, row)
            conn.execute(sessions.insert().values(**row))
        return Opened(_session(row), f"{MARK}_{id_}_{secret}", new)

    @staticmethod
    def _is_new(conn: Connection, row: dict[str, Any]) -> bool:
        """Whether others were logged in before, and none by this browser. The first login of all is no news."""
        before = select(sessions.c.agent).where(sessions.c.user_id == row["user_id"]).distinct()
        devices = {device_of(agent) for agent in conn.execute(before).scalars()}
        return bool(devices) and device_of(row["agent"]) not in devices

    def known_address(self, user_id: str, address: str) -> bool:
        """Whether the user logged in from there before."""
        known = select(sessions.c.session_id).where(sessions.c.user_id == user_id, sessions.c.address == address)
        with self._db.read() as conn:
            return conn.execute(known.limit(1)).first() is not None

    # -- reading ---------------------------------------------------------------------------------------------------

    def reader(self, text: str, *, noting: bool = True) -> Read | None:
        """Whose cookie it is; None for one that is wrong or over, or whose user may not log in any more. Without ``noting``
        nobody read: a page asked by itself, and the session's end stays."""
        id_, secret = _parts(text)
        found = self._found(id_, BROWSER) if secret else None
        if found is None or not hmac.compare_digest(found[1]["secret_hash"], _hash(secret)):
            return None
        user, row = found
        now, lasts = self._clock(), timedelta(seconds=row["lasts"])
        noted = noting and now - row["seen_at"] >= min(NOTED_EVERY, lasts / 4)
        if noted:
            self._seen(id_, now, lasts)
        return Read(user, id_, lasts, noted)

    def user_of(self, session_id: str, user_id: str) -> User | None:
        """The user of a program's session that is not over."""
        found = self._found(session_id, API)
        return found[0] if found is not None and found[0].user_id == user_id else None

    def _found(self, session_id: str, kind: str) -> tuple[User, dict[str, Any]] | None:
        asked = {"in_session": session_id, "in_kind": kind, "now": self._clock()}
        with self._db.look() as conn:  # at every call of everybody
            row = conn.execute(_FOUND, asked).first()
        return None if row is None else (user_of(row), dict(row._mapping))

    def _seen(self, session_id: str, now: datetime, lasts: timedelta) -> None:
        with self._db.write() as conn:
            conn.execute(
                update(sessions).where(sessions.c.session_id == session_id).values(seen_at=now, expires_at=now + lasts)
            )

    # -- a program's refresh token -----------------------------------------------------------------------------------

    def renew(self, text: str) -> tuple[User, Opened] | None:
        """The user, and the next refresh token; None for one that is wrong, over, or was used before."""
        id_, given = _parts(text)
        found = self._found(id_, API) if given else None
        if found is None:
            return None
        now, secret, hashed = self._clock(), secrets.token_urlsafe(32), _hash(given)
        with self._db.write() as conn:
            mine = select(sessions).where(sessions.c.session_id == id_).with_for_update()
            row = dict(conn.execute(mine).mappings().one())
            again = row["former_hash"] is not None and hmac.compare_digest(row["former_hash"], hashed)
            if hmac.compare_digest(row["secret_hash"], hashed):
                former = {"former_hash": hashed, "renewed_at": now}
            elif again and now - row["renewed_at"] <= LOST_ANSWER:
                former = {}
            else:
                if again:
                    log.warning("a used refresh token came again: the session ends", session=id_, user=row["user_id"])
                    conn.execute(update(sessions).where(sessions.c.session_id == id_).values(ended_at=now))
                return None
            fresh = {"secret_hash": _hash(secret), "seen_at": now, "expires_at": now + timedelta(seconds=row["lasts"])}
            conn.execute(update(sessions).where(sessions.c.session_id == id_).values(**fresh, **former))
        return found[0], Opened(_session({**row, **fresh}), f"{MARK}_{id_}_{secret}")

    # -- looking and ending ------------------------------------------------------------------------------------------

    def of(self, user_id: str) -> list[Session]:
        """Those that are open, the last used first."""
        own = (sessions.c.user_id == user_id, *self._open())
        with self._db.read() as conn:
            found = conn.execute(select(sessions).where(*own).order_by(sessions.c.seen_at.desc())).mappings()
            return [_session(row) for row in found]

    def end(self, session_id: str, *, user_id: str) -> None:
        """One of the user's own. Raises ``NotFound`` for another's, as for none."""
        with self._db.write() as conn:
            own = (sessions.c.session_id == session_id, sessions.c.user_id == user_id)
            if conn.execute(select(sessions.c.session_id).where(*own)).first() is None:
                raise NotFound("session.unknown")
            still = (*own, sessions.c.ended_at.is_(None))
            conn.execute(update(sessions).where(*still).values(ended_at=self._clock()))

    def end_all(self, user_id: str, *, but: str | None = None) -> int:
        """How many were open."""
        own = [sessions.c.user_id == user_id, *self._open()]
        if but is not None:
            own.append(sessions.c.session_id != but)
        with self._db.write() as conn:
            return int(conn.execute(update(sessions).where(*own).values(ended_at=self._clock())).rowcount)

    def last_seen(self, user_ids: Sequence[str]) -> dict[str, datetime]:
        """When each user last used any session, as far as sessions are kept."""
        last = func.max(sessions.c.seen_at, type_=UtcDateTime).label("last")
        own = select(sessions.c.user_id, last).where(sessions.c.user_id.in_(user_ids)).group_by(sessions.c.user_id)
        with self._db.read() as conn:
            return {row.user_id: row.last for row in conn.execute(own)}

    def _open(self) -> tuple[Any, ...]:
        return sessions.c.ended_at.is_(None), sessions.c.expires_at > self._clock()

    def one(self, session_id: str) -> Session | None:
        with self._db.read() as conn:
            row = conn.execute(select(sessions).where(sessions.c.session_id == session_id)).mappings().first()
        return None if row is None else _session(row)

    def sweep(self) -> int:
        """Remove what has been over for long."""
        with self._db.write() as conn:
            old = sessions.c.expires_at < self._clock() - KEPT
            return int(conn.execute(delete(sessions).where(old)).rowcount)


def is_refresh_token(text: str) -> bool:
    return text.startswith(f"{MARK}_")


def _parts(text: str) -> tuple[str, str]:
    mark, _, rest = text.partition("_")
    id_, _, secret = rest.partition("_")
    return (id_, secret) if mark == MARK else ("", "")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _session(row: Any) -> Session:
    return Session(**{name: row[name] for name in Session.__dataclass_fields__})
