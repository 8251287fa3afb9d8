"""Wishes to be forgotten: a person asks, a manager decides within the law's time, and what was done stays on record by ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.identity.tables import erasures
from services.errors import NotFound, Refused
from services.store.database import Database

ANSWER_WITHIN = timedelta(days=15)
"""LGPD, art. 19 II: the term in which a person is answered."""
ASKED, DONE, DECLINED, WITHDRAWN = "asked", "done", "declined", "withdrawn"


@dataclass(frozen=True, slots=True)
class Erasure:
    """``contacts``: [{customer_id, contact_id}] as whom the person speaks. Instants are UTC."""

    erasure_id: str
    user_id: str
    contacts: tuple[Mapping[str, str], ...]
    state: str
    asked_at: datetime
    answer_by: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class Erasures:
    def __init__(self, database: Database, *, clock: Callable[[], datetime] = _now) -> None:
        self._db, self._clock = database, clock

    def ask(self, erasure_id: str, user_id: str, contacts: tuple[Mapping[str, str], ...]) -> Erasure:
        """One open wish a user: a second one is the first."""
        if (known := self.open_of(user_id)) is not None:
            return known
        now = self._clock()
        row = {"erasure_id": erasure_id, "user_id": user_id, "contacts": [dict(each) for each in contacts]}
        try:
            with self._db.write() as conn:
                times = {"asked_at": now, "answer_by": now + ANSWER_WITHIN}
                conn.execute(insert(erasures).values(**row, **times, state=ASKED))
        except IntegrityError:
            pass  # the same request again
        return self.one(erasure_id)

    def one(self, erasure_id: str) -> Erasure:
        found = self._some(erasures.c.erasure_id == erasure_id)
        if not found:
            raise NotFound("erasure.unknown", erasure_id=erasure_id)
        return found[0]

    def open_of(self, user_id: str) -> Erasure | None:
        found = self._some(erasures.c.user_id == user_id, erasures.c.state == ASKED)
        return found[0] if found else None

    def last_of(self, user_id: str) -> Erasure | None:
        found = self._some(erasures.c.user_id == user_id)
        return found[0] if found else None

    def all(self, state: str | None = None) -> list[Erasure]:
        """The newest first; at most 200."""
        return self._some(*((erasures.c.state == state,) if state else ()))

    def decide(self, erasure_id: str, state: str, *, by: str, reason: str | None = None) -> Erasure:
        """Raises ``Refused`` where somebody decided otherwise before."""
        known = self.one(erasure_id)
        if known.state not in (ASKED, state):
            raise Refused("erasure.decided", state=known.state)
        still = (erasures.c.erasure_id == erasure_id, erasures.c.state == ASKED)
        said = {"state": state, "decided_at": self._clock(), "decided_by": by, "reason": reason}
        with self._db.write() as conn:
            conn.execute(update(erasures).where(*still).values(**said))
        return self.one(erasure_id)

    def _some(self, *where: Any) -> list[Erasure]:
        statement = select(erasures).where(*where).order_by(erasures.c.asked_at.desc()).limit(200)
        with self._db.read() as conn:
            return [
                Erasure(**{**row, "contacts": tuple(row["contacts"])}) for row in conn.execute(statement).mappings()
            ]
