"""Rows over an in-memory SQLite database, for unit tests of folds, policies and queries: no file, no server."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table

from services.rows import Rows
from services.store.database import memory_engine


class MemoryRows(Rows):
    """``Rows`` whose tables come into being when they are first used."""

    def __init__(self) -> None:
        engine = memory_engine()
        super().__init__(engine.connect())
        self._made: set[Table] = set()

    def _ensure(self, table: Table) -> None:
        if table not in self._made:
            table.create(self.conn, checkfirst=True)
            self._made.add(table)

    def _rows(self, table: Table) -> Any:
        self._ensure(table)
        return super()._rows(table)

    def known(self, table: Table, **options: Any) -> Any:
        self._ensure(table)
        return super().known(table, **options)

    def find(self, table: Table, *where: Any, **options: Any) -> list[dict[str, Any]]:
        self._ensure(table)
        return super().find(table, *where, **options)

    def delete_where(self, table: Table, *where: Any, **equals: Any) -> None:
        self._ensure(table)
        super().delete_where(table, *where, **equals)

    def create(self, *tables: Table) -> MemoryRows:
        """Make tables before the first statement over them (for ``select`` and ``scalar``)."""
        for table in tables:
            self._ensure(table)
        return self
