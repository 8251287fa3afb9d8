"""Lists: pages without gaps, filters, their age; log-in; health; operations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.tests.unit.world import ALL, NOW, SEALED, World


def everything(client: Any, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    after = ""
    while True:
        page = client.get(f"{path}{'&' if '?' in path else '?'}limit=3{after}").json
        items += page["items"]
        if page["next"] is None:
            return items
        after = f"&after={page['next']}"


def opened(world: World, number: int) -> None:
    data = {
        "request_id": f"n-{number}",
        "contract_id": "c-A",
        "customer_id": "A",
        "at": NOW + timedelta(minutes=number // 2),
    }
    more = {
        "protocol": f"2026-{number}",
        "channel": "portal" if number % 2 else "phone",
        "priority": "low",
        "opened_by": "ana",
    }
    world.happened("tickets.request.opened", {**data, **more, "description": SEALED, "coverage": None})


def test_pages_follow_each_other_without_gaps_or_doubles_also_where_instants_are_equal(world: World) -> None:
    for number in range(10):
        opened(world, number)
    found = [item["request_id"] for item in everything(world.client("manager"), "/api/v1/requests?customer_id=A")]
    assert found == [*(f"n-{number}" for number in reversed(range(2, 10))), "q-A", "n-1", "n-0"]
    phone = everything(world.client("manager"), "/api/v1/requests?channel=phone")
    assert len(phone) == 5
    assert phone[0]["opened_by_name"] == "Ana"
    assert phone[0]["customer_name"] == "Companhia A"


@pytest.mark.parametrize("cursor", ["nonsense", "WzEsMl0", "bm90IGpzb24", "WyIyMDI2IiwgMV0"])
def test_a_cursor_of_another_list_is_refused(world: World, cursor: str) -> None:
    answer = world.client("manager").get(f"/api/v1/requests?after={cursor}")
    assert (answer.status_code, answer.json["code"]) == (400, "cursor.invalid")


@pytest.mark.parametrize(
    "path", ["customers", "contracts", "receivables", "payments", "requests", "visits", "evaluations"]
)
def test_every_list_can_be_paged(world: World, path: str) -> None:
    client = world.client("manager")
    first = client.get(f"/api/v1/{path}?limit=1").json
    second = client.get(f"/api/v1/{path}?limit=1&after={first['next']}").json
    assert len(first["items"]) == len(second["items"]) == 1
    assert first["items"] != second["items"]
    assert second["next"] is None
    assert client.get(f"/api/v1/{path}?limit=0").status_code == 400


def test_customers_are_found_without_accents_and_case(world: World) -> None:
    for id_, name in (("1", "Clínica São João"), ("2", "100% Limpo")):
        world.happened("contracts.customer.registered", {"customer_id": id_, "kind": "company", "legal_name": name})
    client = world.client("attendant")
    assert [item["name"] for item in client.get("/api/v1/customers?search=sao JOAO").json["items"]] == [
        "Clínica São João"
    ]
    assert [item["name"] for item in client.get("/api/v1/customers?search=%25").json["items"]] == ["100% Limpo"]
    assert [item["customer_id"] for item in client.get("/api/v1/contracts?search=companhia b").json["items"]] == ["B"]


def test_lists_say_how_old_they_are(world: World) -> None:
    client = world.client("manager")
    assert client.get("/api/v1/receivables").headers["X-Vigencia-As-Of"] == "2026-03-02T12:00:00Z"
    world.services.healthy = False
    assert client.get("/api/v1/receivables").headers["X-Vigencia-As-Of"] == "late"


def test_lists_still_answer_when_services_are_down_and_details_say_what_is_missing(world: World) -> None:
    from services.errors import Unavailable

    world.services.answers["ask"] = Unavailable("contracts.down")
    client = world.client("manager")
    assert client.get("/api/v1/contracts").status_code == 200
    assert client.get("/api/v1/contracts/c-A").status_code == 503
    customer = client.get("/api/v1/customers/A").json
    assert customer["profile"] is None
    assert [contact["contact_id"] for contact in customer["contacts"]] == ["ana"]


def test_log_in_gives_a_token_that_ends(world: World) -> None:
    client = world.client()
    for user, password in (("ana", "wrong"), ("nobody", "secret")):
        answer = client.post("/api/v1/session", json={"user": user, "password": password})
        assert (answer.status_code, answer.json["code"]) == (401, "login.failed")
    session = client.post("/api/v1/session", json={"user": "Ana", "password": "secret"}).json
    assert session["expires_at"] == "2026-03-02T13:00:00Z"
    assert session["user"]["speaks_for"] == [{"customer_id": "A", "contact_id": "ana", "name": "Ana", "rights": ALL}]
    bearer = {"Authorization": f"Bearer {session['token']}"}
    assert client.get("/api/v1/session", headers=bearer).json["login"] == "ana"
    world.tokens._clock = lambda: NOW + timedelta(hours=1)
    assert client.get("/api/v1/session", headers=bearer).status_code == 401


def test_a_token_that_was_changed_or_whose_user_was_shut_out_is_none(world: World) -> None:
    token = world.token("manager")
    head, claims, signature = token.split(".")
    client = world.client()
    for forged in (f"{head}.{claims}.{signature[::-1]}", f"{head}.{claims[:-2]}AA.{signature}", "x", ""):
        assert client.get("/api/v1/contracts", headers={"Authorization": f"Bearer {forged}"}).status_code == 401
    world.users.put("manager", "Manager", ["manager"], active=False)
    assert client.get("/api/v1/contracts", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert client.post("/api/v1/session", json={"user": "manager", "password": "secret"}).status_code == 401


def test_health_is_200_when_all_is_ready_and_503_with_reasons_otherwise(world: World) -> None:
    client = world.client()
    assert (client.get("/health").status_code, client.get("/health/live").status_code) == (200, 200)
    world.services.healthy = False
    answer = client.get("/health")
    assert (answer.status_code, answer.json["reasons"]) == (503, ["billing: no answer"])
    assert client.get("/health/live").status_code == 200
    assert b"python_info" in client.get("/metrics").data or b"# HELP" in client.get("/metrics").data


def test_operators_act_on_a_service(world: World) -> None:
    world.services.answers["operate"] = lambda payload: {"did": payload["action"], "actor": payload["actor"]}
    client = world.client("operator")
    answer = client.post("/api/v1/operations/billing/retry", json={"subscription": "s", "stream": "x"})
    assert answer.json == {"did": "retry", "actor": "user:u-operator"}
    assert world.services.calls[-1][2]["stream"] == "x"
    assert client.post("/api/v1/operations/nothing/retry", json={}).status_code == 404
    assert set(client.get("/api/v1/operations/billing").json) == {
        "health",
        "figures",
        "subscriptions",
        "parked",
        "discarded",
        "refusals",
        "due_list",
    }


def test_the_lag_names_what_is_still_under_way(world: World) -> None:
    position = {"subscription": "policy.x", "running": True, "lag": 0}
    world.services.answers["operate"] = lambda payload: (
        {"relay": {"events": 0}, "due": {"overdue": 2, "failing": 2}} if payload["action"] == "health" else [position]
    )
    client = world.client("operator")
    assert not any(client.get("/api/v1/operations/lag").json["lag"].values())
    position["lag"] = 3
    assert client.get("/api/v1/operations/lag").json["lag"]["billing policy.x"] == 3


def test_what_is_not_there_is_a_problem_too(world: World) -> None:
    client = world.client("manager")
    for method, path, status in (("GET", "/api/v1/nothing", 404), ("DELETE", "/api/v1/contracts", 405)):
        answer = client.open(path, method=method)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    answer = client.post("/api/v1/customers", data="{", content_type="application/json")
    assert (answer.status_code, answer.json["kind"]) == (400, "invalid")


def test_answers_with_data_are_not_kept_and_nothing_is_loaded_from_elsewhere(world: World) -> None:
    answer = world.client("manager").get("/api/v1/contracts")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = world.client().get("/api/docs")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "http" not in page.text
    for asset in ("vendor/swagger-ui/swagger-ui-bundle.js", "vendor/swagger-ui/swagger-ui.css", "docs/start.js"):
        assert world.client().get(f"/static/{asset}").status_code == 200
        assert f"/static/{asset}" in page.text
