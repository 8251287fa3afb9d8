"""Boletos, remittances, banks' files and their rows, papers of receivables."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import PageQuery, amount, choice, day, id_field, text

KINDS = ("csv", "ofx", "cnab240")


class NewBankFile(Schema):
    """A bank's file. CSV: its columns are guessed by their headings where `columns` names none."""

    content = fields.String(
        required=True,
        validate=validate.Length(min=1, max=14_000_000),
        metadata={
            "description": "the file's bytes in base64",
            "format": "byte",
            "example": "RGF0YTtIaXN0w7NyaWNvO1ZhbG9yCjA5LzAxLzIwMjY7UElYO",
        },
    )
    kind = choice(*KINDS, metadata={"description": "left out: by what the file looks like"})
    bank_account = fields.String(
        load_default="",
        validate=validate.Length(max=80),
        metadata={"description": "name of the account; OFX and CNAB say it themselves", "example": "itau-12345-7"},
    )
    columns = fields.Dict(
        keys=choice(
            "on", "amount", "credit", "debit", "description", "payer_name", "payer_document", "txid", "bank_ref"
        ),
        values=fields.String(validate=validate.Length(max=80)),
        load_default=dict,
        metadata={
            "description": "what → heading of the CSV's column",
            "example": {"on": "Data", "amount": "Valor (R$)", "description": "Histórico"},
        },
    )
    delimiter = fields.String(load_default="", validate=validate.Length(max=1), metadata={"example": ";"})
    decimal = choice(",", ".", load_default=",", metadata={"description": "decimal sign of a CSV's amounts"})
    order = choice("dmy", "ymd", "mdy", load_default="dmy", metadata={"description": "order of a CSV's days"})


class ImportedFile(Schema):
    """What came of a file's rows. Rows that are known already are not taken again."""

    kind = fields.String(metadata={"example": "ofx"})
    rows = fields.Integer(metadata={"description": "all that could be read"})
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={
            "description": "known | settled (by boleto number or Pix txid) | noted | open (work list) | rejected",
            "example": {"known": 3, "settled": 12, "noted": 4, "open": 2},
        },
    )
    problems = fields.List(
        fields.Dict(), metadata={"description": "rows that cannot be read: line, code, text", "example": []}
    )
    failures = fields.List(fields.Dict(), metadata={"description": "rows that were refused, with the reason"})


class BankRowsQuery(PageQuery):
    status = choice("open", "settled", "noted", "ignored", metadata={"description": "open is the work list"})
    customer_id = id_field()
    since = day()
    until = day()


class RowPart(Schema):
    """One target of the row or of a part of it: a receivable, a contract (its oldest receivables first), or a payment
    that is on the books (money in: it is this row; money out: it is taken back)."""

    receivable_id = id_field()
    contract_id = id_field()
    payment_id = id_field()
    amount = amount(metadata={"description": "left out: all of the row"})


class Settlement(Schema):
    parts = fields.List(
        fields.Nested(RowPart),
        required=True,
        validate=validate.Length(min=1, max=50),
        metadata={"description": "they add up to the row's amount", "example": [{"receivable_id": "0193…"}]},
    )


class RowReason(Schema):
    reason = text(required=True, metadata={"example": "rendimento da conta"})


class RowOutcome(Schema):
    row_id = fields.String()
    status = fields.String(metadata={"description": "open | settled | noted | ignored"})


class ProviderQuery(Schema):
    provider_id = id_field(required=True)


class RemittancesQuery(Schema):
    provider_id = id_field()
    limit = fields.Integer(validate=validate.Range(1, 200))


class NewRemittance(Schema):
    provider_id = id_field(required=True)


class Remittance(Schema):
    status = fields.String(metadata={"description": "made | nothing (no boleto waits) | unchanged (made before)"})
    remittance_id = fields.String()
    sequence = fields.Integer(metadata={"description": "the file's number, without holes for a company"})
    name = fields.String(metadata={"example": "COB000007.REM"})
    boletos = fields.Integer()
    amount = fields.String(metadata={"format": "decimal", "example": "189.90"})
    made_at = fields.String(metadata={"format": "date-time"})
    sha256 = fields.String()
    without_payer = fields.List(
        fields.String(), metadata={"description": "customers without name or CPF/CNPJ: theirs wait for the next file"}
    )


class PdfQuery(Schema):
    on = day(metadata={"description": "day of payment, whose late charges it shows; left out: today"})
