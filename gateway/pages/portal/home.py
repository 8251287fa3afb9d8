"""The portal's first page: what needs the customer, then what is under way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response, current_app

from gateway.api import scope
from gateway.api.calls import local
from gateway.pages.portal.contracts import remaining_of
from gateway.pages.portal.frame import blp, link_to, may_accept, show, with_right

SOON = timedelta(days=10)
MOST_CONTRACTS = 5


@blp.get("")
def portal_home() -> Response:
    """What needs the customer first, then what is under way."""
    today = current_app.extensions["vigencia"].clock().date()
    money, asks = with_right("money"), with_right("requests")
    to_pay = local("receivables", customers=money, status=["overdue", "open"], limit=50)["items"]
    evaluations = local("evaluations", customers=asks, status="asked", limit=20)["items"]
    seen = scope.requests_seen()
    active = local("requests", status=["open", "in_progress", "waiting"], limit=20, **seen)["items"]
    priced = local("requests", status=["open", "in_progress", "waiting"], priced=True, limit=20, **seen)["items"]
    visits = local("visits", customers=asks, status=["planned", "started"], since=today, limit=5)["items"]
    return show(
        "portal/home.html",
        to_pay=sorted((each for each in to_pay if _soon(each, today + SOON)), key=lambda each: each["due_on"]),
        evaluations=[{**each, "link": link_to("evaluation", each["evaluation_id"], each)} for each in evaluations],
        priced=[each for each in priced if may_accept(each["customer_id"])],
        waiting=[each for each in active if each["status"] == "waiting"],
        active=[each for each in active if each["status"] != "waiting"],
        visits=visits,
    )


def _soon(receivable: Mapping[str, Any], until: Any) -> bool:
    return receivable["status"] == "overdue" or (receivable["due_on"] or "") <= str(until)


@blp.get("/remaining")
def portal_remaining() -> Response:
    """What the contracts still include this month: a part of the first page, fetched after it, since services answer it."""
    found = local("contracts", customers=scope.only(), status=["active"], limit=MOST_CONTRACTS)["items"]
    return show("portal/remaining.html", remaining=[each for row in found for each in remaining_of(row)])
