"""What operators do: look into each part, retry or discard what is parked, run what is due, rebuild, read feeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.blueprint import Blueprint
from gateway.api.calls import backend, operate
from gateway.api.schemas.common import Document
from gateway.api.schemas.system import FeedQuery, Lag, StreamQuery
from gateway.api.scope import caller
from services import logs
from services.errors import NotFound, OutcomeUnknown, Unavailable

blp = Blueprint("operations", __name__, description="Operation of the system")

SERVICES = ("contracts", "billing", "tickets", "feedback", "gateway")
PRIVATE = frozenset({"personal"})
"""Not an operator's: what persons may take away is theirs (``resources/persons.py``)."""
LONG = frozenset({"rebuild", "due", "verify", "retry", "compare"})
LONG_SECONDS = 240.0
ACTING = frozenset({"retry", "discard", "resume", "rebuild", "due", "hold_due", "park"})
LOGGED = ("subscription", "source", "stream", "view", "reason", "accept", "until", "seconds")
log = logs.get("gateway")
QUIET_ROUNDS = 2


@blp.route("/operations", methods=["GET"])
@blp.response(200, Document)
def system_state() -> Any:
    """The state of every part, with reasons: relays, subscriptions, what is due and parked."""
    return dict(backend().health())


@blp.route("/operations/lag", methods=["GET"])
@blp.response(200, Lag)
def system_lag() -> Any:
    """What is still under way: events before relays and subscriptions, commands that are due. All zero: all is quiet.

    Nothing outstanding is only said after two looks, since one part's work may be the next one's.
    """
    for _ in range(QUIET_ROUNDS):
        lag = _lag()
        if any(lag.values()):
            break
    return {"lag": lag}


@blp.route("/operations/<string:service>", methods=["GET"])
@blp.response(200, Document)
def get_operations(service: str) -> Any:
    """One part: health, subscriptions, parked and discarded events, refusals of policies, what is due next, its figures."""
    _check(service)
    topics = ("health", "subscriptions", "parked", "discarded", "refusals", "due_list", "figures")
    return {topic: operate(service, {"action": topic}) for topic in topics}


@blp.route("/operations/<string:service>/feed", methods=["GET"])
@blp.arguments(FeedQuery, location="query")
@blp.response(200, Document)
def read_feed(args: dict[str, Any], service: str) -> Any:
    """The service's feed: its events as sent, in their public order. Personal data stays sealed."""
    _check(service)
    heads = backend().call(service, "heads", {}, timeout=5.0, headers={})
    head = next((each for each in heads["partitions"] if each["partition"] == args["partition"]), None)
    if head is None:
        raise NotFound("feed.no-such-partition", partition=args["partition"])
    asked = {"partition": args["partition"], "after": args["after"], "limit": args["limit"]}
    answer = backend().call(service, "feed", asked, timeout=10.0, headers={})
    return {"feed": answer["feed"], "head": answer["head"], "events": answer["events"], "heads": heads["partitions"]}


@blp.route("/operations/<string:service>/streams", methods=["GET"])
@blp.arguments(StreamQuery, location="query")
@blp.response(200, Document)
def read_stream(args: dict[str, Any], service: str) -> Any:
    """One stream's events as stored. Personal data stays sealed."""
    _check(service)
    return {"stream": args["stream"], "events": operate(service, {"action": "stream", "stream": args["stream"]})}


@blp.route("/operations/<string:service>/<string:action>", methods=["POST"])
@blp.arguments(Document)
@blp.response(200, Document)
def operate_service(data: dict[str, Any], service: str, action: str) -> Any:
    """An operator's action on one service.

    `health`, `figures`, `subscriptions`, `compare`, `parked`, `discarded`, `refusals`, `due_list`, `stream {stream}` and
    `verify` look;
    `retry {subscription, stream}`, `discard {subscription, stream, reason}`, `resume {subscription, accept}`,
    `rebuild {view, wait}`, `due {until}`, `hold-due {seconds}`, `park {subscription, stream, reason}` act. Who acted is logged,
    with his reason.
    """
    return act(service, action, data)


def act(service: str, action: str, data: Mapping[str, Any]) -> Any:
    """The action, by whoever calls; what changes something is logged."""
    _check(service)
    if action in PRIVATE:
        raise NotFound("operation.unknown", action=action)
    name = action.replace("-", "_")
    answer = operate(service, {**data, "action": name}, timeout=LONG_SECONDS if name in LONG else 10.0)
    if name in ACTING:
        said = {key: data[key] for key in LOGGED if data.get(key) not in (None, "")}
        log.warning("operator acted", action=name, of=service, by=caller().user.user_id, **said)
    return answer


def _check(service: str) -> None:
    if service not in SERVICES:
        raise NotFound("service.unknown", service=service, known=list(SERVICES))


def _lag() -> dict[str, int]:
    """A part that does not answer counts as one, since nobody knows.

    Relays are looked at before subscriptions: what a relay has numbered by then, its subscribers' heads show.
    """
    lag: dict[str, int] = {}
    for service in SERVICES:
        try:
            health = operate(service, {"action": "health"})
            positions = operate(service, {"action": "compare"}, timeout=30.0)
        except (Unavailable, OutcomeUnknown):
            lag[f"{service} (no answer)"] = 1
            continue
        lag[f"{service} relay"] = int((health.get("relay") or {}).get("events", 0))
        due = health.get("due") or {}
        lag[f"{service} due"] = max(0, int(due.get("overdue", 0)) - int(due.get("failing", 0)))
        for position in positions:
            if position["running"] and position["lag"]:
                name = f"{service} {position['subscription']}"
                lag[name] = lag.get(name, 0) + int(position["lag"])
    return lag
