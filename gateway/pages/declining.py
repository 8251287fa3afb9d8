"""No more mail of a topic, by the address in the mail itself (RFC 8058): one POST, without a login, a cookie or a question.

A mail program posts ``List-Unsubscribe=One-Click``; a person who follows the link sees a page with one button, since mail
scanners follow links, too. The same page brings the mail back.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from gateway.mail.declining import TOPICS, Declined
from gateway.pages.frame import failure, page
from gateway.pages.links import Link
from services.errors import NotFound, VigenciaError

PREFIX = "/u"
blp = Blueprint("declining", __name__, url_prefix=PREFIX)


@blp.errorhandler(VigenciaError)
def failed(error: VigenciaError) -> Response:
    return failure(error)


@blp.get("/<string:token>")
def show_declining(token: str) -> Response:
    """What it would do. Nothing changes, however often and by whom it is opened."""
    return _shown(_admit(token), token)


@blp.post("/<string:token>")
def decline_mail(token: str) -> Response:
    """The mail program's button, or the page's: no more of this; ``again=1``: as before."""
    link = _admit(token)
    parts = current_app.extensions["vigencia"]
    if request.form.get("again"):
        _declined().accept(link.contact_id, link.id)
    else:
        how = "one-click" if request.form.get("List-Unsubscribe") else "page"
        _declined().decline(link.contact_id, link.id, how=how, at=parts.clock())
    return _shown(link, token)


def _admit(token: str) -> Link:
    """A link that is too old still says no: nobody is kept from that."""
    link: Link | None = current_app.extensions["vigencia"].links.read(token)
    if link is None or link.kind != "decline" or link.id not in TOPICS:
        raise NotFound("link.unknown")
    return link


def _shown(link: Link, token: str) -> Response:
    declined = link.id in _declined().topics([link.contact_id])
    return page("declining.html", token=token, topic=link.id, declined=declined)


def _declined() -> Declined:
    return current_app.extensions["vigencia"].declined  # type: ignore[no-any-return]
