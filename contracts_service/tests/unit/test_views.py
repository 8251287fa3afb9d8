"""Read models: what the lists and details show after which events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts_service.domain.contract_events import ContractAmended, ContractRenewed, PriceAdjusted
from contracts_service.domain.contract_state import Status
from contracts_service.domain.customer_messages import ContactRemoved, CustomerErased, CustomerKind, Right
from contracts_service.domain.phase import Phase, phase
from contracts_service.domain.service_type import ServiceTypeDefined, ServiceTypeRetired
from contracts_service.domain.terms import Renewal
from contracts_service.domain.terms_changes import with_end, with_prices_adjusted
from contracts_service.tests.samples import (
    activated,
    active,
    at,
    day,
    drafted,
    notified,
    resumed,
    suspended,
    terminated,
    terms,
)
from contracts_service.tests.samples_events import CONTACT, EQUIPMENT, EVENTS, PERSON, PROVIDER, SITE
from contracts_service.tests.unit.folds import VIEWS, context, folded, incoming
from contracts_service.views.contract_queries import (
    ContractQuestion,
    ContractsQuestion,
    list_contracts,
    one_contract,
)
from contracts_service.views.customer_queries import (
    CustomerQuestion,
    CustomersQuestion,
    PeopleQuestion,
    list_customers,
    names_of_people,
    one_customer,
)
from contracts_service.views.customers import people, sites
from contracts_service.views.providers import ProvidersQuestion, list_providers, next_number
from contracts_service.views.service_types import ServiceTypesQuestion, list_service_types
from services.decider import ERASED
from services.errors import NotFound
from services.testing.rows import MemoryRows

COMPANY = replace(
    PERSON,
    customer_id="k2",
    kind=CustomerKind.COMPANY,
    legal_name="Clínica Aurora Ltda.",
    cnpj="12ABC34501DE35",
    person_name=None,
    cpf=None,
    email=None,
    phone=None,
    address=None,
    external_ref=None,
    cpf_fingerprint=None,
)


def contract(rows: MemoryRows, on: str | None = None) -> dict[str, Any]:
    return one_contract(ContractQuestion("c1", day(on) if on else None), rows, context())


def ids(answer: dict[str, Any], name: str) -> list[str]:
    return [item[name] for item in answer["items"]]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_view_takes_every_event_also_those_that_come_in_later_releases(view: Any) -> None:
    rows = folded(*EVENTS, views=[view])
    view.fold(replace(incoming(EVENTS[0]), type="contracts.something.new"), rows)


# -- contracts


def test_a_contract_is_shown_with_its_parties_and_terms() -> None:
    shown = contract(folded(PROVIDER, PERSON, *active()))
    assert (shown["status"], shown["phase"], shown["number"]) == ("active", "in_force", "2026/000001")
    assert shown["customer"]["name"] == "Ana Lima"
    assert shown["provider"]["trade_name"] == "Vértice"
    assert shown["terms"]["lines"][0]["amount"] == "1500.00"


def test_terms_are_shown_as_of_any_day() -> None:
    amended = ContractAmended("c1", "k1", 1, day("2026-07-01"), terms(state="RJ"), "Mudança")
    adjusted_terms = with_prices_adjusted(terms(state="RJ"), Decimal(10), day("2026-10-01"))
    adjusted = PriceAdjusted("c1", "k1", 2, day("2026-10-01"), Decimal(10), adjusted_terms)
    rows = folded(*active(), amended, adjusted)
    assert contract(rows, "2026-06-30")["terms"]["state"] == "SP"
    assert contract(rows, "2026-07-01")["terms"]["state"] == "RJ"
    assert contract(rows, "2026-09-30")["terms"]["lines"][0]["amount"] == "1500.00"
    assert contract(rows, "2026-10-01")["terms"]["lines"][0]["amount"] == "1650.00"
    causes = [(version["cause"], version["addendum"]) for version in contract(rows)["versions"]]
    assert causes == [("original", None), ("amended", 1), ("price_adjusted", 2)]


def test_a_renewal_moves_the_end_and_nothing_else() -> None:
    rows = folded(
        *active(),
        ContractRenewed("c1", "k1", day("2027-12-31"), day("2026-01-01"), with_end(terms(), day("2027-12-31"))),
    )
    shown = contract(rows, "2026-03-10")
    assert (shown["ends_on"], shown["terms"]["ends_on"]) == (date(2027, 12, 31), "2027-12-31")
    assert shown["versions"][1]["effective_on"] == date(2026, 1, 1)


def test_notice_suspension_and_end_are_shown_while_they_last() -> None:
    assert contract(folded(*active(), notified()))["notice"]["suspend_on"] == date(2026, 3, 15)
    held = contract(folded(*active(), notified(), suspended()))
    assert (held["notice"], held["suspension"]["reason"], held["phase"]) == (None, "default", "suspended")
    back = contract(folded(*active(), notified(), suspended(), resumed()))
    assert (back["status"], back["suspension"]) == ("active", None)
    assert contract(folded(*active(), terminated()))["end"]["on"] == date(2026, 6, 30)


def test_an_unknown_contract_is_not_found() -> None:
    with pytest.raises(NotFound):
        contract(folded())


def test_contracts_are_listed_by_customer_status_text_and_end() -> None:
    other = {"contract_id": "c2", "customer_id": "k2"}
    rows = folded(*active(), drafted(**other, external_ref="EXT-9", terms=terms(ends_on=None, renewal=Renewal.NONE)))

    def listed(**asked: Any) -> list[str]:
        return ids(list_contracts(ContractsQuestion(**asked), rows, context()), "contract_id")

    assert listed() == ["c1", "c2"]
    assert listed(customer_id="k2") == ["c2"]
    assert listed(provider_id="p9") == []
    assert listed(status=(Status.ACTIVE, Status.SUSPENDED)) == ["c1"]
    assert listed(text="ext-") == ["c2"]
    assert listed(text="000001") == ["c1"]
    assert listed(ends_from=day("2026-12-01"), ends_until=day("2026-12-31")) == ["c1"]


def test_a_long_list_comes_in_pages() -> None:
    rows = folded(*(drafted(contract_id=f"c{n}") for n in range(5)))
    first = list_contracts(ContractsQuestion(limit=3), rows, context())
    assert (ids(first, "contract_id"), first["next"]) == (["c0", "c1", "c2"], "c2")
    rest = list_contracts(ContractsQuestion(limit=3, after="c2"), rows, context())
    assert (ids(rest, "contract_id"), rest["next"]) == (["c3", "c4"], None)


@pytest.mark.parametrize(
    ("status", "today", "renewal", "expected"),
    [
        (Status.DRAFT, "2026-06-01", Renewal.NONE, Phase.DRAFT),
        (Status.ACTIVE, "2025-12-31", Renewal.NONE, Phase.UPCOMING),
        (Status.ACTIVE, "2026-12-31", Renewal.NONE, Phase.IN_FORCE),
        (Status.ACTIVE, "2027-01-01", Renewal.NONE, Phase.CLOSED),
        (Status.ACTIVE, "2027-01-01", Renewal.APPROVAL, Phase.TO_RENEW),
        (Status.SUSPENDED, "2026-06-01", Renewal.NONE, Phase.SUSPENDED),
        (Status.TERMINATED, "2026-06-01", Renewal.NONE, Phase.TERMINATED),
        (Status.EXPIRED, "2027-06-01", Renewal.NONE, Phase.CLOSED),
    ],
)
def test_the_phase_says_where_a_contract_stands(status: Status, today: str, renewal: Renewal, expected: Phase) -> None:
    assert phase(status, date(2026, 1, 1), date(2026, 12, 31), renewal, day(today)) is expected


# -- numbers


def test_numbers_go_up_within_provider_and_year() -> None:
    rows = folded(PROVIDER)
    assert next_number(rows, "p1", 2026) == "V-2026/000001"
    rows = folded(
        PROVIDER,
        *(drafted(contract_id=contract_id) for contract_id in ("c1", "c2")),
        activated(number="V-2026/000041"),
        activated(contract_id="c2", number="V-2026/000007"),
    )
    assert next_number(rows, "p1", 2026) == "V-2026/000042"
    assert next_number(rows, "p1", 2027) == "V-2027/000001"
    assert next_number(rows, "p2", 2026) == "2026/000001"


def test_a_number_of_another_form_does_not_move_the_series() -> None:
    assert next_number(folded(PROVIDER, drafted(), activated(number="CT 12-A")), "p1", 2026) == "V-2026/000001"


def test_providers_are_listed() -> None:
    assert ids(list_providers(ProvidersQuestion(), folded(PROVIDER), context()), "provider_id") == ["p1"]


# -- customers


def test_a_customer_is_shown_with_contacts_sites_and_equipment() -> None:
    rows = folded(PERSON, CONTACT, SITE, EQUIPMENT)
    shown = one_customer(CustomerQuestion("k1"), rows, context())
    assert (shown["name"], shown["document"], shown["erased"]) == ("Ana Lima", "52998224725", False)
    assert shown["contacts"][0]["rights"] == ["money", "requests"]
    assert [site["city"] for site in shown["sites"]] == ["Campinas"]
    assert [each["serial"] for each in shown["equipment"]] == ["SN-9"]


def test_a_removed_contact_is_no_longer_shown() -> None:
    rows = folded(PERSON, CONTACT, ContactRemoved("k1", "t1"))
    assert one_customer(CustomerQuestion("k1"), rows, context())["contacts"] == []


def test_customers_are_found_by_name_document_and_reference() -> None:
    rows = folded(PERSON, COMPANY)

    def found(text: str) -> list[str]:
        return ids(list_customers(CustomersQuestion(text=text), rows, context()), "customer_id")

    assert found("lima") == ["k1"]
    assert found("529.982.247-25") == ["k1"]
    assert found("aurora") == ["k2"]
    assert found("12.ABC.345/01DE-35") == ["k2"]
    assert found("A-1") == ["k1"]
    assert ids(list_customers(CustomersQuestion(kind=CustomerKind.COMPANY), rows, context()), "customer_id") == ["k2"]


def test_an_unknown_customer_is_not_found() -> None:
    with pytest.raises(NotFound):
        one_customer(CustomerQuestion("k9"), folded(), context())


def test_people_give_names_for_ids() -> None:
    rows = folded(PERSON, CONTACT, COMPANY)
    known = names_of_people(PeopleQuestion(("k1", "t1", "k2", "nobody")), rows, context())["people"]
    assert {key: person["name"] for key, person in known.items()} == {
        "k1": "Ana Lima",
        "t1": "Rui Sá",
        "k2": "Clínica Aurora Ltda.",
    }
    assert known["k2"]["document"] == "12ABC34501DE35"
    assert known["t1"]["speaks_for"] == [{"customer_id": "k1", "rights": ["money", "requests"]}]


def test_a_person_may_speak_for_himself_and_for_others() -> None:
    own = replace(CONTACT, contact_id="k1", name="Ana Lima", email=None, rights=(Right.APPROVAL,))
    other = replace(own, customer_id="k2")
    known = names_of_people(PeopleQuestion(("k1",)), folded(PERSON, COMPANY, own, other), context())["people"]["k1"]
    assert (known["name"], known["email"], known["document"]) == ("Ana Lima", "ana@exemplo.com.br", "52998224725")
    assert [each["customer_id"] for each in known["speaks_for"]] == ["k1", "k2"]


def test_all_people_of_a_customer_are_found() -> None:
    rows = folded(PERSON, CONTACT, COMPANY)
    assert set(names_of_people(PeopleQuestion(customer_id="k1"), rows, context())["people"]) == {"k1", "t1"}
    assert names_of_people(PeopleQuestion(), rows, context()) == {"people": {}}


def test_erasure_deletes_every_readable_row_of_these_persons() -> None:
    elsewhere = replace(CONTACT, customer_id="k2")
    rows = folded(PERSON, CONTACT, COMPANY, elsewhere, SITE, CustomerErased("k1", ("k1", "t1")))
    assert [row["person_id"] for row in rows.find(people)] == ["k2"]
    assert [row["address"] for row in rows.find(sites)] == [None]
    shown = one_customer(CustomerQuestion("k1"), rows, context())
    assert (shown["erased"], shown["name"], shown["document"]) == (True, None, None)


def test_an_erased_persons_cpf_is_free_again() -> None:
    again = replace(PERSON, customer_id="k3")
    folded(PERSON, CustomerErased("k1", ("k1",)), again)


def test_a_rebuild_does_not_bring_an_erased_contact_back() -> None:
    unreadable = replace(CONTACT, customer_id="k2", name=ERASED, email=ERASED)
    assert [row["person_id"] for row in folded(COMPANY, unreadable).find(people)] == ["k2"]


# -- catalogue


def test_retired_service_types_are_listed_only_when_asked_for() -> None:
    rows = folded(ServiceTypeDefined("s1", "MAN", "Manutenção", None), ServiceTypeRetired("s1"))
    assert ids(list_service_types(ServiceTypesQuestion(), rows, context()), "code") == []
    assert ids(list_service_types(ServiceTypesQuestion(True), rows, context()), "code") == ["MAN"]


def test_today_is_the_contracts_local_day() -> None:
    rows = folded(*active())
    late_evening = context(at("2026-01-01 02:00"))
    assert one_contract(ContractQuestion("c1"), rows, late_evening)["as_of"] == date(2025, 12, 31)
    assert one_contract(ContractQuestion("c1"), rows, late_evening)["phase"] == "upcoming"
