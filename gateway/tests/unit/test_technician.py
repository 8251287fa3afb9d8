"""A technician's day and the outbox of his phone, at the gateway."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.fieldwork import sentences
from gateway.tests.unit.world import World
from services.errors import Refused, Unavailable

VISIT = {
    "visit_id": "v-A",
    "contract_id": "c-A",
    "customer_id": "A",
    "technician_id": "u-technician",
    "request_id": None,
}
SERVICE = {
    "service_type_id": "s", "unit": "hour", "included_quantity": "2", "overage_unit_price": "120.00",
    "targets": [{"priority": "high", "response_minutes": 90, "resolution_minutes": 480}],
    "evidence": ["photo", "portal_confirmation"],
}  # fmt: skip


def entry(key: str, kind: str, at: str, **more: Any) -> dict[str, Any]:
    return {"key": f"phone-0{key}", "kind": kind, "visit_id": "v-A", "occurred_at": f"2026-03-10T{at}:00Z", **more}


def send(world: World, *entries: dict[str, Any], user: str = "technician") -> list[dict[str, Any]]:
    answer = world.client(user, "pt-BR").post("/api/v1/technician/outbox", json={"entries": list(entries)})
    assert answer.status_code == 200, answer.text
    return list(answer.json["entries"])


@pytest.fixture(autouse=True)
def visit(world: World) -> None:
    world.services.answers["tickets.visit"] = dict(VISIT)


def test_what_happened_first_is_taken_first_and_answered_in_the_order_of_the_question(world: World) -> None:
    answers = send(world, entry("2", "finish", "13:00", checklist=["Filtros"]), entry("1", "start", "11:00"))
    assert [(each["key"], each["status"]) for each in answers] == [("phone-02", "done"), ("phone-01", "done")]
    sent = [(each["command"], each["payload"]["occurred_at"]) for each in world.services.commands()]
    assert sent == [("start_visit", "2026-03-10T11:00:00Z"), ("finish_visit", "2026-03-10T13:00:00Z")]
    assert {each["payload"]["contract_id"] for each in world.services.commands()} == {"c-A"}


def test_the_same_entry_is_the_same_command_and_another_phone_s_is_not(world: World) -> None:
    send(world, entry("1", "start", "11:00"))
    send(world, entry("1", "start", "11:00"), entry("2", "finish", "12:00"))
    send(world, entry("1", "start", "11:00"), user="manager")
    ids = [each["id"] for each in world.services.commands() if each["command"] == "start_visit"]
    assert ids[0] == ids[1] != ids[2]


def test_one_that_is_refused_stops_no_other_and_says_why(world: World) -> None:
    refusal = Refused("visit.not-open", status="cancelled")
    refusal.words = {"pt-BR": "A visita não está aberta.", "en": "x"}
    world.services.answers["tickets.start_visit"] = refusal
    world.services.answers["tickets.miss_visit"] = Unavailable("service.unavailable")
    first, second, third = send(
        world,
        entry("1", "start", "11:00"),
        entry("2", "part", "11:30", description="Correia", quantity="1"),
        entry("3", "miss", "12:00", reason="no_access"),
    )
    assert (first["status"], first["code"], first["detail"]) == (
        "refused",
        "visit.not-open",
        "A visita não está aberta.",
    )
    assert (second["status"], third["status"]) == ("done", "later")


def test_a_photo_waits_for_its_file_and_proves_the_request_that_the_visit_is_for(world: World) -> None:
    world.services.answers["tickets.visit"] = {**VISIT, "request_id": "q-A"}
    client = world.client("technician")
    sha256 = "ab" * 32
    photo = {"document_kind": "photo", "name": "f.jpg", "size": 3, "media_type": "image/jpeg"}
    [answer] = send(world, entry("1", "document", "11:00", sha256=sha256, **photo))
    assert (answer["status"], answer["code"]) == ("later", "outbox.file-missing")
    put = client.post("/api/v1/files", data=b"\xff\xd8\xff\xe0jpg", headers={"Content-Type": "image/jpeg"}).json
    [answer] = send(world, entry("1", "document", "11:00", sha256=put["sha256"], **photo))
    assert answer["status"] == "done"
    added, attached = world.services.commands()
    assert (added["command"], attached["command"]) == ("add_visit_document", "attach_document")
    assert added["payload"]["document_id"] == attached["payload"]["document_id"]
    assert (attached["payload"]["request_id"], attached["payload"]["kind"]) == ("q-A", "photo")


def test_what_is_incomplete_or_another_s_is_refused(world: World) -> None:
    [part] = send(world, entry("1", "part", "11:00", description="Correia"))
    assert (part["status"], part["code"], part["detail"]) == (
        "refused",
        "outbox.incomplete",
        "Falta informar: quantity.",
    )
    world.services.answers["tickets.visit"] = {**VISIT, "technician_id": "u-other"}
    [other] = send(world, entry("2", "start", "11:00"))
    assert (other["status"], other["code"]) == ("refused", "visit.of-another-technician")
    assert world.services.commands() == []
    [office] = send(world, entry("3", "start", "11:00"), user="manager")
    assert office["status"] == "done"


def test_a_day_has_all_that_is_needed_at_the_door_and_no_price(world: World) -> None:
    planned = {
        **VISIT,
        "kind": "preventive",
        "on": "2026-03-10",
        "opens": "07:00",
        "closes": "08:00",
        "at": "2026-03-01T12:00:00Z",
    }
    more = {"visit_id": "v-2", "service_type_id": "s", "site_id": "site", "equipment_ids": ["e1"], "request_id": "q-A"}
    rest = {"time_zone": "America/Sao_Paulo", "description": "Preventiva"}
    world.happened("tickets.visit.planned", {**planned, **more, **rest})
    world.services.answers |= {
        "tickets.visit": {"documents": [], "parts": [], "started_at": None},
        "contracts.contract": {"terms": {"services": [SERVICE]}},
        "contracts.customer": {
            "sites": [{"site_id": "site", "address": "Rua A, 1"}, {"site_id": "x"}],
            "equipment": [{"equipment_id": "e1", "serial": "SN1"}, {"equipment_id": "e2"}],
        },
        "tickets.request": {
            "request_id": "q-A",
            "protocol": "2026-A",
            "description": "Pinga",
            "price": {"amount": "1"},
        },
    }
    answer = world.client("technician", "pt-BR").get("/api/v1/technician/day?on=2026-03-10")
    [first] = answer.json["visits"]
    assert (first["visit_id"], first["site"]["address"], first["equipment"]) == (
        "v-2",
        "Rua A, 1",
        [{"equipment_id": "e1", "serial": "SN1"}],
    )
    assert (first["request"]["protocol"], first["request"]["description"]) == ("2026-A", "Pinga")
    assert first["terms"] == sentences({"services": [SERVICE]}, "s", "pt-BR")
    assert "120" not in answer.text
    assert world.client("technician").get("/api/v1/technician/day?on=2026-03-11").json["visits"] == []


def test_a_contract_in_sentences() -> None:
    assert sentences({"services": [SERVICE]}, "s", "pt-BR") == [
        "Incluído por mês: 2 horas.",
        "Prioridade alta: resposta em 1 h 30 min, solução em 8 h.",
        "Comprova o serviço: foto.",
        "O cliente confirma o serviço depois; peça que ele responda ao e-mail.",
    ]
    assert sentences({"services": [SERVICE]}, "other", "en") == []
    around = {**SERVICE, "calendar": "24x7", "included_quantity": None, "targets": [], "evidence": []}
    said = sentences({"services": [around], "communication": {"authorised_only": True}}, "s", "en")
    assert said == [
        "Service around the clock, every day.",
        "No limit of quantity each month.",
        "Only authorised contacts ask for services.",
    ]
