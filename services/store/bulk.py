"""Reading and writing many rows of one table at once. On PostgreSQL as arrays, in one statement; SQLAlchemy's executemany sends a
statement a row, which is ten times slower.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, TypeDecorator, bindparam, delete, func, insert, select, text, tuple_, types
from sqlalchemy.dialects import postgresql, sqlite

from services.store.arrays import literal
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
        self._waiting: dict[Table, tuple[str, dict[str, str]]] = {}

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
        statement = _removal(table) if self._arrays else None
        names = [column.name for column in table.primary_key.columns]
        if statement is None:
            self.close()
            named = [{f"pk_{name}": value for name, value in zip(names, key, strict=True)} for key in keys]
            self._conn.execute(_delete_one(table), named)
        else:
            values = {f"p{number}": literal([key[number] for key in keys]) for number in range(len(names))}
            self._wait(table, statement, values)

    def close(self) -> None:
        """Send what waits."""
        waiting, self._waiting = list(self._waiting.values()), {}
        if not waiting:
            return
        parts: list[str] = []
        values: dict[str, str] = {}
        for number, (statement, arrays) in enumerate(waiting):
            parts.append(statement.replace("%(p", f"%(s{number}p"))
            values |= {f"s{number}{name}": array for name, array in arrays.items()}
        *first, last = parts
        before = ", ".join(f"s{number} AS ({statement})" for number, statement in enumerate(first))
        self._conn.exec_driver_sql(f"WITH {before} {last}" if first else last, values)

    def _wait(self, table: Table, statement: str, values: dict[str, str]) -> None:
        if table in self._waiting:  # two statements over one table see the same rows only one after the other
            self.close()
        self._waiting[table] = (statement, values)


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
        if statement is not None:
            arrays = {f"k{number}": literal(key[number] for key in keys) for number in range(len(columns))}
            return [dict(row) for row in conn.execute(statement, arrays).mappings()]
    found = []
    for start in range(0, len(keys), 500):
        chunk = keys[start : start + 500]
        where = columns[0].in_([key[0] for key in chunk]) if len(columns) == 1 else tuple_(*columns).in_(chunk)
        asked = select(table).where(where).order_by(*columns)
        found += [dict(row) for row in conn.execute(asked.with_for_update() if lock else asked).mappings()]
    return found


@cache
def _removal(table: Table) -> str | None:
    kinds = _kinds(table)
    if kinds is None:
        return None
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    names = ", ".join(f"t.{preparer.quote(column.name)}" for column in table.primary_key.columns)
    arrays = ", ".join(f"%(p{number})s::{kind}[]" for number, kind in enumerate(kinds))
    return f"DELETE FROM {preparer.format_table(table)} AS t WHERE ({names}) IN (SELECT * FROM unnest({arrays}))"


def _kinds(table: Table) -> list[str] | None:
    """Of the primary key's columns; None for a type whose values only SQLAlchemy can bind."""
    kinds = [_kind(column) for column in table.primary_key.columns]
    if any(isinstance(column.type, TypeDecorator) for column in table.primary_key.columns):
        return None
    return None if None in kinds else [kind for kind in kinds if kind is not None]


@cache
def _by_arrays(table: Table, lock: bool) -> Any:
    """None for a key of a type whose values only SQLAlchemy can bind."""
    kinds = _kinds(table)
    if kinds is None:
        return None
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    names = ", ".join(f"t.{preparer.quote(column.name)}" for column in table.primary_key.columns)
    arrays = ", ".join(f"CAST(:k{number} AS {kind}[])" for number, kind in enumerate(kinds))
    columns = ", ".join(f"t.{preparer.quote(column.name)}" for column in table.columns)
    asked = (
        f"SELECT {columns} FROM {preparer.format_table(table)} AS t WHERE ({names}) IN (SELECT * FROM unnest({arrays}))"
    )
    return text(f"{asked} ORDER BY {names}{' FOR UPDATE OF t' if lock else ''}").columns(*table.columns)


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


__all__ = ["Shape", "Writer", "read"]
