"""Comments on contracts: what is said, and what is shown."""

from __future__ import annotations

from marshmallow import Schema, fields

from gateway.api.schemas.common import PageQuery, id_field, out_instant, out_text, text


class NewComment(Schema):
    text = text(4000, required=True, metadata={"example": "A equipe é sempre pontual."})
    by = id_field()


class SaidReply(Schema):
    reply_id = out_text()
    by = out_text(metadata={"description": "user of the provider"})
    at = out_instant()
    text = out_text()


class Comment(Schema):
    comment_id = out_text()
    contract_id = out_text()
    customer_id = out_text()
    contact_id = out_text()
    made_at = out_instant()
    text = out_text(metadata={"description": "null: hidden from the reader, or erased"})
    hidden = fields.Boolean(allow_none=True)
    hidden_reason = out_text(metadata={"description": "for its author and staff"})
    hidden_by = out_text()
    replies = fields.List(fields.Nested(SaidReply), allow_none=True)


class CommentsQuery(PageQuery):
    contract_id = id_field()
    customer_id = id_field()
    hidden = fields.Boolean()
