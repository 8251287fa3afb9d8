"""The list of requests: all, or those of a group of states."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from gateway.api import scope
from gateway.api.calls import local
from gateway.pages.portal.frame import blp, show

STATE_GROUPS = {
    "active": ("open", "in_progress"),
    "yours": ("waiting", "awaiting_confirmation"),
    "over": ("resolved", "closed", "cancelled"),
}
"""By which the customer filters his requests: being worked on, his turn, over."""


@blp.get("/requests")
def portal_requests() -> Response:
    """All, or only those of a group of states: what is under way, what waits for the customer, what is over."""
    group = request.args.get("state", "")
    asked: dict[str, Any] = {"limit": 30, "after": request.args.get("after") or None}
    if group in STATE_GROUPS:
        asked["status"] = list(STATE_GROUPS[group])
    found = local("requests", **scope.requests_seen(), **asked)
    return show("portal/requests.html", items=found["items"], next=found["next"], group=group)
