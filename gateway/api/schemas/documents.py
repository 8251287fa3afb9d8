"""Documents for customers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class MonthQuery(Schema):
    month = fields.String(
        required=True, validate=validate.Regexp(r"^\d{4}-(0[1-9]|1[0-2])$"), metadata={"example": "2026-03"}
    )
