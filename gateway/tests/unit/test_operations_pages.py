"""Operators' pages: one sentence that is true, silent services beside those that answer, acts that are confirmed and logged."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from gateway.tests.unit.test_portal import browser
from gateway.tests.unit.world import NOW, World
from services.errors import Unavailable

AT = NOW.isoformat()


def figures(service: str, **more: Any) -> dict[str, Any]:
    place = {
        "subscription": "view.customers",
        "kind": "view",
        "source": "contracts",
        "partition": 0,
        "offset": 9,
        "head": 9,
    }
    running = {
        "lag": 0,
        "running": True,
        "whole_at": AT,
        "seconds": 0.0,
        "state": "running",
        "reason": "",
        "since": None,
    }
    return {
        "service": service,
        "health": {
            "ready": True,
            "reasons": [],
            "relay": {"events": 0, "seconds": 0.0, "broker": "up"},
            "due": {"open": 0, "overdue": 0, "lag_seconds": 0.0, "failing": 0},
        },
        "version": "9.8.7",
        "python": "3",
        "store": "SQLite",
        "instance": "here:1",
        "started_at": AT,
        "partitions": 1,
        "subscriptions": [{**place, **running}],
        "views": {"own": ["contracts"], "remote": ["customers"]},
        "parked": [],
        "events": 10,
        "counters": {"commands": {"done": 3.0}, "applied": 1, "published": 1, "gaps": 0, "refusals": {}, "due": {}},
        "rpc": {"buckets": [[0.01, 9.0], [0.1, 10.0], [None, 10.0]], "errors": {"refused": 1.0}},
        "leases": [{"name": "relay", "owner": "here", "until": AT}],
        "rebuilds": [],
        **more,
    }


@pytest.fixture
def watched(world: World) -> World:
    for name in ("contracts", "billing", "tickets", "feedback", "gateway"):
        world.services.answers[f"{name}.figures"] = figures(name)
    of_gateway = figures("gateway")
    del of_gateway["health"]["relay"]  # it has no events of its own
    world.services.answers["gateway.figures"] = of_gateway
    return world


ENVELOPE = {"data": {"customer_id": "A", "name": {"sealed": "x", "of": "A"}}, "correlationid": "corr-1"}
PARKED = {
    "id": 1,
    "subscription": "view.customers",
    "source": "contracts",
    "stream": "customer-A",
    "version": 2,
    "partition": 0,
    "offset": 7,
    "type": "contracts.customer.registered",
    "envelope": json.dumps(ENVELOPE),
    "error": "KeyError: 'why'",
    "parked_at": AT,
}


def verdict(page: str) -> str:
    found = re.search(r'<p class="verdict[^>]*>(.*?)</p>', page, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found.group(1))


def test_all_is_well(watched: World) -> None:
    assert "Tudo em ordem." in verdict(browser(watched, "operator").get("/console/operations").text)
    assert "All is well." in verdict(browser(watched, "manager", lang="en").get("/console/operations").text)


def test_one_that_is_down_is_told_since_when_and_the_others_are_shown(watched: World) -> None:
    client = browser(watched, "operator")
    watched.services.answers["billing.figures"] = Unavailable("service.down")
    client.get("/console/operations")
    watched.now = NOW + timedelta(minutes=3)
    page = client.get("/console/operations").text
    assert "billing não responde" in verdict(page)
    assert "09:00" in verdict(page)  # not 09:03
    assert page.count("9.8.7") == 4
    alone = client.get("/console/operations/billing")
    assert alone.status_code == 200
    assert "nada dele pode ser mostrado" in alone.text


@pytest.mark.parametrize("service", ["contracts", "gateway"])
def test_each_service_has_its_page(watched: World, service: str) -> None:
    answer = browser(watched, "operator").get(f"/console/operations/{service}")
    assert answer.status_code == 200
    assert "Nada retido." in answer.text


def test_parked_by_reason_with_persons_masked(watched: World) -> None:
    watched.services.answers["gateway.parked"] = [PARKED]
    watched.services.answers["gateway.figures"] = figures(
        "gateway", parked=[{"subscription": "view.customers", "events": 1, "since": AT}]
    )
    page = browser(watched, "operator").get("/console/operations/gateway").text
    assert "1 evento(s) retido(s)" in verdict(page)
    assert "KeyError: &#39;why&#39;" in page
    assert "sealed" not in page
    assert "/console/journeys?of=corr-1" in page
    assert "Tentar de novo" in page
    assert "Tentar de novo" not in browser(watched, "manager").get("/console/operations/gateway").text


WISH = {"subscription": "view.customers", "source": "contracts", "stream": "customer-A"}


def asked(world: World, action: str) -> list[dict[str, Any]]:
    return [payload for _, method, payload, _ in world.services.calls if payload.get("action") == action]


def test_discarding_wants_a_tick_and_a_reason_and_says_who(watched: World) -> None:
    client = browser(watched, "operator")
    for form in ({**WISH, "reason": "x"}, {**WISH, "confirm": "yes"}):
        assert client.post("/console/operations/gateway/discard", data=form).status_code == 422
    assert asked(watched, "discard") == []
    watched.services.answers["gateway.discard"] = {"event": "customer-A@2"}
    done = client.post("/console/operations/gateway/discard", data={**WISH, "reason": "x", "confirm": "yes"})
    assert done.headers["Location"].endswith("?done=operations-discard")
    (said,) = asked(watched, "discard")
    assert (said["actor"], said["reason"]) == ("user:u-operator", "x")


def test_what_fails_again_is_told(watched: World) -> None:
    watched.services.answers["gateway.retry"] = {"handled": 0, "failed": "KeyError: still"}
    answer = browser(watched, "operator").post("/console/operations/gateway/retry", data=WISH)
    assert answer.status_code == 422
    assert "KeyError: still" in answer.text


def test_a_rebuild_begins_beside(watched: World) -> None:
    watched.services.answers["gateway.rebuild"] = {"view": "customers", "begun": True}
    form = {"view": "customers", "reason": "x", "confirm": "yes"}
    assert browser(watched, "operator").post("/console/operations/gateway/rebuild", data=form).status_code == 303
    assert asked(watched, "rebuild")[0]["wait"] is False


def test_an_event_is_found_in_whichever_service_has_it(watched: World) -> None:
    event = {
        "id": "a@1",
        "type": "billing.x",
        "at": AT,
        "actor": "system",
        "data": json.dumps({"name": {"sealed": "x"}}),
    }
    more = {"correlation": "corr-1", "causation": "", "channel": None, "hash": "h", "schema": 1}
    watched.services.answers |= {f"{name}.stream": [] for name in ("contracts", "tickets", "feedback", "gateway")}
    watched.services.answers["billing.stream"] = lambda _: [{**event, **more}]
    client = browser(watched, "operator")
    found = client.get("/console/operations/find?of=account-1@1").headers["Location"]
    assert found == "/console/operations/billing/streams?stream=account-1#v1"
    page = client.get(found.partition("#")[0]).text
    assert "billing.x" in page
    assert "sealed" not in page
    other = client.get("/console/operations/find?of=2026-000001").headers["Location"]
    assert other == "/console/journeys?of=2026-000001"
