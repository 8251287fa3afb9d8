"""Indices, and what is done to many contracts at once: previews, adjustments, addenda."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import amount, choice, day, id_field, text

INDICES = ("ipca", "igpm", "taxa_legal")


class IndexQuery(Schema):
    index = choice(*INDICES)
    since = day()


class IndexValue(Schema):
    month = day(required=True, metadata={"description": "any day of the month", "example": "2026-01-01"})
    percent = amount(required=True, metadata={"example": "0.33"})


class IndexValues(Schema):
    """A list, or the text of a file: a month and a percentage a line."""

    values = fields.List(fields.Nested(IndexValue))
    table = fields.String(
        validate=validate.Length(max=200_000), metadata={"example": "mês;variação\n01/2026;0,33\n02/2026;0,70"}
    )
    source = text(200, metadata={"example": "IBGE, SIDRA 1737"})
    correct = fields.Boolean(metadata={"description": "the institute corrected months that are known already"})


class Selection(Schema):
    """All that is named must hold."""

    contract_ids = fields.List(id_field())
    customer_id = id_field()
    provider_id = id_field()
    tag = text(60)
    index = choice("ipca", "igpm", metadata={"description": "the contract's own index"})
    due_by = day(metadata={"description": "twelve months since the last price are over by then"})
    after = id_field(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(validate=validate.Range(1, 200))


class AdjustmentPreview(Schema):
    """`percent`, or `index`; neither: each contract's own index."""

    selection = fields.Nested(Selection)
    effective_on = day(metadata={"description": "default: each contract's earliest day"})
    percent = amount(metadata={"example": "4.62"})
    index = choice("ipca", "igpm")


class AmendmentPreview(Schema):
    selection = fields.Nested(Selection)
    effective_on = day(required=True)
    changes = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "the parts of the terms that change; lines by `line_id`, services by `service_type_id`",
            "example": {"late": {"fine_percent": "1"}, "lines": [{"line_id": "l1", "amount": "1600.00"}]},
        },
    )


class OneAdjustment(Schema):
    contract_id = id_field(required=True)
    effective_on = day(required=True)
    percent = amount(metadata={"example": "4.62"})
    index = choice("ipca", "igpm")


class Adjustments(Schema):
    """As the preview gave them: one addendum per contract."""

    adjustments = fields.List(fields.Nested(OneAdjustment), required=True, validate=validate.Length(1, 1000))


class Amendments(Schema):
    contract_ids = fields.List(id_field(), required=True, validate=validate.Length(1, 1000))
    effective_on = day(required=True)
    changes = fields.Dict(keys=fields.String(), required=True)
    reason = text(400, required=True)


class IndexAdjustment(Schema):
    effective_on = day(required=True)
    index = choice("ipca", "igpm", metadata={"description": "default: the contract's own"})
