"""What happens around every request: who calls, may he, what does he wait for; headers on every answer."""

from __future__ import annotations

from datetime import UTC

from flask import Flask, Response, current_app, g, request

from gateway.api import calls
from gateway.api.foreign import SAFE, refuse_foreign_forms
from gateway.api.headers import secure
from gateway.api.problems import Unauthenticated
from gateway.api.scope import Caller
from gateway.identity.keys import is_key
from gateway.identity.permissions import FROM_ELSEWHERE, PAGES, PERMISSIONS, PUBLIC
from gateway.identity.roles import CONTACT, INTEGRATION, OPERATOR, STAFF
from gateway.identity.users import User
from services.errors import Forbidden

COMMAND_LINE = "command-line"
"""Subject of the tokens that the command line makes for itself with the tokens' secret of its store."""

_COMMAND_LINE_USER = User(COMMAND_LINE, COMMAND_LINE, "vigencia", (*sorted(STAFF), OPERATOR))
WAITS_ITSELF = frozenset({"read_service_feed"})
"""Operations whose ``wait`` is seconds: what they read are no views that could be behind."""
LARGEST_PAGE_BODY = 12 * 1024 * 1024
"""Bytes of a form: photos of a phone go with it; nothing else is large."""


def operation() -> str:
    """The name of the view function, without its blueprint."""
    return (request.endpoint or "").rpartition(".")[2]


def install(app: Flask) -> None:
    @app.before_request
    def admit() -> None:
        name = operation()
        if request.method not in SAFE and not request.path.startswith("/api/") and name not in FROM_ELSEWHERE:
            refuse_foreign_forms()
        if not name or name in PUBLIC or name in PAGES or request.method == "OPTIONS":
            request.max_content_length = min(LARGEST_PAGE_BODY, request.max_content_length or LARGEST_PAGE_BODY)
            return  # pages: gateway.pages.session
        g.caller = _caller()
        pace(g.caller)
        access = PERMISSIONS.get(name)
        if access is None or not access.roles & set(g.caller.user.roles):
            raise Forbidden("access.denied", operation=name)
        g.access = access
        if name not in WAITS_ITSELF:
            calls.wait_as_asked()

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        secure(response, request)
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
    named = parts.tokens.read(token) if token else None
    if named is None:
        raise Unauthenticated("unauthenticated")
    g.session_id = named.session_id
    if named.session_id:
        user = parts.accounts.sessions.user_of(named.session_id, named.user_id)
    else:
        user = _COMMAND_LINE_USER if named.user_id == COMMAND_LINE else None
    if user is None:
        raise Unauthenticated("unauthenticated")
    return caller_of(user)


def pace(caller: Caller) -> None:
    """Customers' users and other systems are counted; staff is not."""
    if caller.is_customer or INTEGRATION in caller.user.roles:
        current_app.extensions["vigencia"].pace.take(caller.user.user_id)


def caller_of(user: User) -> Caller:
    """For whom a customer's user speaks is looked up now: a contact that was removed loses access at once."""
    if CONTACT not in user.roles or not user.contacts:
        return Caller(user)
    known = calls.backend().query("speaks_for", {"contacts": list(user.contacts)})
    return Caller(user, tuple(known["contacts"]))
