"""Providers, the catalogue, customers with contacts, sites and equipment."""

from __future__ import annotations

from marshmallow import Schema, fields

from gateway.api.schemas.common import PageQuery, choice, id_field, out_text, text


class Bank(Schema):
    """The account that is paid, and its agreement for boletos."""

    bank_code = text(3, required=True, metadata={"example": "341"})
    branch = text(8, required=True, metadata={"description": "agência, digits", "example": "0057"})
    account = text(16, required=True, metadata={"description": "without its check digit", "example": "12345"})
    account_digit = text(2, required=True, metadata={"example": "7"})
    wallet = fields.String(metadata={"description": "carteira", "example": "109"})
    agreement = fields.String(metadata={"description": "the beneficiary's code at the bank (convênio)"})
    instructions = fields.List(
        fields.String(), metadata={"description": "lines on the boleto, at most 4 of 80 letters"}
    )
    protest_days = fields.Integer(
        allow_none=True, metadata={"description": "days after the due day until protest; null: none", "example": 10}
    )
    expiry_days = fields.Integer(
        allow_none=True, metadata={"description": "days after the due day until the bank takes no payment"}
    )


class BankChange(Schema):
    bank = fields.Nested(Bank, required=True, allow_none=True, metadata={"description": "null: none any more"})


class Letterhead(Schema):
    """All of it: what is left out is taken off."""

    trade_name = text(200)
    address = text(400)
    city = text(120)
    state = text(2, metadata={"example": "SP"})
    pix_key = text(120)
    phone = text(40)
    email = text(200)
    logo_sha256 = fields.String(metadata={"description": "of a PNG or JPEG that was uploaded before (`POST /files`)"})


class NewProvider(Schema):
    legal_name = text(200, required=True, metadata={"example": "Horizonte Manutenção e TI Ltda."})
    cnpj = text(18, required=True, metadata={"description": "numeric or alphanumeric", "example": "12.ABC.345/01DE-35"})
    trade_name = text(200)
    address = text(400)
    city = text(120)
    state = text(2, metadata={"example": "SP"})
    pix_key = text(120)
    time_zone = text(40, metadata={"example": "America/Sao_Paulo"})
    number_prefix = fields.String(metadata={"description": "stands before the contracts' numbers", "example": "HZ-"})
    branch_of = id_field(metadata={"description": "the company of which it is a branch"})
    bank = fields.Nested(Bank)
    phone = text(40)
    email = text(200)
    logo_sha256 = fields.String(metadata={"description": "of a PNG or JPEG that was uploaded before (`POST /files`)"})


class Provider(Schema):
    provider_id = fields.String()
    legal_name = out_text()
    trade_name = out_text()
    cnpj = out_text()
    city = out_text()
    state = out_text()
    time_zone = out_text()
    number_prefix = out_text()


class NewServiceType(Schema):
    code = text(40, required=True, metadata={"example": "elevator-maintenance"})
    name = text(200, required=True, metadata={"example": "Manutenção de elevadores"})
    description = text(2000)


class ServiceType(Schema):
    service_type_id = fields.String()
    code = out_text()
    name = out_text()
    description = out_text()
    retired = fields.Boolean(allow_none=True)


class ServiceTypesQuery(PageQuery):
    retired = fields.Boolean(metadata={"description": "retired ones too"})


class CustomerProfile(Schema):
    legal_name = text(200, metadata={"description": "of a company"})
    cnpj = text(18)
    person_name = text(200, metadata={"description": "of a person; of a company: who answers for it"})
    cpf = text(14)
    email = text(200)
    phone = text(40)
    address = text(400)


class NewCustomer(CustomerProfile):
    kind = choice("person", "company", required=True)
    external_ref = text(120)


class Contact(Schema):
    customer_id = fields.String()
    contact_id = fields.String()
    name = out_text()
    rights = fields.List(fields.String(), allow_none=True)
    role = out_text()


class NewContact(Schema):
    contact_id = id_field(
        metadata={
            "description": "a person who speaks for another customer already: one login for all of them. Name, e-mail and "
            "phone may then be left out"
        }
    )
    name = text(200, metadata={"description": "needed without `contact_id`", "example": "Rui Sá"})
    rights = fields.List(choice("requests", "money", "approval"), required=True)
    email = text(200)
    phone = text(40)
    role = text(120, metadata={"example": "síndica"})


class NewSite(Schema):
    name = text(200, required=True)
    address = text(400)
    city = text(120)
    state = text(2)


class Site(Schema):
    site_id = fields.String()
    customer_id = fields.String()
    name = out_text()
    city = out_text()
    state = out_text()


class NewEquipment(Schema):
    site_id = id_field(required=True)
    description = text(400, required=True)
    serial = text(120)
    label = text(120, metadata={"description": "what stands on its QR label"})


class Equipment(Schema):
    equipment_id = fields.String()
    customer_id = fields.String()
    site_id = out_text()
    description = out_text()
    serial = out_text()
    label = out_text()


class Customer(Schema):
    customer_id = fields.String()
    kind = out_text()
    name = out_text(metadata={"description": "null: erased, or not known here yet"})
    cnpj = out_text()
    external_ref = out_text()
    erased = fields.Boolean(allow_none=True)


class CustomerDetail(Customer):
    contacts = fields.List(fields.Nested(Contact))
    sites = fields.List(fields.Nested(Site))
    equipment = fields.List(fields.Nested(Equipment))
    profile = fields.Dict(
        allow_none=True, metadata={"description": "e-mail, phone, address, CPF; null when contracts does not answer"}
    )


class CustomersQuery(PageQuery):
    search = fields.String(metadata={"description": "part of the name; accents and case do not matter"})
    kind = choice("person", "company")
    cnpj = fields.String()
    external_ref = fields.String()
    erased = fields.Boolean(metadata={"description": "erased ones too"})
