"""Rows of one request → its steps: what happened when, as the tickets service takes it.

A log writes a row for every update; a step is a row in which the state, the person or the group changed. Logs are
not perfect: a stamp may lie before the opening or after its successor's. So the rows' order is the one that
contradicts itself least (the file's, or by a column), a stamp later than its successor's counts as the successor's,
and one before the opening counts at the opening.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from vigencia.imports.mapping import History

ENDED = ("resolved", "closed")

Values = dict[str, Any]


def in_order(rows: Sequence[Values], history: History) -> list[Values]:
    """The rows in the order that contradicts itself least; the file's when others are no better."""
    orders: list[list[Values]] = [list(rows)]
    keys = [history.order_by, history.order_by[1:], history.order_by[:1]]
    for columns in (columns for columns in keys if columns):
        complete = all(row[column] is not None for row in rows for column in columns)
        if complete:
            orders.append(sorted(rows, key=_by(columns)))
    return min(orders, key=lambda order: _contradictions(order, history))


def _by(columns: Sequence[str]) -> Callable[[Values], tuple[Any, ...]]:
    return lambda row: tuple(row[column] for column in columns)


def _contradictions(rows: Sequence[Values], history: History) -> int:
    """How often a request works on after its end without being reopened, is un-reopened, or is new again after it."""
    found = 0
    for before, after in pairwise(rows):
        counted = _reopenings(after, history) - _reopenings(before, history)
        went_back = before[history.state] in ENDED and after[history.state] not in ENDED
        found += (
            counted < 0
            or (went_back and counted <= 0)
            or (before[history.state], after[history.state])
            == (
                "closed",
                "resolved",
            )
        )
    return found


def _reopenings(row: Values, history: History) -> int:
    return int(row[history.reopened_by] or 0) if history.reopened_by else 0


def steps(
    rows: Sequence[Values], history: History, opened_at: datetime | None, extras: Callable[[Values], dict[str, Any]]
) -> list[dict[str, Any]]:
    """The steps of one request. ``extras`` gives a step's further fields (who, which group) from its row."""
    stamps = _stamps([row[history.at] for row in rows], opened_at)
    made: list[dict[str, Any]] = []
    previous: Values | None = None
    for row, at in zip(rows, stamps, strict=True):
        kind = _kind(previous, row, history)
        step = {"at": at, "kind": kind, **extras(row)}
        if previous is None or kind == "reopened" or _changed(made[-1], step):
            made.append(step)
            # A request that was reopened and at once waits or is resolved has both steps.
            if kind == "reopened" and row[history.state] in ("waiting", *ENDED):
                made.append({**step, "kind": row[history.state]})
        previous = row
    return made


def _kind(previous: Values | None, row: Values, history: History) -> str:
    before = _reopenings(previous, history) if previous else 0
    went_back = previous is not None and previous[history.state] in ENDED and row[history.state] not in ENDED
    if _reopenings(row, history) > before or went_back:
        return "reopened"
    return str(row[history.state])


def _changed(before: dict[str, Any], now: dict[str, Any]) -> bool:
    def told(step: dict[str, Any]) -> dict[str, Any]:
        kind = "active" if step["kind"] == "reopened" else step["kind"]
        return {**step, "kind": kind, "at": None}

    return told(before) != told(now)


def _stamps(stamps: Iterable[datetime], opened_at: datetime | None) -> list[datetime]:
    mended: list[datetime] = []
    for stamp in reversed(list(stamps)):
        mended.append(min(stamp, mended[-1]) if mended else stamp)
    return [max(stamp, opened_at) if opened_at else stamp for stamp in reversed(mended)]
