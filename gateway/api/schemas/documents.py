"""Documents for customers."""

from __future__ import annotations

from marshmallow import Schema, fields

from gateway.api.schemas.common import MONTH


class MonthQuery(Schema):
    month = fields.String(required=True, validate=MONTH, metadata={"example": "2026-03"})
