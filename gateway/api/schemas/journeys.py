"""A story: everything that is known about one request, or about all that one call made happen."""

from __future__ import annotations

from marshmallow import Schema, fields

from gateway.api.schemas.common import out_instant, out_text

_DEPTH = {"description": "how many causes stand before it in this story", "example": 1}


class JourneyRequest(Schema):
    request_id = fields.String()
    protocol = out_text()
    status = out_text()
    contract_id = out_text()
    customer_id = out_text()
    opened_at = out_instant()


class JourneyEvent(Schema):
    id = fields.String(metadata={"description": "`<stream>@<version>`", "example": "request-0193…@1"})
    service = fields.String(metadata={"description": "whose event it is", "example": "tickets"})
    type = fields.String(metadata={"description": "the event's type", "example": "tickets.request.opened"})
    stream = fields.String(metadata={"description": "whose story it is a part of", "example": "request-0193…"})
    version = fields.Integer(metadata={"description": "the event's place in its stream, from 1", "example": 1})
    at = out_instant()
    actor = fields.String(metadata={"description": "who: a user, a policy, or the clock", "example": "user:joana"})
    command = fields.String(metadata={"description": "id of the command that it answers", "example": "0193a1b2-0009"})
    correlation = fields.String(
        metadata={"description": "what the whole story is known by", "example": "0193a1b2-0009"}
    )
    causation = fields.String(metadata={"description": "the event or the command that caused it"})
    traceparent = out_text(metadata={"description": "W3C trace; null: nobody traced"})
    depth = fields.Integer(metadata=_DEPTH)
    data = fields.Dict(metadata={"description": "what happened; personal fields are `…`"})


class JourneyMail(Schema):
    mail_id = fields.String()
    cause_id = fields.String(
        metadata={"description": "the event that it tells of", "example": "tickets/request-0193…@1"}
    )
    template = fields.String(metadata={"description": "which text", "example": "request_opened"})
    recipient_id = fields.String(metadata={"description": "a person's id: names and addresses are not told"})
    state = fields.String(metadata={"description": "waiting, sent, dropped …", "example": "sent"})
    attempts = fields.Integer()
    queued_at = out_instant()
    ended_at = out_instant()
    correlation = out_text(metadata={"description": "what the whole story is known by"})
    depth = fields.Integer(metadata=_DEPTH)


class Journey(Schema):
    """``due``, ``parked``, ``discarded`` and ``refusals`` as the services' operations show them, with the service's name."""

    reference = fields.String(metadata={"description": "what was asked for", "example": "20261124-000017"})
    requests = fields.List(fields.Nested(JourneyRequest), metadata={"description": "the requests that it is about"})
    events = fields.List(fields.Nested(JourneyEvent), metadata={"description": "of all services, in the order of time"})
    mails = fields.List(fields.Nested(JourneyMail), metadata={"description": "what people were told because of it"})
    deliveries = fields.List(fields.Dict(), metadata={"description": "attempts to post its events to webhooks"})
    due = fields.List(fields.Dict(), metadata={"description": "what waits for its time, or waited"})
    parked = fields.List(fields.Dict(), metadata={"description": "events that a subscription could not take"})
    discarded = fields.List(fields.Dict(), metadata={"description": "parked events that an operator left out"})
    refusals = fields.List(fields.Dict(), metadata={"description": "what rules answered to policies"})
    correlations = fields.List(fields.String(), metadata={"description": "to look for in the services' logs"})
    traces = fields.List(fields.String(), metadata={"description": "W3C trace ids, to look for at the collector"})
    silent = fields.List(fields.String(), metadata={"description": "services that did not answer"})
    whole = fields.Boolean(metadata={"description": "false: there is more than is told, or a service did not answer"})
