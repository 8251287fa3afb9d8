"""The queue: requests as a list or a board. All filters stand in the address, so that a view can be kept and sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from gateway.api.calls import local
from gateway.pages.console.frame import blp, show
from gateway.pages.live import watching
from gateway.queries.requests import ACTIVE, DUE, NOBODY, SORTS

STATES = (*ACTIVE, "awaiting_confirmation", "resolved", "closed", "cancelled")
BOARD = (*ACTIVE, "awaiting_confirmation", "resolved")
PRIORITIES = ("critical", "high", "medium", "low")
CHANNELS = ("portal", "phone", "email", "other")
KEPT = ("view", "status", "priority", "assignee", "customer", "contract", "channel", "due", "priced", "q", "sort")
ALL, UNFINISHED = "all", ""
PAGE, COLUMN = 40, 25


@blp.get("/requests")
def console_queue() -> Response:
    """``status``: a state, ``all``, or what is unfinished; ``assignee``: a user, ``me``, ``none``."""
    watching("requests")
    asked = {name: request.args.get(name, "").strip() for name in KEPT}
    board = asked["view"] == "board"
    filters = filters_of(asked)
    counts = local("request_counts", **filters)
    columns, found = [], None
    if board:
        for state in BOARD:
            rows = local("requests", **filters, status=state, sort=asked["sort"] or "due", limit=COLUMN)["items"]
            columns.append({"state": state, "items": rows, "count": counts.get(state, 0)})
    else:
        states = None if asked["status"] == ALL else asked["status"] or list(ACTIVE)
        page = {"sort": asked["sort"] or "due", "limit": PAGE, "after": request.args.get("after") or None}
        found = local("requests", **filters, status=states, **page)
    return show(
        "console/queue.html",
        asked=asked,
        board=board,
        columns=columns,
        found=found,
        counts=counts,
        active=sum(counts.get(state, 0) for state in ACTIVE),
        total=sum(counts.values()),
        states=STATES,
        priorities=PRIORITIES,
        channels=CHANNELS,
        sorts=SORTS,
        dues=DUE,
        staff=local("staff")["items"],
        chosen=_chosen(asked),
        link=lambda **changes: address(asked, **changes),
        here=request.full_path.rstrip("?"),
        filtered=any(asked[name] for name in KEPT if name not in ("view", "sort", "status")),
    )


def filters_of(asked: Mapping[str, str]) -> dict[str, Any]:
    """The query's parameters, but for the state; what is no value of a filter counts as left out."""
    from gateway.api import scope

    taker = {"me": scope.caller().user.user_id, NOBODY: NOBODY}.get(asked["assignee"], asked["assignee"])
    given: dict[str, Any] = {
        "priority": asked["priority"] if asked["priority"] in PRIORITIES else None,
        "assignee_id": taker or None,
        "customer_id": asked["customer"] or None,
        "contract_id": asked["contract"] or None,
        "channel": asked["channel"] if asked["channel"] in CHANNELS else None,
        "due": asked["due"] if asked["due"] in DUE else None,
        "priced": True if asked["priced"] else None,
        "search": asked["q"][:200] or None,
    }
    return {name: value for name, value in given.items() if value is not None}


def address(asked: Mapping[str, str], **changes: str | None) -> str:
    """The queue's address with some filters changed; another page or sort begins at its beginning."""
    kept = {**asked, **changes}
    said = urlencode({name: value for name, value in kept.items() if value})
    return f"/console/requests?{said}" if said else "/console/requests"


def _chosen(asked: Mapping[str, str]) -> dict[str, str]:
    """The names behind the ids of the filters."""
    kinds = {"customer": asked["customer"], "contract": asked["contract"]}
    return {kind: local("names", kind=kind, ids=[id_])["names"].get(id_, id_) for kind, id_ in kinds.items() if id_}
