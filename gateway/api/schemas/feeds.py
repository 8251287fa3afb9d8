"""Feeds for other systems, and the keys with which they read them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import out_instant, text
from gateway.identity.keys import SCOPES

LONGEST_WAIT = 30.0
_ABOUT_SCOPES = (
    "what the key opens: `feed:<service>`, one for each feed that it may read; `webhooks`: endpoints of its own"
)


class FeedPlace(Schema):
    """Where the reader stands, and what he wants."""

    partition = fields.Integer(load_default=0, validate=validate.Range(0))
    after = fields.Integer(
        load_default=-1,
        validate=validate.Range(-1),
        metadata={"description": "`through` of the answer before; -1: from the first event on"},
    )
    chain = fields.String(
        load_default=None,
        validate=validate.Length(max=128),
        metadata={"description": "`chain` of the answer before. Left out: somebody only looks, nothing is compared"},
    )
    feed = fields.String(
        load_default=None,
        validate=validate.Length(max=64),
        metadata={"description": "`feed` of the answer before; compared together with `chain`"},
    )
    limit = fields.Integer(
        load_default=500, validate=validate.Range(1, 2000), metadata={"description": "offsets to look at, at most"}
    )
    wait = fields.Float(
        load_default=0.0,
        validate=validate.Range(0.0, LONGEST_WAIT),
        metadata={
            "description": "seconds to wait for an event after this place; the answer may have none all the same"
        },
    )
    type = fields.List(
        fields.String(validate=validate.Length(1, 120)),
        load_default=None,
        metadata={
            "description": "only events of these types (may be repeated); `through` counts what was left out, too",
            "example": ["billing.receivable.issued"],
        },
    )


class FeedPage(Schema):
    feed = fields.String(metadata={"description": "the feed's id: another one is another history"})
    partition = fields.Integer()
    events = fields.List(fields.Dict(), metadata={"description": "CloudEvents envelopes, the same as on the broker"})
    through = fields.Integer(metadata={"description": "last offset that was looked at: `after` of the next question"})
    chain = fields.String(metadata={"description": "the chain at `through`: `chain` of the next question"})
    head = fields.Integer(metadata={"description": "the partition's last offset; -1: nothing happened yet"})


class FeedHead(Schema):
    partition = fields.Integer()
    offset = fields.Integer(metadata={"description": "the last one; -1: nothing happened yet"})
    chain = fields.String(metadata={"description": "the chain at this offset"})


class FeedHeads(Schema):
    feed = fields.String(metadata={"description": "the feed's id: another one is another history"})
    partitions = fields.List(fields.Nested(FeedHead), metadata={"description": "all of the feed's partitions"})


class NewApiKey(Schema):
    name = text(120, required=True, metadata={"example": "accounting"})
    scopes = fields.List(
        fields.String(validate=validate.OneOf(sorted(SCOPES))),
        required=True,
        validate=validate.Length(1),
        metadata={"description": _ABOUT_SCOPES, "example": ["feed:billing"]},
    )


class ApiKeyOut(Schema):
    key_id = fields.String(metadata={"description": "the key's id, which is no secret"})
    name = fields.String(metadata={"description": "whose it is"})
    scopes = fields.List(fields.String(), metadata={"description": _ABOUT_SCOPES})
    created_at = out_instant()
    created_by = fields.String(metadata={"description": "the user who made it"})
    revoked_at = fields.String(
        allow_none=True,
        metadata={"format": "date-time", "description": "since when it opens nothing; null: it is valid"},
    )


class MadeApiKey(ApiKeyOut):
    key = fields.String(metadata={"description": "shown this once; send it as `Authorization: Bearer <key>`"})


class ApiKeyList(Schema):
    items = fields.List(fields.Nested(ApiKeyOut))
