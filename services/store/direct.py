"""Statements written by hand, past SQLAlchemy: what it does around each of a command's few statements costs more than the
database's own work. PostgreSQL only.

They run in the connection's transaction, with prepared statements as everything else, and their faults come out as SQLAlchemy's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

_NAMED = re.compile(r"%\((\w+)\)s")


def send(conn: Connection, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """A statement with ``%(name)s``; the rows that it gives."""
    text, names = numbered(statement)
    return send_numbered(conn, text, [values[name] for name in names])


def send_numbered(conn: Connection, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """A statement with ``$1``, ``$2`` …; the rows that it gives."""
    if not conn.in_transaction():
        conn.begin()
    driver: Any = conn.connection.driver_connection
    cursor = psycopg.RawCursor(driver)
    try:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.pgresult is not None and cursor.pgresult.nfields else []
    except psycopg.Error as error:
        raise _known(conn, statement, error) from error


@lru_cache(maxsize=2000)
def numbered(statement: str, after: int = 0) -> tuple[str, tuple[str, ...]]:
    """With ``$n`` for ``%(name)s``, counted on from ``after``, and the names in their order."""
    names: dict[str, int] = {}
    text = _NAMED.sub(lambda found: f"${names.setdefault(found[1], after + len(names) + 1)}", statement)
    return text, tuple(names)


def _known(conn: Connection, statement: str, error: psycopg.Error) -> BaseException:
    """As SQLAlchemy says it, without the values: rows hold what persons said."""
    dialect: Any = conn.dialect
    gone = dialect.is_disconnect(error, conn.connection.dbapi_connection, None)
    message = error.diag.message_primary
    if message:
        error.args = (message,)
    if gone:
        conn.invalidate(error)
    return DBAPIError.instance(
        statement, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=gone, dialect=dialect
    )


__all__ = ["numbered", "send", "send_numbered"]
