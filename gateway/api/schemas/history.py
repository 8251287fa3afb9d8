"""The history of a thing."""

from __future__ import annotations

from marshmallow import Schema, fields

from gateway.api.schemas.common import out_instant, out_text


class Actor(Schema):
    kind = fields.String(metadata={"description": "user | contact | system", "example": "user"})
    id = fields.String(metadata={"description": "of the user or contact; of the system, the part that acted"})
    name = out_text(
        metadata={"description": "as he is called now; null: erased, or no person", "example": "Joana Reis"}
    )


class Happened(Schema):
    event_id = fields.String(metadata={"description": "the event", "example": "request-0193…@4"})
    at = out_instant({"description": "when it was recorded"})
    event = fields.String(metadata={"description": "type of the event", "example": "tickets.request.assigned"})
    words = fields.String(metadata={"description": "the same in the reader's language", "example": "Assigned"})
    by = fields.Nested(Actor, metadata={"description": "who did it"})
    channel = out_text(
        metadata={
            "description": "portal | console | mail | api | integration | command-line; null: the system itself, or old"
        }
    )
    correlation = out_text(metadata={"description": "of all that followed from the same cause"})
    imported = fields.Boolean(metadata={"description": "came from another system"})


class History(Schema):
    items = fields.List(fields.Nested(Happened))
