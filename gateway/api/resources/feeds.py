"""Services' feeds for other systems: gap-free, readable again from any place, over HTTP as on the broker."""

from __future__ import annotations

import gzip
from typing import Any

import msgspec
from flask import Response, current_app, request

from gateway.api.blueprint import Blueprint
from gateway.api.calls import backend
from gateway.api.schemas.feeds import FeedHeads, FeedPage, FeedPlace
from gateway.api.scope import caller
from gateway.identity.keys import FEEDS
from gateway.identity.roles import INTEGRATION
from services.errors import Conflict, Forbidden, NotFound

blp = Blueprint("feeds", __name__, description="Events for other systems: see docs/events")

FEED_SECONDS = 10.0
WORTH_PACKING = 1024  # bytes
_LEVEL = 3  # most of what gzip gains, in a third of its time


@blp.route("/feeds/<string:service>", methods=["GET"])
@blp.arguments(FeedPlace, location="query")
@blp.response(200, FeedPage)
def read_service_feed(args: dict[str, Any], service: str) -> Any:
    """A service's events after a place, in their public order, without gaps; personal data stays sealed.

    Give `through` and `chain` of an answer as `after` and `chain` of the next question. 409 `feed.diverged`: the feed no
    longer has the history that you followed (it was restored from an older backup, or is another one).
    An API key needs the scope `feed:<service>`.
    """
    _may(service)
    place = {name: args[name] for name in ("partition", "after", "chain", "feed", "limit")}
    asked = {**place, "types": args["type"]}
    answer = _ask(service, asked)
    if args["wait"] and not answer["events"] and answer["diverged"] is None and answer["through"] == args["after"]:
        watch = current_app.extensions["vigencia"].feeds
        if watch.beyond(service, args["partition"], args["after"], args["wait"]):
            answer = _ask(service, asked)
    if answer["diverged"] is not None:
        told = {"feed": answer["feed"], "chain": answer["chain"], "reason": answer["diverged"]}
        raise Conflict(
            "feed.diverged",
            **told,
            partition=args["partition"],
            after=args["after"],
            asked_feed=args["feed"],
            asked_chain=args["chain"],
        )
    page = {name: answer[name] for name in ("feed", "events", "through", "chain", "head")}
    return _packed({**page, "partition": args["partition"], "chain": answer["chain"] or ""})


@blp.route("/feeds/<string:service>/heads", methods=["GET"])
@blp.response(200, FeedHeads)
def get_feed_heads(service: str) -> Any:
    """The last offset of each of the feed's partitions: how many there are, and whether you have all."""
    _may(service)
    return backend().call(service, "heads", {}, timeout=FEED_SECONDS, headers={})


def _ask(service: str, asked: dict[str, Any]) -> Any:
    return backend().call(service, "feed", asked, timeout=FEED_SECONDS, headers={})


def _may(service: str) -> None:
    who = caller()
    scope = f"feed:{service}"
    if INTEGRATION in who.user.roles and scope not in who.scopes:
        raise Forbidden("access.scope-missing", scope=scope)
    if service not in FEEDS:
        raise NotFound("feed.unknown", service=service, known=list(FEEDS))


def _packed(page: dict[str, Any]) -> Response:
    """Written once as bytes: a page of two thousand events is some megabytes."""
    body = msgspec.json.encode(page)
    response = Response(mimetype="application/json")
    response.headers["Vary"] = "Accept-Encoding, Authorization"
    if len(body) >= WORTH_PACKING and request.accept_encodings.quality("gzip") > 0:
        body = gzip.compress(body, _LEVEL, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(body)
    return response
