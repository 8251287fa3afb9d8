"""Users: only a manager makes and changes them; somebody who manages remains; one's own password is one's own."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.tests.unit.world import World

SECRET = "correct horse"
JOANA = {"login": "Joana", "name": "Joana Reis", "roles": ["finance"], "password": SECRET}
CLARA = {
    "login": "clara",
    "name": "Clara",
    "roles": ["contact"],
    "contacts": [{"customer_id": "A", "contact_id": "ana"}],
    "password": SECRET,
}


def log_in(world: World, user: str, password: str = SECRET) -> int:
    return world.client().post("/api/v1/session", json={"user": user, "password": password}).status_code


def add(world: World, user: dict[str, Any], **headers: str) -> Any:
    return world.client("manager").post("/api/v1/users", json=user, headers=headers)


def test_a_new_user_can_log_in_and_the_same_request_again_is_done_once(world: World) -> None:
    key = {"Idempotency-Key": "joana-joana"}
    first, again = (add(world, JOANA, **key) for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    assert (first.json["login"], first.json["roles"], first.json["active"]) == ("joana", ["finance"], True)
    assert "password" not in str(first.json)
    assert log_in(world, "joana") == 200
    shown = world.client("manager").get(f"/api/v1/users/{first.json['user_id']}").json
    assert {**shown, "seen_at": None} == first.json
    assert shown["seen_at"] is not None


def test_a_login_is_taken_once(world: World) -> None:
    add(world, JOANA)
    refused = add(world, {**JOANA, "login": " joana "})
    assert (refused.status_code, refused.json["code"]) == (422, "user.login-taken")


def test_a_customers_user_speaks_for_the_contact_that_he_was_given(world: World) -> None:
    made = add(world, CLARA).json
    token = world.token_of(made["user_id"])
    me = world.client().get("/api/v1/session", headers={"Authorization": f"Bearer {token}"}).json
    assert [(each["customer_id"], each["contact_id"]) for each in me["speaks_for"]] == [("A", "ana")]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"contacts": []}, "contacts"),
        ({"contacts": [{"customer_id": "A", "contact_id": "bob"}]}, "contacts.0"),
        ({"roles": ["finance"]}, "contacts"),
        ({"roles": ["king"]}, "roles.0"),
        ({"roles": []}, "roles"),
        ({"password": "short"}, "password"),
    ],
)
def test_what_would_make_no_useful_user_is_invalid(world: World, change: dict[str, Any], path: str) -> None:
    answer = add(world, {**CLARA, **change})
    assert answer.status_code == 400
    assert [problem["path"] for problem in answer.json["problems"]] == [path]


def test_who_is_deactivated_is_out_at_once_and_may_come_back(world: World) -> None:
    ana = world.client("ana")
    manager = world.client("manager")
    assert ana.get("/api/v1/session").status_code == 200
    assert manager.put("/api/v1/users/u-ana", json={"active": False}).json["active"] is False
    assert (ana.get("/api/v1/session").status_code, log_in(world, "ana", "secret")) == (401, 401)
    assert manager.put("/api/v1/users/u-ana", json={"active": True}).json["contacts"]
    assert ana.get("/api/v1/session").status_code == 401  # what was open then does not come back
    assert log_in(world, "ana", "secret") == 200


def test_roles_hold_from_the_next_call_on(world: World) -> None:
    changed = world.client("manager").put("/api/v1/users/u-ana", json={"roles": ["technician"], "name": "Ana T."})
    assert (changed.json["roles"], changed.json["contacts"], changed.json["name"]) == (["technician"], [], "Ana T.")
    assert world.client("ana").get("/api/v1/session").json["roles"] == ["technician"]


@pytest.mark.parametrize("change", [{"active": False}, {"roles": ["finance"]}])
def test_somebody_who_manages_remains(world: World, change: dict[str, Any]) -> None:
    manager = world.client("manager")
    refused = manager.put("/api/v1/users/u-manager", json=change)
    assert (refused.status_code, refused.json["code"]) == (422, "user.last-manager")
    assert manager.get("/api/v1/users/u-manager").json["roles"] == ["manager"]
    add(world, {**JOANA, "roles": ["manager"]})
    assert manager.put("/api/v1/users/u-manager", json=change).status_code == 200


def test_a_manager_gives_a_new_password(world: World) -> None:
    assert world.client("manager").post("/api/v1/users/u-bob/password", json={"password": SECRET}).status_code == 204
    assert (log_in(world, "bob", "secret"), log_in(world, "bob")) == (401, 200)
    unknown = world.client("manager").post("/api/v1/users/nobody/password", json={"password": SECRET})
    assert unknown.status_code == 404


def test_everybody_changes_his_own_password_who_knows_the_current_one(world: World) -> None:
    client = world.client("bob")
    wrong = client.post("/api/v1/session/password", json={"current": "guess", "password": SECRET})
    assert (wrong.status_code, wrong.json["code"], log_in(world, "bob", "secret")) == (422, "password.wrong", 200)
    right = client.post("/api/v1/session/password", json={"current": "secret", "password": SECRET})
    assert (right.status_code, log_in(world, "bob", "secret"), log_in(world, "bob")) == (204, 401, 200)


def test_users_are_listed_by_login_page_by_page(world: World) -> None:
    manager = world.client("manager")
    whole = [user["login"] for user in manager.get("/api/v1/users").json["items"]]
    assert whole == sorted(whole)
    assert len(whole) == 8
    first = manager.get("/api/v1/users?limit=5").json
    second = manager.get(f"/api/v1/users?limit=5&after={first['next']}").json
    assert [user["login"] for user in first["items"] + second["items"]] == whole
    assert second["next"] is None
    manager.put("/api/v1/users/u-bea", json={"active": False})
    assert [user["login"] for user in manager.get("/api/v1/users?active=false").json["items"]] == ["bea"]
    assert [user["login"] for user in manager.get("/api/v1/users?search=ATT").json["items"]] == ["attendant"]
