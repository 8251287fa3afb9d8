"""The shapes that cross feedback's border, beyond those that are made from the commands' dataclasses."""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from feedback_service.satisfaction import GROUPS
from services.schemas import InstantField


class EvaluationQuery(Schema):
    evaluation_id = fields.String()
    request_id = fields.String()

    @validates_schema
    def one(self, data: dict[str, str], **_: object) -> None:
        if not (data.get("evaluation_id") or data.get("request_id")):
            raise ValidationError("evaluation_id or request_id is needed")


class EvaluationsQuery(Schema):
    contract_id = fields.String()
    customer_id = fields.String()
    request_id = fields.String()
    status = fields.String()
    follow_up = fields.String()
    low = fields.Boolean()
    after = fields.String()
    limit = fields.Integer()


class CommentQuery(Schema):
    comment_id = fields.String(required=True)


class CommentsQuery(Schema):
    contract_id = fields.String()
    customer_id = fields.List(fields.String())
    hidden = fields.Boolean()
    after = fields.String()
    limit = fields.Integer()


class CsatQuery(Schema):
    contract_id = fields.String()
    customer_id = fields.String()
    service_type_id = fields.String()
    technician_id = fields.String()
    since = InstantField()
    until = InstantField()


class SatisfactionQuery(CsatQuery):
    by = fields.String(required=True, validate=validate.OneOf(sorted(GROUPS)))
