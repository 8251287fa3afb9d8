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

from services.store.together import Prepared, Row, Statement, exchange

_PREPARED = "vigencia.prepared"  # in what SQLAlchemy keeps of a connection as long as it lives
_NAMED = re.compile(r"%\((\w+)\)s")


def send(conn: Connection, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """A statement with ``%(name)s``; the rows that it gives."""
    text, names = numbered(statement)
    return send_numbered(conn, text, [values[name] for name in names])


def send_numbered(conn: Connection, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """A statement with ``$1``, ``$2`` …; the rows that it gives."""
    return send_together(conn, [(statement, values)])[0]


def send_together(conn: Connection, statements: Sequence[Statement]) -> list[list[Row]]:
    """Several of them by one round trip; the rows that each gives."""
    if not conn.in_transaction():
        conn.begin()
    pooled = conn.connection
    prepared = pooled.info.get(_PREPARED)
    if prepared is None:
        prepared = pooled.info[_PREPARED] = Prepared()
    try:
        return exchange(pooled.driver_connection, prepared, statements)
    except psycopg.Error as error:
        raise _known(conn, statements[-1][0], error) from error
    except BaseException as error:  # given up in the middle: what comes next would be taken for another's answer
        conn.invalidate(error)
        raise


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


__all__ = ["numbered", "send", "send_numbered", "send_together"]
