"""Users, for managers: who may log in, invitations, roles, locks, devices; and wishes to be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, redirect, request
from werkzeug.wrappers import Response as Redirection

from gateway.api.calls import local, name_command, new_id
from gateway.api.entering import accounts
from gateway.api.resources import persons
from gateway.api.resources.session import shown
from gateway.api.resources.users import one_user
from gateway.api.schemas.users import Invitation, UserChanges
from gateway.api.scope import caller
from gateway.identity.erasures import DECLINED, Erasures
from gateway.identity.roles import ATTENDANT, CONTACT, FINANCE, MANAGER, OPERATOR, TECHNICIAN
from gateway.identity.users import User, Users
from gateway.pages.console.frame import allow, blp, loaded, show
from gateway.pages.frame import chosen_language, why
from services import logs
from services.errors import Invalid, NotFound, Refused, VigenciaError

ROLES = (ATTENDANT, TECHNICIAN, FINANCE, MANAGER, OPERATOR)
LIMIT = 50
log = logs.get("gateway")


@blp.get("/users")
def console_users() -> Response:
    return _list()


@blp.post("/users")
def console_invite_user() -> Response | Redirection:
    """Of the staff. Customers' people are invited where they are contacts."""
    allow("invite_user")
    name_command(request.form.get("key", ""))
    try:
        given = {"email": request.form.get("email"), "name": request.form.get("name")}
        data = loaded(Invitation, {**given, "roles": request.form.getlist("roles")})
        user = accounts().invite(
            new_id("user"), data["email"], data["name"], data["roles"], (), None, said_in=chosen_language()
        )
    except (Refused, Invalid) as error:
        return _list(refused=error)
    _note("user invited", user)
    return redirect(f"/console/users/{user.user_id}?done=invited", 303)


@blp.get("/users/<string:user_id>")
def console_user(user_id: str) -> Response:
    return _one(one_user(user_id))


@blp.post("/users/<string:user_id>/<string:action>")
def console_change_user(user_id: str, action: str) -> Response | Redirection:
    user = one_user(user_id)
    acts: dict[str, tuple[str, Callable[[User], Any]]] = {
        "change": ("change_user", _change),
        "lock": ("change_user", _lock),
        "unlock": ("unlock_user", _unlock),
        "invite": ("invite_again", accounts().send_invitation),
        "end": ("end_user_sessions", lambda each: accounts().sessions.end_all(each.user_id)),
    }
    if action not in acts:
        raise NotFound("route.not-found")
    operation, act = acts[action]
    allow(operation)
    try:
        act(user)
    except (Refused, Invalid) as error:
        return _one(user, refused=error)
    _note(f"user: {action}", user)
    return redirect(f"/console/users/{user_id}?done={action}", 303)


@blp.get("/erasures")
def console_erasures() -> Response:
    """Wishes to be forgotten, those that wait first."""
    wishes = sorted(_erasures().all(), key=lambda wish: wish.state != "asked")
    rows = [{"wish": wish, "user": _users().by_id(wish.user_id), "customers": _named(wish.contacts)} for wish in wishes]
    return show("console/erasures.html", rows=rows)


@blp.post("/erasures/<string:erasure_id>/<string:answer>")
def console_answer_erasure(erasure_id: str, answer: str) -> Redirection:
    if answer == "approve":
        allow("approve_erasure")
        persons.carry_out(erasure_id)
    elif answer == "decline":
        allow("decline_erasure")
        reason = request.form.get("reason", "").strip()
        if not reason:
            raise Refused("page.text-missing")
        _erasures().decide(erasure_id, DECLINED, by=caller().user.user_id, reason=reason[:2000])
    else:
        raise NotFound("route.not-found")
    return redirect(f"/console/erasures?done={answer}", 303)


def _change(user: User) -> None:
    """Name, address, roles; of a customer's person the roles stay."""
    form = request.form
    given: dict[str, Any] = {"name": form.get("name"), "email": form.get("email")}
    if CONTACT not in user.roles:
        given["roles"] = form.getlist("roles")
    changes = loaded(UserChanges, given)
    if not form.get("email", "").strip():
        changes["email"] = None
    _users().change(user.user_id, changes)


def _lock(user: User) -> None:
    _users().change(user.user_id, {"active": False})
    accounts().sessions.end_all(user.user_id)


def _unlock(user: User) -> None:
    accounts().unlock(_users().change(user.user_id, {"active": True}))


def _list(*, refused: VigenciaError | None = None) -> Response:
    args = request.args
    active = {"yes": True, "no": False}.get(args.get("active", ""))
    search = args.get("search") or None
    found, following = _users().page(after=args.get("after") or None, limit=LIMIT, search=search, active=active)
    return show(
        "console/users.html",
        status=200 if refused is None else refused.status,
        users=found,
        seen=accounts().sessions.last_seen([user.user_id for user in found]),
        following=following,
        search=search or "",
        active=args.get("active", ""),
        roles=ROLES,
        why=why(refused),
        form=request.form,
        waiting=len(_erasures().all("asked")),
    )


def _one(user: User, *, refused: VigenciaError | None = None) -> Response:
    return show(
        "console/user.html",
        status=200 if refused is None else refused.status,
        user=user,
        sessions=[shown(each) for each in accounts().sessions.of(user.user_id)],
        customers=_named(user.contacts),
        roles=ROLES,
        why=why(refused),
    )


def _named(pairs: Any) -> list[dict[str, Any]]:
    """As whom somebody speaks, with names."""
    named = []
    for pair in pairs:
        try:
            customer = local("customer", customer_id=pair["customer_id"])
        except NotFound:
            named.append({**pair, "customer": None, "contact": None})
            continue
        contact = next((each for each in customer["contacts"] if each["contact_id"] == pair["contact_id"]), {})
        named.append({**pair, "customer": customer["name"], "contact": contact})
    return named


def _users() -> Users:
    return current_app.extensions["vigencia"].users  # type: ignore[no-any-return]


def _erasures() -> Erasures:
    return current_app.extensions["vigencia"].erasures  # type: ignore[no-any-return]


def _note(what: str, user: User) -> None:
    log.info(what, user=user.user_id, by=caller().user.user_id)
