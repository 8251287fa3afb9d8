"""What the portal's pages share: who gets in, how a page is shown, whose things are his."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, request
from uuid_utils import uuid7
from werkzeug.wrappers import Response as Redirection

from gateway.api import scope
from gateway.api.calls import WAIT_HEADER
from gateway.pages import session
from gateway.pages.frame import failure, page, why
from gateway.pages.links import Link
from services.errors import Refused, VigenciaError

blp = Blueprint("portal", __name__, url_prefix="/portal")
blp.before_request(session.admit)
blp.after_request(session.renew)


@blp.errorhandler(VigenciaError)
def failed(error: VigenciaError) -> Response:
    return failure(error)


def show(template: str, **context: Any) -> Response:
    """A page of the portal. ``key``: of the next form; what is sent twice with it is done once."""
    return page(template, reader=scope.caller(), key=str(uuid7()), live_url=g.get("live_url", ""), **context)


def with_right(right: str) -> list[str] | None:
    """The customers for whom the reader has the right."""
    return scope.caller().customers(right)


def link_to(kind: Any, id_: str, row: Mapping[str, Any]) -> str:
    """The page that a mail would open, for this reader."""
    contact = scope.caller().contact_for(row["customer_id"]) or row.get("contact_id") or ""
    token = current_app.extensions["vigencia"].links.token(Link(kind, id_, row["customer_id"], contact))
    return f"/l/{token}"


def see(path: str, headers: Mapping[str, str]) -> Redirection:
    """Go there, once the read models show what was done."""
    return redirect(f"{path}{'&' if '?' in path else '?'}wait={headers[WAIT_HEADER]}", 303)


def named(rows: list[dict[str, Any]], key: str, id_: str | None, name: str) -> str | None:
    return next((row[name] for row in rows if row[key] == id_), None)


def said(refused: Refused | None, action: str) -> dict[str, str]:
    """What the reader wrote into the form that was refused, and why it was."""
    return {"action": action, "why": why(refused), "text": request.form.get("text", "")}


def may_accept(customer_id: str | None) -> bool:
    """A price is accepted by who has the right to money or approval."""
    who = scope.caller()
    return any(customer_id in (who.customers(right) or ()) for right in ("money", "approval"))
