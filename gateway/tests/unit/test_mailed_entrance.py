"""Links to log in, new passwords, invitations: mailed, good once, and silent about who is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from gateway.identity.tables import link_wishes
from gateway.tests.unit.letters import GOOD, Post, log_in, token_in
from gateway.tests.unit.world import NOW, World


@pytest.fixture
def post(world: World) -> Post:
    return Post(world)


# -- links -------------------------------------------------------------------------------------------------------------


def wish(client: FlaskClient, user: str, kind: str = "login", address: str = "192.0.2.7") -> Any:
    return client.post(
        "/api/v1/session/links", json={"user": user, "kind": kind}, environ_base={"REMOTE_ADDR": address}
    )


def redeem(client: FlaskClient, token: str, **more: str) -> Any:
    return client.post("/api/v1/session/links/redeem", json={"token": token, **more})


def test_who_asks_for_a_link_learns_nothing_of_who_is_known(world: World, post: Post) -> None:
    client = world.client()
    known, unknown = wish(client, "ana"), wish(client, "nobody@nowhere.example")
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data) == (202, known.data)
    assert len(post.bring()) == 1
    with world.app.database.read() as conn:
        assert conn.execute(select(link_wishes)).all() == []  # what was typed is kept nowhere


def test_a_mailed_link_logs_in_once_within_its_time(world: World, post: Post) -> None:
    client = world.client()
    wish(client, "ana")
    token = post.token()
    entered = redeem(client, token)
    assert (entered.status_code, entered.json["user"]["login"]) == (200, "ana")
    again = redeem(client, token)
    assert (again.status_code, again.json["code"]) == (410, "one-time.over")
    wish(client, "ana")
    late = post.token()
    world.now = NOW + timedelta(minutes=15)
    assert redeem(client, late).status_code == 410


def test_the_last_link_counts(world: World, post: Post) -> None:
    client = world.client()
    wish(client, "ana")
    first = post.token()
    wish(client, "ana")
    second = post.token()
    assert (redeem(client, first).status_code, redeem(client, second).status_code) == (410, 200)


def test_links_are_not_poured_over_anybody(world: World, post: Post) -> None:
    client = world.client()
    for _ in range(6):
        assert wish(client, "ana").status_code == 202
    world.accounts.grant_wishes()
    post.sender.run()
    assert len(post.letters) == 1  # three were mailed, of which the last counts: the others are dropped
    answers = [wish(client, "ana", address="203.0.113.9").status_code for _ in range(21)]
    assert answers == [202] * 20 + [429]


def test_a_forgotten_password_is_chosen_anew_and_all_sessions_end(world: World, post: Post) -> None:
    ana, client = world.client("ana"), world.client()
    wish(client, "ana", "password")
    wish(client, "ana", "login")
    world.accounts.grant_wishes()
    post.sender.run()
    tokens = {letter["Subject"]: token_in(letter) for letter in post.letters}
    trivial = redeem(client, tokens["Choose a new password"], password="aaaaaaaaaaaa")
    assert (trivial.status_code, trivial.json["problems"][0]["code"]) == (400, "trivial")
    assert redeem(client, tokens["Choose a new password"]).status_code == 400
    assert redeem(client, tokens["Choose a new password"], password=GOOD).status_code == 200
    assert ana.get("/api/v1/session").status_code == 401
    assert (log_in(client, "ana", "secret").status_code, log_in(client, "ana", GOOD).status_code) == (401, 200)
    assert redeem(client, tokens["Your link to log in"]).status_code == 410  # whoever has the old mail gets in no more


def test_no_other_signed_thing_is_a_link_and_a_link_is_nothing_else(world: World, post: Post) -> None:
    client = world.client()
    wish(client, "ana")
    token = post.token()
    assert client.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert client.get(f"/l/{token}").status_code == 404
    for other in (world.token("ana"), "x", token[:-2] + "AA"):
        assert redeem(client, other).status_code == 404


def test_wrong_links_from_one_address_come_to_an_end(world: World) -> None:
    client = world.client()
    answers = [redeem(client, f"guess-{number}").status_code for number in range(31)]
    assert answers == [404] * 30 + [429]


def test_who_may_not_log_in_gets_no_link(world: World, post: Post) -> None:
    world.client("manager").put("/api/v1/users/u-ana", json={"active": False})
    wish(world.client(), "ana")
    assert post.bring() == []


# -- invitations -------------------------------------------------------------------------------------------------------

JOANA = {"email": "Joana@Vertice.example", "name": "Joana Reis", "roles": ["finance"]}


def test_who_is_invited_chooses_a_password_and_is_in(world: World, post: Post) -> None:
    manager, client = world.client("manager"), world.client()
    made = manager.post("/api/v1/users/invitations", json=JOANA)
    assert (made.status_code, made.json["login"], made.json["invited"]) == (201, "joana@vertice.example", True)
    [letter] = post.bring()
    assert letter["To"] == "Joana Reis <joana@vertice.example>"
    token = token_in(letter)
    assert log_in(client, "joana@vertice.example", "").status_code == 400
    assert log_in(client, "joana@vertice.example", "anything at all").status_code == 401
    assert redeem(client, token, password="joana reis 2026").status_code == 400  # what is known of her
    entered = redeem(client, token, password=GOOD)
    assert (entered.status_code, entered.json["user"]["roles"]) == (200, ["finance"])
    assert log_in(client, "joana@vertice.example", GOOD).status_code == 200
    again = manager.post(f"/api/v1/users/{made.json['user_id']}/invitation", json={})
    assert (again.status_code, again.json["code"]) == (422, "invitation.accepted")


def test_an_invitation_is_sent_again_and_the_older_mail_opens_nothing(world: World, post: Post) -> None:
    manager, client = world.client("manager"), world.client()
    made = manager.post("/api/v1/users/invitations", json=JOANA).json
    first = post.token()
    assert manager.post(f"/api/v1/users/{made['user_id']}/invitation", json={}).status_code == 202
    second = post.token()
    assert redeem(client, first, password=GOOD).status_code == 410
    world.now = NOW + timedelta(days=7)
    assert redeem(client, second, password=GOOD).status_code == 410


def contact(world: World, contact_id: str = "eva", email: str | None = "eva@a.example") -> None:
    person = {"contact_id": contact_id, "name": "Eva", "email": email, "rights": ["requests"]}
    world.services.answers["contracts.customer"] = {"customer_id": "A", "kind": "company", "contacts": [person]}


def test_a_customer_invites_his_colleague_and_nobody_elses(world: World, post: Post) -> None:
    contact(world)
    ana = world.client("ana")
    invited = ana.post("/api/v1/customers/A/contacts/eva/invitation", json={})
    assert (invited.status_code, invited.json) == (202, {"contact_id": "eva", "invited": True})
    [letter] = post.bring()
    assert letter["To"] == "Eva <eva@a.example>"
    assert ana.post("/api/v1/customers/B/contacts/bea/invitation", json={}).status_code == 404
    assert ana.post("/api/v1/customers/A/contacts/bea/invitation", json={}).status_code == 404
    assert world.client("bea").post("/api/v1/customers/B/contacts/bob/invitation", json={}).status_code == 403


def test_who_speaks_for_a_customer_already_is_told_of_the_other(world: World, post: Post) -> None:
    world.client("manager").put("/api/v1/users/u-bob", json={"email": "bob@b.example"})
    pair = [{"customer_id": "B", "contact_id": "bob"}]
    world.users.put("rui@x.example", "Rui", ["contact"], password="secret", contacts=pair)
    contact(world, "rui", "rui@x.example")
    answer = world.client("ana").post("/api/v1/customers/A/contacts/rui/invitation", json={})
    assert (answer.status_code, answer.json["invited"]) == (202, False)
    rui = world.users.by_login("rui@x.example")
    assert rui is not None
    assert [each["customer_id"] for each in rui.contacts] == ["B", "A"]
    [letter] = post.bring()
    assert "Companhia A" in letter["Subject"]


def test_a_customer_cannot_reach_staff_by_an_invitation(world: World, post: Post) -> None:
    world.users.put("chefe@casa.example", "Chefe", ["manager"], password="secret")
    contact(world, "chefe", "chefe@casa.example")
    answer = world.client("ana").post("/api/v1/customers/A/contacts/chefe/invitation", json={})
    assert (answer.status_code, answer.json["code"]) == (422, "invitation.not-possible")
    contact(world, "eva", None)
    answer = world.client("ana").post("/api/v1/customers/A/contacts/eva/invitation", json={})
    assert answer.json["code"] == "invitation.no-address"
    assert post.bring() == []
