"""The customer's portal: who gets in, whose things he sees, that nothing is done twice or for a foreign form."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.identity.permissions import PAGES, PERMISSIONS
from gateway.pages.links import Links
from gateway.pages.portal.following import steps_of
from gateway.tests.unit.test_pages import PIX, RECEIVABLE
from gateway.tests.unit.world import NOW, World
from services.blobs import digest

KEY = "0193a1b2-7c44-7d2e-9f00-5a6b7c8d9e0f"
COVERED = {
    "status": "covered",
    "opens": True,
    "needs_acceptance": False,
    "words": {"pt-BR": "Coberto pelo contrato.", "en": "Covered."},
    "clause_words": {"pt-BR": "Incluído.", "en": "Included."},
}
PHOTO = digest(b"a photo")
REQUEST: dict[str, Any] = {
    "request_id": "q-A",
    "contract_id": "c-A",
    "customer_id": "A",
    "protocol": "2026-A",
    "external_ref": None,
    "status": "open",
    "description": "Pinga",
    "site_id": None,
    "equipment_id": None,
    "opened_by": "ana",
    "opened_at": "2026-03-02T12:00:00Z",
    "response_due_at": None,
    "resolution_due_at": "2026-03-03T12:00:00Z",
    "resolution_outcome": "running",
    "price": None,
    "notes": [{"author_id": "ana", "by": "ana", "text": "Olá", "at": "2026-03-02T12:00:00Z"}],
    "provider": {"waiting_reason": None, "summary": None},
    "documents": [{"document_id": "d-A", "name": "foto.jpg", "media_type": "image/jpeg", "sha256": PHOTO}],
}
THINGS = {
    "/portal/requests/q-{}": "get",
    "/portal/requests/q-{}/note": "post",
    "/portal/requests/q-{}/documents/d-A": "get",
    "/portal/receivables/r-{}": "get",
    "/portal/receivables/r-{}/pdf": "get",
    "/portal/contracts/c-{}": "get",
}


@pytest.fixture
def furnished(world: World) -> World:
    world.flask.extensions["vigencia"].blobs.put(b"a photo")
    world.flask.extensions["vigencia"].links = Links(b"a secret of more than thirty-two bytes", clock=lambda: NOW)
    world.services.answers |= {
        "tickets.request": REQUEST,
        "tickets.coverage": COVERED,
        "billing.receivable": RECEIVABLE,
        "billing.pix": PIX,
        "billing.receivable_pdf": {"content": "", "media_type": "application/pdf", "name": "x.pdf"},
        "contracts.contract_text": {"header": "Nº N-A", "title": "Contrato", "clauses": []},
        "contracts.people": {"people": {}},
    }
    return world


def browser(world: World, login: str | None = None, lang: str = "pt-BR") -> FlaskClient:
    client = world.client(lang=lang)
    if login is not None:
        entered = client.post("/login", data={"login": login, "password": "secret"})
        assert entered.status_code == 303
    return client


def test_the_login_is_remembered_by_a_cookie_that_scripts_cannot_read(furnished: World) -> None:
    client = browser(furnished)
    answer = client.post("/login", data={"login": "ana", "password": "secret", "after": "/portal/contracts"})
    assert answer.headers["Location"] == "/portal/contracts"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/").headers["Location"] == "/portal"
    assert client.post("/logout").headers["Location"] == "/login"
    assert client.get("/").headers["Location"] == "/login"


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_a_login_leads_nowhere_else(furnished: World, elsewhere: str) -> None:
    answer = browser(furnished).post("/login", data={"login": "ana", "password": "secret", "after": elsewhere})
    assert answer.headers["Location"] == "/"


def test_a_wrong_name_and_a_wrong_password_are_told_alike(furnished: World) -> None:
    pages = [
        browser(furnished).post("/login", data={"login": login, "password": "wrong"}) for login in ("ana", "nobody")
    ]
    assert [page.status_code for page in pages] == [401, 401]
    assert pages[0].text.replace("ana", "nobody") == pages[1].text


def test_every_page_has_its_operation_and_leads_strangers_to_the_login(furnished: World) -> None:
    assert set(PAGES.values()) <= set(PERMISSIONS)
    pages = ("portal.", "console.", "live.", "account.")
    rules = [rule for rule in furnished.flask.url_map.iter_rules() if rule.endpoint.startswith(pages)]
    assert {rule.endpoint.rpartition(".")[2] for rule in rules} == set(PAGES)
    for rule in rules:
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        method = "post" if "POST" in (rule.methods or ()) else "get"
        answer = getattr(browser(furnished), method)(path)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/login")


@pytest.mark.parametrize(("path", "method"), THINGS.items())
def test_what_belongs_to_another_customer_does_not_exist(furnished: World, path: str, method: str) -> None:
    own = getattr(browser(furnished, "ana"), method)(path.format("A"), data={"text": "x", "key": KEY})
    assert own.status_code in (200, 303)
    foreign = getattr(browser(furnished, "bob"), method)(path.format("A"), data={"text": "x", "key": KEY})
    assert foreign.status_code == 404
    assert "Pinga" not in foreign.text


def test_who_may_not_see_the_money_sees_none(furnished: World) -> None:
    bea = browser(furnished, "bea")
    assert "Cobranças" not in bea.get("/portal").text
    assert "R$" not in bea.get("/portal").text
    assert bea.get("/portal/receivables").status_code == 403
    assert bea.get("/portal/receivables/r-B").status_code == 403


def test_staff_is_not_led_into_a_customer_s_portal(furnished: World) -> None:
    assert browser(furnished, "manager").get("/portal").headers["Location"] == "/"


def test_the_home_says_first_what_needs_the_customer(furnished: World) -> None:
    page = browser(furnished, "ana").get("/portal").text
    assert page.index("Precisa de você") < page.index("Pedir um atendimento")
    assert "Pagar R$ 60,00" in page
    assert "Confirmar o serviço" in page
    assert "Preventiva" in page


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_a_form_from_elsewhere_does_nothing(furnished: World, headers: dict[str, str]) -> None:
    ana = browser(furnished, "ana")
    refused = ana.post("/portal/requests/q-A/note", data={"text": "x"}, headers=headers)
    assert refused.status_code == 403
    assert furnished.services.commands() == []


def test_a_request_is_sent_after_its_coverage_was_shown_and_only_once(furnished: World) -> None:
    ana = browser(furnished, "ana")
    form = {"service": "c-A/s", "place": "s1/e1", "description": "Pinga", "key": KEY}
    shown = ana.post("/portal/requests/new", data={**form, "step": "check"})
    assert "Coberto pelo contrato." in shown.text
    assert "Pinga" in shown.text
    assert furnished.services.commands() == []
    sent = [ana.post("/portal/requests/new", data={**form, "step": "send"}) for _ in range(2)]
    assert {answer.headers["Location"] for answer in sent} == {sent[0].headers["Location"]}
    first, again = furnished.services.commands()
    assert first["id"] == again["id"] == KEY
    payload = first["payload"]
    assert (payload["opened_by"], payload["channel"], payload["equipment_id"]) == ("ana", "portal", "e1")


def test_what_the_contract_does_not_let_him_open_is_not_sent(furnished: World) -> None:
    furnished.services.answers["tickets.coverage"] = {**COVERED, "status": "suspended", "opens": False}
    form = {"service": "c-A/s", "description": "Pinga", "key": KEY, "step": "send"}
    page = browser(furnished, "ana").post("/portal/requests/new", data=form)
    assert "Enviar o pedido" not in page.text
    assert furnished.services.commands() == []


def test_an_answer_of_no_words_is_refused_and_others_are_public(furnished: World) -> None:
    ana = browser(furnished, "ana")
    empty = ana.post("/portal/requests/q-A/cancel", data={"text": " ", "key": KEY})
    assert empty.status_code == 422
    assert "Escreva algumas palavras." in empty.text
    ana.post("/portal/requests/q-A/note", data={"text": "Olá", "key": KEY})
    [note] = furnished.services.commands()
    assert (note["command"], note["payload"]["visibility"]) == ("add_note", "public")


OFFER = {
    "offer": 1,
    "state": "offered",
    "work_waits": True,
    "price_text": "Visita extra por R$ 180,00.",
    "text_sha256": "ab" * 32,
}


def test_a_price_is_accepted_by_name_by_who_may(furnished: World) -> None:
    furnished.services.answers["tickets.request"] = {**REQUEST, "price": OFFER}
    ana = browser(furnished, "ana")
    page = ana.get("/portal/requests/q-A").text
    assert "Visita extra por R$ 180,00." in page
    sha = re.search(r'name="text_sha256" value="(\w+)"', page)
    assert sha is not None
    ana.post("/portal/requests/q-A/accept", data={"text": "Ana A.", "offer": "1", "text_sha256": sha[1], "key": KEY})
    [command] = furnished.services.commands()
    assert command["command"] == "accept_price"
    assert command["payload"] == {"request_id": "q-A", "offer": 1, "name": "Ana A.", "text_sha256": "ab" * 32}


def test_who_may_not_accept_a_price_is_told_so(furnished: World) -> None:
    furnished.services.answers["tickets.request"] = {**REQUEST, "customer_id": "B", "price": OFFER}
    page = browser(furnished, "bea").get("/portal/requests/q-B").text
    assert "Aceito o preço" not in page
    assert "precisa aceitar" in page


def test_the_language_that_was_chosen_stays(furnished: World) -> None:
    ana = browser(furnished, "ana")
    assert "Needs you" in ana.get("/portal?lang=en").text
    assert "Needs you" in ana.get("/portal").text


JPEG = b"\xff\xd8\xff\xe0" + bytes(60)


def test_the_contracts_answer_is_asked_for_while_one_chooses(furnished: World) -> None:
    ana = browser(furnished, "ana")
    part = ana.get("/portal/requests/new/coverage?service=c-A/s")
    assert "Coberto pelo contrato." in part.text
    assert "<html" not in part.text
    assert browser(furnished, "bob").get("/portal/requests/new/coverage?service=c-A/s").status_code == 404
    assert furnished.services.commands() == []


def test_photos_are_attached_to_the_request_that_they_came_with_and_once(furnished: World) -> None:
    ana = browser(furnished, "ana")
    for _ in range(2):
        photos = [(io.BytesIO(JPEG), "a.jpg"), (io.BytesIO(JPEG + b"x"), "b.jpg")]
        form = {"service": "c-A/s", "description": "Pinga", "key": KEY, "step": "send", "photo": photos}
        sent = ana.post("/portal/requests/new", data=form)
        assert sent.status_code == 303
        assert "opened=1" in sent.headers["Location"]
    commands = furnished.services.commands()
    assert [each["command"] for each in commands] == ["open_request", "attach_document", "attach_document"] * 2
    assert len({each["id"] for each in commands}) == 3
    opened, first, second = (each["payload"] for each in commands[:3])
    assert first["request_id"] == second["request_id"] == opened["request_id"]
    assert (first["name"], first["kind"], first["visibility"]) == ("a.jpg", "photo", "public")


def test_a_file_that_nobody_may_bring_keeps_the_request_from_being_opened(furnished: World) -> None:
    photo = (io.BytesIO(b"MZ..."), "a.jpg")
    form = {"service": "c-A/s", "description": "Pinga", "key": KEY, "step": "send", "photo": photo}
    answer = browser(furnished, "ana").post("/portal/requests/new", data=form)
    assert answer.status_code == 422
    assert "Pinga" in answer.text
    assert furnished.services.commands() == []


def test_a_label_that_is_nobody_s_is_told_at_the_form(furnished: World) -> None:
    page = browser(furnished, "ana").get("/portal/requests/new?label=NADA-1")
    assert page.status_code == 200
    assert "NADA-1" in page.text


def test_a_customer_is_told_the_steps_that_concern_him() -> None:
    def event(kind: str, **data: object) -> dict[str, object]:
        return {"type": f"tickets.{kind}", "at": "2026-03-02T12:00:00Z", "actor": "user:u", "data": data}

    happened = [event("request.opened"), event("deadline.set"), event("request.assigned", assignee_id=None),
                event("request.classified"), event("request.started")]  # fmt: skip
    assert [each["kind"] for each in steps_of({"timeline": happened})] == ["started", "opened"]


def test_what_is_left_this_month_stands_at_the_contract(furnished: World) -> None:
    services = [{"service_type_id": "s", "name": "Ar-condicionado"}]
    furnished.services.answers |= {
        "tickets.coverage": {**COVERED, "remaining": "1.5", "unit": "hour"},
        "contracts.contract": {
            "contract_id": "c-A", "customer_id": "A", "number": "N-A", "status": "active", "terms": {"services": services},
        },
    }  # fmt: skip
    ana = browser(furnished, "ana")
    page = ana.get("/portal/contracts/c-A").text
    assert "O que resta neste mês" in page
    assert "1,5" in page
    assert ana.get("/portal/remaining").status_code == 200
