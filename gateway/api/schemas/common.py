"""Fields and shapes that many resources share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from services.schemas import InstantField

MONTH = validate.Regexp(r"^[12]\d{3}-(0[1-9]|1[0-2])$")
"""A month as the API writes it, of a year in which anything can have happened: ``2026-03``."""


def amount(**options: Any) -> fields.Decimal:
    """An amount on its way in: a string (or number) with at most two decimals."""
    metadata = {"type": "string", "format": "decimal", "example": "189.90", **options.pop("metadata", {})}
    return fields.Decimal(places=None, allow_nan=False, as_string=True, metadata=metadata, **options)


FIRST_YEAR, LAST_YEAR = 1900, 2199


def _in_our_time(value: date) -> None:
    """No contract began before, and none is planned so far ahead: a year 9999 is a slip, and thousands of charges."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(f"Not between the years {FIRST_YEAR} and {LAST_YEAR}.")


def day(**options: Any) -> fields.Date:
    return fields.Date(format="iso", validate=_in_our_time, **options)


def instant(**options: Any) -> InstantField:
    return InstantField(validate=_in_our_time, **options)


def text(most: int = 400, **options: Any) -> fields.String:
    return fields.String(validate=validate.Length(min=1, max=most), **options)


def id_field(**options: Any) -> fields.String:
    return fields.String(validate=validate.Length(min=1, max=64), **options)


def choice(*values: str, **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(values), **options)


# What goes out has been JSON since the service wrote it: only its meaning is declared.


def out_text(**options: Any) -> fields.String:
    return fields.String(allow_none=True, **options)


def out_amount() -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "decimal", "example": "189.90"})


def out_day(metadata: Mapping[str, Any] | None = None) -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date", **(metadata or {})})


def out_instant(metadata: Mapping[str, Any] | None = None) -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date-time", **(metadata or {})})


class Nothing(Schema):
    """An empty body."""


class Written(Schema):
    """Where a command wrote: the stream's version after it, and the types of the new events (none: nothing changed)."""

    id = fields.String(metadata={"description": "of what was made"})
    source = fields.String(metadata={"example": "contracts"})
    stream = fields.String(metadata={"example": "contract-0193…"})
    version = fields.Integer()
    events = fields.List(fields.String(), metadata={"example": ["contracts.contract.activated"]})


class Document(Schema):
    """A document of a service, passed on as it is."""

    class Meta:
        unknown = "include"

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        return obj


class PageQuery(Schema):
    """Every list takes these."""

    after = fields.String(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(validate=validate.Range(1, 200), metadata={"description": "default 50, at most 200"})


def page_of(item: type[Schema]) -> type[Schema]:
    """The schema of a page of these items."""
    members: Mapping[str, Any] = {
        "items": fields.List(fields.Nested(item)),
        "next": fields.String(allow_none=True, metadata={"description": "give it as `after`; null: the last page"}),
    }
    return type(f"{item.__name__}Page", (Schema,), dict(members))
