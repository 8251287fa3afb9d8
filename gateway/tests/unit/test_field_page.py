"""The technician's page: what he is shown, that its entries are those of the API, and what its worker may answer for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gateway.api.words import detail
from gateway.tests.unit.test_portal import browser
from gateway.tests.unit.world import World
from services.errors import Refused

VISIT: dict[str, Any] = {
    "visit_id": "v-A", "contract_id": "c-A", "customer_id": "A", "technician_id": "u-technician", "request_id": "q-A",
    "status": "planned", "opens": "08:00", "closes": "12:00", "customer_name": "Companhia A", "service_name": "AC",
    "site_name": "Centro", "description": "Limpar <tudo>", "started_at": None, "ended_at": None, "note": None,
    "checklist": [], "documents": [{"kind": "photo", "name": "f.jpg"}], "parts": [{"description": "Filtro", "quantity": "2"}],
    "site": {"name": "Centro", "address": "Rua A, 1", "city": "Campinas", "state": "SP"}, "terms": ["Comprova: foto."],
    "equipment": [{"description": "Split", "label": "QR-A", "serial": "S1"}],
    "request": {"request_id": "q-A", "protocol": "2026-A", "description": "Pinga", "priority": "high",
                "checklist": [{"item": "Dreno", "done": False}]},
}  # fmt: skip
ENTRY = {"key": "phone-01", "kind": "start", "visit_id": "v-A", "occurred_at": "2026-03-02T11:00:00Z"}


@pytest.fixture
def day(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A day with one visit, as the API tells it."""
    asked: list[date] = []

    def visits_of(on: date) -> dict[str, Any]:
        asked.append(on)
        return {"on": on.isoformat(), "visits": [VISIT]}

    monkeypatch.setattr("gateway.pages.console.field.day_of", visits_of)
    world.services.answers["tickets.visit"] = {"visit_id": "v-A", "contract_id": "c-A", "customer_id": "A"}
    world.asked = asked  # type: ignore[attr-defined]
    return world


@pytest.mark.parametrize("lang", ["pt-BR", "en"])
def test_a_visit_stands_there_with_all_that_is_needed_at_the_door(day: World, lang: str) -> None:
    page = browser(day, "technician", lang).get("/console/field?on=2026-03-05")
    assert page.status_code == 200
    assert day.asked == [date(2026, 3, 5)]  # type: ignore[attr-defined]
    for said in ("Companhia A", "Rua A, 1, Campinas, SP", "query=Rua%20A", 'data-label="QR-A"', "Comprova: foto.", "Dreno",
                 "Limpar &lt;tudo&gt;", "2 × Filtro", "/console/visits/v-A/start_visit", 'value="ana"'):  # fmt: skip
        assert said in page.text
    assert "<script>" not in page.text


def test_without_or_with_a_strange_day_it_is_today(day: World) -> None:
    client = browser(day, "technician")
    for path in ("/console/field", "/console/field?on=yesterday"):
        assert client.get(path).status_code == 200
    assert day.asked == [date(2026, 3, 2)] * 2  # type: ignore[attr-defined]


def test_the_outbox_of_the_page_is_the_api_s(day: World) -> None:
    page = browser(day, "technician").post("/console/field/outbox", json={"entries": [ENTRY]})
    by_api = day.client("technician").post("/api/v1/technician/outbox", json={"entries": [ENTRY]})
    assert page.json == by_api.json
    one, other = day.services.commands()
    assert (one["id"], one["payload"]) == (other["id"], other["payload"])  # the same id: it is done once
    assert one["command"] == "start_visit"


def test_a_refused_entry_is_told_in_the_reader_s_language(day: World) -> None:
    day.services.answers["tickets.start_visit"] = Refused("outbox.incomplete", missing="reason")
    for lang in ("pt-BR", "en"):
        answer = browser(day, "technician", lang).post("/console/field/outbox", json={"entries": [ENTRY]})
        (said,) = (answer.json or {})["entries"]
        assert (said["status"], said["code"]) == ("refused", "outbox.incomplete")
        assert said["detail"] == detail(Refused("outbox.incomplete", missing="reason"), lang)


@pytest.mark.parametrize("body", [{}, {"entries": []}, {"entries": [{**ENTRY, "kind": "fly"}]}, ["x"]])
def test_what_is_no_outbox_is_refused(day: World, body: Any) -> None:
    assert browser(day, "technician").post("/console/field/outbox", json=body).status_code == 400
    assert day.services.commands() == []


def test_a_file_is_looked_at_as_by_the_api(day: World) -> None:
    client = browser(day, "technician")
    assert client.post("/console/field/files", data=b"").status_code == 400
    wrong = client.post("/console/field/files", data=b"MZ" + bytes(100), content_type="image/jpeg")
    assert wrong.status_code == 422


@pytest.mark.parametrize("role", ["finance", "operator"])
def test_who_does_no_visits_has_no_outbox(day: World, role: str) -> None:
    client = browser(day, role)
    assert client.get("/console/field").status_code == 403
    assert client.post("/console/field/outbox", json={"entries": [ENTRY]}).status_code == 403
    assert "/console/field" not in client.get("/console").text


def test_the_worker_answers_for_this_page_alone_and_reads_only_from_us(day: World) -> None:
    worker = browser(day, "technician").get("/console/field/worker.js")
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Service-Worker-Allowed"] == "/console/field"
    assert worker.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    for asset in ("field.css", "field.js", "field-outbox.js"):
        assert f'"{asset}"' in worker.text
        assert day.client().get(f"/static/{asset}").status_code == 200
