"""Webhook endpoints over the API: who may, whose they are, what is shown once, and what staff is told by mail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from gateway.mail.tables import mail_causes
from gateway.tables import users
from gateway.tests.unit.hooks import MONDAY
from gateway.tests.unit.test_feeds import system
from gateway.tests.unit.test_mail import Office
from gateway.tests.unit.world import World

HEADS = {"feed": "f", "partitions": [{"partition": 0, "offset": 4, "chain": "c4"}]}
URL = "https://erp.example.com/in"
HOOKS = "/api/v1/webhooks"


@pytest.fixture(autouse=True)
def feeds(world: World) -> None:
    world.services.answers["heads"] = HEADS


def make(client: FlaskClient, **more: Any) -> dict[str, Any]:
    answer = client.post(HOOKS, json={"name": "books", "url": URL, "types": ["billing.*"], **more})
    assert answer.status_code == 201, answer.json
    made: dict[str, Any] = answer.json
    return made


def test_a_secret_is_shown_once(world: World) -> None:
    client = world.client("manager")
    made = make(client)
    assert made["secret"].startswith("whsec_")
    shown = [client.get(HOOKS).json, client.get(f"{HOOKS}/{made['endpoint_id']}").json]
    assert made["secret"] not in json.dumps(shown)
    again = {"Idempotency-Key": "one-and-the-same"}
    body = {"name": "books", "url": URL}
    assert [client.post(HOOKS, json=body, headers=again).status_code for _ in range(2)] == [201, 422]


def test_it_tells_where_it_stands(world: World) -> None:
    client = world.client("operator")
    made = make(client)
    [place] = client.get(f"{HOOKS}/{made['endpoint_id']}").json["places"]
    assert place == {"service": "billing", "partition": 0, "through": 4, "head": 4}
    assert (made["services"], made["state"], made["reason"], made["owner"]) == (["billing"], "active", "", None)


def test_a_key_sees_and_changes_its_own_endpoints_alone(world: World) -> None:
    staffs = make(world.client("manager"))["endpoint_id"]
    one, other = (system(world, "webhooks", "feed:billing") for _ in range(2))
    own = make(one)["endpoint_id"]
    assert [each["endpoint_id"] for each in one.get(HOOKS).json["items"]] == [own]
    assert other.get(HOOKS).json["items"] == []
    for id_ in (staffs, own):
        walks = [("GET", ""), ("GET", "/attempts"), ("GET", "/waiting"), ("PUT", "")]
        walks += [("POST", f"/{verb}") for verb in ("test", "pause", "resume", "rotate", "remove")]
        for method, path in walks:
            assert other.open(f"{HOOKS}/{id_}{path}", method=method, json={}).status_code == 404, path
        for verb in ("skip", "send-again"):
            body = {"service": "billing", "offset": 0}
            assert other.post(f"{HOOKS}/{id_}/{verb}", json=body).status_code == 404
    assert {each["endpoint_id"] for each in world.client("manager").get(HOOKS).json["items"]} == {staffs, own}
    assert one.post(f"{HOOKS}/{own}/pause", json={}).json["state"] == "paused"


def test_a_key_without_the_scope_has_no_endpoints(world: World) -> None:
    client = system(world, "feed:billing")
    for answer in (client.get(HOOKS), client.post(HOOKS, json={"name": "x", "url": URL})):
        assert (answer.status_code, answer.json["code"]) == (403, "access.scope-missing")


def test_a_key_hears_no_more_by_webhook_than_it_may_read(world: World) -> None:
    client = system(world, "webhooks", "feed:billing")
    assert make(client, types=["*"])["services"] == ["billing"]
    answer = client.post(HOOKS, json={"name": "x", "url": URL, "types": ["contracts.*"]})
    assert (answer.status_code, answer.json["problems"][0]["path"]) == (400, "types.0")
    own = make(client)["endpoint_id"]
    assert client.put(f"{HOOKS}/{own}", json={"types": ["tickets.*"]}).status_code == 400


def test_a_key_has_some_endpoints_and_not_any_number(world: World) -> None:
    client = system(world, "webhooks", "feed:billing")
    for _ in range(20):
        make(client)
    answer = client.post(HOOKS, json={"name": "x", "url": URL})
    assert (answer.status_code, answer.json["code"]) == (422, "webhook.too-many")


@pytest.mark.parametrize("role", ["attendant", "technician", "finance", "ana"])
def test_others_of_staff_and_customers_have_no_webhooks(world: World, role: str) -> None:
    assert world.client(role).get(HOOKS).status_code == 403


@pytest.mark.parametrize(("lang", "words"), [("en", "internal or reserved"), ("pt-BR", "internos ou reservados")])
def test_an_inner_address_is_refused_with_words(world: World, lang: str, words: str) -> None:
    body = {"name": "x", "url": "https://169.254.169.254/"}
    answer = world.client("manager", lang).post(HOOKS, json=body)
    assert (answer.status_code, answer.json["code"]) == (422, "webhook.address-refused")
    assert words in answer.json["detail"]


def test_what_it_was_and_what_is_changed(world: World) -> None:
    client = world.client("manager")
    id_ = make(client)["endpoint_id"]
    changed = client.put(f"{HOOKS}/{id_}", json={"name": "erp", "types": ["billing.receivable.*", "tickets.*"]}).json
    assert (changed["name"], changed["url"], changed["services"]) == ("erp", URL, ["billing", "tickets"])
    assert client.post(f"{HOOKS}/{id_}/remove", json={}).status_code == 204
    assert client.get(f"{HOOKS}/{id_}").status_code == 404
    assert client.get(HOOKS).json["items"] == []


@pytest.mark.parametrize("template", ["webhook_paused", "webhook_stuck"])
def test_managers_and_operators_are_told_by_mail(world: World, template: str) -> None:
    office = Office(world)
    people = [("w1", "manager"), ("w2", "operator"), ("w3", "technician")]
    facts = {"role": "manager", "roles": ["manager", "operator"], "webhook": "books", "why": "failing"}
    with office.app.database.write() as conn:
        for id_, role in people:
            row = {"login": id_, "name": id_, "roles": [role], "contacts": [], "email": f"{id_}@vertice.example"}
            conn.execute(insert(users).values(user_id=id_, **row, password_hash="x", active=True, created_at=MONDAY))
        cause = {"cause_id": "webhook/w/1", "template": template, "customer_id": "", "facts": facts}
        conn.execute(insert(mail_causes).values(**cause, happened_at=MONDAY))
    office.sender.run()
    told = {message["To"].addresses[0].addr_spec: message for _, message in office.post.sent}
    assert sorted(told) == ["w1@vertice.example", "w2@vertice.example"]
    text = told["w1@vertice.example"].get_content()
    assert "books" in text
    assert "—" not in text + told["w1@vertice.example"]["Subject"]
