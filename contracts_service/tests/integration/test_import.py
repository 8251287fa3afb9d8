"""Batch ``import_contracts``: whole or not at all, never twice, and what differs is rejected with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from contracts_service.domain.contract_commands import ResumeContract, TerminateContract
from contracts_service.domain.provider import RegisterProvider
from contracts_service.domain.service_type import DefineServiceType
from contracts_service.tests.integration.store import StoreApp
from contracts_service.tests.samples import CNPJ, at


def record(n: int = 1, **changes: Any) -> dict[str, Any]:
    contract = {
        "contract_id": f"c{n}",
        "external_ref": f"REF-{n}",
        "starts_on": "2025-01-15",
        "services": [{"service_type_id": "s1", "code": "TEL", "name": "Telefonia"}],
        "lines": [{"line_id": f"l{n}", "clause": "1", "description": "Mensalidade", "amount": "29.85"}],
        "default": {"days": None, "suspend": False},
    }
    customer = {"customer_id": f"k{n}", "external_ref": f"REF-{n}", "kind": "person", "name": f"Cliente {n}"}
    values = {"id": f"import-{n}", "customer": customer, "contract": contract, "status": "active"}
    return {**values, **changes}


def changed(n: int = 1, **contract: Any) -> dict[str, Any]:
    return {**record(n), "id": f"again-{n}", "contract": {**record(n)["contract"], **contract}}


@pytest.fixture
def firm(app: StoreApp) -> StoreApp:
    app.execute(RegisterProvider("p1", "Vértice Ltda.", CNPJ))
    return app


def statuses(app: StoreApp, *records: dict[str, Any]) -> list[str]:
    return [answer["status"] for answer in app.batch("import_contracts", list(records))]


def test_a_record_becomes_a_customer_with_an_active_contract(firm: StoreApp) -> None:
    assert firm.batch("import_contracts", [record()]) == [
        {"status": "imported", "customer_id": "k1", "contract_id": "c1"}
    ]
    shown = firm.query("contract", contract_id="c1")
    assert (shown["status"], shown["activated_on"], shown["number"]) == ("active", "2025-01-15", "2025/000001")
    assert shown["customer"]["name"] == "Cliente 1"
    assert firm.query("service_types")["items"][0]["code"] == "TEL"


def test_the_same_record_again_is_unchanged(firm: StoreApp) -> None:
    assert statuses(firm, record()) == ["imported"]
    assert statuses(firm, record()) == ["unchanged"]
    assert statuses(firm, record(id="another")) == ["unchanged"]


def test_a_record_stays_unchanged_after_the_contracts_life_went_on(firm: StoreApp) -> None:
    statuses(firm, record())
    firm.execute(TerminateContract("c1", "Rescisão", at("2026-03-10")))
    assert statuses(firm, record(id="another")) == ["unchanged"]
    assert firm.query("contract", contract_id="c1")["status"] == "terminated"


def test_a_changed_record_is_rejected_with_what_differs(firm: StoreApp) -> None:
    statuses(firm, record())
    other = changed(lines=[{**record()["contract"]["lines"][0], "amount": "31.00"}])
    (answer,) = firm.batch("import_contracts", [other])
    assert answer["status"] == "rejected"
    assert answer["error"]["code"] == "contract.exists"
    assert "terms.lines.0.amount" in answer["error"]["words"]["pt-BR"]


def test_a_bad_record_leaves_nothing_behind_and_the_others_come_in(firm: StoreApp) -> None:
    bad = record(2, contract={**record(2)["contract"], "lines": [{"line_id": "l2", "amount": "x"}]})
    wrong_document = record(3, customer={**record(3)["customer"], "document": "111.111.111-11"})
    answers = firm.batch("import_contracts", [record(1), bad, wrong_document, record(4)])
    assert [answer["status"] for answer in answers] == ["imported", "rejected", "rejected", "imported"]
    assert "terms.lines.0.amount" in {problem["path"] for problem in answers[1]["error"]["problems"]}
    assert answers[2]["error"]["code"] == "customer.cpf-invalid"
    assert [item["customer_id"] for item in firm.query("customers")["items"]] == ["k1", "k4"]


def test_a_corrected_record_comes_in_under_the_same_id(firm: StoreApp) -> None:
    bad = record(contract={**record()["contract"], "starts_on": "2025-13-01"})
    assert statuses(firm, bad) == ["rejected"]
    assert statuses(firm, record()) == ["imported"]


def test_an_import_renames_no_service_type_that_is_known(firm: StoreApp) -> None:
    firm.execute(DefineServiceType("s1", "TEL", "Telefonia fixa"))
    assert statuses(firm, record()) == ["imported"]
    assert firm.query("service_types")["items"][0]["name"] == "Telefonia fixa"


def test_a_contract_that_begins_later_is_signed_today(firm: StoreApp) -> None:
    assert statuses(firm, changed(starts_on="2026-06-01")) == ["imported"]
    shown = firm.query("contract", contract_id="c1")
    assert (shown["activated_on"], shown["phase"]) == ("2026-03-10", "upcoming")


def test_a_draft_stays_a_draft(firm: StoreApp) -> None:
    assert statuses(firm, record(status="draft")) == ["imported"]
    assert firm.query("contract", contract_id="c1")["status"] == "draft"


def test_a_company_with_an_alphanumeric_cnpj_comes_in(firm: StoreApp) -> None:
    company = {**record()["customer"], "kind": "company", "document": "12.ABC.345/01DE-35"}
    assert statuses(firm, record(customer=company)) == ["imported"]
    assert firm.query("customers")["items"][0]["document"] == "12ABC34501DE35"


def test_without_a_provider_company_the_reason_is_told(app: StoreApp) -> None:
    (answer,) = app.batch("import_contracts", [record()])
    assert answer["error"]["code"] == "contract.provider-missing"


def suspended_there(on: str = "2025-11-20", reason: str = "default") -> dict[str, Any]:
    terms = {**record()["contract"], "suspension": {"give_back": "nothing"}}
    return {**record(contract=terms), "suspension": {"on": on, "reason": reason}}


def test_a_contract_comes_in_suspended_once_and_stays_known_as_such(firm: StoreApp) -> None:
    assert statuses(firm, suspended_there()) == ["imported"]
    shown = firm.query("contract", contract_id="c1")
    assert (shown["status"], shown["suspension"]["on"], shown["suspension"]["reason"]) == (
        "suspended",
        "2025-11-20",
        "default",
    )
    assert statuses(firm, {**suspended_there(), "id": "again"}) == ["unchanged"]
    firm.execute(ResumeContract("c1", at("2026-03-10")))
    assert statuses(firm, {**suspended_there(), "id": "after"}) == ["unchanged"]
    shown = firm.query("contract", contract_id="c1")
    assert (shown["status"], shown["suspension"]) == ("active", None)
    assert shown["taken_over_suspension"] == {"on": "2025-11-20", "reason": "default", "give_back": "nothing"}


def test_a_suspension_that_cannot_be_leaves_no_contract_behind(firm: StoreApp) -> None:
    (answer,) = firm.batch("import_contracts", [suspended_there(on="2025-01-14")])
    assert (answer["status"], answer["error"]["code"]) == ("rejected", "contract.day-before-last")
    assert firm.query("contracts")["items"] == []
    assert statuses(firm, suspended_there()) == ["imported"]
    (answer,) = firm.batch("import_contracts", [{**suspended_there(on="2025-11-21"), "id": "other"}])
    assert answer["error"]["code"] == "contract.suspended-otherwise"


def test_a_contract_that_was_not_suspended_says_so(firm: StoreApp) -> None:
    statuses(firm, record())
    assert firm.query("contract", contract_id="c1")["taken_over_suspension"] is None
