"""Who is who, imports, the operator's actions, health."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import out_instant, out_text, text


class SpeaksFor(Schema):
    customer_id = fields.String()
    contact_id = fields.String()
    name = out_text()
    rights = fields.List(fields.String())


class Me(Schema):
    user_id = fields.String()
    login = fields.String()
    name = fields.String()
    email = out_text(metadata={"description": "where mail about the account goes, unless the login is an address"})
    lang = out_text(metadata={"description": "pt-BR | en; null: as the browser says"})
    roles = fields.List(fields.String())
    speaks_for = fields.List(fields.Nested(SpeaksFor))


class Records(Schema):
    records = fields.List(
        fields.Dict(),
        required=True,
        validate=validate.Length(1, 1000),
        metadata={"description": "each with an `id`, its command id: the same record again changes nothing"},
    )


class RecordResult(Schema):
    status = fields.String(metadata={"description": "imported | unchanged | rejected | failed"})
    error = fields.Dict(metadata={"description": "kind, code, params, words, problems"})

    class Meta:
        unknown = "include"


class Results(Schema):
    results = fields.List(fields.Dict(), metadata={"description": "in the order of the records: status, error, ids"})
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())


class FeedQuery(Schema):
    partition = fields.Integer(load_default=0)
    after = fields.Integer(load_default=-1, metadata={"description": "offset; -1: from the first event on"})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class StreamQuery(Schema):
    stream = text(120, required=True, metadata={"example": "contract-0193…"})


class Lag(Schema):
    lag = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"description": "events, by part"})


class Health(Schema):
    ready = fields.Boolean()
    reasons = fields.List(fields.String())
    at = out_instant()
    parts = fields.Dict()
