"""The page of a story: what happened because of one request, a lane for each service, in the order of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from gateway.api.calls import local, operate
from gateway.journeys import SERVICES, journey
from gateway.pages.console.frame import blp, show
from services.errors import NotFound

LANES = (*(each for each in SERVICES if each != "gateway"), "people")
"""The gateway has no events of its own; what it does is to tell people, and other systems."""


@blp.get("/journeys")
def console_journey() -> Response:
    """`?of=` a protocol, a request's id or a correlation id; without it the page only asks for one."""
    reference = request.args.get("of", "").strip()
    found, unknown = None, False
    if reference:
        try:
            found = journey(reference, operate, local)
        except NotFound:
            unknown = True
    steps = [] if found is None else steps_of(found)
    return show(
        "console/journey.html",
        status=404 if unknown else 200,
        reference=reference,
        unknown=unknown,
        story=found,
        lanes=LANES,
        steps=steps,
    )


def steps_of(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Events and mails as one sequence: ``{lane, at, title, about, actor, depth, data, state}``."""
    steps = [
        {"lane": each["service"], "at": each["at"], "title": each["type"].partition(".")[2], "about": each["id"]}
        | {"actor": each["actor"], "depth": each["depth"], "data": each["data"], "state": ""}
        for each in found["events"]
    ]
    steps += [
        {"lane": "people", "at": each["ended_at"] or each["queued_at"], "title": each["template"]}
        | {"about": each["mail_id"], "actor": "", "depth": each["depth"], "data": {}, "state": each["state"]}
        for each in found["mails"]
    ]
    steps += [
        {"lane": "people", "at": each["at"], "title": f"webhook {each['type'].partition('.')[2]}"}
        | {"about": each["message_id"], "actor": each["endpoint_id"], "depth": 0, "data": {}, "state": each["outcome"]}
        for each in found["deliveries"]
    ]
    return sorted(steps, key=lambda step: str(step["at"]))
