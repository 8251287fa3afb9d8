"""Rows: the unit of work through which folds, policies and queries touch a service's own tables.

Folds read and write single rows by primary key; the rows are cached and written with one executemany per table and
set of columns when the batch ends. So a fold reads like a function over dicts and a rebuild still runs at full speed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Select, Table, delete, select, tuple_

from services.store.bulk import Shape, Writer, asking, read, read_one, read_where, told
from services.store.together import Statement

Key = tuple[Any, ...]


class Reading(NamedTuple):
    """A row that a command will read. ``looked_at``: only looked at, as ``peek`` does; ``lock=False``: as in ``prefetch``."""

    table: Table
    key: Key
    lock: bool = True
    looked_at: bool = False

    def statement(self) -> Statement:
        """For PostgreSQL, to be sent with others."""
        return asking(self.table, self.key, lock=self.lock and not self.looked_at)


class _Row:
    __slots__ = ("absent", "added", "delete_first", "dirty", "known", "values")

    def __init__(self, values: dict[str, Any] | None, known: bool, absent: bool = False) -> None:
        self.values = values  # the row as it will be, None: absent (only meaningful when known)
        self.known = known
        self.absent = absent  # looked for and not there: it is inserted, so that whoever was faster is noticed
        self.dirty: dict[str, Any] = {}
        self.added: dict[str, Any] = {}
        self.delete_first = False


class Rows:
    """Cached access by primary key over one connection. ``lock`` takes row locks on reads (PostgreSQL), for writers.

    What was read is locked; a row that was looked for in vain is written by a plain insert. So of two units of work that
    read and write the same row the second waits for the first and sees what it wrote, or fails with a duplicate key and
    is begun again: nothing is overwritten unseen.
    """

    def __init__(self, conn: Connection, *, lock: bool = True, empty: Iterable[Table] = ()) -> None:
        """``empty``: tables that are known to have no rows but those that this unit of work puts there."""
        self.conn = conn
        self._empty = set(empty)
        self._lock = lock and conn.dialect.name == "postgresql"
        self._cache: dict[Table, dict[Key, _Row]] = {}
        self._peeked: dict[tuple[Table, Key], dict[str, Any]] = {}
        self._found: dict[Any, list[dict[str, Any]]] = {}
        self._glimpsed: dict[tuple[Table, Key], dict[str, Any]] = {}
        self._unique: dict[tuple[Table, tuple[str, ...]], dict[Key, Key | None]] = {}
        self._held: dict[tuple[tuple[Table, tuple[str, ...]], Key], Key] = {}  # which of these values a row has

    def prefetch_by(self, columns: Sequence[Column[Any]], values: Iterable[Key]) -> None:
        """Learn which rows have these values of columns that are unique together, so that ``holder`` need not ask."""
        table = columns[0].table
        place = (table, tuple(column.name for column in columns))
        known = self._unique.setdefault(place, {})
        wanted = [value for value in dict.fromkeys(values) if value not in known]
        if not wanted:
            return
        self.flush()
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            asked = select(*columns, *table.primary_key.columns).where(tuple_(*columns).in_(some))
            known |= dict.fromkeys(some)
            for row in self.conn.execute(asked):
                value, pk = tuple(row[: len(columns)]), tuple(row[len(columns) :])
                known[value] = pk
                self._held[place, pk] = value

    def holder(self, columns: Sequence[Column[Any]], values: Key) -> Key | None:
        """The primary key of the row that has these values of columns that are unique together; None if no row has."""
        self.prefetch_by(columns, [values])
        return self._unique[columns[0].table, tuple(column.name for column in columns)][values]

    def get(self, table: Table, **key: Any) -> dict[str, Any] | None:
        """The row with this primary key as a dict (a copy), with what this unit of work changed; None if absent."""
        pk = _pk(table, key)
        row = self._rows(table).get(pk)
        if row is None or not row.known:
            row = self._load(table, pk)
        return None if row.values is None else dict(row.values)

    def peek(self, table: Table, **key: Any) -> dict[str, Any] | None:
        """Like ``get``, for what is only looked at and seldom changes: nobody waits for the other because of it."""
        pk = _pk(table, key)
        row = self._rows(table).get(pk)
        if row is not None and row.known:
            return None if row.values is None else dict(row.values)
        seen = self._peeked.get((table, pk))
        if seen is None:
            found = read_one(self.conn, table, pk, lock=False)
            if found is None or row is not None:
                return self.get(table, **key)
            seen = self._peeked[table, pk] = found
        return dict(seen)

    def put(self, table: Table, **values: Any) -> None:
        """Insert the row or merge these columns into it. Must contain the primary key."""
        pk = _pk(table, values)
        rows = self._rows(table)
        row = rows.get(pk)
        if row is None:
            row = rows[pk] = _Row(None, known=False)
        if not row.known and not _required(table) <= {*row.dirty, *values}:
            row = self._load(table, pk)  # an upsert checks NOT NULL before it finds the row to merge into
        row.dirty.update(values)
        if self._unique:
            self._note_unique(table, pk, row.values if row.known else None, values)
        for column in row.added.keys() & values.keys():
            del row.added[column]
        if row.known:
            row.values = {**_defaults(table), **(row.values or {}), **values}

    def add(self, table: Table, /, by: Mapping[str, Any], **key: Any) -> None:
        """Add to numeric columns of a row that others may change at the same time (``SET c = c + :delta``)."""
        pk = _pk(table, key)
        if not _required(table) <= key.keys() | by.keys():  # no upsert is possible: read, locked, and written back
            before = self.get(table, **key) or {}
            self.put(table, **key, **{column: (before.get(column) or 0) + delta for column, delta in by.items()})
            return
        rows = self._rows(table)
        row = rows.get(pk)
        if row is not None and row.known:
            if row.delete_first or row.dirty:
                self.flush()
            row = None
        if row is None:
            row = rows[pk] = _Row(None, known=False)
        row.dirty.update(zip(_pk_names(table), pk, strict=True))
        for column, delta in by.items():
            if row.dirty.get(column) is not None:
                row.dirty[column] += delta
            else:
                row.added[column] = row.added.get(column, 0) + delta

    def _note_unique(self, table: Table, pk: Key, before: Mapping[str, Any] | None, values: Mapping[str, Any]) -> None:
        for place, holders in self._unique.items():
            of, names = place
            if of is table and any(name in values for name in names):
                self._let_go(place, pk)
                now = tuple({**(before or {}), **values}.get(name) for name in names)
                if None not in now:
                    holders[now] = pk
                    self._held[place, pk] = now

    def _let_go(self, place: tuple[Table, tuple[str, ...]], pk: Key) -> None:
        """The row has no longer the values that it was known to have."""
        former = self._held.pop((place, pk), None)
        if former is not None and self._unique[place].get(former) == pk:
            self._unique[place][former] = None

    def delete(self, table: Table, **key: Any) -> None:
        pk = _pk(table, key)
        row = self._rows(table).setdefault(pk, _Row(None, known=True))
        row.values, row.known, row.absent, row.dirty, row.added, row.delete_first = None, True, False, {}, {}, True
        for place in self._unique:
            if place[0] is table:
                self._let_go(place, pk)

    def prefetch(self, table: Table, keys: Iterable[Mapping[str, Any] | Sequence[Any]], *, lock: bool = True) -> None:
        """Load many rows at once, so that the folds' ``get`` finds them in the cache. ``lock=False`` for rows that only one
        stream's events write: its version tells whether somebody was faster."""
        rows = self._rows(table)
        names = _pk_names(table)
        wanted = {tuple(key[n] for n in names) if isinstance(key, Mapping) else tuple(key) for key in keys}
        missing = [key for key in wanted if key not in rows] if table not in self._empty else []
        if missing:
            found = {
                tuple(row[name] for name in names): row
                for row in read(self.conn, table, missing, lock=lock and self._lock)
            }
            for pk in missing:
                rows[pk] = _Row(found.get(pk), known=True, absent=pk not in found)

    def take(self, readings: Sequence[Reading], answers: Sequence[list[Any]]) -> None:
        """What the statements ``asking`` for these rows gave."""
        for reading, answer in zip(readings, answers, strict=True):
            table, key, found = reading.table, reading.key, told(reading.table, answer)
            if not reading.looked_at:
                self._rows(table).setdefault(key, _Row(found, known=True, absent=found is None))
            elif found is not None:
                self._peeked[table, key] = found

    def glimpse(self, columns: Sequence[Column[Any]], *where: Any) -> None:
        """Read some columns of many rows, without a lock, so that ``glance`` need not ask."""
        table = columns[0].table
        names, keys = [column.name for column in columns], table.primary_key.columns
        for row in self.conn.execute(select(*keys, *columns).where(*where)):
            self._glimpsed[table, tuple(row[: len(keys)])] = dict(zip(names, row[len(keys) :], strict=True))

    def glance(self, table: Table, **key: Any) -> Mapping[str, Any] | None:
        """What ``glimpse`` read of this row, or the row as it is now. For rows that only one stream's events write: its
        version tells whether somebody was faster."""
        pk = _pk(table, key)
        if pk not in self._rows(table) and (seen := self._glimpsed.get((table, pk))) is not None:
            return seen
        return self.get(table, **key)

    def absent(self, table: Table, keys: Iterable[Key]) -> None:
        """These rows are known not to be there: nobody looks for them, and they are inserted."""
        rows = self._rows(table)
        for pk in keys:
            rows.setdefault(pk, _Row(None, known=True, absent=True))

    def find(
        self, table: Table, *where: Any, order_by: Sequence[Any] = (), limit: int | None = None, **equals: Any
    ) -> list[dict[str, Any]]:
        """Rows by condition, as dicts. Writes what is pending first."""
        self.flush()
        statement = select(table).where(*where, *(table.c[name] == value for name, value in equals.items()))
        statement = statement.order_by(*order_by) if order_by else statement
        statement = statement.limit(limit) if limit is not None else statement
        return [dict(row) for row in self.conn.execute(statement).mappings()]

    def known(self, table: Table, *, order_by: Sequence[str] = (), **equals: Any) -> list[dict[str, Any]]:
        """Like ``find`` by plain values, for tables that this unit of work only reads: asked once, without a lock, and what is
        pending of other tables stays pending. The rows are shared: nobody changes them."""
        if self._cache.get(table):
            self.flush()
            return read_where(self.conn, table, equals, order_by)
        place = (table, tuple(equals.items()), tuple(order_by))
        found = self._found.get(place)
        if found is None:
            found = self._found[place] = read_where(self.conn, table, equals, order_by)
        return found

    def select(self, statement: Select[Any]) -> list[dict[str, Any]]:
        """Any SELECT, as dicts. Writes what is pending first."""
        self.flush()
        return [dict(row) for row in self.conn.execute(statement).mappings()]

    def scalar(self, statement: Select[Any]) -> Any:
        """The first column of the first row, or None. Writes what is pending first."""
        self.flush()
        return self.conn.execute(statement).scalar()

    def delete_where(self, table: Table, *where: Any, **equals: Any) -> None:
        """Delete by condition, at once."""
        self.flush()
        self.conn.execute(delete(table).where(*where, *(table.c[name] == value for name, value in equals.items())))
        self._forget(table)

    def shrink(self, most: int) -> None:
        """Write what is pending, and forget all rows if more than ``most`` are remembered."""
        self.flush()
        if sum(map(len, self._cache.values())) > most:
            for table in list(self._cache):
                self._forget(table)

    def _forget(self, table: Table) -> None:
        self._cache.pop(table, None)
        self._empty.discard(table)
        for place in [place for place in self._unique if place[0] is table]:
            del self._unique[place]
        self._held = {key: value for key, value in self._held.items() if key[0][0] is not table}

    def flush(self, writer: Writer | None = None) -> None:
        """Write what is pending: deletions, then upserts, in a stable order of keys (so that batches do not deadlock).
        To a ``writer`` that is given; its owner closes it."""
        owner, writer = writer, writer or Writer(self.conn)
        # first in the statement is last in PostgreSQL's work: what all add to is locked for the shortest time
        for table, rows in sorted(self._cache.items(), key=lambda item: not _is_added_to(item[1])):
            pending = [(pk, row) for pk, row in rows.items() if row.delete_first or row.dirty]
            if not pending:
                continue
            pending.sort(key=lambda item: tuple(map(str, item[0])))
            if gone := [pk for pk, row in pending if row.delete_first]:
                writer.remove(table, gone)
            by_shape: dict[Shape, list[dict[str, Any]]] = {}
            for _, row in pending:
                if row.dirty:
                    merged = _whole(table, row) if row.known and row.values is not None else row.dirty
                    shape = Shape(tuple(sorted(merged)), tuple(sorted(row.added)), row.absent)
                    by_shape.setdefault(shape, []).append({**merged, **row.added})
            for shape, values in by_shape.items():
                writer.write(table, shape, values)
            for pk, row in pending:
                if row.added:
                    del rows[pk]
                    self._empty.discard(table)
                else:
                    row.absent = row.absent and not row.dirty
                    row.dirty, row.delete_first = {}, False
        if owner is None:
            writer.close()

    def _load(self, table: Table, pk: Key) -> _Row:
        record = None
        if table not in self._empty:
            record = read_one(self.conn, table, pk, lock=self._lock)
        row = self._rows(table).setdefault(pk, _Row(None, known=True))
        row.known, row.absent = True, record is None
        base = record
        if row.dirty:
            base = {**_defaults(table), **(base or {}), **row.dirty}
        for column, delta in row.added.items():
            assert base is not None
            base[column] = (base.get(column) or 0) + delta
        row.values = base
        return row

    def _rows(self, table: Table) -> dict[Key, _Row]:
        return self._cache.setdefault(table, {})


def _is_added_to(rows: Mapping[Key, _Row]) -> bool:
    return any(row.added for row in rows.values())


@cache
def _pk_names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key.columns)


def _whole(table: Table, row: _Row) -> dict[str, Any]:
    """All columns of a known row; what the database fills in itself is left to it."""
    return {name: v for name, v in (row.values or {}).items() if v is not None or table.c[name].nullable}


@cache
def _required(table: Table) -> frozenset[str]:
    """The columns that an insert must name."""
    return frozenset(c.name for c in table.columns if not c.nullable and c.default is None and c.server_default is None)


def _pk(table: Table, values: Mapping[str, Any]) -> Key:
    try:
        return tuple(values[name] for name in _pk_names(table))
    except KeyError as missing:
        raise TypeError(f"{table.name}: the primary key needs {missing}") from None


@cache
def _defaults(table: Table) -> dict[str, Any]:
    defaults = {}
    for column in table.columns:
        scalar = column.default is not None and getattr(column.default, "is_scalar", False)
        defaults[column.name] = column.default.arg if scalar else None  # type: ignore[union-attr]
    return defaults
