"""Rows + mapping → canonical records, and the rows that are no good with a reason each.

A record is one row or all rows with the same reference (requests, and where a mapping has ``rows``). A record with one bad
row is rejected with all its rows, so that the corrected ones come back together. Counting is by record:
read = records + doubled + rejected.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.errors import Invalid
from vigencia.imports import history
from vigencia.imports.gathering import gather, put
from vigencia.imports.mapping import Mapping
from vigencia.imports.reading import Row, Table, plain
from vigencia.imports.relations import group_problem, row_problem
from vigencia.imports.templates import Scope, fill
from vigencia.imports.values import Column, Wrong, read_cell
from vigencia.imports.words import Problem

Values = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """One thing to import. ``contract_reference`` names the ``Converted.contracts`` entry that it needs. ``values``: of its
    rows, as they were read."""

    reference: str
    data: dict[str, Any]
    rows: tuple[Row, ...]
    contract_reference: str | None = None
    values: tuple[Values, ...] = ()


@dataclass(frozen=True)
class Rejection:
    """One record that cannot be imported: its rows, each with its problem."""

    reference: str | None
    rows: tuple[tuple[Row, Problem], ...]


@dataclass
class Converted:
    """All that a file gave. ``contracts`` are records that others need first; ``doubled`` stood in it twice."""

    records: list[Record] = field(default_factory=list)
    contracts: dict[str, dict[str, Any]] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)
    doubled: int = 0

    @property
    def read(self) -> int:
        return len(self.records) + len(self.rejections) + self.doubled


def convert(table: Table, mapping: Mapping, params: Dict[str, Any] | None = None) -> Converted:
    """Every row of the table as a record or a rejection. Raises ``Invalid`` when columns are missing."""
    check_columns(table, mapping)
    return _Conversion(table, mapping, dict(mapping.params if params is None else params)).run()


def check_columns(table: Table, mapping: Mapping) -> None:
    """Raise ``Invalid`` when the file lacks a column that the mapping requires."""
    there = table.positions()
    missing = [
        name for name, column in mapping.columns.items() if column.required and position_of(name, column, there) is None
    ]
    if missing:
        raise Invalid("import.columns-missing", missing=", ".join(missing), found=", ".join(table.columns))


def position_of(name: str, column: Column, there: Dict[str, int]) -> int | None:
    """Where a column stands, under whichever of its headings."""
    found = (there.get(plain(heading)) for heading in (name, *column.also))
    return next((position for position in found if position is not None), None)


def jsonable(value: Any) -> Any:
    """The record as JSON values: decimals as text, days as ISO, instants as ISO with Z."""
    match value:
        case Decimal():
            return str(value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case dict():
            return {key: jsonable(item) for key, item in value.items()}
        case list() | tuple():
            return [jsonable(item) for item in value]
    return value


class _Conversion:
    def __init__(self, table: Table, mapping: Mapping, params: dict[str, Any]) -> None:
        self.table, self.mapping, self.params = table, mapping, params
        there = table.positions()
        self.at = {name: position_of(name, column, there) for name, column in mapping.columns.items()}
        self.width = 1 + max((position for position in self.at.values() if position is not None), default=0)
        self.made = Converted()
        self.seen: dict[str, tuple[str, int]] = {}

    def run(self) -> Converted:
        for rows in self._groups():
            read = [self._read(row) for row in rows]
            problems = {row.number: found for row, (_, found) in zip(rows, read, strict=True) if found}
            values = [its for its, _ in read]
            reference = self._reference(values[0])
            if not problems:
                problems = self._group_problems(rows, values)
            if problems:
                self._reject(reference, rows, problems)
            else:
                self._add(str(reference), tuple(rows), values)
        return self.made

    def _reference(self, values: Values) -> Any:
        """What names the record in its source; with the thing within which alone it is unique."""
        own = values.get(self.mapping.reference)
        outer = values.get(self.mapping.within) if self.mapping.within else None
        return own if own is None or outer is None else f"{outer}/{own}"

    def _groups(self) -> Iterable[list[Row]]:
        """Each row for itself, or all rows with the same reference, where the first of them stood."""
        if self.mapping.history is None and self.mapping.rows is None:
            return [[row] for row in self.table.rows]
        position = self.at[self.mapping.reference]
        column = self.mapping.columns[self.mapping.reference]
        groups: dict[tuple[str, Any], list[Row]] = {}
        for row in self.table.rows:
            cell = row.cells[position] if position is not None and position < len(row.cells) else ""
            try:
                key = read_cell(column, cell)
            except Wrong:
                key = None
            groups.setdefault(("row", row.number) if key is None else ("reference", key), []).append(row)
        return groups.values()

    def _read(self, row: Row) -> tuple[Values, Problem | None]:
        """The row's typed values, and its first problem."""
        values: Values = dict.fromkeys(self.mapping.columns)
        if problem := self._width_problem(row):
            return values, problem
        first: Problem | None = None
        for name, column in self.mapping.columns.items():
            position = self.at[name]
            cell = row.cells[position] if position is not None and position < len(row.cells) else ""
            try:
                values[name] = read_cell(column, cell)
            except Wrong as wrong:
                first = first or Problem(wrong.code, row.number, name, wrong.params)
        return values, first or row_problem(self.mapping, row, values)

    def _width_problem(self, row: Row) -> Problem | None:
        columns = len(self.table.columns)
        sizes = {"value": len(row.cells), "expected": columns}
        if any(str(cell).strip() for cell in row.cells[columns:]):
            return Problem("too-many-values", row.number, None, sizes)
        if self.table.separator and len(row.cells) < min(columns, self.width):
            return Problem("too-few-values", row.number, None, sizes)
        return None

    def _group_problems(self, rows: list[Row], values: list[Values]) -> dict[int, Problem]:
        problem = group_problem(self.mapping, rows, values, [self._scope(each) for each in values])
        return {} if problem is None else {problem.row: problem}

    def _add(self, reference: str, rows: tuple[Row, ...], values: list[Values]) -> None:
        data = self._record(values)
        written = json.dumps(jsonable(data), sort_keys=True)
        if reference in self.seen:
            before, other_row = self.seen[reference]
            if before == written:
                self.made.doubled += 1
                return
            told = {"reference": reference, "other_row": other_row}
            problem = Problem("same-reference", rows[0].number, self.mapping.reference, told)
            self._reject(reference, list(rows), {rows[0].number: problem})
            return
        self.seen[reference] = (written, rows[0].number)
        self.made.records.append(Record(reference, data, rows, self._contract(values[0]), tuple(values)))

    def _record(self, values: list[Values]) -> dict[str, Any]:
        rows = history.in_order(values, self.mapping.history) if self.mapping.history else values
        record: dict[str, Any] = fill(self.mapping.record, self._scope(rows[0]))
        if many := self.mapping.rows:
            scopes = [self._scope(row) for row in rows]
            for rule in (many, *many.more):
                put(record, rule.into, gather(rule, scopes).items)
        if self.mapping.history:
            chosen = self.mapping.history
            record["steps"] = history.steps(
                rows, chosen, record.get("opened_at"), lambda row: fill(chosen.step, self._scope(row))
            )
        return record

    def _contract(self, values: Values) -> str | None:
        if self.mapping.contract is None:
            return None
        reference = str(fill(self.mapping.contract_reference, self._scope(values)))
        if reference not in self.made.contracts:
            self.made.contracts[reference] = fill(self.mapping.contract, self._scope(values))
        return reference

    def _scope(self, values: Values) -> Scope:
        return Scope(self.mapping.name, values, self.params)

    def _reject(self, reference: str | None, rows: list[Row], problems: dict[int, Problem]) -> None:
        bad = min(problems)
        told = {"reference": reference or "?", "other_row": bad}
        each = tuple((row, problems.get(row.number) or Problem("held-back", row.number, None, told)) for row in rows)
        self.made.rejections.append(Rejection(reference, each))
