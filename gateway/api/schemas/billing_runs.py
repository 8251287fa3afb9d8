"""Billing runs and their preview."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import MONTH, day, id_field, out_amount, out_day, out_text, text


class Selection(Schema):
    """Nothing named: all contracts. Else those that meet all that is named."""

    month = fields.String(
        validate=MONTH, metadata={"example": "2026-03", "description": "everything to be billed by its end"}
    )
    through = day(metadata={"description": "instead of `month`: everything to be billed by this day"})
    provider_id = id_field(metadata={"description": "contracts of this provider company"})
    contract_ids = fields.List(id_field(), validate=validate.Length(max=10_000))
    tags = fields.List(text(60), metadata={"description": "contracts that carry all of these", "example": ["sul"]})


class NewRun(Selection):
    on = day(metadata={"description": "issue day of the receivables; default: today in each contract's time zone"})


class PreviewQuery(Selection):
    only_exceptions = fields.Boolean(metadata={"description": "only contracts with a difference or something held"})
    after = fields.String(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(validate=validate.Range(1, 1000))


class RunsQuery(Schema):
    month = fields.String(validate=MONTH, metadata={"example": "2026-03"})
    after = fields.String(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(validate=validate.Range(1, 100))


class RunFailure(Schema):
    contract_id = fields.String()
    reason = out_text()


class RunSelection(Schema):
    provider_id = out_text()
    contract_ids = fields.List(fields.String())
    tags = fields.List(fields.String())


class Run(Schema):
    run_id = fields.String()
    month = out_text()
    through = out_day()
    on = out_day()
    selection = fields.Nested(RunSelection)
    status = out_text(metadata={"description": "running | finished | finished_with_failures"})
    started_at = out_text()
    started_by = out_text()
    finished_at = out_text()
    contracts = fields.Integer(metadata={"description": "contracts with something to bill when the run began"})
    done = fields.Integer()
    waiting = fields.Integer(metadata={"description": "contracts that are still to be billed"})
    issued = fields.Integer(metadata={"description": "receivables"})
    total = out_amount()
    nothing = fields.Integer(metadata={"description": "contracts where nothing was due any more"})
    failed = fields.Integer()
    failures = fields.List(fields.Nested(RunFailure))


class Runs(Schema):
    items = fields.List(fields.Nested(Run))
    next = out_text()


class Said(Schema):
    pt_br = fields.String(data_key="pt-BR", attribute="pt-BR")
    en = fields.String()


class PreviewLine(Schema):
    line_id = out_text()
    clause = out_text()
    description = out_text()
    amount = out_amount()
    last_amount = out_amount()
    difference = out_amount()
    reasons = fields.List(
        fields.String(),
        metadata={
            "description": "same | new_line | rhythm | once | use | held | ended | price | price_adjusted | discount | "
            "proration | quantity | periods",
            "example": ["price_adjusted"],
        },
    )
    said = fields.Nested(Said)
    why = fields.List(fields.Nested(Said), metadata={"description": "each charge's explanation as a sentence"})


class PreviewHeld(Schema):
    charge_id = fields.String()
    line_id = out_text()
    description = out_text()
    amount = out_amount()
    bill_on = out_day()
    reason = out_text()


class PreviewContract(Schema):
    contract_id = fields.String()
    contract_number = out_text()
    customer_id = out_text()
    amount = out_amount()
    last_amount = out_amount()
    difference = out_amount()
    exception = fields.Boolean(metadata={"description": "it differs from the month before, or something is held"})
    lines = fields.List(fields.Nested(PreviewLine))
    held = fields.List(fields.Nested(PreviewHeld))


class Preview(Schema):
    month = out_text()
    through = out_day()
    last_month = out_text()
    contracts = fields.Integer(metadata={"description": "contracts that would be billed"})
    exceptions = fields.Integer()
    amount = out_amount()
    last_amount = out_amount()
    held = out_amount()
    items = fields.List(fields.Nested(PreviewContract))
    next = out_text()
