"""Users and passwords."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import PageQuery, id_field, out_instant, page_of, text
from gateway.identity.password_rules import LONGEST, SHORTEST
from gateway.identity.roles import ROLES

_ABOUT_MAIL = "where mail to the user goes; null: nowhere, unless the login is an address"
_ABOUT_CONTACTS = "for whom a customer's user speaks; with the role `contact` alone"


def _password() -> fields.String:
    length = validate.Length(SHORTEST, LONGEST)
    return fields.String(required=True, validate=length, load_only=True, metadata={"format": "password"})


def _roles(**options: Any) -> Any:
    role = fields.String(validate=validate.OneOf(sorted(ROLES)))
    return fields.List(role, validate=validate.Length(1), **options)


class Speaks(Schema):
    customer_id = id_field(required=True)
    contact_id = id_field(required=True, metadata={"description": "a person's own: his customer id"})


class NewUser(Schema):
    login = text(120, required=True, metadata={"example": "joana"})
    name = text(200, required=True)
    roles = _roles(required=True)
    contacts = fields.List(fields.Nested(Speaks), load_default=list, metadata={"description": _ABOUT_CONTACTS})
    password = _password()
    email = fields.Email(allow_none=True, metadata={"description": _ABOUT_MAIL, "example": "joana@vertice.example"})


def _lang() -> fields.String:
    about = "of his pages and of mails about the account; null: as the browser says"
    return fields.String(allow_none=True, validate=validate.OneOf(("pt-BR", "en")), metadata={"description": about})


class Invitation(Schema):
    email = fields.Email(
        required=True,
        validate=validate.Length(max=120),
        metadata={"description": "where the invitation goes; his login", "example": "joana@vertice.example"},
    )
    name = text(200, required=True)
    roles = _roles(required=True)
    contacts = fields.List(fields.Nested(Speaks), load_default=list, metadata={"description": _ABOUT_CONTACTS})
    lang = _lang()


class Invited(Schema):
    contact_id = fields.String()
    invited = fields.Boolean(
        metadata={"description": "false: he has a password already, and was told of this customer"}
    )


class UserChanges(Schema):
    """What is left out stays."""

    name = text(200)
    roles = _roles()
    contacts = fields.List(fields.Nested(Speaks), metadata={"description": _ABOUT_CONTACTS})
    active = fields.Boolean(metadata={"description": "false: he may no longer log in, and his tokens end at once"})
    email = fields.Email(allow_none=True, metadata={"description": _ABOUT_MAIL, "example": "joana@vertice.example"})
    lang = _lang()


class NewPassword(Schema):
    password = _password()


class OwnPassword(Schema):
    current = text(LONGEST, required=True, metadata={"format": "password"})
    password = _password()


class UserOut(Schema):
    user_id = fields.String()
    login = fields.String()
    name = fields.String()
    roles = fields.List(fields.String())
    contacts = fields.List(fields.Nested(Speaks))
    active = fields.Boolean()
    created_at = out_instant()
    email = fields.String(allow_none=True, metadata={"description": _ABOUT_MAIL, "example": "joana@vertice.example"})
    lang = fields.String(allow_none=True, metadata={"description": "pt-BR | en; null: as the browser says"})
    invited = fields.Boolean(metadata={"description": "he has not chosen a password yet"})
    seen_at = out_instant({"description": "when he was last here, within some minutes; null: not in 90 days"})


class UsersQuery(PageQuery):
    search = fields.String(metadata={"description": "part of login or name"})
    active = fields.Boolean()


UserPage = page_of(UserOut)
