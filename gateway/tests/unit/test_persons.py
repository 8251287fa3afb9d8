"""A person's own data: all of it and nobody else's; wishes to be forgotten; who did what, with names as they are now."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from gateway import history, personal
from gateway.identity.forgetting import forget_users
from gateway.identity.tables import one_time_links, sessions
from gateway.mail.tables import mail_causes
from gateway.tables import users
from gateway.tests.unit.world import NOW, World
from services.blobs import MemoryBlobs
from services.errors import Unavailable
from services.events import Incoming
from services.rows import Rows

PHOTO = "ab" * 32


@pytest.fixture
def asked(world: World) -> World:
    """Services that know something of ana."""

    def operate(payload: dict[str, Any]) -> Any:
        if payload.get("action") != "personal" or payload["person"] != "ana":
            return {"items": [], "next": None}
        page = {"at": "2026-03-02T12:00:00Z", "what": "tickets.request.noted", "thing": "request-q-A"}
        if payload["after"] is None:
            return {"items": [{**page, "data": {"text": "Pinga"}, "file": PHOTO}], "next": ["request-q-A", 1]}
        return {"items": [{**page, "at": "2026-03-01T12:00:00Z", "data": {"text": "Antes"}}], "next": None}

    world.services.answers |= {
        "tickets.personal": operate,
        "contracts.people": {"people": {"ana": {"name": "Ana", "email": "ana@a.example"}}},
    }
    return world


def test_a_person_takes_away_all_that_is_known_of_him(asked: World) -> None:
    found = asked.client("ana").get("/api/v1/session/data").json
    assert (found["account"]["login"], len(found["account"]["sessions"])) == ("ana", 1)
    assert [(each["customer"], each["rights"]) for each in found["speaks_for"]] == [
        ("Companhia A", ["requests", "money", "approval"])
    ]
    assert found["profile"]["ana"]["email"] == "ana@a.example"
    assert [item["data"]["text"] for item in found["services"]["tickets"]] == ["Antes", "Pinga"]
    assert found["missing"] == []
    persons = {payload["person"] for _, method, payload, _ in asked.services.calls if method == "operate"}
    assert persons == {"ana"}


def test_a_part_that_does_not_answer_is_named(asked: World) -> None:
    asked.services.answers["billing.personal"] = Unavailable("x")
    assert asked.client("ana").get("/api/v1/session/data").json["missing"] == ["billing"]


def test_as_a_file_it_holds_what_he_sent(asked: World) -> None:
    blobs = MemoryBlobs()
    sha256 = blobs.put(b"photo")
    data = asked.client("ana").get("/api/v1/session/data").json
    data["services"]["tickets"][1]["file"] = sha256
    with zipfile.ZipFile(io.BytesIO(personal.zipped(data, blobs, "pt-BR"))) as archive:
        assert set(archive.namelist()) == {"LEIA-ME.txt", "dados.json", f"arquivos/{sha256}"}
        assert json.loads(archive.read("dados.json"))["account"]["login"] == "ana"


def test_operators_do_not_read_it(world: World) -> None:
    answer = world.client("operator").post("/api/v1/operations/tickets/personal", json={"person": "ana"})
    assert (answer.status_code, answer.json["code"]) == (404, "operation.unknown")
    assert world.services.calls == []


# -- wishes to be forgotten --------------------------------------------------------------------------------------------


def test_a_wish_is_approved_and_carried_out_once(world: World) -> None:
    ana, manager = world.client("ana"), world.client("manager")
    wish, again = (ana.post("/api/v1/session/erasure", json={}).json for _ in range(2))
    assert (wish, wish["state"]) == (again, "asked")
    assert wish["answer_by"] == "2026-03-17T12:00:00Z"
    assert [each["erasure_id"] for each in manager.get("/api/v1/erasures?state=asked").json["items"]] == [
        wish["erasure_id"]
    ]
    for _ in range(2):
        done = manager.post(f"/api/v1/erasures/{wish['erasure_id']}/approve", json={})
        assert (done.status_code, done.json["state"]) == (200, "done")
    first, second = world.services.commands()
    assert (first["command"], first["payload"]) == ("erase_contact", {"customer_id": "A", "contact_id": "ana"})
    assert first["id"] == second["id"]
    refused = manager.post(f"/api/v1/erasures/{wish['erasure_id']}/decline", json={"reason": "x"})
    assert (refused.status_code, refused.json["code"]) == (422, "erasure.decided")


def test_who_is_the_customer_himself_is_erased_with_him(world: World) -> None:
    pair = [{"customer_id": "person-a", "contact_id": "person-a"}]
    world.users.put("eu", "Eu", ["contact"], password="secret", contacts=pair, user_id="u-eu")
    wish = world.client("eu").post("/api/v1/session/erasure", json={}).json
    world.client("manager").post(f"/api/v1/erasures/{wish['erasure_id']}/approve", json={})
    [command] = world.services.commands()
    assert (command["command"], command["payload"]) == ("erase_customer", {"customer_id": "person-a"})


def test_a_wish_is_declined_with_a_reason_or_withdrawn(world: World) -> None:
    ana, manager = world.client("ana"), world.client("manager")
    wish = ana.post("/api/v1/session/erasure", json={}).json
    manager.post(f"/api/v1/erasures/{wish['erasure_id']}/decline", json={"reason": "Contrato em vigor."})
    assert ana.get("/api/v1/session/erasure").json["erasure"]["reason"] == "Contrato em vigor."
    world.now = NOW + timedelta(days=1)
    ana = world.client("ana")
    ana.post("/api/v1/session/erasure", json={})
    assert ana.post("/api/v1/session/erasure/withdraw", json={}).json["state"] == "withdrawn"
    assert world.services.commands() == []
    assert world.client("bob").post("/api/v1/session/erasure/withdraw", json={}).status_code == 404


def erased(world: World, kind: str, customer_id: str, *persons: str) -> None:
    data = {"customer_id": customer_id, "person_ids": list(persons)}
    event = Incoming(f"{kind}@1", "contracts", kind, 1, "s", 1, NOW, data, "", "", "test", False, 0)
    with world.app.database.write() as conn:
        rows = Rows(conn)
        assert list(forget_users(event, rows)) == []
        rows.flush()


def test_who_was_erased_logs_in_no_more_and_leaves_nothing_here(world: World) -> None:
    ana = world.client("ana")
    world.accounts.wish("login", "ana", lang="pt-BR", address="192.0.2.1")
    world.accounts.grant_wishes()
    erased(world, "contracts.customer.contact_erased", "A", "ana")
    user = world.row(users, user_id="u-ana")
    assert user is not None
    assert (user["name"], user["login"], user["email"], user["active"]) == ("", "erased-u-ana", None, False)
    with world.app.database.read() as conn:
        rows = Rows(conn, lock=False)
        assert rows.find(sessions, user_id="u-ana") == rows.find(one_time_links, user_id="u-ana") == []
        [cause] = rows.find(mail_causes, template="erasure")
    assert cause["facts"] == {"person_ids": ["u-ana"]}
    assert ana.get("/api/v1/session").status_code == 401
    assert world.client("bob").get("/api/v1/session").status_code == 200


def test_who_speaks_for_another_customer_too_goes_on_for_that_one(world: World) -> None:
    pairs = [{"customer_id": "A", "contact_id": "rui"}, {"customer_id": "B", "contact_id": "rui"}]
    world.users.put("rui", "Rui", ["contact"], password="secret", contacts=pairs, user_id="u-rui")
    erased(world, "contracts.customer.erased", "A", "A", "ana")
    user = world.row(users, user_id="u-rui")
    assert user is not None
    assert (user["name"], user["contacts"]) == ("Rui", pairs[1:])


# -- history -----------------------------------------------------------------------------------------------------------


def recorded(number: int, kind: str, actor: str, channel: str | None = None) -> dict[str, Any]:
    at = {"at": f"2026-03-02T12:0{number}:00+00:00", "correlation": "k", "historical": False}
    return {"id": f"request-q-A@{number}", "type": kind, "actor": actor, "channel": channel, **at}


def test_who_did_what_when_and_by_which_way(world: World) -> None:
    world.services.answers["tickets.stream"] = [
        recorded(1, "tickets.request.opened", "contact:ana", "portal"),
        recorded(2, "tickets.request.assigned", "user:u-attendant", "console"),
        recorded(3, "tickets.request.noted", "contact:gone", "mail"),
        recorded(4, "tickets.request.warned", "system:due"),
    ]
    world.services.answers["contracts.people"] = {"people": {"ana": {"name": "Ana"}}}
    items = world.client("manager", lang="pt-BR").get("/api/v1/history/request/q-A").json["items"]
    assert [(each["words"], each["by"]["name"], each["channel"]) for each in items] == [
        ("Prazo perto do fim", None, None),
        ("Nota escrita", None, "mail"),  # erased: no name is left, what was done stays
        ("Atribuída", "Attendant", "console"),
        ("Solicitação aberta", "Ana", "portal"),
    ]
    assert items[0]["by"] == {"kind": "system", "id": "due", "name": None}


def test_of_what_is_not_there_is_no_history_and_customers_read_none(world: World) -> None:
    world.services.answers["tickets.stream"] = []
    assert world.client("manager").get("/api/v1/history/request/x").status_code == 404
    assert world.client("manager").get("/api/v1/history/secret/x").json["code"] == "history.no-such-thing"
    assert world.client("ana").get("/api/v1/history/request/q-A").status_code == 403


def test_every_write_says_by_which_way_it_came(world: World) -> None:
    world.client("ana").post("/api/v1/requests/q-A/notes", json={"text": "x"})
    page = world.client(lang="pt-BR")
    page.post("/login", data={"login": "ana", "password": "secret"})
    world.services.answers["tickets.request"] = {"customer_id": "A", "opened_by": "ana"}
    page.post("/portal/requests/q-A/note", data={"text": "x", "key": "0193a1b2-7c44-7d2e"})
    assert [command["channel"] for command in world.services.commands()] == ["api", "portal"]


def test_words_of_what_happened_are_said_in_both_languages() -> None:
    for kind, (portuguese, english) in history.words().items():
        assert all((portuguese, english)), kind
        assert kind.count(".") == 2, kind
    assert history.said("other.thing.happened", "en") == "other.thing.happened"
