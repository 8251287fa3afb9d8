"""Reading and writing many rows of one table at once. On PostgreSQL as arrays, in one statement; SQLAlchemy's executemany sends a
statement a row, which is ten times slower.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, TypeDecorator, bindparam, delete, func, insert, select, tuple_, types
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg

from services.store.arrays import literal
from services.store.direct import numbered, send, send_numbered
from services.store.together import Row, Statement
from services.store.types import JsonText, Money, UtcDateTime

_ARRAYS: tuple[tuple[Any, str], ...] = (
    (JsonText, "text"),
    (UtcDateTime, "timestamptz"),
    (Money, "numeric"),
    (types.String, "text"),
    (types.BigInteger, "bigint"),
    (types.Integer, "integer"),
    (types.Boolean, "boolean"),
    (types.Date, "date"),
    (types.Numeric, "numeric"),
)
FEW = 4  # rows that are removed one by one, in one statement all the same
_NUMERIC = 1700  # how a driver's Decimal is announced; only numbers' readers look at it


class Shape(NamedTuple):
    """Which columns a set of rows has; which of them are added to what is stored; whether they are known to be new."""

    columns: tuple[str, ...]
    added: tuple[str, ...]
    absent: bool


class Writer:
    """Writes rows and removes them. On PostgreSQL nothing is sent before ``close``, and then in as few statements as can be:
    what concerns different tables goes together.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._arrays = conn.dialect.name == "postgresql"
        self._waiting: list[tuple[str, Mapping[str, Any]]] = []
        self._tables: set[Table] = set()

    def write(self, table: Table, shape: Shape, rows: list[dict[str, Any]]) -> None:
        """Insert, or merge into what is there. Rows that are known to be new meet a duplicate key where they are not."""
        arrays = _arrays(table, shape) if self._arrays else None
        if arrays is None:
            self.close()
            self._conn.execute(_statement(table, shape, self._conn.dialect.name), rows)
        else:
            self._wait(table, arrays.statement, arrays.values(rows))

    def remove(self, table: Table, keys: Sequence[tuple[Any, ...]]) -> None:
        """Delete the rows with these primary keys."""
        if self._arrays and len(keys) <= FEW and _kinds(table) is not None:
            self._apart(table)
            one = _removal_of_one(table)  # a plan that stays right however the table grows
            self._waiting += [(one, {f"p{place}": value for place, value in enumerate(key)}) for key in keys]
            return
        statement = _removal(table) if self._arrays else None
        names = [column.name for column in table.primary_key.columns]
        if statement is None:
            self.close()
            named = [{f"pk_{name}": value for name, value in zip(names, key, strict=True)} for key in keys]
            self._conn.execute(_delete_one(table), named)
        else:
            values = {f"p{number}": literal([key[number] for key in keys]) for number in range(len(names))}
            self._wait(table, statement, values)

    def add(self, statement: str, values: Mapping[str, Any]) -> None:
        """A statement of one's own (PostgreSQL), over tables that no rows are written to here."""
        self._waiting.append((statement, values))

    def close(self) -> None:
        """Send what waits."""
        waiting, self._waiting, self._tables = self._waiting, [], set()
        if waiting:
            statement, places = _joined(tuple(statement for statement, _ in waiting))
            send_numbered(self._conn, statement, [waiting[part][1][name] for part, name in places])

    def _wait(self, table: Table, statement: str, values: Mapping[str, Any]) -> None:
        self._apart(table)
        self._waiting.append((statement, values))

    def _apart(self, table: Table) -> None:
        if table in self._tables:  # two statements over one table see the same rows only one after the other
            self.close()
        self._tables.add(table)


@lru_cache(maxsize=2000)
def _joined(parts: tuple[str, ...]) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Statements as one, and where its values come from: ``(part, name)``."""
    texts: list[str] = []
    places: list[tuple[int, str]] = []
    for part, statement in enumerate(parts):
        text, names = numbered(statement, len(places))
        texts.append(text)
        places += [(part, name) for name in names]
    *first, last = texts
    before = ", ".join(f"s{number} AS ({text})" for number, text in enumerate(first))
    return (f"WITH {before} {last}" if first else last), tuple(places)


@cache
def _delete_one(table: Table) -> Any:
    keys = table.primary_key.columns
    return delete(table).where(*(column == bindparam(f"pk_{column.name}", type_=column.type) for column in keys))


@cache
def _statement(table: Table, shape: Shape, dialect: str) -> Any:
    """Made once, so that SQLAlchemy compiles it once."""
    if shape.absent:
        return insert(table)
    keys = [column.name for column in table.primary_key.columns]
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    new = statement.excluded
    changes: dict[str, Any] = {name: new[name] for name in shape.columns if name not in keys}
    changes |= {name: func.coalesce(table.c[name], 0) + new[name] for name in shape.added}
    if changes:
        return statement.on_conflict_do_update(index_elements=keys, set_=changes)
    return statement.on_conflict_do_nothing(index_elements=keys)


def read(conn: Connection, table: Table, keys: Sequence[tuple[Any, ...]], *, lock: bool) -> list[dict[str, Any]]:
    """The rows with these primary keys that are there; locked, they are locked in one order, so that two units of work do
    not wait for each other crosswise."""
    columns = list(table.primary_key.columns)
    if conn.dialect.name == "postgresql":
        statement = _by_arrays(table, lock)
        if statement is not None and len(keys) == 1:  # its plan does not depend on how many there are: made once
            found_one = read_one(conn, table, keys[0], lock=lock)
            return [] if found_one is None else [found_one]
        if statement is not None:
            arrays = {f"k{number}": literal(key[number] for key in keys) for number in range(len(columns))}
            made = _maker(table)
            return [made(row) for row in send(conn, statement, arrays)]
    found = []
    for start in range(0, len(keys), 500):
        chunk = keys[start : start + 500]
        where = columns[0].in_([key[0] for key in chunk]) if len(columns) == 1 else tuple_(*columns).in_(chunk)
        asked = select(table).where(where).order_by(*columns)
        found += [dict(row) for row in conn.execute(asked.with_for_update() if lock else asked).mappings()]
    return found


def read_one(conn: Connection, table: Table, key: tuple[Any, ...], *, lock: bool) -> dict[str, Any] | None:
    """The row with this primary key, or None."""
    if conn.dialect.name == "postgresql" and _kinds(table) is not None:
        return told(table, send_numbered(conn, _by_key(table, lock), key))
    names = [column.name for column in table.primary_key.columns]
    row = (
        conn.execute(_select_one(table, lock), {f"pk_{n}": v for n, v in zip(names, key, strict=True)})
        .mappings()
        .first()
    )
    return None if row is None else dict(row)


def read_where(
    conn: Connection, table: Table, equals: Mapping[str, Any], order_by: Sequence[str]
) -> list[dict[str, Any]]:
    """The rows with these values, without locks, in this order."""
    if conn.dialect.name == "postgresql":
        made = _maker(table)
        statement = _by_values(table, tuple(equals), tuple(order_by))
        return [made(row) for row in send_numbered(conn, statement, list(equals.values()))]
    asked = select(table).where(*(table.c[name] == value for name, value in equals.items()))
    return [dict(row) for row in conn.execute(asked.order_by(*(table.c[name] for name in order_by))).mappings()]


def asking(table: Table, key: tuple[Any, ...], *, lock: bool) -> Statement:
    """What ``read_one`` sends to PostgreSQL, to be sent with others. Not for a key that only SQLAlchemy can bind."""
    return _by_key(table, lock), key


def told(table: Table, found: list[Row]) -> dict[str, Any] | None:
    """The row that such a statement gave."""
    return _maker(table)(found[0]) if found else None


@cache
def _select_one(table: Table, lock: bool) -> Any:
    keys = table.primary_key.columns
    asked = select(table).where(*(column == bindparam(f"pk_{column.name}", type_=column.type) for column in keys))
    return asked.with_for_update() if lock else asked


@cache
def _by_key(table: Table, lock: bool) -> str:
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    columns = ", ".join(preparer.quote(column.name) for column in table.columns)
    keys = enumerate(table.primary_key.columns, start=1)
    where = " AND ".join(f"{preparer.quote(column.name)} = ${place}" for place, column in keys)
    return f"SELECT {columns} FROM {preparer.format_table(table)} WHERE {where}{' FOR UPDATE' if lock else ''}"


@cache
def _by_values(table: Table, names: tuple[str, ...], order_by: tuple[str, ...]) -> str:
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    columns = ", ".join(preparer.quote(column.name) for column in table.columns)
    where = " AND ".join(f"{preparer.quote(name)} = ${place}" for place, name in enumerate(names, start=1))
    order = ", ".join(map(preparer.quote, order_by))
    asked = f"SELECT {columns} FROM {preparer.format_table(table)}"
    return f"{asked}{f' WHERE {where}' if where else ''}{f' ORDER BY {order}' if order else ''}"


@cache
def _maker(table: Table) -> Callable[[Sequence[Any]], dict[str, Any]]:
    """Makes a row's dict of its columns' values, as SQLAlchemy would read them."""
    dialect = psycopg.dialect()  # type: ignore[no-untyped-call]
    names = [column.name for column in table.columns]
    readers = [
        (column.name, reader)
        for column in table.columns
        if (reader := column.type.dialect_impl(dialect).result_processor(dialect, _NUMERIC)) is not None
    ]

    def made(values: Sequence[Any]) -> dict[str, Any]:
        row = dict(zip(names, values, strict=True))
        for name, reader in readers:
            row[name] = reader(row[name])
        return row

    return made


@cache
def _removal_of_one(table: Table) -> str:
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    keys = enumerate(table.primary_key.columns)
    where = " AND ".join(f"{preparer.quote(column.name)} = %(p{place})s" for place, column in keys)
    return f"DELETE FROM {preparer.format_table(table)} WHERE {where}"


@cache
def _removal(table: Table) -> str | None:
    kinds = _kinds(table)
    if kinds is None:
        return None
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    names = ", ".join(f"t.{preparer.quote(column.name)}" for column in table.primary_key.columns)
    arrays = ", ".join(f"%(p{number})s::{kind}[]" for number, kind in enumerate(kinds))
    return f"DELETE FROM {preparer.format_table(table)} AS t WHERE ({names}) IN (SELECT * FROM unnest({arrays}))"


@cache
def _kinds(table: Table) -> list[str] | None:
    """Of the primary key's columns; None for a type whose values only SQLAlchemy can bind."""
    kinds = [_kind(column) for column in table.primary_key.columns]
    if any(isinstance(column.type, TypeDecorator) for column in table.primary_key.columns):
        return None
    return None if None in kinds else [kind for kind in kinds if kind is not None]


@cache
def _by_arrays(table: Table, lock: bool) -> str | None:
    """None for a key of a type whose values only SQLAlchemy can bind."""
    kinds = _kinds(table)
    if kinds is None:
        return None
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    names = ", ".join(f"t.{preparer.quote(column.name)}" for column in table.primary_key.columns)
    arrays = ", ".join(f"%(k{number})s::{kind}[]" for number, kind in enumerate(kinds))
    columns = ", ".join(f"t.{preparer.quote(column.name)}" for column in table.columns)
    asked = (
        f"SELECT {columns} FROM {preparer.format_table(table)} AS t WHERE ({names}) IN (SELECT * FROM unnest({arrays}))"
    )
    return f"{asked} ORDER BY {names}{' FOR UPDATE OF t' if lock else ''}"


def _kind(column: Any) -> str | None:
    return next((sql for cls, sql in _ARRAYS if isinstance(column.type, cls)), None)


class _Arrays(NamedTuple):
    statement: str
    columns: list[tuple[str, Callable[[Any], Any] | None, Any]]  # name, how a value is bound, default

    def values(self, rows: Sequence[dict[str, Any]]) -> dict[str, str]:
        found = {}
        for number, (name, bind, default) in enumerate(self.columns):
            values = [row.get(name, default) for row in rows]
            found[f"p{number}"] = literal(values if bind is None else map(bind, values))
        return found


@cache
def _arrays(table: Table, shape: Shape) -> _Arrays | None:
    """None for a table with a type or a default that only SQLAlchemy can handle."""
    named = dict.fromkeys((*shape.columns, *shape.added))
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    columns: list[tuple[str, Callable[[Any], Any] | None, Any]] = []
    casts: list[str] = []
    for column in table.columns:
        default = column.default
        scalar = getattr(default, "arg", None) if getattr(default, "is_scalar", False) else None
        if default is not None and scalar is None:
            return None
        if column.name not in named and scalar is None:
            continue
        kind = _kind(column)
        if kind is None:
            return None
        casts.append(f"%(p{len(columns)})s::{kind}[]")
        columns.append((column.name, column.type.dialect_impl(dialect).bind_processor(dialect), scalar))
    quote = dialect.identifier_preparer.quote
    place = dialect.identifier_preparer.format_table(table)
    names = ", ".join(quote(name) for name, _, _ in columns)
    statement = f"INSERT INTO {place} ({names}) SELECT * FROM unnest({', '.join(casts)})"
    if not shape.absent:
        keys = [column.name for column in table.primary_key.columns]
        changes = [f"{quote(n)} = excluded.{quote(n)}" for n in shape.columns if n not in (*keys, *shape.added)]
        changes += [f"{quote(n)} = coalesce({place}.{quote(n)}, 0) + excluded.{quote(n)}" for n in shape.added]
        conflict = f"ON CONFLICT ({', '.join(map(quote, keys))})"
        statement += f" {conflict} DO UPDATE SET {', '.join(changes)}" if changes else f" {conflict} DO NOTHING"
    return _Arrays(statement, columns)


__all__ = ["Shape", "Writer", "asking", "read", "read_one", "told"]
