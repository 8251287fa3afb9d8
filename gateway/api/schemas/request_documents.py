"""A request's document and price: fields, checklist, work and parts, links, offers and acceptances."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import amount, choice, id_field, instant, out_instant, out_text, text

CUSTOMERS_PART = ("service_type_id", "site_id", "equipment_id", "description", "preferred")


class Former(Schema):
    """What stood in a field before."""

    value = fields.Raw(allow_none=True, metadata={"description": "what stood there", "example": "Ar pingando"})
    side = out_text(metadata={"description": "customer | provider", "example": "customer"})
    author_id = out_text(metadata={"description": "who had written it"})
    at = out_instant()
    by = out_text(metadata={"description": "who corrected it"})
    replaced_at = out_instant()
    reason = out_text(metadata={"description": "why it was corrected", "example": "Dito por telefone"})


class FieldShown(Schema):
    field = fields.String(metadata={"description": "name of the field", "example": "description"})
    owner = fields.String(metadata={"description": "whose part it is: customer | provider", "example": "customer"})
    value = fields.Raw(allow_none=True, metadata={"description": "as it is now", "example": "Ar da recepção pinga"})
    side = out_text(metadata={"description": "who wrote it: customer | provider", "example": "provider"})
    author_id = out_text(metadata={"description": "contact or user who wrote it"})
    at = out_instant()
    former = fields.List(fields.Nested(Former), metadata={"description": "what stood there before, oldest first"})


class Fields(Schema):
    request_id = fields.String()
    fields_ = fields.List(
        fields.Nested(FieldShown),
        data_key="fields",
        attribute="fields",
        metadata={"description": "all fields of the document"},
    )


class Correction(Schema):
    field = choice(*CUSTOMERS_PART, required=True, metadata={"description": "a field of the customer's part"})
    value = fields.String(
        allow_none=True,
        validate=validate.Length(max=8000),
        metadata={
            "description": "null empties it; preferred times: `2026-03-04 08:00-12:00`, several separated by `; `",
            "example": "2026-03-04 08:00-12:00",
        },
    )
    reason = text(400, metadata={"description": "why", "example": "Dito por telefone"})
    override_reason = text(400, metadata={"description": "staff only: why, although the service is not covered"})


class Checklist(Schema):
    items = fields.List(
        text(200),
        required=True,
        validate=validate.Length(max=100),
        metadata={"description": "no personal data", "example": ["Limpar filtros", "Testar dreno"]},
    )


class ItemMark(Schema):
    item = text(200, required=True, metadata={"description": "as it stands on the list", "example": "Testar dreno"})
    done = fields.Boolean(load_default=True, metadata={"description": "false: not done after all"})


class QuantityCorrection(Schema):
    quantity = amount(required=True, metadata={"description": "all of it; 0: there was none", "example": "1.5"})
    reason = text(400, required=True, metadata={"description": "no personal data", "example": "Digitado errado"})


class PartCorrection(QuantityCorrection):
    unit_price = amount(
        metadata={
            "description": "what is asked for it, where it has no price yet; by staff who sees prices",
            "example": "80.00",
        }
    )


class OfferedPart(Schema):
    """A part that the contract does not price, as it is offered."""

    name = text(200, required=True, metadata={"description": "no personal data", "example": "Compressor 24.000 BTU"})
    quantity = amount(required=True, metadata={"description": "how many at most", "example": "1"})
    unit_price = amount(required=True, metadata={"description": "for one, in BRL", "example": "900.00"})
    unit = text(20, metadata={"description": "piece, m, kg …; default: piece", "example": "piece"})


class NewPart(Schema):
    name = text(200, required=True, metadata={"description": "no personal data", "example": "Mangueira de dreno"})
    quantity = amount(required=True, metadata={"description": "how much was used", "example": "1.5"})
    unit = text(20, metadata={"description": "piece, m, kg …; default: piece", "example": "m"})
    serial = text(80, metadata={"description": "serial number", "example": "MD-7731"})
    used_at = instant(metadata={"description": "default: now"})
    line_id = id_field(
        metadata={"description": "the contract's per-use line that prices it", "example": "pecas-correia"}
    )
    unit_price = amount(
        metadata={
            "description": "what is asked for it, where the contract does not price it; by staff who sees prices",
            "example": "80.00",
        }
    )
    technician_id = id_field(metadata={"description": "default: the caller"})


class Link(Schema):
    other_id = id_field(required=True, metadata={"description": "a request of the same customer"})


class Duplicate(Schema):
    original_id = id_field(required=True, metadata={"description": "the request that came first, of the same customer"})


class NewOffer(Schema):
    unit_price = amount(metadata={"description": "per unit; default: as offered, or as the contract says"})
    ceiling = amount(metadata={"description": "at most this in all; left out: no ceiling", "example": "900.00"})
    parts = fields.List(
        fields.Nested(OfferedPart),
        validate=validate.Length(max=50),
        metadata={"description": "parts that the contract does not price; charged only once this offer is accepted"},
    )
    reason = text(400, metadata={"description": "why, for the customer", "example": "Compressor fora do padrão"})


class Waiver(Schema):
    reason = text(400, required=True, metadata={"description": "why nothing is charged", "example": "Cortesia"})


class Acceptance(Schema):
    offer = fields.Integer(required=True, metadata={"description": "number of the offer that was read", "example": 1})
    name = text(200, required=True, metadata={"description": "name of who accepts", "example": "Otávio Barreto"})
    text_sha256 = fields.String(
        required=True,
        validate=validate.Regexp(r"^[0-9a-f]{64}$"),
        metadata={"description": "SHA-256 of the sentence that was read (`price_text`)", "example": "ab" * 32},
    )


class RecordedAcceptance(Acceptance):
    contact_id = id_field(required=True, metadata={"description": "the contact who accepted"})
    document_id = id_field(required=True, metadata={"description": "the attached document that proves it"})


class Refusal(Schema):
    offer = fields.Integer(required=True, metadata={"description": "number of the offer that was read", "example": 1})
    reason = text(2000, metadata={"description": "why not", "example": "Acima do orçamento"})
