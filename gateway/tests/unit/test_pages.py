"""Pages that mailed links open: whose they are, that reading changes nothing, and that no text is left untranslated."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.pages.extracting import catalogue, texts
from gateway.pages.links import Kind, Link, Links
from gateway.pages.tongue import LANGUAGES, PORTUGUESE
from gateway.tests.unit.world import NOW, SEALED, World
from services.errors import Refused

SECRET = b"a secret of more than thirty-two bytes"
EVALUATION: dict[str, Any] = {
    "evaluation_id": "e-A",
    "request_id": "q-A",
    "contract_id": "c-A",
    "customer_id": "A",
    "status": "asked",
    "tacit": None,
    "tacit_at": "2026-03-09T12:00:00Z",
    "score": None,
    "score_limit": 3,
    "low": None,
    "comment": None,
    "reason": None,
    "edit_until": None,
    "expired_cause": None,
    "hidden": None,
    "hidden_reason": None,
    "replies": [],
}
REQUEST = {
    "protocol": "2026-000007",
    "description": "Ar <b>pingando</b>",
    "resolved_at": "2026-03-02T12:00:00Z",
    "provider": {"summary": "Dreno limpo"},
}
RECEIVABLE: dict[str, Any] = {
    "receivable_id": "r-A",
    "contract_id": "c-A",
    "customer_id": "A",
    "number": "N-A-2026-01",
    "status": "overdue",
    "payable_on": "2026-01-12",
    "balance": "60.00",
    "gross": "100.00",
    "withheld": "0.00",
    "net": "100.00",
    "paid": "40.00",
    "credited": "0.00",
    "disputed": False,
    "settled_on": None,
    "lines": [{"description": "Manutenção", "amount": "100.00", "why": {"pt-BR": "Porque sim.", "en": "Because."}}],
}
PIX = {
    "code": "00020126",
    "svg": "<svg></svg>",
    "amount": "61.50",
    "balance": "60.00",
    "on": "2026-03-02",
    "creditor": {"legal_name": "Horizonte Ltda.", "cnpj": "11222333000181"},
}


class Reader:
    """Somebody with a mailed link in his hand."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.links = Links(SECRET, clock=lambda: NOW)
        world.flask.extensions["vigencia"].links = self.links
        world.services.answers |= {
            "feedback.evaluation": EVALUATION,
            "tickets.request": REQUEST,
            "billing.receivable": RECEIVABLE,
            "billing.pix": PIX,
        }
        self.client: FlaskClient = world.client(lang="pt-BR")

    def link(self, kind: Kind = "evaluation", *, customer: str = "A", contact: str = "ana", **options: Any) -> str:
        id_ = f"{kind[0]}-{customer}"
        return "/l/" + self.links.token(Link(kind, id_, customer, contact), **options)

    def stands(self, **evaluation: Any) -> None:
        self.world.services.answers["feedback.evaluation"] = {**EVALUATION, **evaluation}


@pytest.fixture
def reader(world: World) -> Reader:
    return Reader(world)


def test_the_page_says_what_was_done_and_what_was_asked_for(reader: Reader) -> None:
    page = reader.client.get(reader.link())
    assert page.status_code == 200
    for text in ("2026-000007", "Dreno limpo", "Sim, o serviço foi feito", "2 de março, 09:00", "N-A"):
        assert text in page.text
    assert "Ar &lt;b&gt;pingando" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"<[^>]+ style=|<style|<script(?! src)| on[a-z]+=", page.text)


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_whoever_follows_the_link_changes_nothing(reader: Reader, method: str) -> None:
    """Mail scanners follow links."""
    for path in ("", "/confirm", "/contest", "/rate"):
        getattr(reader.client, method)(reader.link() + path)
    assert reader.world.services.commands() == []


def test_one_tap_confirms_in_the_contact_s_name_and_two_are_one(reader: Reader) -> None:
    first, second = (reader.client.post(reader.link() + "/confirm") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    one, again = reader.world.services.commands()
    assert one["command"] == "confirm_service"
    assert one["payload"] == {"evaluation_id": "e-A", "by": "ana"}
    assert one["actor"] == "contact:ana"
    assert one["id"] == again["id"]


def test_what_was_written_is_not_lost_when_a_rule_says_no(reader: Reader) -> None:
    reader.stands(status="confirmed", tacit=False)
    refused = Refused("evaluation.comment-required", score_limit=3)
    refused.words = {"pt-BR": "Escreva um comentário.", "en": "Please write a comment."}
    reader.world.services.answers["feedback.rate_service"] = refused
    page = reader.client.post(reader.link() + "/rate", data={"score": "2", "comment": "  "})
    assert page.status_code == 422
    assert "Escreva um comentário." in page.text
    assert re.search(r'value="2" required checked', page.text)


def test_a_score_and_a_comment_are_sent_as_given(reader: Reader) -> None:
    reader.client.post(reader.link() + "/rate", data={"score": "5", "comment": " Muito bom "})
    [command] = reader.world.services.commands()
    assert command["payload"] == {"evaluation_id": "e-A", "by": "ana", "score": 5, "comment": "Muito bom"}


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ({"status": "confirmed", "tacit": False}, "Que nota você dá?"),
        ({"status": "confirmed", "tacit": True}, "O prazo passou sem resposta"),
        ({"status": "confirmed", "tacit": False, "score": 4}, "Obrigado pela sua avaliação!"),
        ({"status": "contested", "reason": "Pinga ainda"}, "Pinga ainda"),
        ({"status": "expired"}, "O prazo desta avaliação terminou"),
        ({"status": "expired", "expired_cause": "unanswered"}, "O serviço foi feito?"),
        ({"status": "confirmed", "score": 4, "replies": [{"text": "Muito <b>obrigado"}]}, "Muito &lt;b&gt;obrigado"),
        ({"status": "confirmed", "score": 4, "hidden": True, "hidden_reason": "Ofensa"}, "Motivo: Ofensa"),
    ],
)
def test_the_page_is_about_what_can_be_said_now(reader: Reader, standing: dict[str, Any], said: str) -> None:
    reader.stands(**standing)
    assert said in reader.client.get(reader.link()).text


def test_a_receivable_is_explained_and_paid_without_a_login(reader: Reader) -> None:
    page = reader.client.get(reader.link("receivable"))
    for text in ("R$ 61,50", "00020126", "Porque sim.", "11.222.333/0001-81", "em atraso"):
        assert text in page.text
    english = reader.client.get(reader.link("receivable") + "?lang=en").text
    assert "Why this amount?" in english
    assert "Because." in english


PRICE: dict[str, Any] = {
    "offer": 2, "state": "offered", "price_text": "R$ 150,00 por hora, até R$ 250,00", "text_sha256": "ab" * 32,
    "work_waits": True, "accepted": None,
}  # fmt: skip


def priced(reader: Reader, contact: str = "ana", status: str = "open", **price: Any) -> str:
    asked = {**REQUEST, "contract_id": "c-A", "customer_id": "A", "status": status, "price": {**PRICE, **price}}
    reader.world.services.answers["tickets.request"] = asked
    return "/l/" + reader.links.token(Link("price", "q-A", "A", contact))


def test_a_price_is_accepted_from_the_mail_by_name(reader: Reader) -> None:
    link = priced(reader)
    page = reader.client.get(link).text
    for text in ("Este serviço tem um preço", "R$ 150,00 por hora, até R$ 250,00", "Aceito o preço"):
        assert text in page
    for path in ("", "/accept", "/decline"):  # mail scanners
        reader.client.get(link + path)
        reader.client.head(link + path)
    assert reader.world.services.commands() == []
    said = {"text": " Ana A. ", "offer": "2", "text_sha256": PRICE["text_sha256"]}
    answers = [reader.client.post(link + "/accept", data=said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    one, again = reader.world.services.commands()
    assert (one["command"], one["actor"], one["id"]) == ("accept_price", "contact:ana", again["id"])
    expected = {"request_id": "q-A", "offer": 2, "name": "Ana A.", "text_sha256": PRICE["text_sha256"]}
    assert one["payload"] == expected


def test_a_price_is_declined_from_the_mail_with_a_reason(reader: Reader) -> None:
    link = priced(reader)
    empty = reader.client.post(link + "/decline", data={"text": " ", "offer": "2"})
    assert (empty.status_code, reader.world.services.commands()) == (422, [])
    reader.client.post(link + "/decline", data={"text": "Caro", "offer": "2"})
    [command] = reader.world.services.commands()
    assert (command["command"], command["payload"]) == (
        "decline_price",
        {"request_id": "q-A", "offer": 2, "reason": "Caro"},
    )


@pytest.mark.parametrize(
    ("price", "status", "said"),
    [
        ({"state": "accepted", "accepted": {"name": "Ana", "at": "2026-03-02T12:00:00Z"}}, "open", "Aceito por Ana em"),
        ({"state": "declined"}, "open", "Preço recusado"),
        ({"state": "waived"}, "open", "Nada será cobrado"),
        ({}, "cancelled", "Este atendimento terminou"),
    ],
)
def test_a_price_that_was_answered_asks_nothing(reader: Reader, price: dict[str, Any], status: str, said: str) -> None:
    page = reader.client.get(priced(reader, status=status, **price)).text
    assert said in page
    assert "<form" not in page


def test_a_price_is_for_who_may_accept_it(reader: Reader) -> None:
    for rights, status in ((["requests"], 404), (["money"], 200), (["approval"], 200), ([], 404)):
        told = {"customer_id": "A", "contact_id": "ana", "name": SEALED, "rights": rights}
        reader.world.happened("contracts.customer.contact_authorised", told)
        assert reader.client.get(priced(reader)).status_code == status, rights


def test_a_link_is_good_for_its_person_its_thing_and_its_time(reader: Reader) -> None:
    assert reader.client.get("/l/forged").status_code == 404
    session = reader.world.tokens.issue("u-ana")[0]
    assert reader.client.get(f"/l/{session}").status_code == 404
    assert reader.client.get(reader.link(life=timedelta(0))).status_code == 410
    assert reader.client.get(reader.link(customer="B", contact="ana")).status_code == 404  # does not speak for B
    assert reader.client.get(reader.link("receivable", customer="B", contact="bea")).status_code == 404  # no money
    assert reader.client.post(reader.link("receivable") + "/confirm").status_code == 404
    bearer = {"Authorization": f"Bearer {reader.link().removeprefix('/l/')}"}
    assert reader.client.get("/api/v1/session", headers=bearer).status_code == 401


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != PORTUGUESE])
def test_no_text_of_the_pages_is_left_untranslated(lang: str) -> None:
    known = {message.id: message.string for message in catalogue(lang) if message.id}
    assert set(known) == {message.id for message in texts() if message.id}  # else: make words
    assert [text for text, said in known.items() if not said] == []


@pytest.mark.parametrize(("path", "status"), [("/console/nowhere", 404), ("/nowhere", 404), ("/logout", 405)])
def test_who_reads_in_a_browser_is_told_by_a_page_and_programs_by_a_document(
    world: World, path: str, status: int
) -> None:
    client = world.client(lang="pt-BR")
    page = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert 'href="/"' in page.text
    assert client.get(path, headers={"Accept": "application/json"}).mimetype == "application/problem+json"
    assert client.get(f"/api{path}", headers={"Accept": "text/html"}).mimetype == "application/problem+json"


def test_a_fault_of_ours_is_a_page_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.pages.session.page", lambda *_, **__: 1 / 0, raising=True)
    page = world.client(lang="pt-BR").get("/login", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (500, "text/html")
    assert "ZeroDivision" not in page.text
