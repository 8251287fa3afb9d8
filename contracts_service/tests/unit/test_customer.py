"""Customer: registration, profile, contacts with rights, sites, equipment, erasure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts_service.domain.customer import DECIDER
from contracts_service.domain.customer_messages import (
    AddEquipment,
    AddSite,
    AuthoriseContact,
    ChangeProfile,
    ContactAuthorised,
    ContactErased,
    ContactRemoved,
    CustomerErased,
    CustomerKind,
    CustomerRegistered,
    EquipmentAdded,
    EraseContact,
    EraseCustomer,
    ProfileChanged,
    RegisterCustomer,
    RemoveContact,
    Right,
    SiteAdded,
)
from contracts_service.tests.samples import ALPHANUMERIC_CNPJ, CNPJ, CPF
from services.errors import NotFound, Refused
from services.testing.decider import DeciderSpec

spec = DeciderSpec(DECIDER)

PERSON = RegisterCustomer("k1", CustomerKind.PERSON, person_name="Ana Lima", cpf=CPF, email="ana@exemplo.com.br")
COMPANY = RegisterCustomer("k1", CustomerKind.COMPANY, legal_name="Clínica Aurora Ltda.", cnpj=ALPHANUMERIC_CNPJ)


def registered(**changes: Any) -> CustomerRegistered:
    person = CustomerRegistered(
        customer_id="k1",
        kind=CustomerKind.PERSON,
        legal_name=None,
        cnpj=None,
        person_name="Ana Lima",
        cpf="52998224725",
        email="ana@exemplo.com.br",
        phone=None,
        address=None,
        external_ref=None,
    )
    return replace(person, **changes)


COMPANY_REGISTERED = registered(
    kind=CustomerKind.COMPANY,
    legal_name="Clínica Aurora Ltda.",
    cnpj="12ABC34501DE35",
    person_name=None,
    cpf=None,
    email=None,
)
CONTACT = ContactAuthorised("k1", "t1", "Rui Sá", "rui@exemplo.com.br", None, (Right.MONEY, Right.REQUESTS), "Síndico")
SITE = SiteAdded("k1", "u1", "Matriz", "Rua A, 10", "Campinas", "SP")
EQUIPMENT = EquipmentAdded("k1", "u1", "e1", "Ar-condicionado 24.000 BTU", "SN-9", "QR-1")


def test_a_person_is_registered_with_a_normalised_cpf() -> None:
    spec.when(PERSON).then(registered())


def test_a_company_is_registered_with_an_alphanumeric_cnpj() -> None:
    spec.when(COMPANY).then(COMPANY_REGISTERED)


def test_a_document_may_be_missing_at_first() -> None:
    spec.when(replace(PERSON, cpf=None)).then(registered(cpf=None))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(PERSON, cpf="111.111.111-11"), "customer.cpf-invalid"),
        (replace(PERSON, person_name="  "), "customer.name-missing"),
        (replace(PERSON, cnpj=CNPJ), "customer.person-as-company"),
        (replace(PERSON, email="ana"), "customer.email-invalid"),
        (replace(COMPANY, cnpj="12.ABC.345/01DE-36"), "customer.cnpj-invalid"),
        (replace(COMPANY, legal_name=None), "customer.name-missing"),
        (replace(COMPANY, cpf=CPF), "customer.company-as-person"),
    ],
)
def test_a_wrong_registration_is_refused(command: RegisterCustomer, code: str) -> None:
    spec.when(command).then_refused(code)


def test_a_refused_cpf_is_not_told_since_refusals_are_kept() -> None:
    with pytest.raises(Refused) as refused:
        spec.when(replace(PERSON, cpf="111.111.111-11")).events()
    assert "111" not in repr(refused.value)


def test_the_same_registration_again_changes_nothing() -> None:
    spec.given(registered()).when(PERSON).then_nothing()
    spec.given(registered()).when(replace(PERSON, cpf="52998224725")).then_nothing()


def test_the_first_registration_again_changes_nothing_even_after_a_profile_change() -> None:
    spec.given(registered()).when(ChangeProfile("k1", phone="19 3333-4444"), PERSON).then_nothing()


def test_another_registration_under_the_same_id_is_refused() -> None:
    spec.given(registered()).when(replace(PERSON, person_name="Outra")).then_refused("customer.exists")


def test_a_profile_change_keeps_what_it_does_not_name() -> None:
    spec.given(registered()).when(ChangeProfile("k1", phone=" 19 3333-4444 ")).then(
        ProfileChanged(
            customer_id="k1",
            legal_name=None,
            cnpj=None,
            person_name="Ana Lima",
            cpf="52998224725",
            email="ana@exemplo.com.br",
            phone="19 3333-4444",
            address=None,
        )
    )


def test_a_profile_change_to_the_same_changes_nothing() -> None:
    spec.given(registered()).when(ChangeProfile("k1", email="ana@exemplo.com.br")).then_nothing()


def test_a_missing_document_is_added_but_never_exchanged() -> None:
    added = spec.given(registered(cpf=None)).when(ChangeProfile("k1", cpf=CPF)).events()
    assert [event.cpf for event in added] == ["52998224725"]
    spec.given(registered()).when(ChangeProfile("k1", cpf="111.444.777-35")).then_refused("customer.document-fixed")
    spec.given(registered(cpf=None)).when(ChangeProfile("k1", cpf="1")).then_refused("customer.cpf-invalid")


def test_a_contact_is_authorised_with_rights() -> None:
    command = AuthoriseContact(
        "k1", "t1", "Rui Sá", (Right.REQUESTS, Right.MONEY, Right.MONEY), "rui@exemplo.com.br", role="Síndico"
    )
    spec.given(registered()).when(command).then(CONTACT)
    spec.given(registered(), CONTACT).when(command).then_nothing()


def test_other_rights_replace_the_contacts_rights() -> None:
    less = AuthoriseContact("k1", "t1", "Rui Sá", (Right.REQUESTS,), "rui@exemplo.com.br", role="Síndico")
    spec.given(registered(), CONTACT).when(less).then(replace(CONTACT, rights=(Right.REQUESTS,)))


def test_a_contact_without_rights_or_name_is_refused() -> None:
    given = spec.given(registered())
    given.when(AuthoriseContact("k1", "t1", "Rui", ())).then_refused("customer.contact-without-rights")
    given.when(AuthoriseContact("k1", "t1", " ", (Right.MONEY,))).then_refused("customer.contact-without-name")


def test_a_contact_is_removed_once() -> None:
    gone = ContactRemoved("k1", "t1")
    spec.given(registered(), CONTACT).when(RemoveContact("k1", "t1")).then(gone)
    spec.given(registered(), CONTACT, gone).when(RemoveContact("k1", "t1")).then_nothing()
    spec.given(registered()).when(RemoveContact("k1", "nobody")).then_nothing()


def test_a_site_is_added_once_and_not_under_an_id_that_is_taken() -> None:
    command = AddSite("k1", "u1", "Matriz", "Rua A, 10", "Campinas", "SP")
    spec.given(registered()).when(command).then(SITE)
    spec.given(registered(), SITE).when(command).then_nothing()
    spec.given(registered(), SITE).when(replace(command, name="Filial")).then_refused("customer.site-exists")
    spec.given(registered()).when(replace(command, state="XX")).then_refused("customer.state-unknown", state="XX")
    spec.given(registered()).when(replace(command, name="")).then_refused("customer.site-without-name")


def test_equipment_stands_at_a_known_site() -> None:
    command = AddEquipment("k1", "u1", "e1", "Ar-condicionado 24.000 BTU", "SN-9", "QR-1")
    spec.given(registered(), SITE).when(command).then(EQUIPMENT)
    spec.given(registered(), SITE, EQUIPMENT).when(command).then_nothing()
    spec.given(registered()).when(command).then_refused("customer.site-unknown", site_id="u1")
    spec.given(registered(), SITE, EQUIPMENT).when(replace(command, serial="SN-8")).then_refused(
        "customer.equipment-exists"
    )
    spec.given(registered(), SITE).when(replace(command, description="")).then_refused(
        "customer.equipment-without-description"
    )


def test_erasure_names_the_customer_and_every_contact_it_ever_had() -> None:
    other = replace(CONTACT, contact_id="t2")
    spec.given(registered(), CONTACT, other, ContactRemoved("k1", "t1")).when(EraseCustomer("k1")).then(
        CustomerErased("k1", ("k1", "t2", "t1"))
    )


def test_a_person_who_is_his_own_contact_is_named_once() -> None:
    himself = replace(CONTACT, contact_id="k1")
    spec.given(registered(), himself).when(EraseCustomer("k1")).then(CustomerErased("k1", ("k1",)))


def test_an_erased_customer_is_erased_once_and_takes_nothing_more() -> None:
    erased = spec.given(registered(), CustomerErased("k1", ("k1",)))
    erased.when(EraseCustomer("k1")).then_nothing()
    erased.when(AddSite("k1", "u1", "Matriz")).then_refused("customer.erased")
    erased.when(PERSON).then_refused("customer.erased")


def test_who_is_not_registered_is_not_found() -> None:
    for command in (EraseCustomer("k9"), RemoveContact("k9", "t1"), ChangeProfile("k9", phone="1")):
        with pytest.raises(NotFound):
            spec.when(command).events()


def test_a_contact_is_erased_alone_and_speaks_no_more() -> None:
    known = spec.given(registered(), CONTACT)
    erased = ContactErased("k1", "t1", ("t1",))
    known.when(EraseContact("k1", "t1")).then(ContactRemoved("k1", "t1"), erased)
    spec.given(registered(), CONTACT, ContactRemoved("k1", "t1")).when(EraseContact("k1", "t1")).then(erased)
    spec.given(registered(), CONTACT, ContactRemoved("k1", "t1"), erased).when(EraseContact("k1", "t1")).then_nothing()


def test_a_contact_who_speaks_for_others_leaves_this_one_and_stays_readable_there() -> None:
    known = spec.given(registered(), CONTACT)
    known.when(EraseContact("k1", "t1", speaks_elsewhere=True)).then(ContactRemoved("k1", "t1"))


def test_who_is_no_contact_or_the_customer_himself_is_not_erased_as_one() -> None:
    known = spec.given(registered(), CONTACT)
    known.when(EraseContact("k1", "k1")).then_refused("customer.contact-is-customer")
    with pytest.raises(NotFound):
        known.when(EraseContact("k1", "t9")).events()


def test_who_also_speaks_for_other_customers_is_not_erased_with_this_one() -> None:
    given = (COMPANY_REGISTERED, ContactAuthorised("k1", "t1", "Rui Sá", None, None, (Right.MONEY,), None))
    spec.given(*given).when(EraseCustomer("k1", ("t1",))).then(CustomerErased("k1", ("k1",)))
    spec.given(*given).when(EraseCustomer("k1")).then(CustomerErased("k1", ("k1", "t1")))
