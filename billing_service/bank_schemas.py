"""The shapes of the batches about banks' files and remittances."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length

ID = Length(min=1, max=64)


def _optional(most: int) -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=Length(max=most))


class BankRowRecord(Schema):
    """A row as ``read_bank_file`` gives it, with whom it is from where that was found."""

    row_id = fields.String(required=True, validate=ID)
    bank_account = fields.String(load_default="")
    on = fields.Date(format="iso", required=True)
    amount = fields.Decimal(required=True, allow_nan=False)
    method = fields.String(load_default="transfer")
    payer_id = _optional(120)
    customer_id = _optional(64)
    description = fields.String(load_default="")
    payer_name = fields.String(load_default="")
    payer_document = fields.String(load_default="")
    txid = _optional(40)
    our_number = _optional(24)
    movement = _optional(2)
    reasons = fields.List(fields.String(), load_default=list)
    fee = fields.Decimal(load_default=None, allow_none=True, allow_nan=False)
    credited_on = fields.Date(format="iso", load_default=None, allow_none=True)
    file_id = fields.String(load_default="")


class PartRecord(Schema):
    """One target: a receivable, a contract (its oldest receivables first) or a payment that is on the books."""

    receivable_id = _optional(64)
    contract_id = _optional(64)
    payment_id = _optional(64)
    amount = fields.Decimal(load_default=None, allow_none=True, allow_nan=False)


class SettleRecord(Schema):
    row_id = fields.String(required=True, validate=ID)
    parts = fields.List(fields.Nested(PartRecord), required=True, validate=Length(min=1, max=50))


class UndoRecord(Schema):
    row_id = fields.String(required=True, validate=ID)
    reason = fields.String(required=True, validate=Length(min=1, max=400))


class PayerRecord(Schema):
    name = fields.String(required=True)
    document = fields.String(load_default="")
    address = fields.String(load_default="")


class RemittanceRecord(Schema):
    provider_id = fields.String(required=True, validate=ID)
    remittance_id = fields.String(required=True, validate=ID)
    payers = fields.Dict(keys=fields.String(), values=fields.Nested(PayerRecord), load_default=dict)
    on = fields.Date(format="iso", load_default=None, allow_none=True)
