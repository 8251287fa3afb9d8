"""A contract's life through the whole service: commands, views, due commands and policies on a real store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts_service.domain.contract_commands import (
    ActivateContract,
    AmendContract,
    ApproveSuspension,
    Change,
    DeclineRenewal,
    GiveNotice,
    NotifySuspension,
    Party,
    TerminateContract,
    UndoChange,
)
from contracts_service.domain.customer_messages import (
    AuthoriseContact,
    ChangeProfile,
    CustomerKind,
    EraseCustomer,
    RegisterCustomer,
    Right,
)
from contracts_service.domain.provider import RegisterProvider
from contracts_service.domain.service_type import DefineServiceType, RetireServiceType
from contracts_service.domain.terms import Default, Late, Renewal
from contracts_service.tests.integration.store import StoreApp
from contracts_service.tests.samples import AGREEMENT, ALPHANUMERIC_CNPJ, CNPJ, CPF, at, day, draft, service, terms
from services.decider import ERASED
from services.errors import Invalid, NotFound, Refused
from services.store.tables import refusals

IN_DEFAULT = ("billing.account.in_default", {"account_id": "c1", "contract_id": "c1", "customer_id": "k1"})
REGULARISED = ("billing.account.regularised", {"account_id": "c1", "contract_id": "c1", "customer_id": "k1"})
PERSON = RegisterCustomer("k1", CustomerKind.PERSON, person_name="Ana Lima", cpf=CPF)
COMPANY = RegisterCustomer("k2", CustomerKind.COMPANY, legal_name="Aurora Ltda.", cnpj=ALPHANUMERIC_CNPJ)


@pytest.fixture
def firm(app: StoreApp) -> StoreApp:
    """A provider, a person, a company and a service type."""
    app.execute(RegisterProvider("p1", "Vértice Ltda.", CNPJ, number_prefix="V-"))
    app.execute(DefineServiceType("s1", "MAN", "Manutenção"))
    app.execute(PERSON)
    app.execute(COMPANY)
    return app


@pytest.fixture
def contract(firm: StoreApp) -> StoreApp:
    """``c1`` is active since 1 January 2026; it is 10 March."""
    firm.execute(draft())
    firm.execute(ActivateContract("c1", at("2026-03-10"), day("2026-01-01")))
    return firm


def shown(app: StoreApp, contract_id: str = "c1") -> dict[str, Any]:
    answer: dict[str, Any] = app.query("contract", contract_id=contract_id)
    return answer


def until(text: str) -> datetime:
    return datetime.fromisoformat(f"{text} 23:00").replace(tzinfo=UTC)


def refused(app: StoreApp, command: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        app.execute(command)
    return caught.value


# -- numbers


def test_contracts_are_numbered_in_one_series_per_provider_and_year(firm: StoreApp) -> None:
    for place, contract_id in enumerate(("c1", "c2", "c3"), 1):
        firm.execute(draft(contract_id=contract_id))
        firm.execute(ActivateContract(contract_id, at("2026-03-10")))
        assert shown(firm, contract_id)["number"] == f"V-2026/{place:06d}"


def test_a_number_given_by_hand_must_be_free(contract: StoreApp) -> None:
    contract.execute(draft(contract_id="c2"))
    taken = ActivateContract("c2", at("2026-03-10"), number="V-2026/000001")
    assert refused(contract, taken).code == "contract.number-taken"
    contract.execute(ActivateContract("c2", at("2026-03-10"), number="CT-77"))
    assert shown(contract, "c2")["number"] == "CT-77"


def test_activating_twice_uses_up_one_number(contract: StoreApp) -> None:
    assert contract.execute(ActivateContract("c1", at("2026-03-10"))).events == ()
    contract.execute(draft(contract_id="c2"))
    contract.execute(ActivateContract("c2", at("2026-03-10")))
    assert shown(contract, "c2")["number"] == "V-2026/000002"


# -- facts that other rows know


def test_no_two_customers_have_the_same_document(firm: StoreApp) -> None:
    again = RegisterCustomer("k3", CustomerKind.PERSON, person_name="Outra", cpf="52998224725")
    assert refused(firm, again).code == "customer.document-taken"
    company = RegisterCustomer("k4", CustomerKind.COMPANY, legal_name="Outra", cnpj="12abc34501de35")
    assert refused(firm, company).code == "customer.document-taken"
    firm.execute(RegisterCustomer("k3", CustomerKind.PERSON, person_name="Outra"))
    assert refused(firm, ChangeProfile("k3", cpf=CPF)).code == "customer.document-taken"
    assert firm.execute(PERSON).events == ()


def test_a_contract_needs_known_parties_and_services(firm: StoreApp) -> None:
    assert refused(firm, draft(customer_id="k9")).code == "contract.customer-unknown"
    assert refused(firm, draft(provider_id="p9")).code == "contract.provider-unknown"
    unknown = draft(terms=terms(services=(service(service_type_id="s9"),)))
    assert refused(firm, unknown).params["where"] == "terms.services.0.service_type_id"
    firm.execute(RetireServiceType("s1"))
    assert refused(firm, draft()).code == "contract.service-type-retired"


def test_a_contract_keeps_a_service_that_was_retired_since(contract: StoreApp) -> None:
    contract.execute(RetireServiceType("s1"))
    contract.execute(AmendContract("c1", day("2026-04-01"), terms(state="RJ"), "Mudança"))
    assert contract.execute(draft()).events == ()


def test_the_only_provider_company_needs_no_naming(firm: StoreApp) -> None:
    firm.execute(draft(provider_id=""))
    assert shown(firm)["provider_id"] == "p1"
    firm.execute(RegisterProvider("p2", "Filial Ltda.", "11.444.777/0001-61"))
    assert refused(firm, draft(contract_id="c2", provider_id="")).code == "contract.provider-missing"


def test_a_persons_contract_keeps_the_limit_of_consumer_law(firm: StoreApp) -> None:
    ten = terms(late=Late(fine_percent=10))  # type: ignore[arg-type]
    with pytest.raises(Invalid) as caught:
        firm.execute(draft(terms=ten))
    assert [problem["path"] for problem in caught.value.problems] == ["terms.late.fine_percent"]
    firm.execute(draft(customer_id="k2", terms=ten))


def test_codes_and_company_documents_are_unique(firm: StoreApp) -> None:
    assert refused(firm, DefineServiceType("s2", "MAN", "Outra")).code == "servicetype.code-taken"
    assert refused(firm, RegisterProvider("p2", "Outra", CNPJ)).code == "provider.document-taken"


def test_refusals_speak_portuguese_and_english(contract: StoreApp) -> None:
    words = refused(contract, TerminateContract("c1", "Fim", at("2026-03-10"), day("2026-03-11"))).words
    assert words["pt-BR"] == "A data 11/03/2026 está no futuro."
    assert words["en"] == "The day 2026-03-11 lies in the future."


# -- default, notice, suspension, payment, resumption


def test_default_notice_suspension_payment_resumption(contract: StoreApp) -> None:
    contract.deliver([IN_DEFAULT], source="billing")
    assert shown(contract)["notice"] == {"on": "2026-03-10", "suspend_on": "2026-03-15", "reason": "default"}
    contract.run_due(until("2026-03-14"))
    assert shown(contract)["status"] == "active"
    contract.run_due(until("2026-03-15"))
    assert shown(contract)["suspension"]["on"] == "2026-03-15"
    contract.today("2026-03-20")
    contract.deliver([REGULARISED], source="billing")
    assert (shown(contract)["status"], shown(contract)["suspension"]) == ("active", None)


def test_payment_within_the_notice_withdraws_it_and_nothing_is_suspended(contract: StoreApp) -> None:
    contract.deliver([IN_DEFAULT], source="billing")
    contract.today("2026-03-12")
    contract.deliver([REGULARISED], source="billing")
    contract.run_due(until("2026-03-31"))
    assert (shown(contract)["status"], shown(contract)["notice"]) == ("active", None)


def test_a_second_default_is_notified_and_suspended_like_the_first(contract: StoreApp) -> None:
    for first_day, last_day in (("2026-03-10", "2026-03-20"), ("2026-05-10", "2026-05-20")):
        contract.today(first_day)
        contract.deliver([IN_DEFAULT], source="billing")
        contract.run_due(until(last_day))
        assert shown(contract)["status"] == "suspended"
        contract.today(last_day)
        contract.deliver([REGULARISED], source="billing")
        assert shown(contract)["status"] == "active"


def test_a_notice_that_is_heard_late_still_runs_its_days(contract: StoreApp) -> None:
    """The default was found on 10 March, but this service was away until the 20th."""
    contract.today("2026-03-20")
    contract.deliver([IN_DEFAULT], source="billing", at=at("2026-03-10"))
    assert shown(contract)["notice"]["suspend_on"] == "2026-03-25"


def test_an_imported_old_debt_suspends_nobody(contract: StoreApp) -> None:
    contract.deliver([IN_DEFAULT], source="billing", historical=True)
    assert shown(contract)["notice"] is None


def test_a_default_that_meets_another_notice_is_a_declared_outcome(contract: StoreApp) -> None:
    contract.execute(NotifySuspension("c1", AGREEMENT, at("2026-03-10")))
    contract.deliver([IN_DEFAULT], source="billing")
    assert [row["code"] for row in contract.find(refusals)] == ["contract.already-notified"]


def test_what_is_suspended_by_agreement_is_not_resumed_by_a_payment(contract: StoreApp) -> None:
    contract.execute(NotifySuspension("c1", AGREEMENT, at("2026-03-10")))
    contract.run_due(until("2026-03-15"))
    contract.today("2026-03-20")
    contract.deliver([REGULARISED], source="billing")
    assert shown(contract)["suspension"]["reason"] == "agreement"


# -- time


def test_a_tacit_contract_goes_on_year_after_year_even_when_nobody_was_there(contract: StoreApp) -> None:
    contract.run_due(until("2028-12-15"))
    assert shown(contract)["ends_on"] == "2029-12-31"
    assert [version["cause"] for version in shown(contract)["versions"]] == [
        "original",
        "renewed",
        "renewed",
        "renewed",
    ]


def test_a_contract_without_renewal_expires_by_itself(firm: StoreApp) -> None:
    firm.execute(draft(terms=terms(renewal=Renewal.NONE)))
    firm.execute(ActivateContract("c1", at("2026-03-10")))
    firm.run_due(until("2026-12-31"))
    assert shown(firm)["status"] == "active"
    firm.run_due(until("2027-01-01"))
    assert (shown(firm)["status"], shown(firm)["end"]["on"]) == ("expired", "2026-12-31")


def test_a_notice_ends_the_contract_after_its_last_day_and_what_was_wrong_is_undone(contract: StoreApp) -> None:
    contract.execute(GiveNotice("c1", Party.CUSTOMER, at("2026-03-10"), last_day=day("2026-04-30")))
    contract.run_due(until("2026-04-30"))
    assert shown(contract)["status"] == "active"
    contract.run_due(until("2026-05-01"))
    assert (shown(contract)["end"]["on"], shown(contract)["end"]["right"]) == ("2026-04-30", "notice")
    contract.today("2026-05-02")
    contract.execute(UndoChange("c1", Change.TERMINATION, "Aviso de outro contrato", at("2026-05-02")))
    assert (shown(contract)["status"], shown(contract)["end"]) == ("active", None)
    contract.run_due(until("2026-12-02"))
    assert shown(contract)["ends_on"] == "2027-12-31"


def test_a_renewal_by_approval_is_offered_listed_and_answered(firm: StoreApp) -> None:
    firm.execute(draft(terms=terms(renewal=Renewal.APPROVAL)))
    firm.execute(ActivateContract("c1", at("2026-03-10")))
    firm.run_due(until("2026-11-01"))
    [item] = firm.query("renewals", until=day("2026-12-31"))["items"]
    assert (item["decision"], item["offered"], item["notice_by"]) == ("open", True, "2026-12-01")
    firm.execute(DeclineRenewal("c1", day("2026-12-31"), Party.CUSTOMER, at("2026-03-10")))
    firm.run_due(until("2027-01-01"))
    assert shown(firm)["status"] == "expired"


def test_a_suspension_waits_for_a_manager_where_the_contract_says_so(firm: StoreApp) -> None:
    firm.execute(draft(terms=terms(default=Default(notice_days=5, approval=True))))
    firm.execute(ActivateContract("c1", at("2026-03-10")))
    firm.deliver([IN_DEFAULT], source="billing")
    firm.run_due(until("2026-03-15"))
    assert [item["contract_id"] for item in firm.query("suspensions")["items"]] == ["c1"]
    assert shown(firm)["status"] == "active"
    firm.today("2026-03-16")
    firm.execute(ApproveSuspension("c1", at("2026-03-16")))
    rules = {"requests": "pause", "visits": "cancel", "give_back": "prorate", "taken_over": False}
    assert shown(firm)["suspension"]["rules"] == rules
    assert firm.query("suspensions")["items"] == []


def test_an_addendum_moves_the_end_that_is_waited_for(firm: StoreApp) -> None:
    ending = terms(renewal=Renewal.NONE)
    firm.execute(draft(terms=ending))
    firm.execute(ActivateContract("c1", at("2026-03-10")))
    longer = terms(renewal=Renewal.NONE, ends_on=day("2027-06-30"))
    firm.execute(AmendContract("c1", day("2026-04-01"), longer, "Prorrogação"))
    firm.run_due(until("2027-06-30"))
    assert shown(firm)["status"] == "active"
    firm.run_due(until("2027-07-01"))
    assert shown(firm)["status"] == "expired"


# -- persons


def test_erasure_makes_every_trace_of_the_person_unreadable(firm: StoreApp) -> None:
    firm.execute(AuthoriseContact("k1", "t1", "Rui Sá", (Right.REQUESTS,), "rui@exemplo.com.br"))
    firm.execute(EraseCustomer("k1"))
    people = {"account": "k1", "person_ids": ["k1", "t1"]}
    firm.deliver([("contracts.customer.erased", people)], source="contracts")
    assert firm.query("people", ids=["k1", "t1"]) == {"people": {}}
    assert firm.query("customer", customer_id="k1")["name"] is None
    kept = [event.data for event in firm.events("customer-k1")]
    assert (kept[0]["person_name"], kept[0]["cpf"], kept[1]["name"]) == (ERASED, ERASED, ERASED)
    assert refused(firm, ChangeProfile("k1", phone="1")).code == "customer.erased"
    again = RegisterCustomer("k9", CustomerKind.PERSON, person_name="Ana Lima", cpf=CPF)
    assert firm.execute(again).events


def test_no_personal_data_stands_readable_in_the_store(firm: StoreApp) -> None:
    from services.store.tables import events

    stored = "".join(row["data"] for row in firm.find(events))
    assert "Ana Lima" not in stored
    assert "52998224725" not in stored
    assert "Aurora" in stored


# -- the border


def test_a_command_comes_as_json_and_its_time_is_filled_in(firm: StoreApp) -> None:
    service_terms = {"service_type_id": "s1", "code": "MAN", "name": "Manutenção"}
    line = {"line_id": "l1", "clause": "4.1", "description": "Mensalidade", "amount": "189.90"}
    sent = {"starts_on": "2026-03-01", "services": [service_terms], "lines": [line]}
    payload = {"contract_id": "c1", "customer_id": "k1", "provider_id": "p1", "terms": sent}
    firm.send("draft_contract", payload)
    firm.send("activate_contract", {"contract_id": "c1"})
    assert (shown(firm)["activated_on"], shown(firm)["terms"]["lines"][0]["rule"]) == ("2026-03-10", "monthly")


def test_a_wrong_shape_is_told_by_path(firm: StoreApp) -> None:
    payload = {"contract_id": "c1", "customer_id": "k1", "provider_id": "p1", "terms": {"starts_on": "soon", "x": 1}}
    with pytest.raises(Invalid) as caught:
        firm.send("draft_contract", payload)
    assert {problem["path"] for problem in caught.value.problems} == {"terms.starts_on", "terms.x"}


def test_what_is_not_there_is_not_found(firm: StoreApp) -> None:
    with pytest.raises(NotFound):
        firm.query("contract", contract_id="c9")
    with pytest.raises(NotFound):
        firm.execute(ActivateContract("c9", at("2026-03-10")))
