"""The ways in without a password: a wish for a link, and the page that a mailed link opens (``/e/…``).

Opening it changes nothing, since mail scanners follow links; its button logs in, once.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as Redirection

from gateway.api.entering import accounts, address, browser
from gateway.identity.onetime import LOGIN, PASSWORD, OneTime
from gateway.identity.users import User
from gateway.pages.frame import chosen_language, failure, page
from gateway.pages.session import after, entered
from services.errors import Invalid, VigenciaError

blp = Blueprint("entrance", __name__)
WISHES = {"link": LOGIN, "password": PASSWORD}


@blp.errorhandler(VigenciaError)
def failed(error: VigenciaError) -> Response:
    return failure(error)


@blp.get("/login/link")
def show_link_wish() -> Response:
    """``?for=password``: a new password is to be chosen."""
    return page("link_wish.html", wish=_wish(), login=request.args.get("login", ""), asked=False, after=after())


@blp.post("/login/link")
def wish_for_link() -> Response:
    """The same answer, whoever was named."""
    login = request.form.get("login", "").strip()
    if login:
        accounts().wish(WISHES[_wish()], login, lang=chosen_language(), address=address())
    return page("link_wish.html", wish=_wish(), login=login, asked=bool(login), after=after())


@blp.get("/e/<string:token>")
def show_entrance(token: str) -> Response:
    link, user = accounts().opened(token, address())
    return _entrance(link, user, token)


@blp.post("/e/<string:token>")
def enter_by_link(token: str) -> Response | Redirection:
    """By its button; an invitation and a reset with the new password, twice the same."""
    link, user = accounts().opened(token, address())
    password, again = request.form.get("password"), request.form.get("again")
    if link.kind != LOGIN and password != again:
        return _entrance(link, user, token, why="again")
    try:
        return entered(*accounts().redeem(token, browser(stays=request.form.get("stays") == "1"), password=password))
    except Invalid as error:
        return _entrance(link, user, token, why=error.problems[0]["words"][chosen_language()])


def _entrance(link: OneTime, user: User, token: str, why: str = "") -> Response:
    status = 422 if why else 200
    answer = page("entrance.html", status=status, link=link, user=user, token=token, why=why)
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _wish() -> str:
    said = request.values.get("for", "link")
    return said if said in WISHES else "link"
