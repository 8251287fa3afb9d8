"""Log in, and who am I."""

from __future__ import annotations

from typing import Any

from flask import current_app

from gateway.api.blueprint import Blueprint
from gateway.api.gate import caller_of
from gateway.api.problems import Unauthenticated
from gateway.api.schemas.system import LogIn, Me, Session
from gateway.api.scope import Caller, caller

blp = Blueprint("session", __name__, description="Log in; who am I")


@blp.route("/session", methods=["POST"])
@blp.arguments(LogIn)
@blp.response(200, Session)
def log_in(data: dict[str, Any]) -> Any:
    """Log in with user name and password; the answer's token is good for an hour."""
    parts = current_app.extensions["vigencia"]
    user = parts.users.by_login(data["user"])
    if not parts.passwords.verify(user.password_hash if user else None, data["password"]) or not user.active:
        raise Unauthenticated("login.failed")
    token, expires = parts.tokens.issue(user.user_id)
    return {"token": token, "expires_at": expires.isoformat().replace("+00:00", "Z"), "user": _me(caller_of(user))}


@blp.route("/session", methods=["GET"])
@blp.response(200, Me)
def who_am_i() -> Any:
    """The caller, his roles, and for which customers he speaks."""
    return _me(caller())


def _me(who: Caller) -> dict[str, Any]:
    user = who.user
    named = {"user_id": user.user_id, "login": user.login, "name": user.name, "roles": list(user.roles)}
    return {**named, "speaks_for": list(who.speaks)}
