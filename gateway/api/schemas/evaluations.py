"""Evaluations: the customer's answers, lists, satisfaction."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import PageQuery, choice, id_field, instant, out_amount, out_instant, out_text, text

_ON_BEHALF = {"description": "staff only: the contact who said it on the phone"}


class Confirmation(Schema):
    by = id_field(metadata=_ON_BEHALF)


class Contest(Schema):
    reason = text(4000, required=True)
    by = id_field(metadata=_ON_BEHALF)


class Rating(Schema):
    score = fields.Integer(required=True, validate=validate.Range(1, 5))
    comment = text(4000, metadata={"description": "mandatory for a score under the contract's limit"})
    by = id_field(metadata=_ON_BEHALF)


class FollowUpOutcome(Schema):
    outcome = text(4000, required=True)


class Evaluation(Schema):
    evaluation_id = fields.String()
    request_id = out_text()
    protocol = out_text()
    resolution = fields.Integer(allow_none=True)
    contract_id = out_text()
    customer_id = out_text()
    customer_name = out_text()
    contact_id = out_text()
    status = out_text(metadata={"description": "planned | asked | confirmed | contested | unsatisfied | expired"})
    asked_at = out_instant()
    tacit_at = out_instant()
    answered_at = out_instant()
    tacit = fields.Boolean(allow_none=True)
    score = fields.Integer(allow_none=True)
    low = fields.Boolean(allow_none=True)
    follow_up = out_text(metadata={"description": "none | open | done"})


class EvaluationsQuery(PageQuery):
    contract_id = fields.String()
    customer_id = fields.String()
    request_id = fields.String()
    status = choice("planned", "asked", "confirmed", "contested", "unsatisfied", "expired")
    follow_up = choice("none", "open", "done")
    low = fields.Boolean()


class Moderation(Schema):
    hidden = fields.Boolean(required=True, metadata={"example": True})
    reason = text(400, required=True, metadata={"description": "no personal data", "example": "Cita um terceiro"})


class Reply(Schema):
    text = text(4000, required=True, metadata={"example": "Obrigado pelo retorno. Já falamos com a equipe."})


class SatisfactionQuery(Schema):
    contract_id = fields.String()
    customer_id = fields.String()
    service_type_id = fields.String()
    technician_id = fields.String(metadata={"description": "user who said that the request was resolved"})
    since = instant()
    until = instant()


class Satisfaction(Schema):
    asked = fields.Integer()
    answered = fields.Integer()
    confirmed = fields.Integer()
    tacit = fields.Integer()
    contested = fields.Integer()
    rated = fields.Integer()
    low = fields.Integer()
    follow_ups_open = fields.Integer()
    scores = fields.Dict(keys=fields.String(), values=fields.Integer())
    average = out_amount()
    csat_percent = out_amount()
    response_percent = out_amount()


class GroupsQuery(SatisfactionQuery):
    by = choice(
        "contract", "customer", "service_type", "technician", "month", required=True, metadata={"example": "month"}
    )


class SatisfactionGroup(Satisfaction):
    key = out_text(metadata={"description": "id of the group, or YYYY-MM; null: none is known"})
    name = out_text(metadata={"description": "number of the contract, name of the customer, service type or person"})


class SatisfactionGroups(Schema):
    items = fields.List(fields.Nested(SatisfactionGroup))
