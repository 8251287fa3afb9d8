"""A request's document and price through the wired service: acceptance, corrections, links, duplicates, channels."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from services.errors import Forbidden
from services.testing.app import MemoryApp
from tickets_service.tests.integration.test_requests import CONTACT, OPEN, STAFF, refused, row
from tickets_service.tests.unit.kit import terms

APPROVER = "contact:p2"  # has the right to money
SERVICES = terms()["services"]


def at_price(app: MemoryApp, **rules: Any) -> dict[str, Any]:
    """A contract whose included quantity is nothing, and a request that was sent at its price."""
    service = {**SERVICES[0], "included_quantity": "0"}
    told = {"contract_id": "c1", "customer_id": "u1", "effective_on": "2026-01-01"}
    new = terms(services=[service], requests=rules)
    app.deliver([("contracts.contract.amended", {**told, "terms": new})], source="contracts", stream="contract-c1")
    app.send("open_request", OPEN, actor=CONTACT)
    return dict(row(app)["price"])


def accept(app: MemoryApp, price: dict[str, Any], actor: str = APPROVER, **changes: Any) -> None:
    said = {"offer": price["offer"], "name": "Otávio Barreto", "text_sha256": price["text_sha256"]}
    app.send("accept_price", {"request_id": "r1", **said, **changes}, actor=actor)


def work(app: MemoryApp, work_id: str, quantity: str) -> None:
    said = {"request_id": "r1", "work_id": work_id, "performed_on": "2026-03-02", "quantity": quantity}
    app.send("record_work", said, actor=STAFF)


def test_the_coverage_answer_names_the_clause_and_says_its_sentence(app: MemoryApp) -> None:
    asked = {"contract_id": "c1", "service_type_id": "s1", "contact_id": "p1"}
    answer = app.query("coverage", **asked)
    assert answer["clause_name"]["pt-BR"] == "cláusula 4.1"
    assert answer["clause_words"]["pt-BR"] == "Manutenção: 10 (hora) por mês incluído; além disso, R$ 90,00 por hora."
    assert "90" not in str(app.query("coverage", **asked, prices=False))
    other = app.query("coverage", **{**asked, "service_type_id": "s9"})
    assert other["clause_words"]["en"] == "Services of the contract: Manutenção."


def test_at_a_price_a_contact_with_the_right_accepts_by_name_and_work_begins(app: MemoryApp) -> None:
    price = at_price(app)
    assert (price["state"], price["work_waits"], price["unit_price"]) == ("offered", True, "90.00")
    refused(lambda: app.send("start_request", {"request_id": "r1"}, actor=STAFF), "request.price-not-accepted")
    refused(lambda: accept(app, price, CONTACT), "request.price-right-missing")
    refused(lambda: accept(app, price, STAFF), "request.price-by-customer", Forbidden)
    assert row(app)["resolution_due_at"] is None
    accept(app, price)
    shown = row(app)
    assert (shown["price"]["state"], shown["price"]["accepted"]["name"]) == ("accepted", "Otávio Barreto")
    assert shown["resolution_due_at"] is not None
    app.send("start_request", {"request_id": "r1"}, actor=STAFF)
    work(app, "w1", "2")
    assert row(app)["work"][0]["charge"] == "accepted"


def test_unaccepted_work_is_recorded_not_charged_and_says_why(app: MemoryApp) -> None:
    at_price(app)
    work(app, "w1", "2")
    (shown,) = row(app)["work"]
    assert (shown["charged"], shown["charge"]) == (False, "none")
    assert shown["uncharged_words"]["pt-BR"].startswith("Não cobrado: o preço")


def test_a_visit_for_a_request_waits_for_the_price_and_stays_under_the_accepted_ceiling(app: MemoryApp) -> None:
    service = {**SERVICES[0], "included_quantity": "0", "unit": "visit"}
    told = {"contract_id": "c1", "customer_id": "u1", "effective_on": "2026-01-01", "terms": terms(services=[service])}
    app.deliver([("contracts.contract.amended", told)], source="contracts", stream="contract-c1")
    app.send("open_request", OPEN, actor=CONTACT)
    for visit in ("v1", "v2"):
        planned = {
            "contract_id": "c1",
            "visit_id": visit,
            "on": "2026-03-03",
            "request_id": "r1",
            "service_type_id": "s1",
        }
        app.send("schedule_visit", planned, actor=STAFF)
    of = {"contract_id": "c1", "visit_id": "v1"}
    refused(lambda: app.send("start_visit", of, actor=STAFF), "request.price-not-accepted")
    app.send("offer_price", {"request_id": "r1", "unit_price": "100.00", "ceiling": "150.00"}, actor=STAFF)
    accept(app, row(app)["price"])
    for visit in ("v1", "v2"):
        app.send("start_visit", {**of, "visit_id": visit}, actor=STAFF)
        app.send("finish_visit", {**of, "visit_id": visit}, actor=STAFF)
    done = [each.data for each in app.events("visits-c1") if each.type == "tickets.visit.done"]
    assert [(d["charge"], d["unit_price"], d["charge_limit"]) for d in done] == [
        ("accepted", "100.00", "150.00"),
        ("accepted", "100.00", "50.00"),
    ]
    work(app, "w1", "1")
    assert row(app)["work"][0]["charge_limit"] == "0.00"


def test_corrected_work_frees_what_it_took_of_the_month(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    work(app, "w1", "9")
    correct = {"request_id": "r1", "work_id": "w1", "quantity": "2", "reason": "Digitado errado"}
    app.send("correct_work", correct, actor=STAFF)
    asked = {"contract_id": "c1", "service_type_id": "s1", "contact_id": "p1"}
    assert app.query("coverage", **asked)["remaining"] == "8.00"
    app.send("correct_work", {**correct, "quantity": "12"}, actor=STAFF)
    (shown,) = row(app)["work"]
    divided = [Decimal(shown[name]) for name in ("quantity", "included_quantity", "beyond_quantity")]
    assert divided == [12, 10, 2]
    assert [each["quantity"] for each in shown["corrections"]] == ["2", "12"]


def test_a_field_shows_who_wrote_it_and_what_stood_there_before(app: MemoryApp) -> None:
    app.send("open_request", {**OPEN, "site_id": "l1", "preferred": ["2026-03-04 08:00-12:00"]}, actor=CONTACT)
    said = {"request_id": "r1", "field": "description", "value": "Ar da recepção pinga", "reason": "Por telefone"}
    app.send("correct_field", said, actor=STAFF)
    app.send("correct_field", {"request_id": "r1", "field": "equipment_id", "value": "e1"}, actor=CONTACT)
    app.send(
        "classify_request", {"request_id": "r1", "priority": None, "impact": "high", "urgency": "medium"}, actor=STAFF
    )
    fields = {each["field"]: each for each in app.query("request_fields", request_id="r1")["fields"]}
    described = fields["description"]
    assert (described["owner"], described["side"], described["author_id"]) == ("customer", "provider", "t1")
    (before,) = described["former"]
    assert (before["value"], before["author_id"], before["by"]) == ("Ar-condicionado pingando", "p1", "t1")
    assert (fields["equipment_id"]["value"], fields["equipment_id"]["side"]) == ("e1", "customer")
    assert (fields["priority"]["value"], fields["priority"]["owner"]) == ("high", "provider")
    assert fields["preferred"]["value"] == "2026-03-04 08:00-12:00"
    assert (row(app)["description"], row(app)["equipment_id"]) == ("Ar da recepção pinga", "e1")
    refused(
        lambda: app.send("correct_field", {"request_id": "r1", "field": "site_id", "value": "l9"}, actor=CONTACT),
        "request.place-unknown",
    )


def test_a_customer_does_not_set_the_priority_but_says_impact_and_urgency(app: MemoryApp) -> None:
    app.send("open_request", {**OPEN, "priority": "critical"}, actor=CONTACT)
    assert row(app)["priority"] == "medium"
    app.send("open_request", {**OPEN, "request_id": "r2", "impact": "high", "urgency": "high"}, actor=CONTACT)
    assert row(app, "r2")["priority"] == "critical"


def test_the_contracts_matrix_goes_before_the_usual_one(app: MemoryApp) -> None:
    cell = {"impact": "low", "urgency": "low", "priority": "high"}
    told = {"contract_id": "c1", "customer_id": "u1", "effective_on": "2026-01-01"}
    new = {**told, "terms": terms(requests={"priorities": [cell]})}
    app.deliver([("contracts.contract.amended", new)], source="contracts", stream="contract-c1")
    app.send("open_request", {**OPEN, "impact": "low", "urgency": "low"}, actor=CONTACT)
    assert row(app)["priority"] == "high"


def test_a_duplicate_is_closed_points_to_its_original_and_is_left_out_of_figures(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    app.send("open_request", {**OPEN, "request_id": "r2", "channel": "phone"}, actor=STAFF)
    app.send("mark_duplicate", {"request_id": "r2", "original_id": "r1"}, actor=STAFF)
    shown = row(app, "r2", audience="customer")
    assert (shown["status"], shown["closed_by"], shown["duplicate_of"]) == ("closed", "duplicate", "r1")
    assert shown["links"] == [{"request_id": "r1", "kind": "duplicate_of", "protocol": "2026-000001", "status": "open"}]
    assert row(app)["links"][0]["kind"] == "original_of"
    assert (shown["resolution_due_at"], shown["resolution_outcome"]) == (None, None)
    assert app.query("statistics")["requests"] == 1
    app.send("open_request", {**OPEN, "request_id": "r3"}, actor=CONTACT)
    refused(
        lambda: app.send("mark_duplicate", {"request_id": "r3", "original_id": "r2"}, actor=STAFF),
        "request.original-is-duplicate",
    )
    app.send("reopen_request", {"request_id": "r2", "reason": "Era outro aparelho"}, actor=STAFF)
    again = row(app, "r2")
    assert (again["status"], again["duplicate_of"], again["links"]) == ("in_progress", None, [])
    assert again["resolution_due_at"] is not None


def test_related_requests_know_each_other_and_never_another_customers(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    app.send("open_request", {**OPEN, "request_id": "r2"}, actor=CONTACT)
    app.send("link_request", {"request_id": "r1", "other_id": "r2"}, actor=STAFF)
    assert [each["request_id"] for each in row(app, "r2")["links"]] == ["r1"]
    app.send("unlink_request", {"request_id": "r1", "other_id": "r2"}, actor=STAFF)
    assert (row(app)["links"], row(app, "r2")["links"]) == ([], [])
    refused(
        lambda: app.send("link_request", {"request_id": "r1", "other_id": "r9"}, actor=STAFF), "request.other-unknown"
    )


def test_the_share_of_phone_calls_is_a_figure_of_each_month(app: MemoryApp) -> None:
    for nth, channel in enumerate(("portal", "portal", "phone")):
        actor = CONTACT if channel == "portal" else STAFF
        app.send("open_request", {**OPEN, "request_id": f"r{nth}", "channel": channel}, actor=actor)
    (march,) = app.query("channels")["items"]
    assert march == {
        "month": "2026-03", "requests": 3, "portal": 2, "phone": 1, "email": 0, "other": 0, "phone_share": "33.3"
    }  # fmt: skip
    assert app.query("channels", since="2026-04") == {"items": []}


def test_checklist_and_parts_are_the_providers_part(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    app.send("set_checklist", {"request_id": "r1", "items": ["Filtros", "Dreno"]}, actor=STAFF)
    app.send("check_item", {"request_id": "r1", "item": "Dreno"}, actor=STAFF)
    part = {"request_id": "r1", "part_id": "x1", "name": "Mangueira", "quantity": "1.5", "unit": "m"}
    app.send("record_part", part, actor=STAFF)
    app.send("correct_part", {"request_id": "r1", "part_id": "x1", "quantity": "1", "reason": "Sobrou"}, actor=STAFF)
    shown = row(app)
    assert [(each["item"], each["done"]) for each in shown["checklist"]] == [("Filtros", False), ("Dreno", True)]
    assert [(each["quantity"], len(each["corrections"])) for each in shown["parts"]] == [("1", 1)]
    with pytest.raises(Forbidden):
        app.send("record_part", {**part, "part_id": "x2"}, actor=CONTACT)


def test_a_part_is_priced_by_the_contracts_own_line_of_the_day_of_its_use(app: MemoryApp) -> None:
    lines = [{"line_id": "belt", "clause": "4.3", "kind": "per_use", "amount": "80.00", "description": "Correia"}]
    told = {"contract_id": "c1", "customer_id": "u1", "effective_on": "2026-01-01", "terms": terms(lines=lines)}
    app.deliver([("contracts.contract.amended", told)], source="contracts", stream="contract-c1")
    app.send("open_request", OPEN, actor=CONTACT)
    part = {"request_id": "r1", "part_id": "x1", "name": "Correia", "quantity": "2", "line_id": "belt"}
    app.send("record_part", {**part, "unit_price": "999"}, actor=STAFF)  # what staff asks does not matter then
    app.send("record_part", {**part, "part_id": "x2", "line_id": None, "unit_price": "70"}, actor=STAFF)
    refused(
        lambda: app.send("record_part", {**part, "part_id": "x3", "line_id": "l9"}, actor=STAFF),
        "request.part-not-priced",
    )
    app.send("correct_part", {"request_id": "r1", "part_id": "x1", "quantity": "1", "reason": "Sobrou"}, actor=STAFF)
    listed, asked = row(app)["parts"]
    assert (listed["charged"], listed["unit_price"], listed["quantity"]) == (True, "80.00", "1")
    assert (asked["charged"], asked["unit_price"]) == (False, "70")
    assert asked["uncharged_words"]["pt-BR"].startswith("Não cobrado")
    corrected = [each for each in app.events("request-r1") if each.type.endswith("part_corrected")]
    assert [(each.data["charge"], each.data["clause"], each.data["used_on"]) for each in corrected] == [
        ("contract", "4.3", "2026-03-02")
    ]


def test_no_customer_gets_what_is_internal(app: MemoryApp) -> None:
    """By no field of the detail, whoever asks as a customer; what is not named as his is not his."""
    app.send("open_request", OPEN, actor=CONTACT)
    app.send(
        "add_note",
        {"request_id": "r1", "note_id": "n1", "text": "Cliente difícil", "visibility": "internal"},
        actor=STAFF,
    )
    secret = {"document_id": "d9", "kind": "photo", "sha256": "cd" * 32, "name": "interno.jpg", "size": 9}
    app.send(
        "attach_document",
        {"request_id": "r1", "media_type": "image/jpeg", "visibility": "internal", **secret},
        actor=STAFF,
    )
    shown = str(app.query("request", request_id="r1", audience="customer"))
    assert "difícil" not in shown
    assert "interno.jpg" not in shown
    assert "difícil" not in str(app.query("request_fields", request_id="r1", audience="customer"))
    assert "difícil" in str(row(app))


def test_a_file_is_at_most_as_large_as_the_contract_says(app: MemoryApp) -> None:
    told = {"contract_id": "c1", "customer_id": "u1", "effective_on": "2026-01-01"}
    new = {**told, "terms": terms(requests={"document_mb": 1})}
    app.deliver([("contracts.contract.amended", new)], source="contracts", stream="contract-c1")
    app.send("open_request", OPEN, actor=CONTACT)
    large = {"request_id": "r1", "document_id": "d1", "kind": "photo", "sha256": "ab" * 32, "name": "x.jpg"}
    said = {**large, "media_type": "image/jpeg", "size": 2_000_000}
    refusal = refused(lambda: app.send("attach_document", said, actor=CONTACT), "request.document-size")
    assert refusal.params["limit"] == 1024 * 1024
