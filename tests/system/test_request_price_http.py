"""Requests beyond coverage over HTTP: a price that is accepted by name is charged, one that is not is not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.system.house import House
from tests.system.visitor import Problem


def _all_beyond(house: House) -> str:
    """A contract whose service includes nothing: each hour is at its price."""
    (service,) = house.terms()["services"]
    return house.contract(services=[{**service, "included_quantity": "0"}])


def _work(house: House, request_id: str) -> dict[str, Any]:
    house.technician.post(f"requests/{request_id}/work", performed_on=house.today.isoformat(), quantity="2")
    house.settle()
    found: dict[str, Any] = house.office.get(f"requests/{request_id}")["work"][-1]
    return found


def test_a_price_is_accepted_by_name_and_then_charged(house: House) -> None:
    """Coverage → request at a price → work waits → a raised offer → acceptance → work → charge up to the ceiling."""
    contract_id = _all_beyond(house)
    told = house.customer.get(f"contracts/{contract_id}/coverage", service_type_id=house.service_id)
    assert (told["status"], told["needs_acceptance"], told["unit_price"]) == ("covered_at_price", True, "120.00")
    assert "R$ 120,00 por hora" in told["clause_words"]["pt-BR"]
    request_id = house.open_request(contract_id)
    with pytest.raises(Problem) as refused:
        house.technician.post(f"requests/{request_id}/start")
    problem = refused.value.document
    assert (refused.value.status, problem["code"]) == (422, "request.price-not-accepted")
    read = f"{problem} {house.technician.get(f'requests/{request_id}')}"
    assert "120.00" not in read  # a technician reads no prices
    assert "120,00" not in read
    house.office.post(f"requests/{request_id}/price", unit_price="150.00", ceiling="250.00", reason="Peça importada")
    house.settle()
    (waits,) = house.customer.list("requests", contract_id=contract_id, priced="true")
    assert waits["price_state"] == "offered"
    price = house.customer.get(f"requests/{request_id}")["price"]
    said = {"offer": price["offer"], "text_sha256": price["text_sha256"], "name": "Otávio Barreto"}
    assert house.neighbour.status("POST", f"requests/{request_id}/price/accept", said) == 404
    assert house.office.status("POST", f"requests/{request_id}/price/accept", said) == 403
    house.customer.post(f"requests/{request_id}/price/accept", **said)
    accepted = house.office.get(f"requests/{request_id}")["price"]["accepted"]
    assert (accepted["name"], accepted["contact_id"], accepted["ceiling"]) == (
        "Otávio Barreto",
        house.contact_id,
        "250.00",
    )
    house.technician.post(f"requests/{request_id}/start")
    assert _work(house, request_id)["charge"] == "accepted"
    charged = [
        each for each in house.office.get(f"contracts/{contract_id}/agenda")["items"] if each["state"] == "added"
    ]
    assert [Decimal(each["amount"]) for each in charged] == [Decimal("250.00")]


def test_parts_are_charged_by_the_contracts_list_or_by_what_was_accepted(house: House) -> None:
    """The contract's per-use line prices a belt; a compressor has a price only in the offer that the customer accepts."""
    belt = {"line_id": "belt", "clause": "4.3", "description": "Correia", "kind": "per_use", "amount": "80.00"}
    contract_id = house.contract(lines=[*house.terms()["lines"], belt])
    request_id = house.open_request(contract_id)
    house.technician.post(f"requests/{request_id}/parts", name="Correia", quantity="2", line_id="belt")
    compressor = {"name": "Compressor", "quantity": "1", "unit_price": "900.00"}
    assert house.technician.status("POST", f"requests/{request_id}/parts", compressor) == 403
    house.office.post(f"requests/{request_id}/price", parts=[compressor])
    price = house.customer.get(f"requests/{request_id}")["price"]
    assert "peças: 1 × Compressor a R$ 900,00" in price["price_text"]
    said = {"offer": price["offer"], "text_sha256": price["text_sha256"], "name": "Otávio Barreto"}
    house.customer.post(f"requests/{request_id}/price/accept", **said)
    house.technician.post(f"requests/{request_id}/parts", name="Compressor", quantity="1")
    house.technician.post(f"requests/{request_id}/parts", name="Parafuso", quantity="4")
    house.settle()
    shown = house.technician.get(f"requests/{request_id}")
    assert not any("price" in name or "amount" in name for part in shown["parts"] for name in part if part[name])
    assert [each["charged"] for each in shown["parts"]] == [True, True, False]
    added = [each for each in house.office.get(f"contracts/{contract_id}/agenda")["items"] if each["state"] == "added"]
    charged = {each["description"]: (each["clause"], each["amount"]) for each in added}
    assert charged == {"Correia": ("4.3", "160.00"), "Compressor": ("", "900.00")}


def test_without_an_acceptance_there_is_no_charge_and_the_work_says_why(house: House) -> None:
    contract_id = _all_beyond(house)
    request_id = house.open_request(contract_id)
    work = _work(house, request_id)
    assert (work["charged"], work["uncharged_because"]) == (False, "price-not-accepted")
    agenda = house.office.get(f"contracts/{contract_id}/agenda")["items"]
    assert [each for each in agenda if each["clause"] != "4.1" or each["amount"] != "1000.00"] == []


def test_an_emergency_is_served_first_and_charged_up_to_the_clauses_limit(house: House) -> None:
    (service,) = house.terms()["services"]
    contract_id = house.contract(
        services=[{**service, "included_quantity": "0"}], requests={"emergency_limit": "200.00"}
    )
    request_id = house.customer.make(
        "requests", contract_id=contract_id, service_type_id=house.service_id, description="Servidor sem refrigeração",
        impact="high", urgency="high", equipment_label="SP24-0001",
    )  # fmt: skip
    shown = house.customer.get(f"requests/{request_id}")
    assert (shown["priority"], shown["equipment_id"]) == ("critical", house.equipment_id)
    house.technician.post(f"requests/{request_id}/start")
    work = _work(house, request_id)
    assert (work["charge"], work["charge_limit"]) == ("emergency", "200.00")


def test_both_sides_write_one_document_and_a_duplicate_leads_to_its_original(house: House) -> None:
    contract_id = house.contract()
    request_id, again = house.open_request(contract_id), house.open_request(contract_id)
    house.office.post(f"requests/{request_id}/fields", field="description", value="O ar da recepção pinga.")
    fields = {each["field"]: each for each in house.customer.get(f"requests/{request_id}/fields")["fields"]}
    assert (fields["description"]["side"], fields["description"]["owner"]) == ("provider", "customer")
    assert [each["value"] for each in fields["description"]["former"]] == ["O ar da sala de espera pinga."]
    house.office.post(f"requests/{again}/duplicate", original_id=request_id)
    house.settle()
    rows = {each["request_id"]: each for each in house.customer.list("requests", contract_id=contract_id)}
    assert (rows[again]["status"], rows[again]["duplicate_of"]) == ("closed", request_id)
    (link,) = house.customer.get(f"requests/{again}")["links"]
    assert (link["request_id"], link["kind"]) == (request_id, "duplicate_of")
    house.office.post(f"requests/{request_id}/notes", text="Cliente reclama muito", visibility="internal")
    assert "reclama" not in str(house.customer.get(f"requests/{request_id}"))
