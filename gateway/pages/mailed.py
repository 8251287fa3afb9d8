"""The pages that a mailed link opens, without a login: the customer's verdict on a service, a price to accept, and a
receivable to pay.

Only a POST does something, by a button. What the person may do is looked up each time, as for a logged in contact.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as Redirection

from gateway.api.calls import ask, execute, local
from gateway.api.gate import caller_of
from gateway.api.resources.bank import receivable_pdf
from gateway.identity.permissions import Access
from gateway.identity.roles import CONTACT
from gateway.identity.users import User
from gateway.pages.frame import chosen_language, failure, page, why
from gateway.pages.links import Link
from gateway.pages.price import answer_price, price_page
from gateway.pages.receivable import receivable_shown
from services.errors import NotFound, Refused, VigenciaError

blp = Blueprint("mailed", __name__, url_prefix="/l")
ACTIONS = {"confirm": "confirm_service", "contest": "contest_service", "rate": "rate_service", "edit": "edit_rating"}
RIGHTS = {"evaluation": ("requests",), "receivable": ("money",), "price": ("money", "approval")}
"""Of which one is needed."""


class LinkExpired(VigenciaError):
    kind = "not-found"
    status = 410


@blp.errorhandler(VigenciaError)
def failed(error: VigenciaError) -> Response:
    return failure(error)


@blp.get("/<string:token>")
def show_mailed(token: str) -> Response:
    """What the link is about. Nothing changes, however often and by whom it is opened."""
    link = _admit(token)
    if link.kind == "evaluation":
        return _evaluation(link, token)
    if link.kind == "price":
        return price_page(link, token)
    return page("receivable.html", **receivable_shown(link.id, f"/l/{token}/receivable.pdf"))


@blp.post("/<string:token>/<string:action>")
def answer_mailed(token: str, action: str) -> Response | Redirection:
    """The customer's word: it was done, it was not, a score, another score; yes or no to a price."""
    link = _admit(token)
    if link.kind == "price":
        return answer_price(link, token, action) or _again(token)
    if link.kind != "evaluation" or action not in ACTIONS:
        raise NotFound("route.not-found")
    payload: dict[str, Any] = {"evaluation_id": link.id, "by": link.contact_id}
    if action == "contest":
        payload["reason"] = request.form.get("reason", "").strip()
    if action in ("rate", "edit"):
        score = request.form.get("score", "")
        payload |= {"score": int(score) if score in ("1", "2", "3", "4", "5") else 0}
        payload["comment"] = request.form.get("comment", "").strip() or None
    g.command_id = _command_id(token, action, payload)
    try:
        execute("feedback", ACTIONS[action], payload, customer_id=link.customer_id)
    except Refused as error:
        return _evaluation(link, token, refused=error, action=action)
    return _again(token)


def _again(token: str) -> Redirection:
    """The page, as it stands after the answer."""
    return redirect(url_for("mailed.show_mailed", token=token, lang=request.args.get("lang")), 303)


@blp.get("/<string:token>/receivable.pdf")
def show_mailed_pdf(token: str) -> Response:
    """The receivable as a document."""
    link = _admit(token)
    if link.kind != "receivable":
        raise NotFound("route.not-found")
    return receivable_pdf(link.id, lang=chosen_language())


def _admit(token: str) -> Link:
    """The link's person as the caller: as long as he speaks for the customer, with the right that the thing needs."""
    link: Link | None = current_app.extensions["vigencia"].links.read(token)
    if link is None or link.kind not in RIGHTS:
        raise NotFound("link.unknown")
    if link.expired:
        raise LinkExpired("link.expired")
    pair = {"customer_id": link.customer_id, "contact_id": link.contact_id}
    g.caller = caller_of(User(f"link:{link.contact_id}", "", "", (CONTACT,), (pair,)))
    g.access = Access(frozenset({CONTACT}))
    if not any(g.caller.customers(right) for right in RIGHTS[link.kind]):
        raise NotFound("link.unknown")
    return link


def _command_id(token: str, action: str, payload: Mapping[str, Any]) -> str:
    """A double tap is one answer; another text is another answer."""
    said = f"{token}/{action}/{payload.get('score')}/{payload.get('comment')}/{payload.get('reason')}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(said.encode()).hexdigest()))


def _evaluation(link: Link, token: str, *, refused: Refused | None = None, action: str = "") -> Response:
    evaluation = ask("feedback", "evaluation", evaluation_id=link.id)
    asked = ask("tickets", "request", request_id=evaluation["request_id"], audience="customer")
    edit_until = evaluation.get("edit_until")
    editable = (
        edit_until is not None and datetime.fromisoformat(edit_until) > current_app.extensions["vigencia"].clock()
    )
    return page(
        "evaluation.html",
        status=200 if refused is None else refused.status,
        token=token,
        letterhead=local("letterhead", contract_id=evaluation["contract_id"]),
        evaluation=evaluation,
        request=asked,
        step=step_of(evaluation, editable=editable),
        editing=editable and (request.args.get("edit") == "1" or action == "edit"),
        said=_said(refused, action),
    )


def step_of(evaluation: Mapping[str, Any], *, editable: bool) -> str:
    """What the page is about now: ``ask``, ``rate``, ``rated``, ``contested``, ``tacit`` (silence counted; a word still
    may be said) or ``over``."""
    status, score = evaluation["status"], evaluation.get("score")
    if status == "contested":
        return "contested"
    if score is not None:
        return "rated"
    if status == "confirmed":
        return "tacit" if evaluation.get("tacit") else "rate"
    unanswered = evaluation.get("expired_cause") == "unanswered"  # silence proves nothing here: a word is still awaited
    return "ask" if status in ("planned", "asked") or unanswered else "over"


def _said(refused: Refused | None, action: str) -> dict[str, Any]:
    """What the person wrote, given back when a rule said no, and why it did."""
    return {
        "action": action,
        "why": why(refused),
        "score": request.form.get("score", ""),
        "comment": request.form.get("comment", ""),
        "reason": request.form.get("reason", ""),
    }
