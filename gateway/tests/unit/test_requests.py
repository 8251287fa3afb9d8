"""Requests at the gateway: who sees which, prices, internal notes, files, labels, channels."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.tests.unit.world import NOW, SEALED, World

JPEG = b"\xff\xd8\xff\xe0" + bytes(60)
OF_B = {"contract_id": "c-B", "customer_id": "B", "at": NOW}
MAIL = b"From: otavio@example.com\r\nSubject: de acordo\r\n\r\nDe acordo."


def opened(world: World, request_id: str, by: str, **more: Any) -> None:
    data = {**OF_B, "request_id": request_id, "protocol": f"2026-{request_id}", "channel": "portal", "priority": "low"}
    world.happened(
        "tickets.request.opened", {**data, "description": SEALED, "opened_by": by, **more}, stream=request_id
    )


def contact(world: World, contact_id: str, *rights: str) -> Any:
    said = {"customer_id": "B", "contact_id": contact_id, "name": SEALED, "rights": list(rights)}
    world.happened("contracts.customer.contact_authorised", said)
    world.users.put(
        contact_id, contact_id.title(), ["contact"], password="secret", user_id=f"u-{contact_id}",
        contacts=[{"customer_id": "B", "contact_id": contact_id}],
    )  # fmt: skip
    return world.client(contact_id)


def listed(client: Any, query: str = "") -> set[str]:
    return {each["request_id"] for each in client.get(f"/api/v1/requests{query}").json["items"]}


# -- portal threads ----------------------------------------------------------------------------------------------------


def test_colleagues_with_the_right_see_the_companys_requests(world: World) -> None:
    """OCA/helpdesk 213, zammad 1307, frappe/helpdesk 1177: colleagues could not see the company's requests."""
    opened(world, "r1", "bob")
    assert "r1" in listed(world.client("bea"))  # bea has the right to requests; bob asked
    world.services.answers["tickets.request"] = {"request_id": "r1", "customer_id": "B", "opened_by": "bob"}
    assert world.client("bea").get("/api/v1/requests/r1").status_code == 200
    assert world.client("bea").get("/api/v1/requests/counts").json == {"open": 2}


def test_a_contact_without_the_right_sees_his_own_only_and_nobody_anothers(world: World) -> None:
    """frappe/helpdesk 1398, 2025: everyone saw everything."""
    opened(world, "r1", "bob")
    opened(world, "r2", "carla")
    carla = contact(world, "carla")
    assert listed(carla) == {"r2"}
    world.services.answers["tickets.request"] = {"request_id": "r1", "customer_id": "B", "opened_by": "bob"}
    for path in ("", "/fields", "/documents/d1"):
        answer = carla.get(f"/api/v1/requests/r1{path}")
        assert (answer.status_code, answer.json["code"]) == (403, "access.right-missing")
    assert listed(world.client("ana")).isdisjoint({"r1", "r2"})
    assert world.client("ana").get("/api/v1/requests/r1").status_code == 404
    assert carla.get("/api/v1/requests/counts").json == {"open": 1}
    assert carla.get("/api/v1/requests/statistics?customer_id=B").status_code == 403


def test_who_may_accept_prices_sees_the_requests_that_have_one(world: World) -> None:
    opened(world, "r1", "bob")
    opened(world, "r2", "bob")
    world.happened("tickets.request.price_offered", {**OF_B, "request_id": "r2"}, stream="r2")
    dora = contact(world, "dora", "money")
    assert listed(dora) == {"r2"}
    row = {"request_id": "r2", "customer_id": "B", "opened_by": "bob", "price_state": "offered"}
    world.services.answers["tickets.request"] = row
    assert dora.get("/api/v1/requests/r2").status_code == 200
    said = {"offer": 1, "name": "Dora", "text_sha256": "0" * 64}
    assert dora.post("/api/v1/requests/r2/price/accept", json=said).status_code == 200
    assert world.services.commands()[-1]["actor"] == "contact:dora"


def test_how_many_prepaid_hours_are_left_is_answered_to_the_customer(world: World) -> None:
    """OCA/helpdesk 708, 904: how many prepaid hours are left? And lago 321, which is in none of the sources that could be
    read: nearest is that a customer looks up himself what he has used of the period, and what more would cost."""
    world.services.answers["tickets.coverage"] = {"status": "covered", "remaining": "3.5", "unit": "hour"}
    answer = world.client("bob").get("/api/v1/contracts/c-B/coverage?service_type_id=s").json
    assert (answer["remaining"], answer["unit"]) == ("3.5", "hour")


# -- prices ------------------------------------------------------------------------------------------------------------


def test_a_technician_reads_no_price_in_any_request(world: World) -> None:
    price = {"unit_price": "987.65", "ceiling": "987.65", "price_text": "a R$ 987,65", "emergency": {"limit": "987.65"}}
    work = [{"work_id": "w", "unit_price": "987.65", "charge_limit": "987.65", "quantity": "1"}]
    coverage = {"status": "covered_at_price", "unit_price": "987.65"}
    timeline = [{"type": "tickets.request.price_offered", "data": price}, {"data": work[0]}]
    row = dict.fromkeys(("price_unit", "price_bound", "charged_works", "charged_visits"), "987.65")
    whole = {**row, "request_id": "q-A", "price": price, "work": work, "coverage": coverage, "timeline": timeline}
    world.services.answers["tickets.request"] = whole
    terms = {"requests": {"emergency_limit": "987.65"}, "services": [{"overage_unit_price": "987.65", "code": "A"}]}
    world.services.answers["contracts.contract"] = {"terms": terms}
    client = world.client("technician")
    for path in ("requests/q-A", "contracts/c-A"):
        assert "987" not in client.get(f"/api/v1/{path}").text
    assert client.get("/api/v1/requests/q-A").json["work"] == [{"work_id": "w", "quantity": "1"}]
    assert "987.65" in world.client("attendant").get("/api/v1/requests/q-A").text


def test_the_coverage_answer_is_asked_without_prices_for_a_technician(world: World) -> None:
    for role, prices in (("technician", False), ("attendant", True)):
        world.client(role).get("/api/v1/contracts/c-A/coverage?service_type_id=s")
        assert world.services.calls[-1][2]["params"]["prices"] is prices


# -- internal ----------------------------------------------------------------------------------------------------------


def test_a_customers_list_tells_nothing_of_internal_notes(world: World) -> None:
    """Neither how many there are, nor that something changed."""
    opened(world, "r1", "bob")
    before = next(e for e in world.client("bob").get("/api/v1/requests").json["items"] if e["request_id"] == "r1")
    noted = {**OF_B, "at": "2026-03-05T12:00:00Z", "request_id": "r1", "side": "provider", "text": SEALED}
    world.happened("tickets.request.noted", {**noted, "visibility": "internal"}, stream="r1")
    after = next(e for e in world.client("bob").get("/api/v1/requests").json["items"] if e["request_id"] == "r1")
    assert after == before
    staff = next(e for e in world.client("attendant").get("/api/v1/requests").json["items"] if e["request_id"] == "r1")
    assert (staff["notes"], staff["internal_notes"]) == (0, 1)


def test_a_customers_question_is_always_asked_as_the_customers_part(world: World) -> None:
    world.services.answers["tickets.request"] = {"request_id": "q-B", "customer_id": "B"}
    for path in ("requests/q-B", "requests/q-B/fields"):
        world.client("bob").get(f"/api/v1/{path}")
        assert world.services.calls[-1][2]["params"]["audience"] == "customer"


# -- files -------------------------------------------------------------------------------------------------------------


def attach(client: Any, content: bytes, said: str, **more: Any) -> Any:
    blob = client.application.extensions["vigencia"].blobs.put(content)
    client.application.extensions["vigencia"].uploads.note(blob, "u-bob")
    body = {"kind": "photo", "sha256": blob, "name": "x", "media_type": said, **more}
    return client.post("/api/v1/requests/q-B/documents", json=body)


@pytest.mark.parametrize(
    ("login", "content", "said", "status"),
    [
        ("bob", JPEG, "image/jpeg", 201),
        ("bob", JPEG, "image/png", 422),  # it is not what it says
        ("bob", b"MZ\x90\x00 a program", "image/jpeg", 422),
        ("bob", MAIL, "message/rfc822", 422),  # customers bring PDF and images
        ("attendant", MAIL, "message/rfc822", 201),
        ("attendant", b"\x7fELF\x00\x01", "text/plain", 422),
        ("attendant", b"anything", "message/rfc822", 422),
    ],
)
def test_a_file_is_what_its_first_bytes_say(world: World, login: str, content: bytes, said: str, status: int) -> None:
    assert attach(world.client(login), content, said).status_code == status


def test_the_size_is_the_files_own_and_a_customers_document_is_public(world: World) -> None:
    assert attach(world.client("bob"), JPEG, "image/jpeg", size=1, visibility="internal").status_code == 201
    payload = world.services.commands()[-1]["payload"]
    assert (payload["size"], payload["visibility"]) == (len(JPEG), "public")


def test_a_document_that_is_not_in_the_customers_part_is_not_there(world: World) -> None:
    blob = world.flask.extensions["vigencia"].blobs.put(JPEG)
    document = {"document_id": "d1", "sha256": blob, "media_type": "image/jpeg", "name": "foto.jpg"}
    world.services.answers["tickets.request"] = {"request_id": "q-B", "customer_id": "B", "documents": [document]}
    assert world.client("bob").get("/api/v1/requests/q-B/documents/d1").data == JPEG
    assert world.client("bob").get("/api/v1/requests/q-B/documents/d2").status_code == 404


# -- equipment, duplicates, channels -----------------------------------------------------------------------------------


def test_equipment_is_found_by_its_qr_label_within_ones_own(world: World) -> None:
    found = world.client("bob").get("/api/v1/equipment/labels/QR-B").json
    assert (found["equipment_id"], found["site_name"]) == ("x-B", "Matriz")
    assert [each["contract_id"] for each in found["contracts"]] == ["c-B"]
    assert world.client("bob").get("/api/v1/equipment/labels/QR-A").status_code == 404
    body = {"contract_id": "c-B", "service_type_id": "s", "description": "x", "equipment_label": "QR-B"}
    assert world.client("bob").post("/api/v1/requests", json=body).status_code == 201
    payload = world.services.commands()[-1]["payload"]
    assert (payload["equipment_id"], payload["site_id"], payload.get("equipment_label")) == ("x-B", "l-B", None)
    assert world.client("bob").post("/api/v1/requests", json={**body, "equipment_label": "QR-A"}).status_code == 404


def test_the_list_shows_prices_that_wait_and_duplicates(world: World) -> None:
    opened(world, "r1", "bob")
    opened(world, "r2", "bob")
    world.happened("tickets.request.price_offered", {**OF_B, "request_id": "r1"}, stream="r1")
    world.happened("tickets.request.marked_duplicate", {**OF_B, "request_id": "r2", "original_id": "r1"}, stream="r2")
    assert listed(world.client("bob"), "?priced=true") == {"r1"}
    rows = {each["request_id"]: each for each in world.client("bob").get("/api/v1/requests").json["items"]}
    assert (rows["r2"]["status"], rows["r2"]["duplicate_of"], rows["r2"]["closed_by"]) == ("closed", "r1", "duplicate")


def test_the_share_of_phone_calls_is_a_page_and_a_sheet(world: World) -> None:
    month = {"month": "2026-03", "requests": 4, "portal": 3, "phone": 1, "email": 0, "other": 0, "phone_share": "25.0"}
    world.services.answers["tickets.channels"] = {"items": [month]}
    assert world.client("manager").get("/api/v1/requests/channels").json == {"items": [month]}
    sheet = world.client("manager").get("/api/v1/requests/channels?format=csv").text
    assert "Phone (%)" in sheet
    assert "25.0" in sheet
