"""A story is put together of what every service says; whoever is silent is named, and it goes on without him."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.journeys import journey
from gateway.pages.console.journey import LANES, steps_of
from gateway.tests.unit.world import World
from gateway.webhooks.batches import post
from gateway.webhooks.posting import Answer
from services.errors import NotFound, Unavailable

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def event(id_: str, causation: str, at: int, correlation: str = "k-1") -> dict[str, Any]:
    stream, _, version = id_.partition("@")
    said = {"id": id_, "stream": stream, "version": int(version), "causation": causation, "correlation": correlation}
    about = {"service": "tickets", "type": "tickets.request.opened", "actor": "user:ana", "command": "c", "data": {}}
    return {**about, **said, "at": f"2026-11-24T12:00:{at:02d}Z", "traceparent": TRACE}


class Services:
    """What each says, by the correlation or stream that it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.silent: set[str] = set()

    def operate(self, service: str, payload: Mapping[str, Any]) -> Any:
        self.asked.append((service, payload))
        if service in self.silent:
            raise Unavailable("rpc.nobody")
        events = []
        if service == "tickets" and "request-q-A" in payload["streams"]:
            events = [event("request-q-A@1", "c-1", 1)]
        if service == "billing" and "k-1" in payload["correlations"]:
            events = [event("account-c-A@4", "request-q-A@1", 2), event("account-c-A@5", "account-c-A@4", 3)]
        kept: dict[str, Any] = {name: [] for name in ("due", "parked", "discarded", "refusals")}
        return {"service": service, "events": events, "whole": True, **kept}


def told(world: World, services: Services, reference: str = "q-A") -> dict[str, Any]:
    return journey(reference, services.operate, lambda name, **params: world.services.query(name, params))


def test_what_one_service_says_is_what_the_next_is_asked(world: World) -> None:
    services = Services()
    story = told(world, services)
    assert [(each["id"], each["depth"]) for each in story["events"]] == [
        ("request-q-A@1", 0), ("account-c-A@4", 1), ("account-c-A@5", 2),
    ]  # fmt: skip
    assert (story["correlations"], story["traces"], story["whole"]) == (["k-1"], [TRACE[3:35]], True)
    assert any(service == "billing" and "k-1" in payload["correlations"] for service, payload in services.asked)


def test_who_is_silent_is_named_and_the_rest_is_told(world: World) -> None:
    services = Services()
    services.silent = {"billing"}
    story = told(world, services)
    assert (story["silent"], story["whole"], len(story["events"])) == (["billing"], False, 1)


def test_what_nobody_knows_is_not_found(world: World) -> None:
    with pytest.raises(NotFound, match=r"journey\.unknown"):
        told(world, Services(), "nothing-of-ours")


def test_the_page_has_a_lane_for_each_service_and_one_for_people(world: World) -> None:
    story = told(world, Services())
    mail = {
        "template": "request_opened",
        "mail_id": "m-1",
        "state": "sent",
        "queued_at": "2026-11-24T12:00:02Z",
        "depth": 1,
    }
    steps = steps_of({**story, "mails": [{**mail, "ended_at": None}]})
    assert [step["lane"] for step in steps] == ["tickets", "tickets", "people", "tickets"]
    assert {step["lane"] for step in steps} <= set(LANES)


def test_a_webhook_carries_its_event_s_trace_and_none_where_there_is_none() -> None:
    sent: list[Mapping[str, str]] = []

    class Receiver:
        def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
            sent.append(headers)
            return ANSWER

    for envelope in ({"id": "s@1", "traceparent": TRACE}, {"id": "s@2"}):
        post(
            Receiver(),
            ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
            "msg_1",
            envelope,
            datetime(2026, 11, 24, tzinfo=UTC),
        )
    assert [headers.get("traceparent") for headers in sent] == [TRACE, None]


ANSWER = Answer(200, 0.0)
