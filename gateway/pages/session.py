"""Logging in by a browser: a cookie that scripts cannot read, renewed while it is used, and no form from elsewhere.

A form counts only when the browser says that it comes from these pages (``Sec-Fetch-Site``, else ``Origin``); with the
cookie's ``SameSite=Lax`` that is what keeps other sites from acting in the reader's name (OWASP, CSRF cheat sheet).
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, current_app, g, redirect, request
from werkzeug.wrappers import Response as Redirection

from gateway.api import calls
from gateway.api.gate import caller_of
from gateway.identity.permissions import PAGES, PERMISSIONS
from gateway.identity.users import User
from gateway.pages.frame import failure, page
from services.errors import Forbidden, VigenciaError

COOKIE = "vigencia"
LIFE = timedelta(hours=1)
LIVE_HEADER = "X-Vigencia-Live"
"""A page that reads itself again (``live.js``) says so."""
blp = Blueprint("session_pages", __name__)


@blp.errorhandler(VigenciaError)
def failed(error: VigenciaError) -> Response:
    return failure(error)


@blp.get("/login")
def show_login() -> Response:
    return page("login.html", login="", why="", after=_after())


@blp.post("/login")
def log_in_by_page() -> Response | Redirection:
    """Wrong name and wrong password are told alike."""
    refuse_foreign_forms()
    parts = current_app.extensions["vigencia"]
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    user = parts.users.by_login(login)
    if not parts.passwords.verify(user.password_hash if user else None, password) or not user.active:
        return page("login.html", status=401, login=login, why="login.failed", after=_after())
    answer = redirect(_after() or "/", 303)
    _remember(answer, user)
    return answer


@blp.post("/logout")
def log_out_by_page() -> Redirection:
    refuse_foreign_forms()
    answer = redirect("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


def admit() -> Redirection | None:
    """Before each page: who reads, and may he? Who is not logged in is led to the login, and back."""
    user = reader()
    if user is None:
        path = request.full_path.rstrip("?") if request.method == "GET" else request.path
        return redirect(f"/login?after={quote(path)}", 303)
    if request.method == "POST":
        refuse_foreign_forms()
    g.caller = caller_of(user)
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
    parts = current_app.extensions["vigencia"]
    user_id = parts.tokens.user_of(request.cookies.get(COOKIE, ""))
    user: User | None = parts.users.by_id(user_id) if user_id else None
    return user if user is not None and user.active else None


def renew(response: Response) -> Response:
    """Whoever reads stays logged in; whoever is away for an hour does not, though his page reads itself again."""
    if "caller" in g and response.status_code < 400 and LIVE_HEADER not in request.headers:
        _remember(response, g.caller.user)
    return response


def refuse_foreign_forms() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    if site in ("same-origin", "none"):
        return
    origin = request.headers.get("Origin")
    if site is None and (origin is None or urlsplit(origin).netloc == request.host):
        return
    raise Forbidden("form.foreign")


def _remember(answer: Response | Redirection, user: User) -> None:
    token, _ = current_app.extensions["vigencia"].tokens.issue(user.user_id)
    answer.set_cookie(COOKIE, token, max_age=LIFE, httponly=True, samesite="Lax", secure=request.is_secure, path="/")


def _after() -> str:
    """Where to go on after the login: a path of ours, or nowhere."""
    asked = request.values.get("after", "")
    ours = asked.startswith("/") and not asked.startswith(("//", "/\\"))
    return asked if ours else ""


__all__ = ["admit", "blp", "reader", "renew"]
