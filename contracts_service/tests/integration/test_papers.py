"""Templates, copies, places of lines, number series of branches, acceptance in the portal: through the whole service."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts_service.domain.contract_commands import ActivateContract, AmendContract
from contracts_service.domain.copying import CopyContract, DraftFromTemplate
from contracts_service.domain.customer_messages import (
    AddEquipment,
    AddSite,
    AuthoriseContact,
    CustomerKind,
    EraseCustomer,
    RegisterCustomer,
    Right,
)
from contracts_service.domain.paper_messages import AcceptContract, TagContract
from contracts_service.domain.provider import ChangeNumberSeries, RegisterProvider
from contracts_service.domain.service_type import DefineServiceType
from contracts_service.domain.template import DefineTemplate, RetireTemplate
from contracts_service.tests.integration.store import StoreApp
from contracts_service.tests.samples import CNPJ, at, day, draft, line, terms
from services.decider import ERASED
from services.errors import Refused


@pytest.fixture
def firm(app: StoreApp) -> StoreApp:
    app.execute(RegisterProvider("p1", "Vértice Ltda.", CNPJ))
    app.execute(DefineServiceType("s1", "MAN", "Manutenção"))
    app.execute(RegisterCustomer("k1", CustomerKind.PERSON, person_name="Ana Lima"))
    app.execute(RegisterCustomer("k2", CustomerKind.PERSON, person_name="Bia Reis"))
    app.execute(AuthoriseContact("k1", "t1", "Rui Sá", (Right.APPROVAL,)))
    app.execute(AuthoriseContact("k1", "t2", "Eva Gil", (Right.REQUESTS,)))
    app.execute(AddSite("k1", "u1", "Matriz"))
    app.execute(AddEquipment("k1", "u1", "e1", "Ar-condicionado"))
    return app


def code(app: StoreApp, command: object) -> str:
    with pytest.raises(Refused) as caught:
        app.execute(command)
    return caught.value.code


def test_a_draft_begins_with_a_template_or_a_copy(firm: StoreApp) -> None:
    firm.execute(DefineTemplate("m1", "Mensal", terms()))
    firm.execute(DraftFromTemplate("c1", "m1", "k1", day("2026-06-15")))
    shown = firm.query("contract", contract_id="c1")
    assert (shown["status"], shown["starts_on"], shown["ends_on"]) == ("draft", "2026-06-15", "2027-06-14")
    firm.execute(CopyContract("c2", "c1", day("2027-01-01"), customer_id="k2"))
    shown = firm.query("contract", contract_id="c2")
    assert (shown["customer_id"], shown["ends_on"]) == ("k2", "2027-12-31")
    firm.execute(RetireTemplate("m1"))
    assert code(firm, DraftFromTemplate("c3", "m1", "k1", day("2026-06-15"))) == "template.retired"
    assert firm.execute(DraftFromTemplate("c1", "m1", "k1", day("2026-06-15"))).events == ()


def test_lines_name_the_customers_own_sites_and_equipment(firm: StoreApp) -> None:
    placed = terms(lines=(line(site_ids=("u1",), equipment_ids=("e1",)),))
    assert code(firm, draft(customer_id="k2", terms=placed)) == "contract.site-unknown"
    assert code(firm, draft(terms=terms(lines=(line(equipment_ids=("e9",)),)))) == "contract.equipment-unknown"
    firm.execute(draft(terms=placed))
    firm.execute(ActivateContract("c1", at("2026-03-10")))
    elsewhere = replace(placed, lines=(line(site_ids=("u9",)),))
    assert code(firm, AmendContract("c1", day("2026-04-01"), elsewhere, "Mudança")) == "contract.site-unknown"


def test_a_branch_numbers_its_contracts_in_its_own_way(firm: StoreApp) -> None:
    firm.execute(RegisterProvider("p2", "Vértice Filial", "11.444.777/0001-61", branch_of="p1"))
    firm.execute(ChangeNumberSeries("p2", "F2-", 4, yearly=False))
    for contract_id, provider in (("c1", "p1"), ("c2", "p2"), ("c3", "p2")):
        firm.execute(draft(contract_id=contract_id, provider_id=provider))
        firm.execute(ActivateContract(contract_id, at("2026-03-10")))
    numbers = [firm.query("contract", contract_id=each)["number"] for each in ("c1", "c2", "c3")]
    assert numbers == ["2026/000001", "F2-0001", "F2-0002"]


def test_who_may_approve_accepts_the_text_that_he_read(firm: StoreApp) -> None:
    firm.execute(draft())
    read = firm.query("contract_text", contract_id="c1")["sha256"]
    accept = AcceptContract("c1", "a1", "t1", read, at("2026-03-10"), origin="203.0.113.7")
    assert code(firm, replace(accept, contact_id="t2")) == "contract.not-authorised-to-accept"
    assert code(firm, replace(accept, text_sha256="0" * 64)) == "contract.text-changed"
    firm.execute(accept)
    [acceptance] = firm.query("contract", contract_id="c1")["acceptances"]
    assert (acceptance["signer_name"], acceptance["text_sha256"]) == ("Rui Sá", read)
    assert firm.query("contract_pdf", contract_id="c1")["media_type"] == "application/pdf"
    firm.execute(EraseCustomer("k1"))
    firm.deliver(
        [("contracts.customer.erased", {"customer_id": "k1", "person_ids": ["k1", "t1", "t2"]})], source="contracts"
    )
    assert firm.query("contract", contract_id="c1")["acceptances"][0]["signer_name"] is None
    assert firm.events("contract-c1")[-1].data["signer_name"] == ERASED


def test_contracts_are_found_and_selected_by_tag(firm: StoreApp) -> None:
    for contract_id in ("c1", "c2"):
        firm.execute(draft(contract_id=contract_id))
        firm.execute(ActivateContract(contract_id, at("2026-03-10"), day("2026-01-01")))
    firm.execute(TagContract("c2", ("zona sul",)))
    firm.execute(TagContract("c2", ("zona sul", "condomínio")))
    assert [each["contract_id"] for each in firm.query("contracts", tag="zona sul")["items"]] == ["c2"]
    preview = firm.query("adjustment_preview", percent="5", selection={"tag": "condomínio"})
    assert [each["contract_id"] for each in preview["items"]] == ["c2"]
