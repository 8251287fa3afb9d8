"""Whatever a contract says about its charges is billed so: each setting of a charge line, over HTTP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.system.house import House
from tests.system.visitor import Problem


def _line(line_id: str, amount: str, **terms: Any) -> dict[str, Any]:
    return {"line_id": line_id, "clause": f"4.{line_id[1:]}", "description": line_id, "amount": amount, **terms}


def _lines(house: House) -> list[dict[str, Any]]:
    first, long = house.today.replace(day=1).isoformat(), (house.today + timedelta(days=200)).isoformat()
    welcome = {"percent": "10", "amount": "25.00", "starts_on": first, "ends_on": long, "reason": "Boas-vindas"}
    return [
        _line("l1", "1000.00", discounts=[welcome]),
        _line("l2", "100.00", discounts=[{"percent": "50"}], minimum="80.00"),
        _line("l3", "500.00", ceiling="400.00"),
        _line("l4", "200.00", offset_days=5),
        _line("l5", "300.00", rule="quarterly", align="calendar"),
        _line("l6", "50.00", kind="per_use", service_type_id=house.service_id, included_quantity="2", ceiling="300.00"),
        _line("l7", "70.00", rule="thirty_days"),
    ]


def _quarter_end(day: date) -> date:
    following = day.replace(day=1, month=(day.month - 1) // 3 * 3 + 3) + timedelta(days=31)
    return following.replace(day=1) - timedelta(days=1)


def test_each_setting_of_a_line_is_billed_as_the_contract_says(house: House) -> None:
    first = house.today.replace(day=1)
    contract_id = house.contract(lines=_lines(house))
    agenda = house.office.get(f"contracts/{contract_id}/agenda")["items"]
    begun = {item["line_id"]: item for item in agenda if item["period_start"] == first.isoformat()}
    assert begun["l4"]["bill_on"] == (first + timedelta(days=5)).isoformat()
    assert begun["l5"]["period_end"] == _quarter_end(first).isoformat()
    assert begun["l7"]["period_end"] == (first + timedelta(days=29)).isoformat()
    work = {"description": "Horas", "quantity": "10", "occurred_on": first.isoformat(), "reason": "Mutirão"}
    house.office.post(f"contracts/{contract_id}/charges", line_id="l6", **work)
    assert house.bill(contract_id)["failed"] == 0
    billed: dict[str, list[str]] = {}
    for shown in house.office.list("receivables", contract_id=contract_id):
        for line in house.office.get(f"receivables/{shown['receivable_id']}")["lines"]:
            billed.setdefault(line["line_id"], []).append(line["amount"])
    assert [billed[line] for line in ("l1", "l2", "l3", "l4", "l6")] == [
        ["875.00"],
        ["80.00"],
        ["400.00"],
        ["200.00"],
        ["300.00"],
    ]
    assert billed["l5"] == [begun["l5"]["amount"]]
    assert "70.00" in billed["l7"]


def test_a_setting_that_makes_no_sense_is_told_at_its_field(house: House) -> None:
    wrong = _line("l1", "10.00", minimum="3.00", ceiling="2.00")
    parties = {"customer_id": house.customer_id, "provider_id": house.provider_id}
    with pytest.raises(Problem) as refused:
        house.office.post("contracts", **parties, terms=house.terms(lines=[wrong]))
    assert (refused.value.status, refused.value.document["code"]) == (400, "contract.terms-invalid")
    assert "terms.lines.0.minimum" in str(refused.value.document)


def test_the_text_of_the_contract_says_its_settings(house: House) -> None:
    contract_id = house.contract(lines=_lines(house))
    said = house.customer.get(f"contracts/{contract_id}/text")["text"]
    for words in ("Desconto de 10 % mais R$ 25,00", "Valor mínimo por período: R$ 80,00", "Incluídas por período: 2"):
        assert words in said


def test_a_preview_says_what_a_draft_and_an_addendum_would_charge_and_writes_nothing(house: House) -> None:
    before = len(house.office.list("contracts", customer_id=house.customer_id))
    draft = house.office.post("contracts/preview", terms=house.terms(lines=_lines(house)), months=1)
    charged = {charge["line_id"]: charge["amount"] for charge in draft["plan"]["charges"]}
    assert (charged["l1"], charged["l2"], charged["l3"]) == ("875.00", "80.00", "400.00")
    assert "Desconto de 10 %" in draft["text"]
    assert len(house.office.list("contracts", customer_id=house.customer_id)) == before
    contract_id = house.contract()
    dearer = {"lines": [{"line_id": "line-1", "amount": "1200.00"}]}
    shown = house.office.post("contracts/preview", contract_id=contract_id, changes=dearer, months=12)
    assert [change["path"] for change in shown["changes"]] == ["lines.0.amount"]
    assert shown["plan"]["charges"][-1]["amount"] == "1200.00"
    assert len(house.office.get(f"contracts/{contract_id}")["versions"]) == 1


def test_a_mistaken_addendum_is_undone_and_its_bill_given_back(house: House) -> None:
    contract_id, first = house.contract(), house.today.replace(day=1).isoformat()
    dearer = house.terms(lines=[{**house.terms()["lines"][0], "amount": "1200.00"}])
    house.office.post(f"contracts/{contract_id}/amend", effective_on=first, terms=dearer, reason="Engano")
    house.settle()
    house.bill(contract_id)
    house.office.post(f"contracts/{contract_id}/undo", change="amendment", reason="Contrato trocado")
    house.settle()
    house.bill(contract_id)
    owed = [row["balance"] for row in house.office.list("receivables", contract_id=contract_id)]
    assert sorted(owed) == ["0.00", "1000.00"]
