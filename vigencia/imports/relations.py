"""What columns demand of each other within a row, and rows of each other within a record: the first thing that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from vigencia.imports.gathering import gather
from vigencia.imports.mapping import Mapping as Mapping_
from vigencia.imports.reading import Row
from vigencia.imports.templates import Scope
from vigencia.imports.values import Column
from vigencia.imports.words import Problem

Values = Mapping[str, Any]


def row_problem(mapping: Mapping_, row: Row, values: Values) -> Problem | None:
    """Why a row of readable cells is wrong in itself."""
    for name, column in mapping.columns.items():
        for problem in _of_column(mapping, row, values, name, column):
            return problem
    return None


def group_problem(
    mapping: Mapping_, rows: Sequence[Row], values: Sequence[Values], scopes: Sequence[Scope]
) -> Problem | None:
    """Why rows with the same reference are no one record: they contradict each other."""
    grouped = mapping.history or mapping.rows
    for name in grouped.same if grouped else ():
        for row, its in zip(rows, values, strict=True):
            left_out = mapping.rows is not None and not _given(mapping, name, its)
            if its[name] != values[0][name] and not left_out:
                return _differs(mapping, row, name, its, values[0])
    for rule in mapping.rows.more if mapping.rows else ():
        clash = gather(rule, scopes).clash
        if clash is not None:
            at, first, columns = clash
            name = next((each for each in columns if values[at][each] != values[first][each]), mapping.reference)
            return _differs(mapping, rows[at], name, values[at], values[first])
    return None


def _of_column(mapping: Mapping_, row: Row, values: Values, name: str, column: Column) -> Iterator[Problem]:
    value, other = values[name], values.get(column.not_before or "")
    if value is not None and other is not None and value < other:
        told = {"value": shown(value), "other": shown(other), "other_column": column.not_before}
        yield Problem("before", row.number, name, told)
    if not _given(mapping, name, values):
        for of, wanted in column.required_with.items():
            if values[of] in wanted:
                told = {"other_column": of, "other": _said(mapping.columns[of], [values[of]])}
                yield Problem("required-with", row.number, name, {**told, "expected": column.expected()})
        return
    for of, wanted in column.only_with.items():
        if values[of] not in wanted:
            told = {"value": shown(value), "other_column": of, "expected": _said(mapping.columns[of], wanted)}
            yield Problem("only-with", row.number, name, told)
    if column.needs and not any(_given(mapping, each, values) for each in column.needs):
        yield Problem("needs", row.number, name, {"value": shown(value), "expected": ", ".join(column.needs)})


def _given(mapping: Mapping_, name: str, values: Values) -> bool:
    """Whether the row says something there: a default is nothing said."""
    return values[name] is not None and values[name] != mapping.columns[name].default


def _said(column: Column, wanted: Iterable[Any]) -> str:
    """Values in the file's words."""
    words = {value: word for word, value in reversed(column.values.items())}
    return ", ".join(str(words.get(value, value)) for value in wanted)


def _differs(mapping: Mapping_, row: Row, name: str, its: Values, first: Values) -> Problem:
    told = {"value": shown(its[name]), "other": shown(first[name]), "reference": its[mapping.reference]}
    return Problem("differs-in-group", row.number, name, told)


def shown(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
