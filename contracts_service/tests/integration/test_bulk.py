"""Adjustments and addenda over many contracts: previewed, then one addendum per contract, and once."""

from __future__ import annotations

from typing import Any

import pytest

from contracts_service.domain.contract_commands import ActivateContract, AdjustByIndex
from contracts_service.domain.customer_messages import CustomerKind, RegisterCustomer
from contracts_service.domain.price_index import LoadIndexValues
from contracts_service.domain.provider import RegisterProvider
from contracts_service.domain.service_type import DefineServiceType
from contracts_service.domain.terms import Adjusting, Index
from contracts_service.tests.integration.store import StoreApp
from contracts_service.tests.samples import CNPJ, at, day, draft, terms

YEAR = "\n".join(f"2026-{month:02d};0,5" for month in range(1, 13))
BY_INDEX = terms(ends_on=day("2030-12-31"), adjustment=Adjusting(Index.IPCA))


@pytest.fixture
def firm(app: StoreApp) -> StoreApp:
    """c1 to c3, since 1 January 2026; c3 has no index. It is 5 January 2027."""
    app.execute(RegisterProvider("p1", "Vértice Ltda.", CNPJ))
    app.execute(DefineServiceType("s1", "MAN", "Manutenção"))
    app.execute(RegisterCustomer("k1", CustomerKind.PERSON, person_name="Ana Lima"))
    for contract_id, said in (("c1", BY_INDEX), ("c2", BY_INDEX), ("c3", terms(ends_on=day("2030-12-31")))):
        app.execute(draft(contract_id=contract_id, terms=said))
        app.execute(ActivateContract(contract_id, at("2026-03-10"), day("2026-01-01")))
    app.execute(LoadIndexValues(Index.IPCA, table=YEAR, source="IBGE"))
    app.today("2027-01-05")
    return app


def records(*contract_ids: str, **said: Any) -> list[dict[str, Any]]:
    return [
        {"id": f"adjust-2027-{each}", "contract_id": each, "effective_on": "2027-01-01", **said}
        for each in contract_ids
    ]


def test_what_was_previewed_is_what_happens_once(firm: StoreApp) -> None:
    preview = firm.query("adjustment_preview", effective_on=day("2027-01-01"), selection={"index": "ipca"})
    assert [item["percent"] for item in preview["items"]] == ["6.1678", "6.1678"]
    assert firm.events("contract-c1")[-1].type == "contracts.contract.activated"
    first = firm.batch("adjust_prices", records("c1", "c2", "c3"))
    assert [each["status"] for each in first] == ["adjusted", "adjusted", "rejected"]
    assert first[0] == {"status": "adjusted", "contract_id": "c1", "addendum": 1, "percent": "6.1678"}
    assert first[2]["error"]["code"] == "contract.index-not-agreed"
    firm.batch("adjust_prices", records("c1", "c2", "c3"))
    again = firm.batch("adjust_prices", [{**each, "id": f"{each['id']}-2"} for each in records("c1", "c2")])
    assert [each["status"] for each in again] == ["unchanged", "unchanged"]
    shown = firm.query("contract", contract_id="c1", on=day("2027-01-01"))
    assert (shown["addendum"], shown["terms"]["lines"][0]["amount"]) == (1, "1592.52")


def test_values_come_from_what_was_published_whatever_is_sent(firm: StoreApp) -> None:
    sent = {"contract_id": "c1", "effective_on": "2027-01-01", "published": [{"month": "2026-12-01", "percent": "90"}]}
    firm.send("adjust_by_index", sent)
    assert firm.events("contract-c1")[-1].data["percent"] == "6.1678"
    assert firm.execute(AdjustByIndex("c1", day("2027-01-01"))).events == ()


def test_one_addendum_fits_many_contracts(firm: StoreApp) -> None:
    changes = {"late": {"fine_percent": "1"}}
    preview = firm.query("amendment_preview", effective_on=day("2027-02-01"), changes=changes)
    assert preview["possible"] == 3
    rows = [
        {"id": f"fine-{each}", "contract_id": each, "effective_on": "2027-02-01", "changes": changes, "reason": "Multa"}
        for each in ("c1", "c3")
    ]
    assert [each["status"] for each in firm.batch("amend_contracts", rows)] == ["amended", "amended"]
    assert firm.query("contract", contract_id="c3", on=day("2027-02-01"))["terms"]["late"]["fine_percent"] == "1"


def test_index_values_are_listed_with_the_last_twelve_months_together(firm: StoreApp) -> None:
    answer = firm.query("index_values", index="ipca")
    assert len(answer["items"]) == 12
    assert answer["last"]["ipca"] == {"month": "2026-12-01", "accumulated": "6.1678"}
