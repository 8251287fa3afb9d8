"""The event catalogue at the gateway: for programs as it was generated, for people searchable, without a script."""

from __future__ import annotations

import html
import re

import pytest

from gateway.pages.events import DOCUMENT, catalogue
from gateway.tests.unit.world import World


def events(world: World, query: str = "", lang: str = "en") -> tuple[list[str], str]:
    answer = world.client(lang=lang).get(f"/api/events{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    return re.findall(r'<h2><a href="#([^"]+)">', answer.text), answer.text


def test_programs_get_the_document_without_a_login(world: World) -> None:
    answer = world.client().get("/api/asyncapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.data == DOCUMENT.read_bytes()
    assert answer.json["asyncapi"] == "3.0.0"


def test_every_event_is_on_the_page_with_meaning_key_fields_and_example(world: World) -> None:
    found, text = events(world)
    assert found == [event.type for event in catalogue()[0]]
    assert "billing.&lt;partition&gt;.receivable.issued" in text
    for event in catalogue()[0]:
        assert event.summary
        assert html.escape(event.summary, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in text
        assert event.fields


def test_it_is_searched_by_all_words_in_types_meanings_and_fields(world: World) -> None:
    found, _ = events(world, "?q=receivable+overdue")
    assert "billing.receivable.overdue" in found
    assert len(found) < 10
    assert events(world, "?q=ReceIVable+overdue")[0] == found
    assert events(world, "?q=no+such+word+anywhere")[0] == []
    assert {kind.split(".")[0] for kind in events(world, "?service=feedback")[0]} == {"feedback"}


def test_whatever_is_searched_for_is_text(world: World) -> None:
    _, text = events(world, "?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_page_needs_nothing_from_elsewhere_and_no_script(world: World) -> None:
    answer = world.client().get("/api/events")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert re.findall(r'(?:src|href)="(https?:[^"]+)"', answer.text) == []


def test_personal_fields_are_marked_and_shapes_lead_somewhere(world: World) -> None:
    _, text = events(world, "?service=feedback")
    (contested,) = (event for event in catalogue()[0] if event.type == "feedback.evaluation.contested")
    assert [field.name for field in contested.fields if field.personal] == ["reason"]
    assert "personal: sealed" in text
    for query in ("", "?service=contracts", "?q=contract+activated"):
        _, text = events(world, query)
        targets = set(re.findall(r'href="#([^"]+)"', text)) - {"content"}
        assert targets <= set(re.findall(r'id="([^"]+)"', text)), query


@pytest.mark.parametrize(("lang", "title"), [("pt-BR", "Catálogo de eventos"), ("en", "Event catalogue")])
def test_it_speaks_the_readers_language(world: World, lang: str, title: str) -> None:
    assert f"<h1>{title}</h1>" in events(world, lang=lang)[1]
