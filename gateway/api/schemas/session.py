"""Logging in, links by mail, sessions."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import choice, out_instant, out_text, text
from gateway.api.schemas.system import Me
from gateway.identity.password_rules import LONGEST, SHORTEST

_ABOUT_REFRESH = "good once, for 30 days: `POST /session/refresh` gives another token and the next of these"
_ABOUT_PASSWORD = f"at least {SHORTEST} characters, and none of those that everybody tries"


class LogIn(Schema):
    user = text(200, required=True, metadata={"example": "gerente"})
    password = text(LONGEST, required=True)


class Refresh(Schema):
    refresh_token = text(2000, required=True, metadata={"description": _ABOUT_REFRESH, "example": "vgs_0193…_pA7…"})


class LinkWish(Schema):
    user = text(200, required=True, metadata={"example": "marina@clinica.example"})
    kind = choice(
        "login", "password", required=True, metadata={"description": "to log in, or to choose a new password"}
    )


class LinkWished(Schema):
    asked = fields.Boolean(metadata={"description": "always true: it says nothing of the name"})


class Redemption(Schema):
    token = text(2000, required=True, metadata={"description": "of the mailed address", "example": "eyJhbGciOi…"})
    password = text(
        LONGEST, load_only=True, metadata={"format": "password", "description": f"the new one: {_ABOUT_PASSWORD}"}
    )


class Session(Schema):
    token = fields.String()
    expires_at = out_instant()
    refresh_token = fields.String(metadata={"description": _ABOUT_REFRESH})
    session_id = fields.String(metadata={"description": "the session that began"})
    user = fields.Nested(Me)


class OwnChanges(Schema):
    """What is left out stays."""

    name = text(200, metadata={"description": "how one is called", "example": "Marina Prado"})
    lang = fields.String(
        validate=validate.OneOf(("pt-BR", "en")),
        allow_none=True,
        metadata={"description": "of pages and of mails about the account; null: as the browser says"},
    )


class SessionOut(Schema):
    session_id = fields.String(metadata={"description": "the session"})
    kind = fields.String(metadata={"description": "browser | api"})
    how = fields.String(metadata={"description": "password | link"})
    device = fields.String(metadata={"description": "browser and system, as they said", "example": "Chrome · Android"})
    address = out_text(metadata={"description": "network address of the login"})
    created_at = out_instant()
    seen_at = out_instant({"description": "when it was last used, within some minutes"})
    expires_at = out_instant()
    current = fields.Boolean(metadata={"description": "whether it is the one that asks"})


class SessionList(Schema):
    items = fields.List(fields.Nested(SessionOut))


class Ended(Schema):
    ended = fields.Integer(metadata={"description": "how many sessions were ended", "example": 2})
