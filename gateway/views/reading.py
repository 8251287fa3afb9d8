"""JSON values of events as columns want them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

ZERO = Decimal("0.00")


def day(data: Mapping[str, Any], name: str) -> date | None:
    value = data.get(name)
    return date.fromisoformat(value) if value else None


def instant(data: Mapping[str, Any], name: str = "at") -> datetime | None:
    value = data.get(name)
    return datetime.fromisoformat(value) if value else None


def money(data: Mapping[str, Any], name: str) -> Decimal:
    value = data.get(name)
    return Decimal(str(value)) if value is not None else ZERO


def readable(value: Any) -> str | None:
    """A text of another service: personal ones arrive sealed, as an object that is not for us to read."""
    return value if isinstance(value, str) else None


def sortable(name: str | None) -> str | None:
    """Lower case, without accents: for sorting and searching."""
    if name is None:
        return None
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def searchable(*texts: str | None) -> str:
    """Several texts as one in which is searched."""
    return " ".join(sortable(text) or "" for text in texts if text)
