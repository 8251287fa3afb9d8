"""Charges: what is to be paid, how, and where it comes from."""

from __future__ import annotations

from flask import Response, request

from gateway.api import scope
from gateway.api.calls import ask, local
from gateway.api.resources.bank import receivable_pdf
from gateway.pages.frame import chosen_language
from gateway.pages.portal.frame import blp, show
from gateway.pages.receivable import receivable_shown


@blp.get("/receivables")
def portal_receivables() -> Response:
    asked = {"limit": 30, "after": request.args.get("after") or None}
    found = local("receivables", customers=scope.only(), **asked)
    return show("portal/receivables.html", items=found["items"], next=found["next"])


@blp.get("/receivables/<string:receivable_id>")
def portal_receivable(receivable_id: str) -> Response:
    _own_receivable(receivable_id)
    return show("portal/receivable.html", **receivable_shown(receivable_id, f"/portal/receivables/{receivable_id}/pdf"))


@blp.get("/receivables/<string:receivable_id>/pdf")
def portal_receivable_pdf(receivable_id: str) -> Response:
    _own_receivable(receivable_id)
    return receivable_pdf(receivable_id, lang=chosen_language())


def _own_receivable(receivable_id: str) -> None:
    scope.of("receivable", receivable_id, lambda: ask("billing", "receivable", receivable_id=receivable_id))
