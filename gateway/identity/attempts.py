"""How often something may be tried: counted in rows that all gateways share, one statement a count.

A stranger cannot lock anybody out: wrong passwords are counted for the pair of name and network address, and for the
address. Where many addresses guess at one name, those from which he logged in before stay open to him, and a mailed link
always does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from sqlalchemy import case, delete, select, update

from gateway.identity.tables import attempts
from services.errors import VigenciaError
from services.store.database import Database, insert_if_missing


class TooMany(VigenciaError):
    """Tried too often. ``seconds``: until it may be tried again."""

    kind: ClassVar[str] = "too-many"
    status: ClassVar[int] = 429


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` within ``seconds``, from the first one on."""

    name: str
    most: int
    seconds: int


PAIR = Limit("pair", 5, 15 * 60)
"""Wrong passwords for one name from one address."""
ADDRESS = Limit("address", 30, 15 * 60)
"""Wrong passwords from one address, whatever the name."""
NAME = Limit("name", 50, 60 * 60)
"""Wrong passwords for one name from everywhere: from then on only known addresses are let in by password."""
LINKS_OF_NAME = Limit("links-name", 3, 15 * 60)
"""Links that are mailed to one name; what is beyond is not mailed, and answered alike."""
LINKS_OF_ADDRESS = Limit("links-address", 20, 15 * 60)
REDEMPTIONS = Limit("redeem", 30, 15 * 60)
"""Mailed links that are opened from one address and are none."""


def _now() -> datetime:
    return datetime.now(UTC)


class Attempts:
    """``clock`` gives now, UTC."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = _now) -> None:
        self._db, self._clock = database, clock

    def hit(self, limit: Limit, *of: str, amount: int = 1) -> int:
        """Count one more. 0: it may be done; else the seconds until it may be tried again."""
        now, key = self._clock(), _key(limit, of)
        fresh = now + timedelta(seconds=limit.seconds)
        over = attempts.c.until <= now
        with self._db.write() as conn:
            conn.execute(insert_if_missing(conn, attempts).values(key=key, tries=0, since=now, until=fresh))
            counted = (
                update(attempts)
                .where(attempts.c.key == key)
                .values(
                    tries=case((over, amount), else_=attempts.c.tries + amount),
                    since=case((over, now), else_=attempts.c.since),
                    until=case((over, fresh), else_=attempts.c.until),
                )
                .returning(attempts.c.tries, attempts.c.until)
            )
            row = conn.execute(counted).one()
        return 0 if row.tries <= limit.most else _seconds(row.until - now)

    def check(self, limit: Limit, *of: str) -> None:
        """Count one more; raises ``TooMany`` where that is too many."""
        if seconds := self.hit(limit, *of):
            raise TooMany("too-many-attempts", seconds=seconds, minutes=-(-seconds // 60))

    def full(self, limit: Limit, *of: str) -> int:
        """Seconds until it may be tried again; counts nothing."""
        now = self._clock()
        with self._db.read() as conn:
            row = conn.execute(select(attempts).where(attempts.c.key == _key(limit, of))).first()
        if row is None or row.until <= now or row.tries < limit.most:
            return 0
        return _seconds(row.until - now)

    def take_back(self, limit: Limit, *of: str) -> None:
        """One that was counted was none."""
        mine = (attempts.c.key == _key(limit, of), attempts.c.tries > 0)
        with self._db.write() as conn:
            conn.execute(update(attempts).where(*mine).values(tries=attempts.c.tries - 1))

    def clear(self, limit: Limit, *of: str) -> None:
        with self._db.write() as conn:
            conn.execute(delete(attempts).where(attempts.c.key == _key(limit, of)))

    def sweep(self) -> int:
        """Remove what is over; how many rows."""
        with self._db.write() as conn:
            return int(conn.execute(delete(attempts).where(attempts.c.until <= self._clock())).rowcount)


def _key(limit: Limit, of: tuple[str, ...]) -> str:
    said = "\x1f".join((limit.name, *(each.strip().lower() for each in of)))
    return hashlib.sha256(said.encode()).hexdigest()


def _seconds(left: timedelta) -> int:
    return max(1, round(left.total_seconds()))
