"""Accounts, receivables, payments, charges, the month's billing."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import (
    MONTH,
    PageQuery,
    amount,
    choice,
    day,
    id_field,
    out_amount,
    out_day,
    out_text,
    text,
)


class TakenOver(Schema):
    """`gross` − `withheld` − `paid` there was left, and is owed here since `on`."""

    on = out_day()
    source = out_text(metadata={"description": "the other system"})
    gross = out_amount()
    withheld = out_amount()
    paid = out_amount()


class Receivable(Schema):
    receivable_id = fields.String()
    number = out_text()
    contract_id = out_text()
    customer_id = out_text()
    customer_name = out_text()
    month = out_text()
    issued_on = out_day()
    due_on = out_day()
    payable_on = out_day()
    gross = out_amount()
    withheld = out_amount()
    net = out_amount()
    late_charges = out_amount()
    paid = out_amount()
    credited = out_amount()
    balance = out_amount()
    status = out_text(metadata={"description": "open | overdue | settled | written_off | cancelled | renegotiated"})
    disputed = fields.Boolean(allow_none=True)
    overdue_on = out_day()
    settled_on = out_day()
    days_late = fields.Integer(allow_none=True)
    reminders = fields.Integer(allow_none=True)
    external_ref = out_text()
    imported = fields.Boolean(allow_none=True)
    taken_over = fields.Nested(TakenOver, allow_none=True, metadata={"description": "of another system's receivable"})
    renegotiation_id = out_text(metadata={"description": "an instalment of this renegotiation: no new revenue"})


class ReceivablesQuery(PageQuery):
    contract_id = fields.String()
    customer_id = fields.String()
    status = choice("open", "overdue", "settled", "written_off", "cancelled", "renegotiated")
    month = fields.String(validate=MONTH, metadata={"example": "2026-03"})
    number = fields.String()
    external_ref = fields.String()
    disputed = fields.Boolean()
    imported = fields.Boolean()
    taken_over = fields.Boolean(metadata={"description": "what was left of another system's receivables"})
    late = fields.Boolean(metadata={"description": "settled after the due day"})
    due_from = day()
    due_until = day()


KNOWN_AT = {"description": "as it was on record at the end of that day; default: as it is known now"}


class ReceivableQuery(Schema):
    as_of = day(metadata={"description": "balance and late charges of that day; default: today"})
    known_at = day(metadata=KNOWN_AT)


class AgendaQuery(Schema):
    since = day()
    through = day(metadata={"description": "default: the coming twelve months"})
    state = choice("planned", "held", "moved", "added")
    after = fields.String(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(validate=validate.Range(1, 500))


class StatementQuery(Schema):
    since = day()
    until = day()
    known_at = day(metadata=KNOWN_AT)


class BalanceQuery(Schema):
    on = day(metadata={"description": "the same as `as_of`"})
    as_of = day(metadata={"description": "the end of that day; default: today"})
    known_at = day(metadata=KNOWN_AT)
    contract_id = fields.String(metadata={"description": "default: all"})
    list = fields.Boolean(metadata={"description": "with what was open, of one contract"})


class LatenessQuery(Schema):
    contract_id = fields.String()
    customer_id = fields.String()
    only_late = fields.Boolean()
    after = fields.String(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(validate=validate.Range(1, 500))


class MonthsQuery(Schema):
    month = fields.String(validate=MONTH, metadata={"example": "2026-03"})
    since = fields.String(validate=MONTH, metadata={"description": "first month"})
    until = fields.String(validate=MONTH, metadata={"description": "last month"})
    contract_id = fields.String()


class Reason(Schema):
    reason = text(400, required=True)
    on = day()


class NewDueDay(Reason):
    due_on = day(required=True, metadata={"description": "today or later", "example": "2026-04-10"})
    late_charges = fields.Boolean(metadata={"description": "add fine and interest until today first; default: false"})


class Dispute(Reason):
    charge_ids = fields.List(id_field(), metadata={"description": "the contested lines; default: all of it"})


class DisputeResolution(Schema):
    note = text(400)
    on = day()
    charge_ids = fields.List(id_field(), metadata={"description": "only these lines; default: all that is contested"})
    credit = fields.Boolean(metadata={"description": "the customer is right: credit what was contested"})


class ChargeDecision(Schema):
    line_id = id_field(metadata={"description": "with `period_start`; or `charge_id`"})
    period_start = day()
    charge_id = id_field()
    reason = text(400, required=True)


class ChargeMove(ChargeDecision):
    bill_on = day(required=True)


class ChargeDueDay(ChargeDecision):
    due_on = day(allow_none=True, metadata={"description": "null: the day that the terms give"})


class Cancellation(Reason):
    charges = choice("return", "hold", "drop", metadata={"description": "what becomes of its charges; default: return"})


class Instalment(Schema):
    due_on = day(required=True)
    amount = amount(required=True)


class NewRenegotiation(Schema):
    receivable_ids = fields.List(id_field(), required=True, validate=validate.Length(min=1, max=200))
    reason = text(400, required=True)
    instalments = fields.List(fields.Nested(Instalment), metadata={"description": "or `count` and `first_due_on`"})
    count = fields.Integer(validate=validate.Range(1, 120), metadata={"example": 3})
    first_due_on = day()
    late_charges = fields.Boolean(metadata={"description": "add fine and interest until today; default: true"})
    on = day()


class Nfse(Schema):
    number = text(60, required=True, metadata={"example": "2026/123"})
    link = fields.URL(schemes={"http", "https"})
    verification_code = text(60)
    on = day()


class PixQuery(Schema):
    on = day(metadata={"description": "the day of payment; default: today"})


class NewWithholding(Schema):
    valid_from = day(required=True)
    taxes = fields.List(text(20), metadata={"example": ["ISS", "IRRF"]})
    service_type_ids = fields.List(id_field(), metadata={"description": "of these services only; default: of all"})


class Rate(Schema):
    tax = text(20, required=True, metadata={"example": "IRRF"})
    percent = amount(required=True, metadata={"example": "1.5"})
    valid_from = day(required=True)
    valid_until = day(allow_none=True)
    service_type_id = id_field(
        allow_none=True, metadata={"description": "null: of every service without a rate of its own"}
    )
    base_percent = amount(metadata={"description": "the part of the price that is taxed", "example": "100"})
    minimum = amount(metadata={"description": "a tax of so much or less is not withheld", "example": "10.00"})
    law = text(200, metadata={"example": "RIR/2018, art. 714"})


class NewRates(Schema):
    rates = fields.List(fields.Nested(Rate), required=True, validate=validate.Length(max=2000))
    source = text(200)


class RatesQuery(Schema):
    on = day(metadata={"description": "only what is valid that day"})


class AgingQuery(Schema):
    by = choice("all", "customer", "contract")
    customer_id = fields.String()
    contract_id = fields.String()
    on = day(metadata={"description": "count the days until then; default: today"})
    after = fields.String(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(validate=validate.Range(1, 1000))


class ForecastQuery(Schema):
    customer_id = fields.String()
    contract_id = fields.String()
    months = fields.Integer(validate=validate.Range(1, 24))


class RevenueQuery(Schema):
    contract_id = fields.String()
    since = fields.String(validate=MONTH, metadata={"description": "first month", "example": "2026-01"})
    until = fields.String(validate=MONTH, metadata={"description": "last month", "example": "2026-12"})
    after = fields.String(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(validate=validate.Range(1, 1000))


class MrrQuery(Schema):
    since = fields.String(validate=MONTH, metadata={"description": "first month", "example": "2026-01"})
    until = fields.String(validate=MONTH, metadata={"description": "last month", "example": "2026-12"})


class OnDay(Schema):
    on = day(metadata={"description": "default: today"})


class NewCreditNote(Schema):
    receivable_id = id_field(required=True)
    amount = amount(required=True)
    reason = text(400, required=True)
    charge_id = id_field()
    on = day()


class NewCharge(Schema):
    description = text(400, required=True)
    quantity = amount(required=True, metadata={"example": "1"})
    unit_price = amount(metadata={"description": "default: the price of the contract's per-use line"})
    occurred_on = day(required=True)
    reason = text(400, required=True)
    line_id = id_field()
    service_type_id = id_field()


class ChargeWithdrawal(Reason):
    charge_id = id_field(required=True)


class UseCorrection(ChargeWithdrawal):
    quantity = amount(required=True, metadata={"example": "3", "description": "all of it, with what is included"})


class NewCredit(Reason):
    amount = amount(required=True)


class NewRefund(Reason):
    amount = amount(metadata={"description": "default: all of the account's credit"})
    method = text(40, metadata={"example": "pix"})


class Allocation(Schema):
    receivable_id = id_field(required=True)
    amount = amount(required=True)


class NewPayment(Schema):
    contract_id = id_field(required=True)
    amount = amount(required=True)
    on = day(metadata={"description": "default: today"})
    method = text(40, metadata={"example": "pix"})
    allocations = fields.List(
        fields.Nested(Allocation), metadata={"description": "default: the oldest receivables first"}
    )


class NewSharedPayment(Schema):
    amount = amount(required=True)
    on = day(metadata={"description": "default: today"})
    method = text(40, metadata={"example": "pix"})
    contract_ids = fields.List(
        id_field(), metadata={"description": "only these contracts; default: all of the customer's"}
    )
    allocations = fields.List(
        fields.Nested(Allocation),
        metadata={"description": "the receivables to pay, of any of the contracts; default: the oldest first"},
    )
    credit_to = id_field(metadata={"description": "the contract that holds what is left; default: the one paid first"})


class SharedPart(Schema):
    contract_id = fields.String()
    payment_id = fields.String(metadata={"description": "of this contract's part"})
    amount = out_amount()
    allocations = fields.List(fields.Nested(lambda: PaidPart()))
    unallocated = out_amount()
    reversed_on = out_day()


class SharedPayment(Schema):
    status = out_text(metadata={"description": "recorded | unchanged | reversed"})
    payment_id = fields.String()
    customer_id = out_text()
    on = out_day()
    method = out_text()
    amount = out_amount()
    parts = fields.List(fields.Nested(SharedPart))


class CreditAllocation(Schema):
    receivable_id = id_field(metadata={"description": "default: the oldest first"})
    on = day()


class PaidPart(Schema):
    receivable_id = out_text()
    amount = out_amount()


class Payment(Schema):
    payment_id = fields.String()
    contract_id = out_text()
    customer_id = out_text()
    customer_name = out_text()
    amount = out_amount()
    received_on = out_day()
    method = out_text()
    allocations = fields.List(fields.Nested(PaidPart), allow_none=True)
    unallocated = out_amount()
    reversed_on = out_day()


class PaymentsQuery(PageQuery):
    contract_id = fields.String()
    customer_id = fields.String()
    method = fields.String()
    received_from = day()
    received_until = day()


class NewBillingRun(Schema):
    month = fields.String(required=True, validate=MONTH, metadata={"example": "2026-03"})
    on = day(metadata={"description": "issue day of the receivables; default: today in each contract's time zone"})
    account_ids = fields.List(id_field(), metadata={"description": "default: all accounts"})
    after = fields.String(metadata={"description": "`next` of the portion before"})
    limit = fields.Integer(
        validate=validate.Range(1, 10_000), metadata={"description": "accounts in this portion; default: all"}
    )


class BillingFailure(Schema):
    account_id = fields.String()
    error = fields.Dict()


class BillingRun(Schema):
    month = fields.String()
    contracts = fields.Integer(metadata={"description": "accounts looked at"})
    issued = fields.Integer()
    total = out_amount()
    failed = fields.Integer()
    failures = fields.List(fields.Nested(BillingFailure))
    next = out_text(metadata={"description": "there are more accounts: give it as `after`"})
