"""Pages that change while they are open: ``/live?topics=…`` tells by server-sent events that something is to be read again.

It carries no data: the page reads itself again, as the reader who he is. Who may not see a thing does not hear of it; that is
asked when the stream begins and again at each sign. Without a script a page is as it was when it was opened.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, g, request, stream_with_context

from gateway.api import scope
from gateway.api.calls import ask
from gateway.api.gate import caller_of
from gateway.api.resources.requests import own_request
from gateway.identity.permissions import PERMISSIONS
from gateway.live import Key, LiveWatch, Marks
from gateway.pages import session
from services.errors import Forbidden, NotFound, Unavailable, VigenciaError

blp = Blueprint("live", __name__)
blp.before_request(session.admit)

LIFE = 240.0  # seconds; then the browser comes again, and is looked at anew
SIGN = 15.0  # seconds between two signs of life
MOST_TOPICS = 8


@dataclass(frozen=True, slots=True)
class Topic:
    """What pages may wait for. ``operation``: who reads it by the API hears of it. ``stream``: of one thing, by its id."""

    source: str
    operation: str
    stream: str | None = None


TOPICS = {
    "requests": Topic("tickets", "list_requests"),
    "request": Topic("tickets", "get_request", "request-{}"),
    "visits": Topic("tickets", "list_visits"),
    "visits_of": Topic("tickets", "list_visits", "visits-{}"),  # of a contract
    "customers": Topic("contracts", "list_customers"),
    "customer": Topic("contracts", "get_customer", "customer-{}"),
    "contracts": Topic("contracts", "list_contracts"),
    "contract": Topic("contracts", "get_contract", "contract-{}"),
    "receivables": Topic("billing", "list_receivables"),
    "account": Topic("billing", "get_account", "account-{}"),
    "evaluations": Topic("feedback", "list_evaluations"),
    "operations": Topic("operations", "system_state"),
}


@blp.errorhandler(VigenciaError)
def failed(error: VigenciaError) -> Response:
    return Response("", error.status)


@blp.get("/live")
def live_changes() -> Response:
    """``topics``: names of ``TOPICS``, of one thing as ``request/<id>``, by commas; ``since``: the marks of the page."""
    names = [name for name in request.args.get("topics", "").split(",") if name][:MOST_TOPICS]
    for name in names:
        _admit(name)
    watch = _watch()
    if not names or watch is None:
        raise NotFound("route.not-found")
    if watch.full():
        raise Unavailable("live.full")
    known = _since(watch, names)
    answer = Response(stream_with_context(_signs(watch, names, known)), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"  # proxies pass on at once
    return answer


def watching(*names: str) -> None:
    """A page shows these topics: called before it reads, so that nothing between is missed. Templates: ``live_url``."""
    watch = _watch()
    if watch is not None:
        marks = watch.marks([_key(name) for name in names])
        since = ",".join(str(marks.get(_key(name), 0)) for name in names)
        g.live_url = f"/live?topics={','.join(names)}&since={since}"


def _watch() -> LiveWatch | None:
    watch: LiveWatch | None = current_app.extensions["vigencia"].live
    return watch


def _key(name: str) -> Key:
    kind, _, id_ = name.partition("/")
    topic = TOPICS[kind]
    return topic.source, topic.stream.format(id_) if topic.stream else None


def _admit(name: str) -> None:
    """As the API's gate and the thing's own page would. A customer hears of single things of his own only."""
    kind, _, id_ = name.partition("/")
    topic = TOPICS.get(kind)
    if topic is None or bool(topic.stream) != bool(id_):
        raise NotFound("route.not-found")
    access = PERMISSIONS[topic.operation]
    who = scope.caller()
    if not access.roles & set(who.user.roles) or (who.is_customer and topic.stream is None):
        raise Forbidden("access.denied", operation=topic.operation)
    g.access = access
    if not who.is_customer:
        return
    if kind == "request":
        own_request(id_, reading=True)
    elif kind == "customer":
        scope.check(id_)
    else:
        scope.of("contract", id_, lambda: ask("contracts", "contract", contract_id=id_))


def _since(watch: LiveWatch, names: list[str]) -> Marks:
    """Where the page stood when it was made, or when it last heard of something."""
    keys = [_key(name) for name in names]
    said = (request.headers.get("Last-Event-ID") or request.args.get("since", "")).split(",")
    if len(said) == len(keys) and all(each.isdecimal() for each in said):
        return {key: int(mark) for key, mark in zip(keys, said, strict=True)}
    return watch.marks(keys)


def _signs(watch: LiveWatch, names: list[str], known: Marks) -> Iterator[str]:
    yield "retry: 3000\n\n"
    end = time.monotonic() + LIFE
    while time.monotonic() < end:
        moved = watch.changes(known, SIGN)
        if not _still_admitted(names):
            return
        if not moved:
            yield ": here\n\n"
            continue
        known |= moved
        id_ = ",".join(str(known[_key(name)]) for name in names)
        for name in names:
            if _key(name) in moved:
                yield f"id: {id_}\nevent: changed\ndata: {name}\n\n"


def _still_admitted(names: list[str]) -> bool:
    """Who was logged out, locked, or lost the thing meanwhile hears no more."""
    try:
        user = session.reader()
        if user is None:
            return False
        g.caller = caller_of(user)  # asked anew; it is no call that the reader's pace counts
        for name in names:
            _admit(name)
    except VigenciaError:
        return False
    return True
