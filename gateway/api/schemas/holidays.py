"""Closed days as they are asked for and entered."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import day, text

SCOPE = "for all: `company`; else `state:SP`, `provider:<id>` or `contract:<id>`"


class HolidaysQuery(Schema):
    year = fields.Integer(
        validate=validate.Range(1900, 2200), metadata={"description": "every closed day of this year", "example": 2026}
    )
    state = text(2, metadata={"description": "with the holidays of this state", "example": "SP"})


class NewHoliday(Schema):
    on = day(required=True, metadata={"description": "the day; of a yearly one its first", "example": "2026-07-14"})
    name = text(200, required=True, metadata={"example": "Aniversário de Campinas"})
    scope = text(80, metadata={"description": SCOPE, "example": "company"})
    yearly = fields.Boolean(metadata={"description": "comes again each year (default: no)", "example": True})


class HolidayRemoval(Schema):
    effective_on = day(
        allow_none=True,
        metadata={"description": "from this day on it is none; null: it never was one", "example": "2027-01-01"},
    )
    reason = text(400, metadata={"example": "Lei municipal revogada"})
