"""Waiting for time: whatever must happen at an instant is a row in ``due``, and one runner executes what has come.

A row's command gets an id made of its key and instant, so that it takes effect once, however many instances run it
and however often views are rebuilt. Days that were missed are run in order, each command at its own instant.
"""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, func, or_, select, update

from services import logs, metrics
from services.codec import iso, to_json_values
from services.errors import Invalid, NotFound, Refused
from services.rows import Rows
from services.store.database import is_lost_race, is_passing
from services.store.tables import due

if TYPE_CHECKING:
    from services.application import Application

_DUE_IDS = uuid.UUID("6b0f0e0a-52a1-5d0c-9a86-5a8a9d1f0d0e")
_RETRY_SECONDS = (10, 60, 300, 1800, 7200)
RACE_TRIES = 5
CLAIM_AMONG = 50  # rows looked at for one that is free
DUE_LOCK = 7_309  # advisory locks of claimed rows: this class, the key's hash (PostgreSQL)
log = logs.get("due")


def schedule(rows: Rows, *, key: str, at: datetime, command: Any) -> None:
    """Have ``command`` executed at ``at``. The same key again moves it; the same key and instant runs once for ever."""
    payload = {k: v for k, v in to_json_values(command).items() if k != "at"}
    before = rows.get(due, key=key)
    moved = before is None or before["at"] != at
    rows.put(due, key=key, at=at, command=command.COMMAND_NAME, payload=payload)
    if moved:
        rows.put(due, key=key, done_at=None, outcome=None, attempts=0, retry_at=None)


def unschedule(rows: Rows, key: str) -> None:
    """Forget what was scheduled under this key."""
    rows.delete(due, key=key)


def due_command_id(key: str, at: datetime) -> str:
    return str(uuid.uuid5(_DUE_IDS, f"{key}@{iso(at)}"))


class DueRunner:
    """Runs due commands of one service. ``run(until)`` may be called by any number of instances at once."""

    def __init__(self, application: Application) -> None:
        self._app = application

    def run(self, until: datetime, *, now: datetime | None = None, limit: int | None = None) -> dict[str, int]:
        """Execute everything due up to ``until``, in order. Returns counts by outcome: done, refused, failed."""
        counts = {"done": 0, "refused": 0, "failed": 0}
        while limit is None or sum(counts.values()) < limit:
            outcome = self._next(until, now or self._app.clock())
            if outcome is None:
                return counts
            counts[outcome] += 1
            metrics.DUE_DONE.labels(self._app.name, outcome).inc()
            time.sleep(0)  # where one process does all, it is everybody else's turn: many rows may have come at once
        return counts

    def waiting(self) -> dict[str, Any]:
        """``{"open", "overdue", "oldest", "failing"}`` of now, for health and metrics."""
        now = self._app.clock()
        with self._app.db.read() as conn:
            open_ = due.c.done_at.is_(None)
            row = conn.execute(
                select(
                    func.count(),
                    func.sum(func.cast(due.c.at <= now, due.c.attempts.type)),
                    func.min(due.c.at),
                    func.sum(func.cast(due.c.attempts > 0, due.c.attempts.type)),
                ).where(open_)
            ).one()
        oldest = row[2]
        if isinstance(oldest, str):
            oldest = datetime.fromisoformat(oldest)
        lag = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
        metrics.DUE_LAG.labels(self._app.name).set(lag)
        return {"open": row[0], "overdue": row[1] or 0, "lag_seconds": round(lag, 3), "failing": row[3] or 0}

    def _next(self, until: datetime, now: datetime, tries: int = RACE_TRIES) -> str | None:
        ready = and_(due.c.done_at.is_(None), due.c.at <= until, or_(due.c.retry_at.is_(None), due.c.retry_at <= now))
        key = ""
        try:
            with self._app.db.write() as conn:
                row = self._claim(conn, ready)
                if row is None:
                    return None
                key = row["key"]
                outcome, words = "done", None
                try:
                    with conn.begin_nested():
                        self._execute(conn, row)
                except (Refused, NotFound, Invalid) as refused:
                    outcome, words = "refused", str(refused)
                mark = {"done_at": now, "outcome": words or outcome}
                # the command itself may have moved or removed its own row: then that stands
                conn.execute(update(due).where(due.c.key == key, due.c.at == row["at"]).values(**mark))
            self._app.appended.set()
            return outcome
        except Exception as error:
            if is_lost_race(error) and tries > 1:  # another command on the same stream was faster
                return self._next(until, now, tries - 1)
            if not key or (is_passing(error) and not is_lost_race(error)):
                raise
            log.exception("due command failed", key=key)
            self._later(key, now, error)
            return "failed"

    def _claim(self, conn: Connection, ready: Any) -> Any:
        """The first ready row that no other instance is at, or None.

        The claim is a lock beside the row, not on it: a command holds its stream and then writes the row, while this one
        has yet to write to that stream; with the row locked first, each would wait for the other.
        """
        first = (due.c.at, due.c.key)
        if self._app.db.sqlite:
            return conn.execute(select(due).where(ready).order_by(*first).limit(1)).mappings().first()
        among = select(due.c.key).where(ready).order_by(*first).limit(CLAIM_AMONG).cte("among")
        among = among.prefix_with("MATERIALIZED")
        free = select(among.c.key).where(func.pg_try_advisory_xact_lock(DUE_LOCK, func.hashtext(among.c.key))).limit(1)
        while (key := conn.execute(free).scalar()) is not None:
            row = conn.execute(select(due).where(ready, due.c.key == key)).mappings().first()
            if row is not None:  # else somebody has just done it
                return row
        return None

    def _execute(self, conn: Any, row: Any) -> None:
        command_id = due_command_id(row["key"], row["at"])
        self._app.execute_within(
            conn, row["command"], row["payload"], command_id=command_id, actor="system:due", at=row["at"]
        )

    def _later(self, key: str, now: datetime, error: Exception) -> None:
        with self._app.db.write() as conn:
            tries = conn.execute(select(due.c.attempts).where(due.c.key == key)).scalar() or 0
            wait = timedelta(seconds=_RETRY_SECONDS[min(tries, len(_RETRY_SECONDS) - 1)])
            later = {"attempts": tries + 1, "retry_at": now + wait, "outcome": str(error)[:500]}
            conn.execute(update(due).where(due.c.key == key).values(**later))
