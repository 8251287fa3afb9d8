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

from services import logs, metrics, tracing
from services.codec import iso, to_json_values
from services.due_chunks import alike, execute_together, mark_done
from services.errors import Invalid, NotFound, Refused
from services.rows import Rows
from services.store.database import is_lost_race, is_passing
from services.store.tables import due

if TYPE_CHECKING:
    from services.application import Application, Request

_DUE_IDS = uuid.UUID("6b0f0e0a-52a1-5d0c-9a86-5a8a9d1f0d0e")
_RETRY_SECONDS = (10, 60, 300, 1800, 7200)
RACE_TRIES = 5
CHUNK, EMBEDDED_CHUNK = 50, 10  # rows of one kind that share a transaction
CLAIM_AMONG = 400  # rows looked at for some that are free: what the chunks of several instances hold
DUE_LOCK = 7_309  # advisory locks of claimed rows: this class, the key's hash (PostgreSQL)
log = logs.get("due")


def schedule(rows: Rows, *, key: str, at: datetime, command: Any) -> None:
    """Have ``command`` executed at ``at``. The same key again moves it; the same key and instant runs once for ever."""
    payload = {k: v for k, v in to_json_values(command).items() if k != "at"}
    before = rows.get(due, key=key)
    moved = before is None or before["at"] != at
    rows.put(due, key=key, at=at, command=command.COMMAND_NAME, payload=payload)
    if moved:
        trace = {"traceparent": now} if (now := tracing.traceparent()) else {}
        rows.put(due, key=key, done_at=None, outcome=None, attempts=0, retry_at=None, **trace)


def unschedule(rows: Rows, key: str) -> None:
    """Forget what was scheduled under this key."""
    rows.delete(due, key=key)


def due_command_id(key: str, at: datetime) -> str:
    return str(uuid.uuid5(_DUE_IDS, f"{key}@{iso(at)}"))


def _ready(until: datetime, now: datetime) -> Any:
    return and_(due.c.done_at.is_(None), due.c.at <= until, or_(due.c.retry_at.is_(None), due.c.retry_at <= now))


class DueRunner:
    """Runs due commands of one service. ``run(until)`` may be called by any number of instances at once."""

    def __init__(self, application: Application) -> None:
        self._app = application

    def run(self, until: datetime, *, now: datetime | None = None, limit: int | None = None) -> dict[str, int]:
        """Execute everything due up to ``until``, in order. Returns counts by outcome: done, refused, failed."""
        counts = {"done": 0, "refused": 0, "failed": 0}
        singly = 0  # rows that go one by one, because together they did not
        while (left := CHUNK if limit is None else limit - sum(counts.values())) > 0:
            at = now or self._app.clock()
            done, singly = (0, singly - 1) if singly else self._together(until, at, min(left, self._chunk))
            outcome = "done" if done else self._next(until, at)
            if outcome is None:
                return counts
            counts[outcome] += done or 1
            metrics.DUE_DONE.labels(self._app.name, outcome).inc(done or 1)
            time.sleep(0)  # where one process does all, it is everybody else's turn: many rows may have come at once
        return counts

    @property
    def _chunk(self) -> int:
        return EMBEDDED_CHUNK if self._app.db.sqlite else CHUNK

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

    def _together(self, until: datetime, now: datetime, most: int) -> tuple[int, int]:
        """How many rows of one kind were done by one transaction, and how many must go one by one: one of them was refused
        or failed, and which one that was shows then."""
        rows: list[Any] = []
        try:
            with self._app.db.write() as conn:
                rows = self._claim_some(conn, _ready(until, now), most)
                asked = alike(self._app, map(self._request, rows))
                rows = rows[: len(asked)]
                if len(rows) < 2:
                    return 0, 0
                execute_together(self._app, conn, asked)
                mark_done(conn, rows, now)
        except Exception as error:
            if not rows or (is_passing(error) and not is_lost_race(error)):
                raise
            log.info("due commands go one by one", rows=len(rows), error=str(error)[:200])
            return 0, len(rows) - 1
        self._app.appended.set()
        return len(rows), 0

    def _next(self, until: datetime, now: datetime, tries: int = RACE_TRIES) -> str | None:
        ready, key = _ready(until, now), ""
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
        found = self._claim_some(conn, ready, 1)
        return found[0] if found else None

    def _claim_some(self, conn: Connection, ready: Any, most: int) -> list[Any]:
        """The same for several, in their order."""
        first = (due.c.at, due.c.key)
        if self._app.db.sqlite:
            return list(conn.execute(select(due).where(ready).order_by(*first).limit(most)).mappings())
        among = select(due.c.key).where(ready).order_by(*first).limit(max(most, CLAIM_AMONG)).cte("among")
        among = among.prefix_with("MATERIALIZED")
        locked = func.pg_try_advisory_xact_lock(DUE_LOCK, func.hashtext(among.c.key))
        free = select(among.c.key).where(locked).limit(most)
        while keys := list(conn.scalars(free)):
            # somebody may just have done some of them
            rows = conn.execute(select(due).where(ready, due.c.key.in_(keys)).order_by(*first)).mappings().all()
            if rows:
                return list(rows)
        return []

    def _execute(self, conn: Any, row: Any) -> None:
        command_id = due_command_id(row["key"], row["at"])
        span = tracing.span(self._app.name, row["command"], parent=row["traceparent"] or "", due=row["key"])
        with logs.bound(correlation=command_id, command=row["command"]), span:
            self._app.execute_within(
                conn, row["command"], row["payload"], command_id=command_id, actor="system:due", at=row["at"]
            )

    def _request(self, row: Any) -> Request:
        from services.application import Request

        id_ = due_command_id(row["key"], row["at"])
        trace = row["traceparent"] or ""
        return Request(id_, row["command"], row["payload"], actor="system:due", at=row["at"], traceparent=trace)

    def _later(self, key: str, now: datetime, error: Exception) -> None:
        with self._app.db.write() as conn:
            tries = conn.execute(select(due.c.attempts).where(due.c.key == key)).scalar() or 0
            wait = timedelta(seconds=_RETRY_SECONDS[min(tries, len(_RETRY_SECONDS) - 1)])
            later = {"attempts": tries + 1, "retry_at": now + wait, "outcome": str(error)[:500]}
            conn.execute(update(due).where(due.c.key == key).values(**later))
