"""A person's own data, and wishes to be forgotten."""

from __future__ import annotations

from marshmallow import Schema, fields

from gateway.api.schemas.common import choice, out_instant, out_text, text
from gateway.api.schemas.users import Speaks

STATES = ("asked", "done", "declined", "withdrawn")
_ABOUT_STATE = "asked | done | declined | withdrawn"


class ErasureOut(Schema):
    erasure_id = fields.String(metadata={"description": "the wish to be forgotten"})
    user_id = fields.String(metadata={"description": "the user who asked"})
    contacts = fields.List(fields.Nested(Speaks), metadata={"description": "as whom he spoke then"})
    state = fields.String(metadata={"description": _ABOUT_STATE})
    asked_at = out_instant({"description": "when he asked"})
    answer_by = out_instant({"description": "until when he is to be answered: 15 days"})
    decided_at = out_instant({"description": "when it was decided; null: not yet"})
    decided_by = out_text(metadata={"description": "the user who decided"})
    reason = out_text(
        metadata={"description": "why it was declined", "example": "Há um contrato em vigor em seu nome."}
    )


class OwnErasure(Schema):
    erasure = fields.Nested(ErasureOut, allow_none=True, metadata={"description": "null: never asked"})


class ErasureList(Schema):
    items = fields.List(fields.Nested(ErasureOut))


class ErasuresQuery(Schema):
    state = choice(*STATES, metadata={"description": _ABOUT_STATE})


class Declined(Schema):
    reason = text(
        2000,
        required=True,
        metadata={"description": "what the person is told", "example": "Há um contrato em vigor em seu nome."},
    )
