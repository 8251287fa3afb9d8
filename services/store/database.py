"""One service's database: the engine, and the only two ways to a connection, ``write`` and ``read``."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool

from services.errors import OutcomeUnknown, Unavailable, VigenciaError
from services.store.together import PREPARED_AT_MOST, Lasting

QUERY_TIMEOUT_MS = 10_000
IDLE_TIMEOUT_MS = (
    15_000  # a transaction that does nothing: its process is frozen or gone, and its locks hold up the others
)
FORGET_TRIES, FORGET_PAUSE = 10, 0.01
PREPARE_THRESHOLD = 3
_BEGIN_IMMEDIATE, _BEGIN = text("BEGIN IMMEDIATE"), text("BEGIN")
_PASSING_STATES = {"40001", "40P01", "57014", "57P01", "55P03", "25P03"}
_SQLITE_STEPS = 200_000
_SQLITE_PASSING = ("locked", "busy", "interrupted", "disk", "full", "unable to open")


class Database:
    """A SQLite file or a PostgreSQL database behind one interface.

    ``write()`` is a transaction that commits when its block ends well. On SQLite one lock per database surrounds it:
    without it, a green thread that yields inside a transaction blocks the process until "database is locked".
    """

    def __init__(self, url: str, *, pool_size: int = 16, schema: str | None = None) -> None:
        self.url = url
        self.sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.sqlite else _postgres_engine(url, pool_size, schema)
        self._looking = self.engine if self.sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._lock = threading.RLock()
        self.lingers = False

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction (READ COMMITTED on PostgreSQL, BEGIN IMMEDIATE on SQLite)."""
        with self._lock if self.sqlite else nullcontext(), self.engine.connect() as conn:
            if self.sqlite:
                conn.execute(_BEGIN_IMMEDIATE)
            try:
                yield conn
            except BaseException:
                conn.rollback()
                raise
            try:
                conn.commit()
            except (OperationalError, InterfaceError) as error:
                if not self.sqlite:  # the connection broke between COMMIT and its answer
                    raise OutcomeUnknown("database.commit") from error
                raise

    @contextmanager
    def read(self, seconds: float | None = None) -> Iterator[Connection]:
        """A connection for queries only; nothing that it does is kept. ``seconds`` bounds a statement further."""
        bound = QUERY_TIMEOUT_MS / 1000 if seconds is None else min(seconds, QUERY_TIMEOUT_MS / 1000)
        with self.engine.connect() as conn:
            if self.sqlite:
                conn.execute(_BEGIN)
                _interrupt_after(conn, bound)
            elif bound < QUERY_TIMEOUT_MS / 1000:
                conn.execute(text(f"SET LOCAL statement_timeout = {max(1, int(bound * 1000))}"))
            try:
                yield conn
            finally:
                if self.sqlite:
                    _interrupt_after(conn, None)
                conn.rollback()

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """For a SELECT by itself: no transaction around it, which on PostgreSQL are two round trips less. Of several, each
        sees what was committed when it began, as in ``read``."""
        if self.sqlite:
            with self.read() as conn:
                yield conn
            return
        with self._looking.connect() as conn:
            yield conn

    @contextmanager
    def alone(self, lock: int) -> Iterator[None]:
        """Nobody else who asks for the same lock is inside at the same time, in any process (PostgreSQL)."""
        if self.sqlite:  # one process owns a SQLite store
            yield
            return
        with self.engine.connect() as conn:
            conn.execute(text("SET statement_timeout = 0"))
            conn.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": lock})
            conn.commit()
            try:
                yield
            finally:
                conn.invalidate()  # ends the session, and the lock with it

    def forget(self) -> bool:
        """After an erasure: empty SQLite's log, in which what was erased still stands. False: somebody reads an older
        state at this moment; ``lingers`` then says that it is still to do."""
        if not self.sqlite:
            return True
        self.lingers = True
        for _ in range(FORGET_TRIES):
            if self._empty_log():
                self.lingers = False
                return True
            time.sleep(FORGET_PAUSE)
        return False

    def _empty_log(self) -> bool:
        with self._lock, self.engine.connect() as conn:
            driver: Any = conn.connection.driver_connection
            waits = driver.execute("PRAGMA busy_timeout").fetchone()[0]
            driver.execute("PRAGMA busy_timeout=0")  # SQLite's own waiting would stop every green thread
            try:
                return bool(driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
            except sqlite3.OperationalError:
                return False
            finally:
                driver.execute(f"PRAGMA busy_timeout={waits}")

    def dispose(self) -> None:
        self.engine.dispose()


def insert_if_missing(conn: Connection, table: Table) -> Any:
    """An INSERT that leaves a row alone that is there already, whoever made it."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing()


def _interrupt_after(conn: Connection, seconds: float | None) -> None:
    """SQLite's statement timeout: looks at the clock every so many steps of its machine."""
    driver: Any = conn.connection.driver_connection
    until = None if seconds is None else time.monotonic() + seconds
    driver.set_progress_handler(None if until is None else lambda: time.monotonic() > until, _SQLITE_STEPS)


def is_passing(error: BaseException) -> bool:
    """Whether a fault passes by itself: the database is away, a deadlock, a service is down.

    On SQLite a missing table is an ``OperationalError`` too; only what time or space heals counts as passing there.
    """
    if isinstance(error, IntegrityError):
        return False
    if isinstance(error, OperationalError) and isinstance(error.orig, sqlite3.Error):
        return any(word in str(error.orig) for word in _SQLITE_PASSING)
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return True
    if isinstance(error, DBAPIError):
        return bool(error.connection_invalidated) or _state(error) in _PASSING_STATES
    return isinstance(error, Unavailable | OutcomeUnknown | ConnectionError | TimeoutError)


def is_duplicate(error: BaseException) -> bool:
    """Whether an insert met a row that is already there (a version conflict, or a command id used at once twice)."""
    return isinstance(error, IntegrityError) and (
        _state(error) == "23505" or "UNIQUE constraint failed" in str(error.orig)
    )


def is_lost_race(error: BaseException) -> bool:
    """Whether the same work may succeed when begun again at once: a duplicate, a deadlock, a failed serialisation."""
    return is_duplicate(error) or (isinstance(error, DBAPIError) and _state(error) in {"40001", "40P01"})


def typed(error: BaseException) -> VigenciaError | None:
    """The typed error that a fault of the database is for a caller; None for what is no passing fault.

    Nothing was done (``Unavailable``), but for a commit without an answer, which ``write`` reports itself.
    """
    if isinstance(error, VigenciaError) or not is_passing(error):
        return None
    cut = isinstance(error, DBAPIError) and (_state(error) == "57014" or "interrupted" in str(error.orig))
    return Unavailable("database.timeout" if cut else "database.away", reason=type(error).__name__)


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _sqlite_engine(url: str) -> Engine:
    path = url.removeprefix("sqlite:///")
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    arguments = {"timeout": 30, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, pool_size=8, max_overflow=32, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection, _record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={os.environ.get('VIGENCIA_SQLITE_SYNCHRONOUS', 'FULL')}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")  # what was erased does not linger in freed pages
        cursor.close()

    return engine


def _postgres_engine(url: str, pool_size: int, schema: str | None) -> Engine:
    options = f"-c statement_timeout={QUERY_TIMEOUT_MS} -c timezone=UTC"
    options += f" -c idle_in_transaction_session_timeout={IDLE_TIMEOUT_MS}"
    if schema:
        options += f" -c search_path={schema}"
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=16,
        pool_pre_ping=False,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": 5},
    )
    event.listen(engine, "handle_error", _without_values)
    event.listen(engine, "connect", lambda driver, _: _keep_prepared(driver))
    return engine


def _keep_prepared(driver: Any) -> None:
    driver._prepared = Lasting()
    driver.prepare_threshold, driver.prepared_max = PREPARE_THRESHOLD, PREPARED_AT_MOST


def _without_values(context: ExceptionContext) -> None:
    """PostgreSQL shows the row that it refuses, and rows hold what persons said: it goes no further than here."""
    error, outer = context.original_exception, context.sqlalchemy_exception
    message = getattr(getattr(error, "diag", None), "message_primary", None)
    if message:
        whole, error.args = str(error), (message,)
        if outer is not None:
            outer.args = tuple(part.replace(whole, message) if isinstance(part, str) else part for part in outer.args)


def memory_engine() -> Engine:
    """A throw-away SQLite engine for tests of folds and queries."""
    return create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


__all__ = ["Database", "insert_if_missing", "is_duplicate", "is_lost_race", "is_passing", "memory_engine", "typed"]
