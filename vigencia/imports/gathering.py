"""Rows of one record → the items of a list in it: each row its own, or rows that speak of the same thing one together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vigencia.imports.templates import Scope, columns_of, fill


@dataclass(frozen=True)
class Items:
    """``each`` is a row's item (or none: ``$when``). ``by``: a field; items with the same value of it are one, to which each
    row adds what it says; ``otherwise``: what a field is where no row says it. Without ``by`` every row's item stands."""

    into: tuple[str, ...]
    each: dict[str, Any]
    by: str | None = None
    otherwise: dict[str, Any] = field(default_factory=dict)


@dataclass
class Gathered:
    """``rows``: of each item, the index of the row that began it. ``clash``: the row that contradicts, the row that it
    contradicts, and the columns of the field in question."""

    items: list[dict[str, Any]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    clash: tuple[int, int, list[str]] | None = None


def gather(rule: Items, scopes: Sequence[Scope]) -> Gathered:
    made = Gathered()
    said_by: list[dict[str, int]] = []  # of each item: which row said which field
    for at, scope in enumerate(scopes):
        for item in fill([rule.each], scope):
            known = _place(made.items, item, rule.by)
            if known is None:
                made.items.append(item)
                made.rows.append(at)
                said_by.append({name: at for name, value in item.items() if value is not None})
                continue
            for name, value in item.items():
                there = made.items[known][name]
                if value is None or value == there:
                    continue
                if there is not None:
                    columns = sorted(columns_of(rule.each[name], scope.params))
                    made.clash = made.clash or (at, said_by[known][name], columns)
                    continue
                made.items[known][name] = value
                said_by[known][name] = at
    for item, first in zip(made.items, made.rows, strict=True):
        for name, template in rule.otherwise.items():
            if item.get(name) in (None, ""):
                item[name] = fill(template, scopes[first])
    return made


def put(record: dict[str, Any], into: Sequence[str], items: list[dict[str, Any]]) -> None:
    place: Mapping[str, Any] = record
    for key in into[:-1]:
        place = place[key]
    place[into[-1]] = items  # type: ignore[index]


def _place(items: Sequence[Mapping[str, Any]], item: Mapping[str, Any], by: str | None) -> int | None:
    if by is None:
        return None
    return next((at for at, known in enumerate(items) if known[by] == item[by]), None)
