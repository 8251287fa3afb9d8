"""The shapes that cross the border. Commands are described by their dataclasses; what they do not say stands here."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range, Regexp

from billing_service.domain import account, billing_run, more_commands, taxes
from billing_service.domain.commands import BillMonth, IssueCreditNote, RecordPayment, RenegotiateReceivables
from services.schemas import schema_of

MONTH = Regexp(r"^[12]\d{3}-(0[1-9]|1[0-2])$", error="Not a month in the form YYYY-MM.")
ID = Length(min=1, max=64)


def month(**options: object) -> fields.String:
    """A month, ``YYYY-MM``."""
    return fields.String(validate=MONTH, metadata={"example": "2026-12"}, **options)  # type: ignore[arg-type]


def own_id() -> fields.String:
    """An id that the caller makes."""
    return fields.String(required=True, validate=ID)


COMMANDS: dict[str, type[Schema]] = {
    str(vars(cls)["COMMAND_NAME"]): schema_of(cls)
    for cls in (*account.COMMANDS, *taxes.COMMANDS, *billing_run.COMMANDS)
} | {
    "bill_month": schema_of(BillMonth, month=month(required=True)),
    "start_run": schema_of(billing_run.StartRun, run_id=own_id()),
    "record_payment": schema_of(RecordPayment, payment_id=own_id()),
    "grant_credit": schema_of(more_commands.GrantCredit, credit_id=own_id()),
    "refund_credit": schema_of(more_commands.RefundCredit, refund_id=own_id()),
    "issue_credit_note": schema_of(IssueCreditNote, credit_note_id=own_id()),
    "renegotiate_receivables": schema_of(RenegotiateReceivables, renegotiation_id=own_id()),
}


class ImportPayment(Schema):
    on = fields.Date(format="iso", required=True)
    amount = fields.Decimal(required=True, allow_nan=False)


class ImportRecord(Schema):
    """A receivable of another system with its payments. The contract must have been imported before."""

    contract_id = fields.String(required=True, validate=ID)
    receivable_id = fields.String(load_default=None, allow_none=True, validate=ID)
    external_ref = fields.String(required=True, validate=Length(min=1, max=120))
    number = fields.String(load_default="", validate=Length(max=80))
    issued_on = fields.Date(format="iso", required=True)
    due_on = fields.Date(format="iso", required=True)
    amount = fields.Decimal(required=True, allow_nan=False)
    disputed = fields.Boolean(load_default=False)
    description = fields.String(load_default="")
    payments = fields.List(fields.Nested(ImportPayment), load_default=list)


class TakeOverRecord(Schema):
    """What is left of another system's open receivable. The contract must be here already."""

    contract_id = fields.String(required=True, validate=ID)
    external_ref = fields.String(required=True, validate=Length(min=1, max=120))
    number = fields.String(load_default="", validate=Length(max=80))
    issued_on = fields.Date(format="iso", required=True)
    due_on = fields.Date(format="iso", required=True)
    amount = fields.Decimal(required=True, allow_nan=False)
    withheld = fields.Decimal(load_default=Decimal("0.00"), allow_nan=False)
    left = fields.Decimal(required=True, allow_nan=False)
    description = fields.String(load_default="", validate=Length(max=400))
    source = fields.String(load_default="", validate=Length(max=80))
    on = fields.Date(format="iso", load_default=None, allow_none=True)


class TakeOverCreditRecord(Schema):
    """Money that a customer paid in advance to another system, to be used by this contract."""

    contract_id = fields.String(required=True, validate=ID)
    external_ref = fields.String(required=True, validate=Length(min=1, max=120))
    amount = fields.Decimal(required=True, allow_nan=False)
    description = fields.String(load_default="", validate=Length(max=400))
    source = fields.String(load_default="", validate=Length(max=80))
    on = fields.Date(format="iso", load_default=None, allow_none=True)


class BillRecord(Schema):
    """One account's part of a billing run."""

    account_id = fields.String(required=True, validate=ID)
    month = month(required=True)
    on = fields.Date(format="iso", load_default=None, allow_none=True)


class SharedAllocation(Schema):
    receivable_id = fields.String(required=True, validate=ID)
    amount = fields.Decimal(required=True, allow_nan=False, validate=Range(min=0, min_inclusive=False))


class SharedPayment(Schema):
    """One payment for several contracts of a customer."""

    payment_id = fields.String(required=True, validate=ID)
    customer_id = fields.String(required=True, validate=ID)
    amount = fields.Decimal(required=True, allow_nan=False)
    on = fields.Date(format="iso", load_default=None, allow_none=True)
    method = fields.String(load_default="other", validate=Length(max=40))
    contract_ids = fields.List(fields.String(validate=ID), load_default=list)
    allocations = fields.List(fields.Nested(SharedAllocation), load_default=list)
    credit_to = fields.String(load_default=None, allow_none=True, validate=ID)


class SharedReversal(Schema):
    payment_id = fields.String(required=True, validate=ID)
    reason = fields.String(required=True, validate=Length(min=1, max=400))
    on = fields.Date(format="iso", load_default=None, allow_none=True)
