"""Keyset pages: a list is read from an index onwards, never counted through; a cursor is the last row's place."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Select, and_, or_

from services.codec import to_json_values
from services.errors import Invalid
from services.rows import Rows

DEFAULT, MOST = 50, 200


def page(
    rows: Rows,
    statement: Select[Any],
    params: Mapping[str, Any],
    *,
    order: Column[Any],
    key: Column[Any],
    descending: bool = True,
) -> dict[str, Any]:
    """``{items, next}`` in the order of (order, key). A row without ``order`` is not complete yet: it is left out."""
    limit = max(1, min(int(params.get("limit") or DEFAULT), MOST))
    if params.get("after"):
        statement = statement.where(_beyond(*_decode(params["after"]), order, key, descending))
    place = (order.desc(), key.desc()) if descending else (order.asc(), key.asc())
    found = rows.select(statement.where(order.is_not(None)).order_by(*place).limit(limit + 1))
    items = found[:limit]
    last = items[-1] if len(found) > limit else None
    return {"items": items, "next": None if last is None else _encode(last[order.name], last[key.name])}


def _beyond(value: Any, id_: str, order: Column[Any], key: Column[Any], descending: bool) -> Any:
    further = key < id_ if descending else key > id_
    typed = _typed(value, order)
    return or_(order < typed if descending else order > typed, and_(order == typed, further))


def _typed(value: str, column: Column[Any]) -> Any:
    kind = column.type.python_type if not hasattr(column.type, "impl") else None
    try:
        if kind is date:
            return date.fromisoformat(value)
        if kind is str:
            return value
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _bad() from None


def _encode(value: Any, id_: str) -> str:
    text = json.dumps([to_json_values(value), id_], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[Any, str]:
    try:
        value, id_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise _bad() from None
    if not isinstance(id_, str) or not isinstance(value, str):
        raise _bad()
    return value, id_


def _bad() -> Invalid:
    return Invalid(
        "cursor.invalid", problems=[{"path": "after", "code": "value", "message": "not a cursor of this list"}]
    )


def equal(columns: Any, params: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    """Conditions for the filters that were given; a list means any of its values."""
    where = []
    for name in names:
        value = params.get(name)
        if isinstance(value, list | tuple):
            where.append(columns[name].in_(list(value)))
        elif value is not None:
            where.append(columns[name] == value)
    return where
