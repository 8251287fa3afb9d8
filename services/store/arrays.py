"""PostgreSQL's text form of an array, made here: psycopg writes a list's elements one by one with a regular expression, which for
JSON texts costs more than all else that a command does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any


def literal(values: Iterable[Any]) -> str:
    """``{…}`` as PostgreSQL reads it (manual, 8.15.2): texts quoted, numbers and truth values as they are written."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, date):  # an instant is one, too
        return f'"{value.isoformat()}"'
    return str(value)  # numbers; True and False are read in any case
