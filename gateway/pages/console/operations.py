"""The operators' pages: whether all is well at a glance, one page a service, and mending what is not.

Managers read them; who acts is an operator (``operate_service``), confirms it, and is logged with his reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, current_app, redirect, request
from werkzeug.wrappers import Response as Redirection

from gateway.api.calls import operate
from gateway.api.resources.operations import SERVICES, act
from gateway.operating import rates
from gateway.operating.judging import by_subscription, judged
from gateway.operating.sampling import Figures, Sample, Watchtower
from gateway.pages.console.curves import curves, milliseconds
from gateway.pages.console.frame import allow, blp, refusal, show
from gateway.pages.live import watching
from services.errors import NotFound, OutcomeUnknown, Refused, Unavailable, VigenciaError
from services.story import masked

CONFIRMED = frozenset({"discard", "rebuild", "accept"})
"""What cannot be taken back, or takes long: it asks for a tick and a reason."""
_STREAM = re.compile(r"^([a-z_]+-[^@\s]+?)(?:@(\d+))?$")


@blp.get("/operations")
def console_operations() -> Response:
    """The whole: one sentence, what is wrong, a row for each service, the last half hour."""
    watching("operations")
    tower = _tower()
    sample = tower.latest()
    history = tower.history()
    return show(
        "console/operations.html",
        sample=sample,
        findings=judged(sample),
        rows=[row_of(name, sample, history) for name in SERVICES],
        curves=curves(history),
    )


@blp.get("/operations/runbook")
def console_runbook() -> Response:
    return show("console/runbook.html")


@blp.get("/operations/find")
def console_find() -> Response | Redirection:
    """A stream's name or an event's id leads to the stream, wherever it is; anything else to its journey."""
    of = request.args.get("of", "").strip()
    if found := _STREAM.match(of):
        stream, version = found.groups()
        for service in SERVICES:
            try:
                if operate(service, {"action": "stream", "stream": stream}):
                    at = f"#v{version}" if version else ""
                    return redirect(f"/console/operations/{service}/streams?stream={quote(stream)}{at}", 303)
            except (Unavailable, OutcomeUnknown):
                continue
    return redirect(f"/console/journeys?{urlencode({'of': of})}", 303)


@blp.get("/operations/<string:service>")
def console_service(service: str) -> Response:
    return _service(service)


@blp.get("/operations/<string:service>/streams")
def console_stream(service: str) -> Response:
    """A stream's events as they are stored; persons' data is masked."""
    _known(service)
    stream = request.args.get("stream", "").strip()
    events = operate(service, {"action": "stream", "stream": stream}) if stream else []
    if stream and not events:
        raise NotFound("stream.not-found", stream=stream)
    for number, event in enumerate(events, start=1):
        event["version"] = number
        event["data"] = masked(json.loads(event["data"]) if isinstance(event["data"], str) else event["data"])
    return show("console/stream.html", service=service, stream=stream, events=events)


@blp.post("/operations/<string:service>/<string:action>")
def console_operate(service: str, action: str) -> Response | Redirection:
    """Retry, discard, resume, accept a diverged source, rebuild. What was wrong with it is told on the service's page."""
    allow("operate_service")
    _known(service)
    if action not in FORMS:
        raise NotFound("route.not-found")
    name, fields = FORMS[action]
    given: dict[str, Any] = {field: request.form.get(field, "").strip() for field in fields}
    try:
        if action in CONFIRMED:
            if request.form.get("confirm") != "yes":
                raise Refused("page.confirm-missing")
            if not given["reason"]:
                raise Refused("page.text-missing")
        if action == "accept":
            given["accept"] = True
        if action == "rebuild":
            given["wait"] = False
        answer = act(service, name, given)
    except VigenciaError as error:
        status, why = refusal(error)
        return _service(service, status=status, why=why)
    if answer.get("failed"):
        return _service(service, status=422, why=str(answer["failed"]), tried=str(given.get("stream", "")))
    _tower().look()
    count = f"&count={answer['handled']}" if "handled" in answer else ""
    return redirect(f"/console/operations/{service}?done=operations-{action}{count}", 303)


FORMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "retry": ("retry", ("subscription", "source", "stream")),
    "discard": ("discard", ("subscription", "source", "stream", "reason")),
    "resume": ("resume", ("subscription", "source")),
    "accept": ("resume", ("subscription", "source", "reason")),
    "rebuild": ("rebuild", ("view", "reason")),
}


def row_of(name: str, sample: Sample, history: Sequence[Sample]) -> dict[str, Any]:
    """A service's figures as the overview shows them; of a silent one only since when."""
    part = sample.parts.get(name)
    if part is None:
        return {"name": name, "part": None, "since": sample.silent.get(name)}
    health = part.get("health") or {}
    first = rates.earliest(history, name)
    calls = rates.calls_between(None if first is part else first, part)
    places = part.get("subscriptions") or ()
    wrong = [each for each in judged(sample) if each.service == name]
    return {
        "name": name,
        "part": part,
        "wrong": bool(wrong),
        "grave": any(not each.warning for each in wrong),
        "ready": bool(health.get("ready")),
        "pace": _pace(history, name),
        "to_send": (health.get("relay") or {}).get("events", 0),
        "send_seconds": (health.get("relay") or {}).get("seconds", 0),
        "to_take": sum(int(place["lag"]) for place in places),
        "take_seconds": max((float(place["seconds"] or 0) for place in places), default=0.0),
        "due": (health.get("due") or {}).get("overdue", 0),
        "due_seconds": (health.get("due") or {}).get("lag_seconds", 0),
        "parked": sum(int(each["events"]) for each in part.get("parked") or ()),
        "middle": milliseconds(rates.within(0.5, calls)),
        "slow": milliseconds(rates.within(0.95, calls)),
        "errors": rates.errors_between(None if first is part else first, part),
    }


def subscriptions_of(part: Figures) -> list[dict[str, Any]]:
    """A row for each subscription, its partitions together; ``share``: how much of the source it has, in percent."""
    rows = []
    for name, places in sorted(by_subscription(part).items()):
        halted = next((place for place in places if place["state"] != "running"), None)
        heads = sum(int(place["head"]) + 1 for place in places)
        lag = sum(int(place["lag"]) for place in places)
        seconds = [place["seconds"] for place in places]
        rows.append(
            {
                "name": name,
                "source": places[0]["source"],
                "kind": places[0]["kind"],
                "state": halted["state"] if halted else "running",
                "reason": halted["reason"] if halted else "",
                "since": halted["since"] if halted else None,
                "lag": lag,
                "seconds": None if None in seconds else max(seconds, default=0.0),
                "share": 100 if heads <= 0 else max(0, int(100 * (heads - lag) / heads)),
                "places": places,
            }
        )
    return rows


def _service(service: str, *, status: int = 200, why: str = "", tried: str = "") -> Response:
    _known(service)
    watching("operations")
    tower = _tower()
    sample = tower.latest()
    history = tower.history()
    part = sample.parts.get(service)
    parked: list[dict[str, Any]] = []
    discarded: Any = []
    refusals: Any = []
    due: Any = []
    silent = part is None
    if part is not None:
        try:
            parked = [_parked(each) for each in operate(service, {"action": "parked"}) or ()]
            discarded = operate(service, {"action": "discarded", "limit": 20}) or []
            refusals = operate(service, {"action": "refusals", "limit": 20}) or []
            due = operate(service, {"action": "due_list", "limit": 20}) or []
        except (Unavailable, OutcomeUnknown):
            silent = True
    return show(
        "console/service.html",
        status=status,
        service=service,
        row=row_of(service, sample, history),
        part=part,
        silent=silent,
        sample=sample,
        findings=[each for each in judged(sample) if each.service == service],
        subscriptions=subscriptions_of(part) if part else [],
        parked=_by_reason(parked),
        discarded=discarded,
        refusals=refusals,
        due=due,
        curves=curves(history, service),
        why=why,
        tried=tried,
        count=request.args.get("count", ""),
    )


def _parked(row: Mapping[str, Any]) -> dict[str, Any]:
    """With the event's payload, masked."""
    envelope = row["envelope"]
    try:
        told = json.loads(envelope) if isinstance(envelope, str) else dict(envelope)
    except ValueError:
        told = {}
    data = masked(told.get("data", {}))
    return {**row, "data": json.dumps(data, ensure_ascii=False, indent=2), "correlation": told.get("correlationid")}


def _by_reason(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Streams with what waits in them, grouped by why: one cause often stops many."""
    streams: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["subscription"], row["source"], row["stream"])
        names = dict(zip(("subscription", "source", "stream"), key, strict=True))
        streams.setdefault(key, {**names, "reason": row["error"], "events": []})["events"].append(row)
    reasons: dict[str, list[dict[str, Any]]] = {}
    for stream in streams.values():
        reasons.setdefault(stream["reason"], []).append(stream)
    return [{"reason": reason, "streams": group} for reason, group in reasons.items()]


def _pace(history: Sequence[Sample], name: str) -> float | None:
    """Events a minute over all that is remembered of it."""
    seen = [each for each in history if name in each.parts]
    return rates.events_per_minute(seen[0], seen[-1], name) if len(seen) > 1 else None


def _known(service: str) -> None:
    if service not in SERVICES:
        raise NotFound("service.unknown", service=service, known=list(SERVICES))


def _tower() -> Watchtower:
    tower: Watchtower | None = current_app.extensions["vigencia"].tower
    if tower is None:
        raise Unavailable("operations.unwatched")
    return tower
