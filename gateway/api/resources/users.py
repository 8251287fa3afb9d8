"""Who may log in: users, their roles and passwords, and the contacts for whom customers' users speak."""

from __future__ import annotations

from typing import Any

from flask import current_app

from gateway.api.blueprint import Blueprint
from gateway.api.calls import backend, new_id
from gateway.api.schemas.users import NewPassword, NewUser, OwnPassword, UserChanges, UserOut, UserPage, UsersQuery
from gateway.api.scope import caller
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
    return {"items": [_shown(user) for user in found], "next": following}


@blp.route("/users", methods=["POST"])
@blp.arguments(NewUser)
@blp.response(201, UserOut)
def add_user(data: dict[str, Any]) -> Any:
    """A new user. A customer's has the role `contact` and says for whom he speaks, as which authorised contact."""
    _check_contacts(data["contacts"])
    user = _users().add(new_id("user"), **data)
    _note("user added", user.user_id)
    return _shown(user)


@blp.route("/users/<user_id>", methods=["GET"])
@blp.response(200, UserOut)
def get_user(user_id: str) -> Any:
    """A user."""
    user = _users().by_id(user_id)
    if user is None:
        raise NotFound("user.unknown", user_id=user_id)
    return _shown(user)


@blp.route("/users/<user_id>", methods=["PUT"])
@blp.arguments(UserChanges)
@blp.response(200, UserOut)
def change_user(data: dict[str, Any], user_id: str) -> Any:
    """Change name, roles or contacts, deactivate or activate again. It holds from the user's next call on."""
    _check_contacts(data.get("contacts", ()))
    user = _users().change(user_id, data)
    _note("user changed", user_id, fields=sorted(data))
    return _shown(user)


@blp.route("/users/<user_id>/password", methods=["POST"])
@blp.arguments(NewPassword)
@blp.response(204)
def set_password(data: dict[str, Any], user_id: str) -> None:
    """Give a user a new password."""
    _users().set_password(user_id, data["password"])
    _note("password set", user_id)


@blp.route("/session/password", methods=["POST"])
@blp.arguments(OwnPassword)
@blp.response(204)
def change_own_password(data: dict[str, Any]) -> None:
    """Change one's own password; the current one proves who asks."""
    who = caller().user
    if not current_app.extensions["vigencia"].passwords.verify(who.password_hash or None, data["current"]):
        raise Refused("password.wrong")
    _users().set_password(who.user_id, data["password"])
    _note("password changed", who.user_id)


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


def _shown(user: User) -> dict[str, Any]:
    named = {name: getattr(user, name) for name in ("user_id", "login", "name", "active", "email")}
    at = user.created_at.isoformat().replace("+00:00", "Z") if user.created_at else None
    return {**named, "roles": list(user.roles), "contacts": list(user.contacts), "created_at": at}


def _note(what: str, user_id: str, **more: Any) -> None:
    """Identity data is no event: the log says who changed whom."""
    log.info(what, user=user_id, by=caller().user.user_id, **more)
