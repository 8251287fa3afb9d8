"""Banks, persons of several customers, undone addenda, work lists and previews: through the whole service on its stores."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts_service.domain.bank import BankDetails
from contracts_service.domain.contract_commands import (
    ActivateContract,
    AdjustPrice,
    AmendContract,
    Change,
    UndoChange,
)
from contracts_service.domain.customer_messages import (
    AuthoriseContact,
    CustomerKind,
    EraseCustomer,
    RegisterCustomer,
    Right,
)
from contracts_service.domain.provider import ChangeBank, ChangeLetterhead, RegisterProvider
from contracts_service.domain.service_type import DefineServiceType
from contracts_service.domain.terms_rules import VisitPlan
from contracts_service.tests.integration.store import StoreApp
from contracts_service.tests.samples import CNPJ, at, day, draft, line, terms
from services.codec import to_json_values
from services.errors import Refused

ACCOUNT = BankDetails("341", "0057", "12345", "7", "109")


@pytest.fixture
def firm(app: StoreApp) -> StoreApp:
    app.execute(RegisterProvider("p1", "Vértice Ltda.", CNPJ, bank=ACCOUNT))
    app.execute(DefineServiceType("s1", "MAN", "Manutenção"))
    for customer_id, name in (("k1", "Ana Lima"), ("k2", "Bia Reis")):
        app.execute(RegisterCustomer(customer_id, CustomerKind.PERSON, person_name=name))
    app.execute(AuthoriseContact("k1", "t1", "Rui Sá", (Right.APPROVAL,), "rui@exemplo.com.br"))
    return app


def signed(app: StoreApp) -> None:
    app.execute(draft())
    app.execute(ActivateContract("c1", at("2026-01-01"), on=day("2026-01-01")))


def code(app: StoreApp, command: object) -> str:
    with pytest.raises(Refused) as caught:
        app.execute(command)
    return caught.value.code


def test_a_companys_account_and_letterhead_are_shown_as_they_are_now(firm: StoreApp) -> None:
    firm.execute(ChangeLetterhead("p1", trade_name="Vértice", phone="+55 19 3232-1000"))
    (shown,) = firm.query("providers")["items"]
    assert (shown["bank"]["account"], shown["phone"], shown["trade_name"]) == ("12345", "+55 19 3232-1000", "Vértice")
    firm.execute(ChangeBank("p1"))
    assert firm.query("providers")["items"][0]["bank"] is None
    assert code(firm, RegisterProvider("p2", "Filial", "12.ABC.345/01DE-35", branch_of="none")) == (
        "provider.branch-unknown"
    )


def test_a_person_of_two_customers_is_known_by_name_and_stays_when_one_is_erased(firm: StoreApp) -> None:
    assert code(firm, AuthoriseContact("k2", "nobody", "", (Right.MONEY,))) == "customer.contact-unknown"
    firm.execute(AuthoriseContact("k2", "t1", "", (Right.MONEY,)))
    (contact,) = firm.query("customer", customer_id="k2")["contacts"]
    assert (contact["name"], contact["email"], contact["rights"]) == ("Rui Sá", "rui@exemplo.com.br", ["money"])
    firm.execute(EraseCustomer("k1"))
    (contact,) = firm.query("customer", customer_id="k2")["contacts"]
    assert contact["name"] == "Rui Sá"
    firm.execute(EraseCustomer("k2"))
    assert firm.query("people", ids=["t1"])["people"].get("t1", {}).get("name") in (None, "")


def test_an_undone_addendum_leaves_its_number_and_its_version_on_record(firm: StoreApp) -> None:
    signed(firm)
    firm.execute(AmendContract("c1", day("2026-04-01"), terms(lines=(line(amount=Decimal("9.00")),)), "Engano"))
    firm.execute(UndoChange("c1", Change.AMENDMENT, "Engano", at("2026-03-10")))
    firm.execute(AmendContract("c1", day("2026-04-01"), terms(notice_days=60), "Certo"))
    shown = firm.query("contract", contract_id="c1", on="2026-05-01")
    assert (shown["terms"]["lines"][0]["amount"], shown["terms"]["notice_days"]) == ("1500.00", 60)
    assert [(version["addendum"], bool(version["undone_at"])) for version in shown["versions"]] == [
        (None, False),
        (1, True),
        (2, False),
    ]


def test_the_months_adjustments_are_listed_until_they_are_made(firm: StoreApp) -> None:
    signed(firm)
    firm.execute(AmendContract("c1", day("2026-02-01"), terms(ends_on=day("2027-12-31")), "Mais um ano"))
    assert firm.query("due_adjustments", month="2026-12-01")["items"] == []
    (item,) = firm.query("due_adjustments", month="2027-01-15")["items"]
    assert (item["contract_id"], item["effective_on"], item["by_agreement"]) == ("c1", "2027-01-01", True)
    firm.execute(AdjustPrice("c1", day("2027-01-01"), Decimal("5")))
    assert firm.query("due_adjustments", month="2027-01-15")["items"] == []
    ending = firm.query("renewals", until="2027-12-31", expiring=True)
    assert ending["items"] == []  # it is renewed tacitly


def test_a_preview_of_an_addendum_writes_nothing(firm: StoreApp) -> None:
    signed(firm)
    asked = {"contract_id": "c1", "changes": {"notice_days": 60}, "effective_on": "2026-07-01"}
    assert firm.query("contract_preview", **asked)["terms"]["notice_days"] == 60
    assert firm.query("contract", contract_id="c1")["terms"]["notice_days"] == 30
    new = firm.query("contract_preview", terms=to_json_values(terms()), customer_id="k1", provider_id="p1")
    assert "CONTRATANTE: Ana Lima" in new["text"]


def test_visits_are_planned_at_the_customers_own_sites_only(firm: StoreApp) -> None:
    elsewhere = terms(visit_plan=(VisitPlan("v1", "s1", site_id="none"),))
    assert code(firm, draft(terms=elsewhere)) == "contract.site-unknown"


def test_who_calls_is_found_by_his_number_however_it_is_written_by_address_and_document(firm: StoreApp) -> None:
    rights = (Right.REQUESTS,)
    firm.execute(AuthoriseContact("k1", "t2", "Eva Luz", rights, "eva@luz.example", phone="+55 (19) 99876-1234"))
    firm.execute(RegisterCustomer("k3", CustomerKind.COMPANY, legal_name="Luz Ltda.", cnpj=CNPJ, phone="1932321000"))

    def found(text: str) -> list[str]:
        return [each["person_id"] for each in firm.query("find_people", text=text)["items"]]

    for text in (
        "99876-1234",
        "19 99876 1234",
        "(19)998761234",
        "+55 19 99876-1234",
        "019998761234",
        "0 19 99876-1234",
        "EVA@luz",
    ):
        assert found(text) == ["t2"], text
    assert found("3232-1000") == ["k3"]
    assert found(CNPJ) == ["k3"]
    assert found("123") == found("Eva") == found("%_") == []
    firm.execute(EraseCustomer("k1"))
    assert found("99876-1234") == []
