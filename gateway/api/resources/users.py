"""Who may log in: users, their roles and passwords, and the contacts for whom customers' users speak."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, backend, new_id
from gateway.api.entering import accounts, session_id
from gateway.api.problems import language
from gateway.api.resources.session import instant, shown
from gateway.api.schemas.common import Nothing
from gateway.api.schemas.session import Ended, SessionList
from gateway.api.schemas.users import (
    Invitation,
    Invited,
    NewPassword,
    NewUser,
    OwnPassword,
    UserChanges,
    UserOut,
    UserPage,
    UsersQuery,
)
from gateway.api.scope import caller
from gateway.identity.attempts import PAIR
from gateway.identity.users import User, Users
from services import logs
from services.errors import Invalid, NotFound, Refused

blp = Blueprint("users", __name__, description="Who may log in")
log = logs.get("gateway")


@blp.route("/users", methods=["GET"])
@blp.arguments(UsersQuery, location="query")
@blp.response(200, UserPage)
def list_users(args: dict[str, Any]) -> Any:
    """Users in the order of their logins."""
    found, following = _users().page(**args)
    seen = accounts().sessions.last_seen([user.user_id for user in found])
    return {"items": [_shown(user, seen) for user in found], "next": following}


@blp.route("/users", methods=["POST"])
@blp.arguments(NewUser)
@blp.response(201, UserOut)
def add_user(data: dict[str, Any]) -> Any:
    """A new user. A customer's has the role `contact` and says for whom he speaks, as which authorised contact."""
    _check_contacts(data["contacts"])
    user = _users().add(new_id("user"), **data)
    _note("user added", user.user_id)
    return _shown(user)


@blp.route("/users/invitations", methods=["POST"])
@blp.arguments(Invitation)
@blp.response(201, UserOut)
def invite_user(data: dict[str, Any]) -> Any:
    """A new user who is mailed an invitation: he logs in by his address, with the password that he chooses there.

    The mailed address is good once, for 7 days.
    """
    _check_contacts(data["contacts"])
    user = accounts().invite(new_id("user"), lang=data.pop("lang", None), said_in=language(), **data)
    _note("user invited", user.user_id)
    return _shown(user)


@blp.route("/users/<user_id>/invitation", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(202, UserOut)
def invite_again(data: dict[str, Any], user_id: str) -> Any:
    """Mail the invitation once more; the one before opens nothing any more."""
    user = one_user(user_id)
    accounts().send_invitation(user)
    _note("user invited again", user_id)
    return _shown(user)


@blp.route("/customers/<string:customer_id>/contacts/<string:contact_id>/invitation", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(202, Invited)
def invite_contact(data: dict[str, Any], customer_id: str, contact_id: str) -> Any:
    """Invite a contact to the portal, at the address that is known of him. Who speaks for another customer already logs in
    as before, and is told."""
    scope.check(customer_id)
    user = invite(customer_id, contact_id)
    return {"contact_id": contact_id, "invited": user.invited}


def invite(customer_id: str, contact_id: str) -> User:
    """Of a customer whom the caller may let people in for: that is checked before."""
    customer = ask("contracts", "customer", customer_id=customer_id)
    person = next((each for each in customer["contacts"] if each["contact_id"] == contact_id), None)
    if contact_id == customer_id and customer["kind"] == "person":
        person = person or {"name": customer["person_name"], "email": customer["email"]}
    if person is None:
        raise NotFound("not-found")
    if not person.get("email"):
        raise Refused("invitation.no-address", contact_id=contact_id)
    pair = {"customer_id": customer_id, "contact_id": contact_id}
    user = accounts().invite_contact(new_id("user"), person["email"], person["name"] or "", pair, language())
    _note("contact invited", user.user_id, customer=customer_id)
    return user


@blp.route("/users/<user_id>", methods=["GET"])
@blp.response(200, UserOut)
def get_user(user_id: str) -> Any:
    """A user."""
    return _shown(one_user(user_id))


@blp.route("/users/<user_id>", methods=["PUT"])
@blp.arguments(UserChanges)
@blp.response(200, UserOut)
def change_user(data: dict[str, Any], user_id: str) -> Any:
    """Change name, roles or contacts, deactivate or activate again. It holds from the user's next call on."""
    _check_contacts(data.get("contacts", ()))
    user = _users().change(user_id, data)
    if not user.active:
        accounts().sessions.end_all(user_id)
    _note("user changed", user_id, fields=sorted(data))
    return _shown(user)


@blp.route("/users/<user_id>/password", methods=["POST"])
@blp.arguments(NewPassword)
@blp.response(204)
def set_password(data: dict[str, Any], user_id: str) -> None:
    """Give a user a new password. It ends his sessions, and he is told."""
    accounts().set_password(one_user(user_id), data["password"])
    _note("password set", user_id)


@blp.route("/users/<user_id>/unlock", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(200, UserOut)
def unlock_user(data: dict[str, Any], user_id: str) -> Any:
    """Let a user in again: active, and the wrong passwords that were tried for his name from everywhere are forgotten."""
    user = _users().change(user_id, {"active": True})
    accounts().unlock(user)
    _note("user unlocked", user_id)
    return _shown(user)


@blp.route("/users/<user_id>/sessions", methods=["GET"])
@blp.response(200, SessionList)
def list_user_sessions(user_id: str) -> Any:
    """Where a user is logged in."""
    return {"items": [shown(each) for each in accounts().sessions.of(one_user(user_id).user_id)]}


@blp.route("/users/<user_id>/sessions/end", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(200, Ended)
def end_user_sessions(data: dict[str, Any], user_id: str) -> Any:
    """Log a user out everywhere."""
    ended = accounts().sessions.end_all(one_user(user_id).user_id)
    _note("sessions ended", user_id, count=ended)
    return {"ended": ended}


@blp.route("/session/password", methods=["POST"])
@blp.arguments(OwnPassword)
@blp.response(204)
def change_own_password(data: dict[str, Any]) -> None:
    """Change one's own password; the current one proves who asks. All other sessions end."""
    who = caller().user
    change_password(data["current"], data["password"])
    _note("password changed", who.user_id)


def change_password(current: str, password: str) -> None:
    """Of the caller. Raises ``Refused`` where the current one is another, ``TooMany`` where it was guessed too often."""
    who = caller().user
    accounts().attempts.check(PAIR, who.login, "change")
    if not current_app.extensions["vigencia"].passwords.verify(who.password_hash or None, current):
        raise Refused("password.wrong")
    accounts().attempts.clear(PAIR, who.login, "change")
    accounts().set_password(who, password, but=session_id())


def _users() -> Users:
    return current_app.extensions["vigencia"].users  # type: ignore[no-any-return]


def _check_contacts(pairs: Any) -> None:
    """Each contact is authorised by its customer now: a typing error would give a user who sees nothing."""
    if not pairs:
        return
    known = {(pair["customer_id"], pair["contact_id"]) for pair in _authorised(pairs)}
    problems = [
        {"path": f"contacts.{place}", "code": "value", "message": "not an authorised contact of this customer"}
        for place, pair in enumerate(pairs)
        if (pair["customer_id"], pair["contact_id"]) not in known
    ]
    if problems:
        raise Invalid(problems=problems)


def _authorised(pairs: Any) -> Any:
    return backend().query("speaks_for", {"contacts": list(pairs)})["contacts"]


def one_user(user_id: str) -> User:
    user = _users().by_id(user_id)
    if user is None:
        raise NotFound("user.unknown", user_id=user_id)
    return user


def _shown(user: User, seen: Mapping[str, datetime] | None = None) -> dict[str, Any]:
    named = {name: getattr(user, name) for name in ("user_id", "login", "name", "active", "email", "lang", "invited")}
    last = (accounts().sessions.last_seen([user.user_id]) if seen is None else seen).get(user.user_id)
    at = {"created_at": instant(user.created_at), "seen_at": instant(last)}
    return {**named, "roles": list(user.roles), "contacts": list(user.contacts), **at}


def _note(what: str, user_id: str, **more: Any) -> None:
    """Identity data is no event: the log says who changed whom."""
    log.info(what, user=user_id, by=caller().user.user_id, **more)
