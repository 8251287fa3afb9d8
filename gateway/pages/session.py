"""Logging in by a browser: a cookie that scripts cannot read, which names a session that its user can see and end."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as Redirection

from gateway.api import calls
from gateway.api.entering import accounts, browser
from gateway.api.gate import caller_of, pace
from gateway.identity.accounts import LoginFailed
from gateway.identity.attempts import TooMany
from gateway.identity.permissions import PAGES, PERMISSIONS
from gateway.identity.sessions import Opened, Read
from gateway.identity.users import User
from gateway.pages.frame import LANGUAGE_COOKIE, YEAR, failure, page, why
from services.errors import Forbidden, VigenciaError

COOKIE = "vigencia"
LIVE_HEADER = "X-Vigencia-Live"
"""A page that reads itself again (``live.js``) says so."""
blp = Blueprint("session_pages", __name__)


@blp.errorhandler(VigenciaError)
def failed(error: VigenciaError) -> Response:
    return failure(error)


@blp.get("/login")
def show_login() -> Response:
    return page("login.html", login="", why="", after=after(), stays=False)


@blp.post("/login")
def log_in_by_page() -> Response | Redirection:
    """Wrong name and wrong password are told alike; too many of them, too."""
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    stays = request.form.get("stays") == "1"
    try:
        user, opened = accounts().log_in(login, password, browser(stays=stays))
    except (LoginFailed, TooMany) as error:
        answer = page("login.html", status=error.status, login=login, why=why(error), after=after(), stays=stays)
        if isinstance(error, TooMany):
            answer.headers["Retry-After"] = str(error.params["seconds"])
        return answer
    return entered(user, opened)


@blp.post("/logout")
def log_out_by_page() -> Redirection:
    if (read := _read()) is not None:
        accounts().sessions.end(read.session_id, user_id=read.user.user_id)
    answer = redirect("/login", 303)
    answer.delete_cookie(_cookie(), secure=request.is_secure)
    return answer


def entered(user: User, opened: Opened) -> Redirection:
    """Logged in: the cookie, the user's language, and the way on."""
    answer = redirect(after() or "/", 303)
    _remember(answer, opened.secret, timedelta(seconds=_seconds_left(opened)))
    if user.lang:
        answer.set_cookie(LANGUAGE_COOKIE, user.lang, max_age=YEAR, samesite="Lax", secure=request.is_secure)
    return answer


def admit() -> Redirection | None:
    """Before each page: who reads, and may he? Who is not logged in is led to the login, and back."""
    user = reader()
    if user is None:
        path = request.full_path.rstrip("?") if request.method == "GET" else request.path
        return redirect(f"/login?after={quote(path)}", 303)
    g.caller = caller_of(user)
    pace(g.caller)
    if request.blueprint == "portal" and not g.caller.is_customer:
        return redirect("/", 303)  # the portal is the customers'
    if request.blueprint == "console" and g.caller.is_customer:
        return redirect("/", 303)  # and the console is the staff's
    access = PERMISSIONS[PAGES[(request.endpoint or "").rpartition(".")[2]]]
    if not access.roles & set(user.roles):
        raise Forbidden("access.denied", operation=request.path)
    g.access = access
    calls.wait_as_asked()
    return None


def reader() -> User | None:
    """The user of the browser's cookie."""
    g.read = _read()
    g.session_id = g.read.session_id if g.read else None
    return g.read.user if g.read else None


def renew(response: Response) -> Response:
    """Whoever reads stays logged in; whoever is away for an hour does not, though his page reads itself again."""
    read: Read | None = g.get("read")
    if read is not None and read.noted and response.status_code < 400:
        _remember(response, request.cookies[_cookie()], read.lasts)
    return response


def after() -> str:
    """Where to go on after the login: a path of ours, or nowhere."""
    asked = request.values.get("after", "")
    ours = asked.startswith("/") and not asked.startswith(("//", "/\\"))
    return asked if ours else ""


def _read() -> Read | None:
    text = request.cookies.get(_cookie(), "")
    by_itself = LIVE_HEADER in request.headers or request.path == "/live"
    return accounts().sessions.reader(text, noting=not by_itself) if text else None


def _cookie() -> str:
    """Over https the name itself forbids that another host of the domain sets it (RFC 6265bis, ``__Host-``)."""
    return f"__Host-{COOKIE}" if request.is_secure else COOKIE


def _remember(answer: Response | Redirection, text: str, lasts: timedelta) -> None:
    answer.set_cookie(_cookie(), text, max_age=lasts, httponly=True, samesite="Lax", secure=request.is_secure, path="/")


def _seconds_left(opened: Opened) -> float:
    return (opened.session.expires_at - opened.session.created_at).total_seconds()


__all__ = ["admit", "after", "blp", "entered", "reader", "renew"]
