"""What happens around every request: who calls, may he, what does he wait for; headers on every answer."""

from __future__ import annotations

from datetime import UTC

from flask import Flask, Response, current_app, g, request

from gateway.api import calls
from gateway.api.problems import Unauthenticated
from gateway.api.scope import Caller
from gateway.identity.keys import is_key
from gateway.identity.permissions import PAGES, PERMISSIONS, PUBLIC
from gateway.identity.roles import CONTACT, INTEGRATION, OPERATOR, STAFF
from gateway.identity.users import User
from services.errors import Forbidden

COMMAND_LINE = "command-line"
"""Subject of the tokens that the command line makes for itself with the tokens' secret of its store."""

_COMMAND_LINE_USER = User(COMMAND_LINE, COMMAND_LINE, "vigencia", (*sorted(STAFF), OPERATOR))
WAITS_ITSELF = frozenset({"read_service_feed"})
"""Operations whose ``wait`` is seconds: what they read are no views that could be behind."""
CONTENT_SECURITY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)


def operation() -> str:
    """The name of the view function, without its blueprint."""
    return (request.endpoint or "").rpartition(".")[2]


def install(app: Flask) -> None:
    @app.before_request
    def admit() -> None:
        name = operation()
        if not name or name in PUBLIC or name in PAGES or request.method == "OPTIONS":
            return  # pages: gateway.pages.session
        g.caller = _caller()
        access = PERMISSIONS.get(name)
        if access is None or not access.roles & set(g.caller.user.roles):
            raise Forbidden("access.denied", operation=name)
        g.access = access
        if name not in WAITS_ITSELF:
            calls.wait_as_asked()

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
        if "caller" in g:
            headers["Cache-Control"] = "no-store"
        if sources := g.get("sources"):
            as_of = calls.backend().as_of(sorted(sources))
            headers["X-Vigencia-As-Of"] = as_of.astimezone(UTC).isoformat().replace("+00:00", "Z") if as_of else "late"
        if waited := g.get("waited"):
            headers["X-Vigencia-Waited"] = waited
        return response


def _caller() -> Caller:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    parts = current_app.extensions["vigencia"]
    token = token.strip() if scheme.lower() == "bearer" else ""
    if is_key(token):
        key = parts.keys.holder(token)
        if key is None:
            raise Unauthenticated("unauthenticated")
        return Caller(User(key.key_id, key.name, key.name, (INTEGRATION,)), scopes=frozenset(key.scopes))
    user_id = parts.tokens.user_of(token) if token else None
    if user_id is None:
        raise Unauthenticated("unauthenticated")
    user = _COMMAND_LINE_USER if user_id == COMMAND_LINE else parts.users.by_id(user_id)
    if user is None or not user.active:
        raise Unauthenticated("unauthenticated")
    return caller_of(user)


def caller_of(user: User) -> Caller:
    """For whom a customer's user speaks is looked up now: a contact that was removed loses access at once."""
    if CONTACT not in user.roles or not user.contacts:
        return Caller(user)
    known = calls.backend().query("speaks_for", {"contacts": list(user.contacts)})
    return Caller(user, tuple(known["contacts"]))
