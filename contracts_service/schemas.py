"""The shapes that cross the border. Commands are described by their dataclasses; what they do not say stands here."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from contracts_service.domain import contract, customer, holiday, price_index, provider, service_type, template
from contracts_service.domain.contract_commands import SuspensionReason
from contracts_service.domain.customer_messages import CustomerKind
from services.schemas import schema_of

CLASSES: tuple[type, ...] = (
    *provider.COMMANDS,
    *customer.COMMANDS,
    *service_type.COMMANDS,
    *template.COMMANDS,
    *price_index.COMMANDS,
    *holiday.COMMANDS,
    *contract.COMMANDS,
)
COMMANDS: dict[str, type[Schema]] = {str(vars(cls)["COMMAND_NAME"]): schema_of(cls) for cls in CLASSES}

ID = Length(min=1, max=64)


class ImportCustomer(Schema):
    customer_id = fields.String(required=True, validate=ID)
    external_ref = fields.String(required=True)
    kind = fields.String(load_default="person", validate=OneOf([kind.value for kind in CustomerKind]))
    name = fields.String(required=True)
    document = fields.String(load_default=None, allow_none=True)
    email = fields.String(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True)
    address = fields.String(load_default=None, allow_none=True)


class ImportSuspension(Schema):
    on = fields.Date(required=True)
    reason = fields.String(load_default="other", validate=OneOf([reason.value for reason in SuspensionReason]))
    note = fields.String(load_default="")


class ImportRecord(Schema):
    """A customer with one contract. ``suspension``: it is suspended there since ``on``; whether its charges go on, its terms
    say (``suspension.give_back``).

    ``contract`` holds ``contract_id``, ``external_ref``, maybe ``number``, and the fields of the contract's terms
    (``starts_on``, ``lines``, ``services``, …). Without ``provider_id`` the contract is with the only provider company.
    """

    provider_id = fields.String(load_default="")
    customer = fields.Nested(ImportCustomer, required=True)
    contract = fields.Dict(keys=fields.String(), required=True)
    suspension = fields.Nested(ImportSuspension, load_default=None, allow_none=True)
    status = fields.String(load_default="active", validate=OneOf(["active", "draft"]))
