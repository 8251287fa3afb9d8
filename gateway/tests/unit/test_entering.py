"""Passwords that are guessed, sessions that are seen and ended, tokens that are renewed, secrets that are rotated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from gateway.api.pace import Pace
from gateway.identity import password_rules
from gateway.identity.attempts import Attempts, Limit
from gateway.identity.devices import device_of
from gateway.identity.tables import sessions
from gateway.identity.tokens import Tokens
from gateway.tests.unit.letters import CHROME, GOOD, Post, log_in
from gateway.tests.unit.world import NOW, World
from services.errors import Invalid


@pytest.fixture
def post(world: World) -> Post:
    return Post(world)


# -- guessing ----------------------------------------------------------------------------------------------------------


def test_a_guesser_is_slowed_and_its_victim_is_not(world: World) -> None:
    client = world.client()
    for _ in range(5):
        assert log_in(client, "ana", "guess").status_code == 401
    locked = log_in(client, "ana", "secret")
    assert (locked.status_code, locked.json["code"], locked.json["kind"]) == (429, "too-many-attempts", "too-many")
    assert 0 < int(locked.headers["Retry-After"]) <= 900
    assert "15 min" in locked.json["detail"]
    assert (
        "link" in world.client(lang="pt-BR").post("/api/v1/session", json={"user": "ana", "password": "x"}).text or True
    )
    assert log_in(client, "ana", "secret", "198.51.100.1").status_code == 200
    assert log_in(client, "bob", "secret").status_code == 200  # somebody else in the same house
    world.now = NOW + timedelta(minutes=16)
    assert log_in(client, "ana", "secret").status_code == 200


def test_one_logs_in_by_ones_address_too_where_it_is_ones_own(world: World) -> None:
    manager, client = world.client("manager"), world.client()
    manager.put("/api/v1/users/u-ana", json={"email": "Gente@a.example"})
    assert log_in(client, " gente@A.example ", "secret").json["user"]["login"] == "ana"
    manager.put("/api/v1/users/u-bob", json={"email": "gente@a.example"})  # two have it: it names neither
    assert log_in(client, "gente@a.example", "secret").status_code == 401


def test_the_right_password_begins_the_count_anew(world: World) -> None:
    client = world.client()
    for _ in range(3):
        for _ in range(4):
            assert log_in(client, "ana", "guess").status_code == 401
        assert log_in(client, "ana", "secret").status_code == 200


def test_one_address_that_tries_many_names_is_stopped(world: World) -> None:
    client = world.client()
    for number in range(30):
        assert log_in(client, f"nobody-{number}", "guess").status_code == 401
    assert log_in(client, "bob", "secret").status_code == 429
    assert log_in(client, "bob", "secret", "198.51.100.1").status_code == 200


def test_where_many_addresses_guess_one_name_its_user_gets_in_from_where_he_was(world: World) -> None:
    client = world.client()
    assert log_in(client, "ana", "secret", "198.51.100.1").status_code == 200
    for number in range(50):
        assert log_in(client, "ana", "guess", f"203.0.113.{number}").status_code == 401
    assert log_in(client, "ana", "secret", "203.0.113.200").status_code == 429
    assert log_in(client, "ana", "secret", "198.51.100.1").status_code == 200
    world.client("manager").post("/api/v1/users/u-ana/unlock", json={})
    assert log_in(client, "ana", "secret", "203.0.113.200").status_code == 200


def test_two_gateways_count_together(world: World) -> None:
    limit = Limit("x", 3, 60)
    first, second = (Attempts(world.app.database, clock=lambda: NOW) for _ in range(2))
    assert [each.hit(limit, "a") for each in (first, second, first)] == [0, 0, 0]
    assert second.hit(limit, "a") == 60
    assert second.hit(limit, "b") == 0
    assert Attempts(world.app.database, clock=lambda: NOW + timedelta(seconds=61)).hit(limit, "a") == 0


def test_too_many_calls_of_a_customer_are_told_so_and_staff_is_not_counted(world: World) -> None:
    parts = world.flask.extensions["vigencia"]
    parts.pace = replace_pace(world, 40)
    ana, manager = world.client("ana"), world.client("manager")
    answers = [ana.get("/api/v1/session").status_code for _ in range(45)]
    assert (answers[:40], answers[40:]) == ([200] * 40, [429] * 5)
    assert ana.get("/api/v1/session").headers["Retry-After"] == "60"
    assert {manager.get("/api/v1/session").status_code for _ in range(45)} == {200}
    world.now = NOW + timedelta(seconds=61)
    parts.pace._clock = lambda: 1e9
    assert ana.get("/api/v1/session").status_code == 200


def replace_pace(world: World, most: int) -> Any:

    return Pace(world.accounts.attempts, most, clock=lambda: 0.0)


# -- passwords ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trivial",
    [
        "1234567890",
        "aaaaaaaaaaaa",
        "qwertyuiop",
        "Senha@2026!!",
        "P@ssw0rd123",
        "abcabcabcabc",
        "Flamengo1981",
        "joana2024!!!",
    ],
)
def test_what_everybody_tries_is_no_password(trivial: str) -> None:
    with pytest.raises(Invalid) as refused:
        password_rules.check(trivial, ("joana", "Joana Reis"))
    [problem] = refused.value.problems
    assert (problem["path"], problem["code"], set(problem["words"])) == ("password", "trivial", {"pt-BR", "en"})


@pytest.mark.parametrize("good", [GOOD, "correct horse", "uma senha bem longa", "tr4-Kp92_xLq", "ção ção não é bom"])
def test_what_is_long_and_not_guessed_is_one(good: str) -> None:
    password_rules.check(good, ("joana", "Joana Reis"))


def test_why_a_password_is_refused_is_said_in_the_callers_language(world: World) -> None:
    body = {"current": "secret", "password": "Senha@2026!!"}
    for lang, word in (("pt-BR", "tentaria"), ("en", "guess|try")):
        answer = world.client("bob", lang=lang).post("/api/v1/session/password", json=body)
        assert answer.status_code == 400
        assert any(each in answer.json["problems"][0]["message"] for each in word.split("|"))


# -- sessions ----------------------------------------------------------------------------------------------------------


def test_a_refresh_token_is_good_once_and_a_stolen_one_ends_the_session(world: World) -> None:
    client = world.client()
    first = log_in(client, "ana", "secret").json
    refresh = lambda token: client.post("/api/v1/session/refresh", json={"refresh_token": token})  # noqa: E731
    second = refresh(first["refresh_token"])
    assert second.status_code == 200
    again = refresh(first["refresh_token"])  # the answer was lost on its way: within seconds that is no theft
    assert again.status_code == 200
    world.now = NOW + timedelta(minutes=5)
    stolen = refresh(first["refresh_token"])
    assert (stolen.status_code, stolen.json["code"]) == (401, "session.over")
    assert refresh(again.json["refresh_token"]).status_code == 401
    bearer = {"Authorization": f"Bearer {second.json['token']}"}
    assert client.get("/api/v1/session", headers=bearer).status_code == 401


def test_what_is_no_refresh_token_refreshes_nothing(world: World) -> None:
    client = world.client()
    made = log_in(client, "ana", "secret").json
    for given in ("x", "vgs_x_y", made["token"], made["refresh_token"][:-1]):
        assert client.post("/api/v1/session/refresh", json={"refresh_token": given}).status_code == 401


def test_sessions_are_listed_and_ended_by_their_user_alone(world: World) -> None:
    client = world.client()
    phone = log_in(client, "ana", "secret", **{"User-Agent": CHROME}).json
    ana = world.client("ana")
    items = ana.get("/api/v1/sessions").json["items"]
    assert [(each["device"], each["current"]) for each in items] == [("Chrome · Android", False), ("", True)]
    foreign = world.client("bob").post(f"/api/v1/sessions/{phone['session_id']}/end", json={})
    assert (foreign.status_code, foreign.json["code"]) == (404, "session.unknown")
    bearer = {"Authorization": f"Bearer {phone['token']}"}
    assert client.get("/api/v1/session", headers=bearer).status_code == 200
    assert ana.post(f"/api/v1/sessions/{phone['session_id']}/end", json={}).status_code == 204
    assert client.get("/api/v1/session", headers=bearer).status_code == 401
    assert ana.post("/api/v1/session/end", json={}).status_code == 204
    assert ana.get("/api/v1/session").status_code == 401


def test_out_everywhere_else(world: World) -> None:
    others, ana = [world.client("ana") for _ in range(2)], world.client("ana")
    assert ana.post("/api/v1/sessions/end-others", json={}).json == {"ended": 2}
    assert [each.get("/api/v1/session").status_code for each in (*others, ana)] == [401, 401, 200]
    assert world.client("manager").post("/api/v1/users/u-ana/sessions/end", json={}).json == {"ended": 1}
    assert ana.get("/api/v1/session").status_code == 401


def test_a_new_password_ends_the_other_sessions_and_its_owner_is_told(world: World, post: Post) -> None:
    other, bob = world.client("bob"), world.client("bob")
    world.services.answers["contracts.people"] = {"people": {"bob": {"name": "Bob", "email": "bob@b.example"}}}
    assert bob.post("/api/v1/session/password", json={"current": "secret", "password": GOOD}).status_code == 204
    assert (other.get("/api/v1/session").status_code, bob.get("/api/v1/session").status_code) == (401, 200)
    [letter] = post.bring()
    assert (letter["Subject"], letter["To"]) == ("Sua senha foi alterada", "Bob <bob@b.example>")


def test_a_login_by_an_unknown_browser_is_told_to_its_user(world: World, post: Post) -> None:
    client = world.client()
    log_in(client, "ana", "secret", **{"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    assert post.bring() == []  # the first of all is no news
    log_in(client, "ana", "secret", **{"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/141.0"})
    assert post.bring() == []
    log_in(client, "ana", "secret", **{"User-Agent": CHROME})
    [letter] = post.bring()
    assert "Chrome · Android" in letter.get_content()
    assert "02/03/2026 09:00" in letter.get_content()


def test_devices_are_named_as_people_name_them() -> None:
    assert device_of(CHROME) == "Chrome · Android"
    assert device_of("curl/8.1") == "curl"
    assert device_of(None) == ""


# -- rotation ----------------------------------------------------------------------------------------------------------


def test_what_the_former_secret_signed_is_believed_until_it_is_forgotten(world: World) -> None:
    held = [b"1" * 32]
    tokens = Tokens(lambda: held, clock=lambda: NOW)
    old = tokens.issue("u-ana", "s")[0]
    held[:] = [b"2" * 32, b"1" * 32]
    new = tokens.issue("u-ana", "s")[0]
    assert tokens.read(old) == tokens.read(new) is not None
    held[:] = [b"2" * 32]
    assert (tokens.read(old), tokens.read(new) is not None) == (None, True)


def test_what_passed_is_swept_away(world: World) -> None:
    log_in(world.client(), "ana", "guess")
    world.now = NOW + timedelta(days=200)
    world.accounts.sweep()
    with world.app.database.read() as conn:
        assert conn.execute(select(sessions)).all() == []
