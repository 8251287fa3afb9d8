"""The pages of logging in: a session's cookie, links that work once, headers, and no form from elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.identity.permissions import PERMISSIONS
from gateway.tests.unit.letters import GOOD, Post
from gateway.tests.unit.test_permissions import operations
from gateway.tests.unit.world import NOW, World


@pytest.fixture
def post(world: World) -> Post:
    return Post(world)


def enter(world: World, login: str = "ana", **form: str) -> tuple[object, str]:
    client = world.client(lang="pt-BR")
    answer = client.post("/login", data={"login": login, "password": "secret", **form})
    assert answer.status_code == 303
    return client, answer.headers["Set-Cookie"]


def test_a_cookie_names_a_session_that_its_user_sees_and_ends(world: World) -> None:
    client, cookie = enter(world)
    assert "ey" not in cookie.split(";")[0]  # no token that would be good elsewhere
    assert client.get("/portal").status_code == 200
    [session] = [
        each for each in world.client("ana").get("/api/v1/sessions").json["items"] if each["kind"] == "browser"
    ]
    world.client("ana").post(f"/api/v1/sessions/{session['session_id']}/end", json={})
    assert client.get("/portal").headers["Location"].startswith("/login")


def test_logging_out_ends_the_session_not_only_the_cookie(world: World) -> None:
    client, cookie = enter(world)
    client.post("/logout")
    value = cookie.split(";")[0].split("=", 1)[1]
    client.set_cookie("vigencia", value)  # somebody kept it
    assert client.get("/portal").status_code == 303


def test_who_reads_stays_and_who_is_away_for_an_hour_does_not(world: World) -> None:
    client, _ = enter(world)
    for minutes in (50, 100):
        world.now = NOW + timedelta(minutes=minutes)
        answer = client.get("/portal")
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, True)
    world.now = NOW + timedelta(minutes=161)
    assert client.get("/portal").status_code == 303


def test_on_ones_own_device_one_stays_for_weeks(world: World) -> None:
    client, cookie = enter(world, stays="1")
    assert f"Max-Age={30 * 24 * 3600}" in cookie
    world.now = NOW + timedelta(days=20)
    assert client.get("/portal").status_code == 200


def test_over_https_the_cookie_is_for_this_host_alone(world: World) -> None:
    client = world.client()
    answer = client.post("/login", data={"login": "ana", "password": "secret"}, base_url="https://portal.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-vigencia=")
    assert "Secure" in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_guesser_meets_a_page_that_says_what_he_may_do(world: World) -> None:
    client = world.client(lang="pt-BR")
    for _ in range(5):
        assert client.post("/login", data={"login": "ana", "password": "guess"}).status_code == 401
    locked = client.post("/login", data={"login": "ana", "password": "secret"})
    assert (locked.status_code, int(locked.headers["Retry-After"]) > 0) == (429, True)
    assert "peça um link por e-mail" in locked.text


def test_a_link_is_asked_for_and_opens_the_portal_by_its_button(world: World, post: Post) -> None:
    client = world.client(lang="pt-BR")
    pages = [client.post("/login/link", data={"login": login}).text for login in ("ana", "nobody")]
    assert pages[0].replace("ana", "nobody") == pages[1]
    token = post.token()
    for _ in range(3):  # a mail scanner was here before
        assert "Olá, Ana" in client.get(f"/e/{token}").text
    assert client.get("/portal").status_code == 303
    assert client.post(f"/e/{token}").headers["Location"] == "/"
    assert client.get("/portal").status_code == 200
    assert client.get(f"/e/{token}").status_code == 410


def test_a_new_password_is_typed_twice_and_must_be_a_good_one(world: World, post: Post) -> None:
    client = world.client(lang="pt-BR")
    client.post("/login/link", data={"login": "ana", "for": "password"})
    token = post.token()
    for form, said in (
        ({"password": GOOD, "again": "another one altogether"}, "não são iguais"),
        ({"password": "Senha@2026!!", "again": "Senha@2026!!"}, "tentaria"),
        ({}, "pelo menos 10"),
    ):
        answer = client.post(f"/e/{token}", data=form)
        assert (answer.status_code, said in answer.text) == (422, True)
    assert client.post(f"/e/{token}", data={"password": GOOD, "again": GOOD}).status_code == 303
    assert client.get("/portal").status_code == 200


def test_the_language_of_the_account_is_that_of_the_pages(world: World) -> None:
    assert world.client("ana").patch("/api/v1/session", json={"lang": "en"}).json["lang"] == "en"
    client, _ = enter(world)
    assert "Needs you" in client.get("/portal").text


HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
)


def test_every_answer_says_what_a_browser_may_do_with_it(world: World) -> None:
    """Pages, files, the API, refusals and unknown addresses, with nothing inline anywhere."""
    client = world.client()
    for name, method, path in [*operations(world), ("nothing", "GET", "/nowhere")]:
        answer = client.open(path, method=method, json={} if name in PERMISSIONS else None)
        for header in HEADERS:
            assert header in answer.headers, (name, header)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "Strict-Transport-Security" not in answer.headers  # over http it would lock people out
        if answer.mimetype in ("application/json", "application/problem+json"):
            assert policy.startswith("default-src 'none'"), name


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_no_form_from_elsewhere_does_anything_on_any_page(world: World, headers: dict[str, str]) -> None:
    """Not even a login: who is logged in as somebody else's user types his secrets there."""
    client, _ = enter(world)
    walked = 0
    for name, method, path in operations(world):
        if method == "GET" or path.startswith("/api/"):
            continue
        answer = client.open(path, method=method, data={"text": "x"}, headers=headers)
        assert (name, answer.status_code) == (name, 403)
        walked += 1
    assert walked >= 6
    assert world.services.commands() == []
