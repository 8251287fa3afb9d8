"""Customer: a person or company, who may speak for it, its sites and equipment, and its right to be forgotten."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from contracts_service.domain.customer_messages import (
    COMMANDS,
    EVENTS,
    AddEquipment,
    AddSite,
    AuthoriseContact,
    ChangeProfile,
    Command,
    ContactAuthorised,
    ContactErased,
    ContactRemoved,
    CustomerErased,
    CustomerKind,
    CustomerRegistered,
    EquipmentAdded,
    EraseContact,
    EraseCustomer,
    Event,
    ProfileChanged,
    RegisterCustomer,
    RemoveContact,
    SiteAdded,
)
from contracts_service.domain.documents import is_cnpj, is_cpf, normalised
from contracts_service.domain.terms_check import STATES
from services.decider import Decider
from services.errors import NotFound, Refused

__all__ = ["COMMANDS", "DECIDER", "EVENTS", "Customer", "Profile"]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of the customer itself; of a company ``person_name`` is who answers for it, if told."""

    legal_name: str | None
    cnpj: str | None
    person_name: str | None
    cpf: str | None
    email: str | None
    phone: str | None
    address: str | None
    cpf_fingerprint: str | None


@dataclass(frozen=True, slots=True)
class Customer:
    registered: CustomerRegistered | None = None
    profile: Profile | None = None
    contacts: Mapping[str, ContactAuthorised] = field(default_factory=dict)
    former_contacts: tuple[str, ...] = ()
    erased_contacts: frozenset[str] = frozenset()
    sites: Mapping[str, SiteAdded] = field(default_factory=dict)
    equipment: Mapping[str, EquipmentAdded] = field(default_factory=dict)
    erased: bool = False


def decide(command: Command, customer: Customer) -> list[Event]:
    if isinstance(command, RegisterCustomer):
        return _register(command, customer)
    if customer.registered is None:
        raise NotFound("customer.unknown", customer_id=command.customer_id)
    if isinstance(command, EraseCustomer):
        named = dict.fromkeys((command.customer_id, *customer.contacts, *customer.former_contacts))
        people = [person for person in named if person not in command.speak_elsewhere]
        return [] if customer.erased else [CustomerErased(command.customer_id, tuple(people))]
    if customer.erased:
        raise Refused("customer.erased", customer_id=command.customer_id)
    match command:
        case ChangeProfile():
            return _change_profile(command, customer)
        case AuthoriseContact(customer_id, contact_id, name, rights, email, phone, role):
            if not name.strip():
                raise Refused("customer.contact-without-name")
            if not rights:
                raise Refused("customer.contact-without-rights")
            ordered = tuple(sorted(set(rights)))
            authorised = ContactAuthorised(
                customer_id, contact_id, name.strip(), _email(email), _text(phone), ordered, _text(role)
            )
            return [] if customer.contacts.get(contact_id) == authorised else [authorised]
        case RemoveContact(customer_id, contact_id):
            return [ContactRemoved(customer_id, contact_id)] if contact_id in customer.contacts else []
        case EraseContact():
            return _erase_contact(command, customer)
        case AddSite(customer_id, site_id, name, address, city, state):
            if not name.strip():
                raise Refused("customer.site-without-name")
            if state is not None and state not in STATES:
                raise Refused("customer.state-unknown", state=state)
            site = SiteAdded(customer_id, site_id, name.strip(), _text(address), _text(city), state)
            if customer.sites.get(site_id, site) != site:
                raise Refused("customer.site-exists", site_id=site_id)
            return [] if site_id in customer.sites else [site]
        case AddEquipment(customer_id, site_id, equipment_id, description, serial, label):
            if site_id not in customer.sites:
                raise Refused("customer.site-unknown", site_id=site_id)
            if not description.strip():
                raise Refused("customer.equipment-without-description")
            added = EquipmentAdded(customer_id, site_id, equipment_id, description.strip(), _text(serial), _text(label))
            if customer.equipment.get(equipment_id, added) != added:
                raise Refused("customer.equipment-exists", equipment_id=equipment_id)
            return [] if equipment_id in customer.equipment else [added]


def _erase_contact(command: EraseContact, customer: Customer) -> list[Event]:
    id_ = command.contact_id
    if id_ == command.customer_id:
        raise Refused("customer.contact-is-customer")
    if id_ in customer.erased_contacts:
        return []
    if id_ not in customer.contacts and id_ not in customer.former_contacts:
        raise NotFound("customer.contact-unknown", contact_id=id_)
    removed: list[Event] = [ContactRemoved(command.customer_id, id_)] if id_ in customer.contacts else []
    if command.speaks_elsewhere:
        return removed
    return [*removed, ContactErased(command.customer_id, id_, (id_,))]


def _register(command: RegisterCustomer, customer: Customer) -> list[Event]:
    if customer.erased:
        raise Refused("customer.erased", customer_id=command.customer_id)
    registered = CustomerRegistered(
        customer_id=command.customer_id,
        kind=command.kind,
        legal_name=_text(command.legal_name),
        cnpj=_document(command.cnpj),
        person_name=_text(command.person_name),
        cpf=_document(command.cpf),
        email=_email(command.email),
        phone=_text(command.phone),
        address=_text(command.address),
        external_ref=_text(command.external_ref),
        cpf_fingerprint=command.cpf_fingerprint,
    )
    profile = _profile(registered)
    _check(command.kind, profile)
    if customer.registered is None:
        return [registered]
    if registered == customer.registered or _same(registered, customer):
        return []
    raise Refused("customer.exists", customer_id=command.customer_id)


def _same(registered: CustomerRegistered, customer: Customer) -> bool:
    """Whether a second registration says what is known by now."""
    known = customer.registered
    return (
        known is not None
        and (registered.kind, registered.external_ref) == (known.kind, known.external_ref)
        and _profile(registered) == customer.profile
    )


def _change_profile(command: ChangeProfile, customer: Customer) -> list[Event]:
    assert customer.registered is not None
    assert customer.profile is not None
    before = customer.profile
    asked = Profile(
        legal_name=_text(command.legal_name),
        cnpj=_document(command.cnpj),
        person_name=_text(command.person_name),
        cpf=_document(command.cpf),
        email=_email(command.email),
        phone=_text(command.phone),
        address=_text(command.address),
        cpf_fingerprint=command.cpf_fingerprint if command.cpf else None,
    )
    given = {name: value for name, value in _values(asked).items() if value is not None}
    after = replace(before, **given)
    if (before.cnpj and after.cnpj != before.cnpj) or (before.cpf and after.cpf != before.cpf):
        raise Refused("customer.document-fixed")
    _check(customer.registered.kind, after)
    if after == before:
        return []
    return [ProfileChanged(customer_id=command.customer_id, **_values(after))]


def _check(kind: CustomerKind, profile: Profile) -> None:
    match kind:
        case CustomerKind.PERSON:
            if profile.legal_name or profile.cnpj:
                raise Refused("customer.person-as-company")
            if not profile.person_name:
                raise Refused("customer.name-missing")
        case CustomerKind.COMPANY:
            if profile.cpf:
                raise Refused("customer.company-as-person")
            if not profile.legal_name:
                raise Refused("customer.name-missing")
    if profile.cpf and not is_cpf(profile.cpf):
        raise Refused("customer.cpf-invalid")  # without the number: refusals are kept, and it is personal
    if profile.cnpj and not is_cnpj(profile.cnpj):
        raise Refused("customer.cnpj-invalid", cnpj=profile.cnpj)


def _profile(source: CustomerRegistered | ProfileChanged) -> Profile:
    return Profile(**{each.name: getattr(source, each.name) for each in dataclasses.fields(Profile)})


def _values(profile: Profile) -> dict[str, str | None]:
    return {each.name: getattr(profile, each.name) for each in dataclasses.fields(Profile)}


def _text(text: str | None) -> str | None:
    return (text.strip() or None) if text else None


def _document(text: str | None) -> str | None:
    return (normalised(text) or None) if text else None


def _email(text: str | None) -> str | None:
    email = _text(text)
    if email and not _EMAIL.fullmatch(email):
        raise Refused("customer.email-invalid")
    return email


def evolve(customer: Customer, event: Event) -> Customer:
    match event:
        case CustomerRegistered():
            return replace(customer, registered=event, profile=_profile(event))
        case ProfileChanged():
            return replace(customer, profile=_profile(event))
        case ContactAuthorised(contact_id=id_):
            return replace(customer, contacts={**customer.contacts, id_: event})
        case ContactRemoved(contact_id=id_):
            left = {key: contact for key, contact in customer.contacts.items() if key != id_}
            return replace(customer, contacts=left, former_contacts=(*customer.former_contacts, id_))
        case SiteAdded(site_id=id_):
            return replace(customer, sites={**customer.sites, id_: event})
        case EquipmentAdded(equipment_id=id_):
            return replace(customer, equipment={**customer.equipment, id_: event})
        case CustomerErased():
            return replace(customer, erased=True)
        case ContactErased(contact_id=id_):
            return replace(customer, erased_contacts=customer.erased_contacts | {id_})


DECIDER: Decider[Command, Customer, Event] = Decider(Customer(), decide, evolve)
