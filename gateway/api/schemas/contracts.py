"""Contracts: drafting, life, lists, and the question of coverage."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import (
    PageQuery,
    amount,
    choice,
    day,
    id_field,
    instant,
    out_amount,
    out_day,
    out_instant,
    out_text,
    text,
)
from gateway.api.schemas.terms import CHANNELS, Terms


class NewContract(Schema):
    customer_id = id_field(required=True)
    provider_id = id_field(required=True)
    terms = fields.Nested(Terms, required=True)
    external_ref = text(120)


class NewTerms(Schema):
    terms = fields.Nested(Terms, required=True)


class Activation(Schema):
    on = day(metadata={"description": "day of the signature; default: today"})
    number = text(60, metadata={"description": "default: the next of the provider's series"})


class Amendment(Schema):
    effective_on = day(required=True)
    terms = fields.Nested(Terms, required=True)
    reason = text(400, required=True)


class PriceAdjustment(Schema):
    effective_on = day(required=True)
    percent = amount(required=True, metadata={"example": "4.62"})


class Renewal(Schema):
    ended_on = day(required=True, metadata={"description": "last day of the term that is renewed"})
    ends_on = day(metadata={"description": "last day of the new term; default: by the contract's months"})


class SuspensionNotice(Schema):
    reason = choice("default", "agreement", "other", required=True)
    on = day()
    suspend_on = day(metadata={"description": "default: as early as the contract's notice allows"})


class SuspensionWithdrawal(Schema):
    reason = choice("default", "agreement", "other", metadata={"description": "only if notice was given for it"})
    on = day()


class Suspension(Schema):
    reason = choice("default", "agreement", "other", required=True)
    on = day()
    note = text(400)


class Resumption(Schema):
    reason = choice("default", "agreement", "other", metadata={"description": "only if suspended for it"})
    on = day()


class Termination(Schema):
    reason = text(400, required=True)
    on = day(metadata={"description": "last day in force; default: today"})
    by = choice("customer", "provider", "both")
    right = choice(
        "agreement",
        "notice",
        "breach",
        "regret",
        metadata={
            "description": "by which right: agreed by both (default); after notice; breach by the other side; "
            "a consumer's regret within 7 days"
        },
    )
    without_fine = fields.Boolean(metadata={"description": "the other side forgoes the fine for leaving early"})


class LeaveNotice(Schema):
    by = choice("customer", "provider", required=True)
    on = day(metadata={"description": "day on which it reached the other side; default: today"})
    last_day = day(metadata={"description": "last day in force; default: the end of the term, or as early as allowed"})
    reason = text(400)


class Day(Schema):
    on = day(metadata={"description": "default: today"})


class SuspensionApproval(Schema):
    on = day(metadata={"description": "first day without services; default: today"})
    note = text(400)


class RenewalOffer(Schema):
    ended_on = day(required=True, metadata={"description": "last day of the term that ends"})


class RenewalRefusal(Schema):
    ended_on = day(required=True, metadata={"description": "last day of the term, and of the contract"})
    by = choice("customer", "provider", required=True)
    on = day()
    reason = text(400)


class ContractPreview(Schema):
    """A new draft's `terms`; or of the contract `contract_id` the `changes` (lines by `line_id`) from `effective_on` on."""

    terms = fields.Nested(Terms)
    contract_id = id_field()
    changes = fields.Dict(
        keys=fields.String(),
        metadata={"description": "parts of terms", "example": {"lines": [{"line_id": "l1", "amount": "1650.00"}]}},
    )
    effective_on = day()
    customer_id = id_field(metadata={"description": "of a new draft: consumers have other limits"})
    provider_id = id_field()
    months = fields.Integer(validate=validate.Range(1, 60), metadata={"description": "of charges; default 12"})


class DueAdjustmentsQuery(Schema):
    month = day(metadata={"description": "any day of it; default: the present month"})
    provider_id = fields.String()
    after = fields.String(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(validate=validate.Range(1, 500))


class RenewalApproval(Schema):
    ended_on = day(required=True, metadata={"description": "last day of the term that is prolonged, as it was offered"})


class Mistake(Schema):
    change = choice(
        "suspension", "resumption", "termination", "expiry", "renewal", "amendment", "adjustment", required=True
    )
    reason = text(400, required=True)


class RenewalsQuery(Schema):
    until = day(metadata={"description": "last day for notice by then; default: within 90 days"})
    provider_id = fields.String()
    customer_id = fields.String()
    limit = fields.Integer()


class SuspensionsQuery(Schema):
    limit = fields.Integer()


class ContractService(Schema):
    service_type_id = out_text()
    code = out_text()
    name = out_text()


class Contract(Schema):
    contract_id = fields.String()
    number = out_text()
    customer_id = out_text()
    customer_name = out_text()
    provider_id = out_text()
    external_ref = out_text()
    status = out_text(metadata={"description": "draft | active | suspended | terminated | expired"})
    starts_on = out_day()
    ends_on = out_day()
    activated_on = out_day()
    suspended_on = out_day()
    suspension_reason = out_text()
    suspend_on = out_day()
    ended_on = out_day()
    monthly_amount = out_amount()
    services = fields.List(fields.Nested(ContractService), allow_none=True)
    addenda = fields.Integer(allow_none=True)
    in_default_since = out_day()
    planned_through = out_day()
    recorded_at = out_instant()


class ContractsQuery(PageQuery):
    customer_id = fields.String()
    provider_id = fields.String()
    status = choice("draft", "active", "suspended", "terminated", "expired")
    number = fields.String()
    external_ref = fields.String()
    tag = fields.String()
    search = fields.String(metadata={"description": "part of the number or of the customer's name"})


class ContractQuery(Schema):
    as_of = day(metadata={"description": "the terms of that day; default: today"})
    believed_on = day(metadata={"description": "as it stood on record at the end of that day"})


class CoverageQuery(Schema):
    service_type_id = id_field(required=True)
    channel = choice(*CHANNELS, "other")
    priority = choice("critical", "high", "medium", "low")
    contact_id = id_field(metadata={"description": "who asks; staff only"})
    at = instant(metadata={"description": "default: now"})
