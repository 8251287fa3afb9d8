"""The accounting export and the plan of accounts."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import day, out_amount, out_day, out_text, text


class AccountingQuery(Schema):
    since = day(required=True, metadata={"description": "first day", "example": "2026-01-01"})
    until = day(required=True, metadata={"description": "last day", "example": "2026-01-31"})
    known_at = day(metadata={"description": "as it was on record at that day's end: the same file every time"})
    after = fields.String(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(
        validate=validate.Range(1, 1000), metadata={"description": "movements, of two lines or more"}
    )


class BookLine(Schema):
    on = out_day()
    account = out_text(metadata={"example": "1.1.2.01"})
    account_name = out_text()
    debit = out_amount()
    credit = out_amount()
    contract = out_text(metadata={"description": "number"})
    document = out_text(metadata={"description": "the receivable's number, or the id of payment or credit"})
    history = out_text(metadata={"example": "Recebimento"})
    entry_id = out_text(metadata={"description": "the same for debit and credit of a movement"})


class BookLines(Schema):
    items = fields.List(fields.Nested(BookLine), metadata={"description": "the last page closes with the totals"})
    next = fields.String(allow_none=True)


class AccountWords(Schema):
    code = text(40, required=True, metadata={"example": "1.1.2.01"})
    name = text(200, required=True, metadata={"example": "Clientes"})


class PlanAccount(AccountWords):
    role = fields.String(metadata={"example": "receivables"})


class PlanAccounts(Schema):
    items = fields.List(fields.Nested(PlanAccount))
