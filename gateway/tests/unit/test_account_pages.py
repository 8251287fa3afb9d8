"""One's own account and one's colleagues, in the portal and in the console; users and wishes for managers."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.tests.unit.letters import GOOD, Post
from gateway.tests.unit.test_portal import browser
from gateway.tests.unit.world import World

KEY = "0193a1b2-7c44-7d2e-9f00-5a6b7c8d9e0f"


@pytest.fixture
def post(world: World) -> Post:
    return Post(world)


def see(client: FlaskClient, path: str, *texts: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    for text in texts:
        assert text in page.text, text
    return page.text


@pytest.mark.parametrize("login", ["ana", "bea", "manager", "technician", "operator"])
def test_everybody_has_an_account_page_in_his_own_frame(world: World, login: str) -> None:
    page = see(browser(world, login), "/account", "Minha conta", "Onde você entrou", "este aparelho")
    assert ("Apagar meus dados" in page) == (login in ("ana", "bea"))
    assert ("/console" in page) == (login not in ("ana", "bea"))


def test_name_and_language_are_changed_and_stay(world: World) -> None:
    ana = browser(world, "ana")
    assert ana.post("/account/me", data={"name": "Ana Paula", "lang": "en"}).status_code == 303
    see(ana, "/account?done=me", "My account", "Ana Paula", "Saved.")
    ana.post("/account/me", data={"name": " ", "lang": ""})
    see(ana, "/account", "Minha conta", "Ana Paula")


def test_a_password_is_changed_by_who_knows_the_current_one(world: World) -> None:
    ana, phone = browser(world, "ana"), browser(world, "ana")
    for form, said in (
        ({"current": "secret", "password": GOOD, "again": "something else"}, "não são iguais"),
        ({"current": "wrong", "password": GOOD, "again": GOOD}, "A senha atual não confere"),
        ({"current": "secret", "password": "Senha@2026!!", "again": "Senha@2026!!"}, "tentaria"),
    ):
        answer = ana.post("/account/password", data=form)
        assert (answer.status_code >= 400, said in answer.text) == (True, True), said
    assert ana.post("/account/password", data={"current": "secret", "password": GOOD, "again": GOOD}).status_code == 303
    assert (ana.get("/account").status_code, phone.get("/account").status_code) == (200, 303)


def test_who_guesses_the_current_password_is_stopped(world: World) -> None:
    ana = browser(world, "ana")
    answers = [
        ana.post("/account/password", data={"current": f"guess {n}", "password": GOOD, "again": GOOD}).status_code
        for n in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_devices_are_logged_out_from_here(world: World) -> None:
    ana, phone, tablet = (browser(world, "ana") for _ in range(3))
    ids = [each["session_id"] for each in world.client("ana").get("/api/v1/sessions").json["items"]]
    assert len(ids) == 4
    foreign = browser(world, "bob").post(f"/account/sessions/{ids[-1]}/end")
    assert foreign.status_code == 404
    assert ana.post("/account/sessions/end-others").status_code == 303
    assert [each.get("/account").status_code for each in (ana, phone, tablet)] == [200, 303, 303]


def test_ones_data_are_taken_away_and_a_wish_is_made_and_withdrawn(world: World) -> None:
    ana = browser(world, "ana")
    file = ana.get("/account/data.zip")
    assert file.headers["Content-Disposition"] == 'attachment; filename="meus-dados.zip"'
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert "dados.json" in archive.namelist()
    ana.post("/account/erasure", data={"key": KEY})
    see(ana, "/account", "17 de março", "Desistir do pedido")
    manager = browser(world, "manager")
    see(manager, "/console/users", "Pedidos de exclusão de dados</a>".replace("</a>", ""))
    page = see(manager, "/console/erasures", "Ana", "Companhia A", "17 de março")
    [wish] = world.flask.extensions["vigencia"].erasures.all()
    assert wish.erasure_id in page
    empty = manager.post(f"/console/erasures/{wish.erasure_id}/decline", data={"reason": " "})
    assert empty.status_code == 422
    manager.post(f"/console/erasures/{wish.erasure_id}/decline", data={"reason": "Há um contrato."})
    see(ana, "/account", "Há um contrato.")
    ana.post("/account/erasure", data={"key": KEY.replace("e0f", "e10")})
    ana.post("/account/erasure/withdraw")
    assert "Desistir do pedido" not in ana.get("/account").text


# -- colleagues --------------------------------------------------------------------------------------------------------


def known_to_contracts(world: World, *contacts: dict[str, Any]) -> None:
    found = {"customer_id": "A", "kind": "company", "contacts": list(contacts)}
    world.services.answers["contracts.customer"] = found


def test_who_may_approve_lets_a_colleague_in(world: World, post: Post) -> None:
    ana = browser(world, "ana")
    see(ana, "/account/colleagues", "Companhia A", "Autorizar alguém")
    made: list[dict[str, Any]] = []

    def authorise(payload: dict[str, Any]) -> dict[str, Any]:
        made.append(payload["payload"])
        known_to_contracts(world, {**payload["payload"]})
        return {"source": "contracts", "stream": "customer-A", "version": 9, "events": []}

    world.services.answers["contracts.authorise_contact"] = authorise
    form = {"name": "Eva", "email": "eva@a.example", "rights": ["requests", "money", "king"], "key": KEY}
    answer = ana.post("/account/colleagues/A", data=form)
    assert answer.status_code == 303
    assert (made[0]["rights"], made[0]["name"]) == (["requests", "money"], "Eva")
    [letter] = post.bring()
    assert letter["To"] == "Eva <eva@a.example>"


def test_who_may_not_approve_sees_his_colleagues_and_changes_none(world: World) -> None:
    bea = browser(world, "bea")
    page = see(bea, "/account/colleagues", "Companhia B", "Bob")
    assert "Autorizar alguém" not in page
    for path in ("/account/colleagues/B", "/account/colleagues/B/bob/remove", "/account/colleagues/B/bob/invite"):
        assert bea.post(path, data={"name": "x", "rights": "money", "key": KEY}).status_code == 403
    assert world.services.commands() == []


def test_nobody_reaches_another_customers_people(world: World) -> None:
    bob = browser(world, "bob")
    assert "Companhia A" not in bob.get("/account/colleagues").text
    for path in ("A", "A/ana/remove", "A/ana/rights", "A/ana/invite"):
        answer = bob.post(f"/account/colleagues/{path}", data={"name": "x", "rights": "money", "key": KEY})
        assert answer.status_code == 404
    assert world.services.commands() == []
    assert browser(world, "manager").get("/account/colleagues").status_code == 404


def test_rights_are_changed_and_a_colleague_is_taken_away(world: World) -> None:
    bob = browser(world, "bob")
    kept = {"contact_id": "bea", "name": "Bea", "email": "bea@b.example", "phone": None, "role": None}
    known_to_contracts(world, {**kept, "rights": ["requests"]})
    bob.post("/account/colleagues/B/bea/rights", data={"rights": ["requests", "money"], "key": KEY})
    bob.post("/account/colleagues/B/bea/remove", data={"key": KEY.replace("e0f", "e11")})
    changed, removed = world.services.commands()
    assert changed["payload"]["rights"] == ["requests", "money"]
    assert changed["payload"]["email"] == "bea@b.example"
    assert (removed["command"], removed["channel"]) == ("remove_contact", "portal")
    assert bob.post("/account/colleagues/B/bea/crown", data={"key": KEY}).status_code == 404


# -- users -------------------------------------------------------------------------------------------------------------


def test_a_manager_invites_locks_and_unlocks(world: World, post: Post) -> None:
    manager = browser(world, "manager")
    bad = manager.post("/console/users", data={"name": "Joana", "email": "no address", "roles": "finance", "key": KEY})
    assert bad.status_code == 400
    form = {"name": "Joana", "email": "joana@v.example", "roles": ["finance", "attendant"], "key": KEY}
    place = manager.post("/console/users", data=form).headers["Location"]
    see(manager, place, "Joana", "Convite enviado.", "Enviar o convite de novo")
    [letter] = post.bring()
    assert letter["To"] == "Joana <joana@v.example>"
    see(manager, "/console/users?search=joana", "convidado")
    ana = browser(world, "ana")
    manager.post("/console/users/u-ana/lock")
    assert ana.get("/portal").status_code == 303
    see(manager, "/console/users/u-ana?done=lock", "bloqueado", "Companhia A", "Liberar o acesso")
    manager.post("/console/users/u-ana/unlock")
    assert browser(world, "ana").get("/portal").status_code == 200
    see(manager, "/console/users?active=no", "Ninguém com este filtro.")


def test_roles_are_changed_and_somebody_who_manages_remains(world: World) -> None:
    manager = browser(world, "manager")
    manager.post(
        "/console/users/u-finance/change", data={"name": "Fina", "email": "", "roles": ["finance", "attendant"]}
    )
    user = world.users.by_id("u-finance")
    assert user is not None
    assert (user.name, user.roles) == ("Fina", ("finance", "attendant"))
    last = manager.post("/console/users/u-manager/change", data={"name": "M", "email": "", "roles": ["finance"]})
    assert (last.status_code, "último gerente ativo" in last.text) == (422, True)
    manager.post("/console/users/u-ana/change", data={"name": "Ana", "email": "ana@x.example", "roles": ["manager"]})
    ana = world.users.by_id("u-ana")
    assert ana is not None
    assert (ana.email, ana.roles) == ("ana@x.example", ("contact",))  # a customer's person is made no staff by a form


@pytest.mark.parametrize("login", ["attendant", "finance", "technician", "operator"])
def test_only_managers_see_users(world: World, login: str) -> None:
    client = browser(world, login)
    assert "/console/users" not in client.get("/console").text
    for path in ("/console/users", "/console/users/u-ana", "/console/erasures"):
        assert client.get(path).status_code == 403
    assert client.post("/console/users/u-ana/lock").status_code == 403
