"""Search: what is asked, and what is found."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import out_text, text


class SearchQuery(Schema):
    text = text(200, required=True, metadata={"description": "part of a name or number", "example": "boa vista"})
    limit = fields.Integer(validate=validate.Range(1, 50), metadata={"description": "of each kind; default 6"})


def _some(description: str) -> fields.List:
    return fields.List(fields.Dict(), metadata={"description": description, "example": []})


class Found(Schema):
    customers = _some("customers by name, CNPJ or reference")
    contacts = _some("customers' contacts by name")
    contracts = _some("contracts by number, reference or customer, the latest first")
    requests = _some("requests by protocol, customer, who asked, equipment or site, the latest first")
    receivables = _some("receivables by number or reference")
    equipment = _some("equipment by description, serial number or label")
    sites = _some("sites by name or city")


class CallersQuery(Schema):
    text = text(
        200, required=True, metadata={"description": "name, telephone, e-mail, CPF or CNPJ", "example": "9 9876"}
    )


class CallerFound(Schema):
    customer_id = fields.String()
    contact_id = fields.String(metadata={"description": "the contact; the customer himself: the customer's id"})
    customer = out_text(metadata={"description": "name of the customer", "example": "Clínica Boa Vista Ltda."})
    name = out_text(metadata={"description": "name of the contact; null: the customer himself", "example": "João Lima"})
    role = out_text(metadata={"description": "what he is there", "example": "síndico"})
    email = out_text(metadata={"description": "e-mail, where it was searched by", "example": "joao@boavista.example"})
    phone = out_text(metadata={"description": "telephone, where it was searched by", "example": "(19) 99876-1234"})


class Callers(Schema):
    items = fields.List(fields.Nested(CallerFound))
