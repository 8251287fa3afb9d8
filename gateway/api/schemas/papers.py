"""A contract's papers: tags, documents, acceptances; templates and copies; files."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import choice, day, id_field, text
from gateway.api.schemas.terms import Terms

KINDS = ("signed_contract", "addendum", "annex", "notice", "other")


class Tags(Schema):
    """All of them: what is left out is taken off."""

    tags = fields.List(text(60), required=True, validate=validate.Length(max=30))


class TextQuery(Schema):
    language = choice(
        "pt-BR",
        "en",
        metadata={"description": "`en`: a translation for reading; the Portuguese text is the one that binds"},
    )


class File(Schema):
    sha256 = fields.String(metadata={"description": "by which it is attached"})
    size = fields.Integer(metadata={"description": "bytes"})
    media_type = fields.String()


class NewContractDocument(Schema):
    """Of a file that was uploaded before (`POST /files`)."""

    sha256 = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
    name = text(200, required=True, metadata={"example": "contrato-assinado.pdf"})
    kind = choice(*KINDS, required=True)
    media_type = text(100, metadata={"example": "application/pdf"})
    addendum = fields.Integer(validate=validate.Range(1), metadata={"description": "to which addendum it belongs"})


class Removal(Schema):
    reason = text(400, required=True)


class PaperSignature(Schema):
    signer_name = text(200, required=True)
    on = day(required=True, metadata={"description": "day of the signature"})
    side = choice("customer", "provider")
    signer_document = text(14, metadata={"description": "CPF"})
    contact_id = id_field(metadata={"description": "if the signer is a contact of the customer"})
    document_id = id_field(metadata={"description": "the scanned contract, attached before"})


class ElectronicAcceptance(Schema):
    text_sha256 = fields.String(
        required=True,
        validate=validate.Regexp(r"[0-9a-f]{64}\Z"),
        metadata={"description": "`sha256` of the text that was read (`GET …/text`)"},
    )


class ContractCopy(Schema):
    starts_on = day(required=True)
    ends_on = day(metadata={"description": "default: as long as the other"})
    customer_id = id_field(metadata={"description": "default: the same customer"})
    external_ref = text(120)


class FromTemplate(Schema):
    template_id = id_field(required=True)
    customer_id = id_field(required=True)
    provider_id = id_field(metadata={"description": "default: the only one"})
    starts_on = day(required=True)
    ends_on = day(metadata={"description": "default: as long as the template"})
    external_ref = text(120)


class Template(Schema):
    name = text(200, required=True)
    description = text(2000)
    terms = fields.Nested(Terms, required=True)


class TemplatesQuery(Schema):
    include_retired = fields.Boolean()


class NumberSeries(Schema):
    prefix = fields.String(metadata={"example": "F2-"})
    digits = fields.Integer(validate=validate.Range(1, 9))
    yearly = fields.Boolean(
        metadata={"description": "2026/000001, from 1 again each year (default); else 000001 for ever on"}
    )
