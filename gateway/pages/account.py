"""One's own account, for customers' people and staff alike: name and language, password, devices, one's data; and colleagues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, request
from uuid_utils import uuid7
from werkzeug.wrappers import Response as Redirection

from gateway.api import scope
from gateway.api.calls import WAIT_HEADER, ask, execute, local, name_command, new_id
from gateway.api.entering import accounts, session_id
from gateway.api.resources import persons
from gateway.api.resources.mail import choose, my_contacts
from gateway.api.resources.session import shown
from gateway.api.resources.users import change_password, invite
from gateway.identity.permissions import PERMISSIONS
from gateway.mail.declining import TOPICS
from gateway.pages import session
from gateway.pages.console import frame as console
from gateway.pages.frame import LANGUAGE_COOKIE, YEAR, failure, page, why
from gateway.pages.tongue import LANGUAGES
from services.errors import Invalid, NotFound, Refused, VigenciaError

blp = Blueprint("account", __name__, url_prefix="/account")
blp.before_request(session.admit)
blp.after_request(session.renew)
RIGHTS = ("requests", "money", "approval")


@blp.errorhandler(VigenciaError)
def failed(error: VigenciaError) -> Response:
    return failure(error)


@blp.get("")
def account_home() -> Response:
    return _home()


@blp.post("/me")
def account_change_me() -> Redirection:
    """Name and language."""
    lang = request.form.get("lang") or None
    name = request.form.get("name", "").strip()[:200]
    changes = {"lang": lang if lang in LANGUAGES else None} | ({"name": name} if name else {})
    current_app.extensions["vigencia"].users.change(scope.caller().user.user_id, changes)
    answer = redirect("/account?done=me", 303)
    if lang in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, lang, max_age=YEAR, samesite="Lax", secure=request.is_secure)
    else:
        answer.delete_cookie(LANGUAGE_COOKIE)
    return answer


@blp.post("/password")
def account_change_password() -> Response | Redirection:
    """The current one proves who asks; other devices are logged out."""
    form = request.form
    if form.get("password") != form.get("again"):
        return _home(about="password", said="again")
    return _doing("password", lambda: change_password(form.get("current", ""), form.get("password", "")))


@blp.post("/sessions/<string:of_session>/end")
def account_end_session(of_session: str) -> Redirection:
    accounts().sessions.end(of_session, user_id=scope.caller().user.user_id)
    return redirect("/account?done=session", 303)


@blp.post("/sessions/end-others")
def account_end_others() -> Redirection:
    accounts().sessions.end_all(scope.caller().user.user_id, but=session_id())
    return redirect("/account?done=sessions", 303)


@blp.post("/mail")
def account_choose_mail() -> Redirection:
    """What is not ticked comes no more."""
    choose([topic for topic in TOPICS if topic not in request.form.getlist("topic")])
    return redirect("/account?done=mail", 303)


@blp.get("/data.zip")
def account_data() -> Response:
    """All that is known of the reader, with what he sent."""
    return persons.my_data_zipped()


@blp.post("/erasure")
def account_ask_erasure() -> Response | Redirection:
    name_command(request.form.get("key", ""))
    return _doing("erasure", persons.wish_to_be_forgotten)


@blp.post("/erasure/withdraw")
def account_withdraw_erasure() -> Response | Redirection:
    return _doing("erasure", persons.stay_after_all)


# -- colleagues --------------------------------------------------------------------------------------------------------


@blp.get("/colleagues")
def account_colleagues() -> Response:
    """Who speaks for the reader's customers; who may approve lets others in."""
    if not scope.caller().is_customer:
        raise NotFound("route.not-found")
    return _colleagues()


@blp.post("/colleagues/<string:customer_id>")
def account_add_colleague(customer_id: str) -> Response | Redirection:
    """A new contact; invited to the portal at once, where there is an address."""
    scope.check(customer_id)
    form = request.form
    name_command(form.get("key", ""))
    contact_id = new_id("contact")
    email, name = form.get("email", "").strip(), form.get("name", "").strip()
    said: dict[str, Any] = {"customer_id": customer_id, "contact_id": contact_id, "name": name}
    said |= {"email": email} if email else {}
    said["rights"] = _rights()
    try:
        _, headers = execute("contracts", "authorise_contact", said, customer_id=customer_id)
        if email:
            _as("invite_contact", customer_id)
            invite(customer_id, contact_id)
    except (Refused, Invalid) as error:
        return _colleagues(customer_id, refused=error)
    return redirect(f"/account/colleagues?wait={headers[WAIT_HEADER]}&done=colleague", 303)


@blp.post("/colleagues/<string:customer_id>/<string:contact_id>/<string:action>")
def account_change_colleague(customer_id: str, contact_id: str, action: str) -> Response | Redirection:
    """``rights``: others than so far; ``invite`` to the portal; ``remove``: he speaks no more."""
    acts: dict[str, Callable[[str, str], dict[str, str]]] = {"rights": _change, "invite": _invite, "remove": _remove}
    if action not in acts:
        raise NotFound("route.not-found")
    scope.check(customer_id)
    name_command(request.form.get("key", ""))
    try:
        headers = acts[action](customer_id, contact_id)
    except (Refused, Invalid) as error:
        return _colleagues(customer_id, refused=error)
    wait = f"wait={headers[WAIT_HEADER]}&" if headers else ""
    return redirect(f"/account/colleagues?{wait}done={action}", 303)


def _change(customer_id: str, contact_id: str) -> dict[str, str]:
    known = {each["contact_id"]: each for each in ask("contracts", "customer", customer_id=customer_id)["contacts"]}
    if contact_id not in known:
        raise NotFound("not-found")
    kept = {name: known[contact_id][name] for name in ("name", "email", "phone", "role") if known[contact_id][name]}
    said = {"customer_id": customer_id, "contact_id": contact_id, **kept, "rights": _rights()}
    return execute("contracts", "authorise_contact", said, customer_id=customer_id)[1]


def _invite(customer_id: str, contact_id: str) -> dict[str, str]:
    _as("invite_contact", customer_id)
    invite(customer_id, contact_id)
    return {}


def _remove(customer_id: str, contact_id: str) -> dict[str, str]:
    _as("remove_contact", customer_id)
    payload = {"customer_id": customer_id, "contact_id": contact_id}
    return execute("contracts", "remove_contact", payload, customer_id=customer_id)[1]


def _as(operation: str, customer_id: str) -> None:
    """From here on it is this operation, with its own right."""
    g.access = PERMISSIONS[operation]
    scope.check(customer_id)


def _rights() -> list[str]:
    return [right for right in RIGHTS if right in request.form.getlist("rights")]


def _colleagues(customer_id: str = "", *, refused: VigenciaError | None = None) -> Response:
    who = scope.caller()
    mine = who.customers() or []
    approves = set(who.customers("approval") or ())
    found = []
    for id_ in mine:
        customer = local("customer", customer_id=id_, customers=mine)
        contacts = [{**each, "me": each["contact_id"] == who.contact_for(id_)} for each in customer["contacts"]]
        found.append({"customer_id": id_, "name": customer["name"], "contacts": contacts, "approves": id_ in approves})
    status = 200 if refused is None else refused.status
    said = {"customer_id": customer_id, "why": _words(refused), "name": request.form.get("name", "")}
    said["email"] = request.form.get("email", "")
    return _page("account/colleagues.html", status=status, customers=found, said=said, rights=RIGHTS)


# -- shared ------------------------------------------------------------------------------------------------------------


def _doing(about: str, act: Callable[[], Any]) -> Response | Redirection:
    try:
        act()
    except (Refused, Invalid, NotFound) as error:
        return _home(about=about, said=_words(error), status=error.status)
    except VigenciaError as error:
        if error.kind != "too-many":
            raise
        return _home(about=about, said=why(error), status=error.status)
    return redirect(f"/account?done={about}", 303)


def _home(*, about: str = "", said: str = "", status: int = 0) -> Response:
    user = scope.caller().user
    declined = current_app.extensions["vigencia"].declined.topics(my_contacts())
    return _page(
        "account/home.html",
        status=status or (422 if said else 200),
        sessions=[shown(each) for each in accounts().sessions.of(user.user_id)],
        erasure=current_app.extensions["vigencia"].erasures.last_of(user.user_id),
        topics={topic: topic not in declined for topic in TOPICS} if scope.caller().is_customer else {},
        about=about,
        said=said,
    )


def _page(template: str, *, status: int = 200, **context: Any) -> Response:
    """Within the portal for customers' people, within the console for staff."""
    if scope.caller().is_customer:
        framed = {"frame": "portal/frame.html", "done": request.args.get("done", ""), "key": str(uuid7())}
        return page(template, status=status, reader=scope.caller(), **framed, **context)
    return console.show(template, status=status, frame="console/layout.html", **context)


def _words(error: VigenciaError | None) -> str:
    """Of an invalid field, what is wrong with it."""
    if isinstance(error, Invalid) and error.problems:
        from gateway.pages.frame import chosen_language

        words = error.problems[0].get("words") or {}
        return str(words.get(chosen_language()) or error.problems[0].get("message") or why(error))
    return why(error)
