"""Log in by password or by a mailed link, stay logged in, see where one is logged in, end it."""

from __future__ import annotations

from typing import Any

from flask import current_app

from gateway.api.blueprint import Blueprint
from gateway.api.entering import accounts, program, session_id
from gateway.api.entering import address as client_address
from gateway.api.gate import caller_of
from gateway.api.problems import Unauthenticated, language
from gateway.api.schemas import session as shapes
from gateway.api.schemas.common import Nothing
from gateway.api.schemas.system import Me
from gateway.api.scope import Caller, caller
from gateway.identity.devices import device_of
from gateway.identity.onetime import LOGIN, PASSWORD
from gateway.identity.sessions import Opened, Session
from gateway.identity.users import User
from services import logs

blp = Blueprint("session", __name__, description="Log in; who am I; where am I logged in")
log = logs.get("gateway")
KINDS = {"login": LOGIN, "password": PASSWORD}


@blp.route("/session", methods=["POST"])
@blp.arguments(shapes.LogIn)
@blp.response(200, shapes.Session)
def log_in(data: dict[str, Any]) -> Any:
    """Log in with user name and password; the answer's token is good for an hour, its `refresh_token` for the next one.

    After some wrong passwords from one address: 429, with `Retry-After`.
    """
    return _entered(*accounts().log_in(data["user"], data["password"], program()))


@blp.route("/session/refresh", methods=["POST"])
@blp.arguments(shapes.Refresh)
@blp.response(200, shapes.Session)
def refresh_session(data: dict[str, Any]) -> Any:
    """Another token. Each `refresh_token` is good once: the answer brings the next one. One that comes again later ends
    the session, for then two have it."""
    renewed = accounts().sessions.renew(data["refresh_token"])
    if renewed is None:
        raise Unauthenticated("session.over")
    return _entered(*renewed)


@blp.route("/session/links", methods=["POST"])
@blp.arguments(shapes.LinkWish)
@blp.response(202, shapes.LinkWished)
def ask_for_link(data: dict[str, Any]) -> Any:
    """Have a link mailed with which to log in, or to choose a new password: good once, for 15 minutes.

    The answer is the same whether anybody has this name or address.
    """
    accounts().wish(KINDS[data["kind"]], data["user"], lang=language(), address=client_address())
    return {"asked": True}


@blp.route("/session/links/redeem", methods=["POST"])
@blp.arguments(shapes.Redemption)
@blp.response(200, shapes.Session)
def redeem_link(data: dict[str, Any]) -> Any:
    """Log in with the token of a mailed link (what stands behind `/e/`). An invitation and a reset need the new password."""
    return _entered(*accounts().redeem(data["token"], program(), password=data.get("password")))


@blp.route("/session", methods=["GET"])
@blp.response(200, Me)
def who_am_i() -> Any:
    """The caller, his roles, and for which customers he speaks."""
    return me(caller())


@blp.route("/session", methods=["PATCH"])
@blp.arguments(shapes.OwnChanges)
@blp.response(200, Me)
def change_me(data: dict[str, Any]) -> Any:
    """How one is called, and the language of one's pages and of mails about the account."""
    user = current_app.extensions["vigencia"].users.change(caller().user.user_id, data)
    log.info("user changed himself", user=user.user_id, fields=sorted(data))
    return me(Caller(user, caller().speaks))


@blp.route("/session/end", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(204)
def log_out(data: dict[str, Any]) -> None:
    """End this session: its token and its refresh token open nothing any more."""
    if (id_ := session_id()) is not None:
        accounts().sessions.end(id_, user_id=caller().user.user_id)


@blp.route("/sessions", methods=["GET"])
@blp.response(200, shapes.SessionList)
def list_sessions() -> Any:
    """Where the caller is logged in: browsers and programs, the last used first."""
    return {"items": [shown(each) for each in accounts().sessions.of(caller().user.user_id)]}


@blp.route("/sessions/<string:session_id>/end", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(204)
def end_session(data: dict[str, Any], session_id: str) -> None:
    """Log one of the caller's own browsers or programs out."""
    accounts().sessions.end(session_id, user_id=caller().user.user_id)


@blp.route("/sessions/end-others", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(200, shapes.Ended)
def end_other_sessions(data: dict[str, Any]) -> Any:
    """Log out everywhere else."""
    return {"ended": accounts().sessions.end_all(caller().user.user_id, but=session_id())}


def shown(session: Session) -> dict[str, Any]:
    """A session for its user or a manager."""
    instants = {name: instant(getattr(session, name)) for name in ("created_at", "seen_at", "expires_at")}
    named = {name: getattr(session, name) for name in ("session_id", "kind", "how", "address")}
    return {**named, **instants, "device": device_of(session.agent), "current": session.session_id == session_id()}


def instant(at: Any) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def me(who: Caller) -> dict[str, Any]:
    user = who.user
    named = {name: getattr(user, name) for name in ("user_id", "login", "name", "email", "lang")}
    return {**named, "roles": list(user.roles), "speaks_for": list(who.speaks)}


def _entered(user: User, opened: Opened) -> dict[str, Any]:
    token, expires = current_app.extensions["vigencia"].tokens.issue(user.user_id, opened.session.session_id)
    refresh = {"refresh_token": opened.secret, "session_id": opened.session.session_id}
    return {"token": token, "expires_at": instant(expires), **refresh, "user": me(caller_of(user))}
