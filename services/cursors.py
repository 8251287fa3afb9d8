"""Cursors of lists that are read from a place onwards: what is no place of the list is the asker's error, never a fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from services.errors import Invalid

Place = TypeVar("Place")


def place(cursor: str, convert: Callable[[str], Place], separator: str = "/") -> tuple[Place, str]:
    """The last row's place: what the list is ordered by, and the row's id. Raises ``Invalid`` (``cursor.invalid``)."""
    first, _, id_ = cursor.partition(separator)
    try:
        return convert(first), id_
    except (ValueError, OverflowError):
        problems = [{"path": "after", "code": "value", "message": "not a cursor of this list"}]
        raise Invalid("cursor.invalid", problems=problems) from None


def day_place(cursor: str) -> tuple[date, str]:
    """Of a list by days: ``2026-03-01/<id>``."""
    return place(cursor, date.fromisoformat)


def instant_place(cursor: str) -> tuple[datetime, str]:
    """Of a list by instants: ``2026-03-01T12:00:00+00:00|<id>``."""
    return place(cursor, _instant, "|")


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant without a zone")
    return found
