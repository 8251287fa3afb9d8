"""One service's database: the engine, and the only two ways to a connection, ``write`` and ``read``."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.pool import StaticPool

from services.errors import Conflict, OutcomeUnknown, Unavailable

QUERY_TIMEOUT_MS = 10_000


class Database:
    """A SQLite file or a PostgreSQL database behind one interface.

    ``write()`` is a transaction that commits when its block ends well. On SQLite one lock per database surrounds it:
    without it, a green thread that yields inside a transaction blocks the process until "database is locked".
    """

    def __init__(self, url: str, *, pool_size: int = 16, schema: str | None = None) -> None:
        self.url = url
        self.sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.sqlite else _postgres_engine(url, pool_size, schema)
        self._lock = threading.RLock()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction (READ COMMITTED on PostgreSQL, BEGIN IMMEDIATE on SQLite)."""
        if not self.sqlite:
            with self.engine.begin() as conn:
                yield conn
            return
        with self._lock, self.engine.connect() as conn:
            conn.execute(text("BEGIN IMMEDIATE"))
            try:
                yield conn
            except BaseException:
                conn.rollback()
                raise
            conn.commit()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for queries only; nothing that it does is kept."""
        with self.engine.connect() as conn:
            if self.sqlite:
                conn.execute(text("BEGIN"))
            try:
                yield conn
            finally:
                conn.rollback()

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

    def dispose(self) -> None:
        self.engine.dispose()


def is_passing(error: BaseException) -> bool:
    """Whether a fault passes by itself: the database is away, a deadlock, somebody was faster, a service is down."""
    if isinstance(error, IntegrityError):
        return False
    if isinstance(error, OperationalError | InterfaceError):
        return True
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        return bool(error.connection_invalidated) or state in {"40001", "40P01", "57014", "57P01", "55P03"}
    return isinstance(error, Unavailable | OutcomeUnknown | Conflict | ConnectionError | TimeoutError)


def is_duplicate(error: BaseException) -> bool:
    """Whether an insert met a row that is already there (a version conflict, or a command id used at once twice)."""
    return isinstance(error, IntegrityError)


def _sqlite_engine(url: str) -> Engine:
    path = url.removeprefix("sqlite:///")
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, pool_size=8, max_overflow=32)

    @event.listens_for(engine, "connect")
    def configure(connection, _record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={os.environ.get('VIGENCIA_SQLITE_SYNCHRONOUS', 'FULL')}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return engine


def _postgres_engine(url: str, pool_size: int, schema: str | None) -> Engine:
    options = f"-c statement_timeout={QUERY_TIMEOUT_MS} -c timezone=UTC"
    if schema:
        options += f" -c search_path={schema}"
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=16,
        pool_pre_ping=False,
        pool_use_lifo=True,
        connect_args={"options": options, "connect_timeout": 5, "prepare_threshold": 3},
    )


def memory_engine() -> Engine:
    """A throw-away SQLite engine for tests of folds and queries."""
    return create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


__all__ = ["Database", "is_duplicate", "is_passing", "memory_engine"]
