"""The tables of the read models, and small helpers that the folds share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import MetaData

from services.errors import NotFound

METADATA = MetaData()
ZERO = Decimal("0.00")
ALL = "all"
ZONE = "America/Sao_Paulo"  # of answers about contracts of several zones


def day(data: Mapping[str, Any], name: str) -> date | None:
    """A date of an event's JSON values."""
    value = data.get(name)
    return date.fromisoformat(value) if value else None


def money(data: Mapping[str, Any], name: str) -> Decimal:
    return Decimal(data[name])


def found(row: dict[str, Any] | None, code: str, **params: Any) -> dict[str, Any]:
    if row is None:
        raise NotFound(code, **params)
    return row


def limited(limit: int | None, most: int = 1000) -> int:
    return max(1, min(limit or 100, most))
