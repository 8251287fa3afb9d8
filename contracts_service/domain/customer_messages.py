"""What may be asked of a customer, and what may have happened to one. Personal fields are sealed per person."""

from __future__ import annotations

from enum import StrEnum

from services.decider import command, doc, event, personal


class CustomerKind(StrEnum):
    PERSON = "person"
    COMPANY = "company"


class Right(StrEnum):
    REQUESTS = "requests"
    MONEY = "money"
    APPROVAL = "approval"


@command
class RegisterCustomer:
    """A person has a name and a CPF, a company a legal name and a CNPJ; the document may follow later."""

    customer_id: str
    kind: CustomerKind
    person_name: str | None = personal(of="customer_id", default=None)
    cpf: str | None = personal(of="customer_id", default=None)
    legal_name: str | None = None
    cnpj: str | None = doc("numeric or alphanumeric, with or without punctuation", default=None)
    email: str | None = personal(of="customer_id", default=None)
    phone: str | None = personal(of="customer_id", default=None)
    address: str | None = personal(of="customer_id", default=None)
    external_ref: str | None = None
    cpf_fingerprint: str | None = doc("found out by the service, whatever was sent", default=None)


@command
class ChangeProfile:
    """Other data of the customer; what is left out stays. A missing document may be added, not exchanged."""

    customer_id: str
    person_name: str | None = personal(of="customer_id", default=None)
    cpf: str | None = personal(of="customer_id", default=None)
    legal_name: str | None = None
    cnpj: str | None = None
    email: str | None = personal(of="customer_id", default=None)
    phone: str | None = personal(of="customer_id", default=None)
    address: str | None = personal(of="customer_id", default=None)
    cpf_fingerprint: str | None = doc("found out by the service, whatever was sent", default=None)


@command
class AuthoriseContact:
    """A person may speak for the customer; once more with other rights replaces them.

    ``contact_id`` of a person who speaks for another customer already: the same person, with one login for all of them. What is
    left empty is then taken from there.
    """

    customer_id: str
    contact_id: str
    name: str = personal(of="contact_id")
    rights: tuple[Right, ...]
    email: str | None = personal(of="contact_id", default=None)
    phone: str | None = personal(of="contact_id", default=None)
    role: str | None = None


@command
class RemoveContact:
    customer_id: str
    contact_id: str


@command
class AddSite:
    customer_id: str
    site_id: str
    name: str
    address: str | None = personal(of="customer_id", default=None)
    city: str | None = None
    state: str | None = None


@command
class AddEquipment:
    customer_id: str
    site_id: str
    equipment_id: str
    description: str
    serial: str | None = None
    label: str | None = doc("what stands on its QR label", default=None)


@command
class EraseCustomer:
    """Make all personal data of the customer and of its contacts unreadable, for good.

    ``speak_elsewhere`` (filled by the service): contacts who also speak for other customers; their data stays for those.
    """

    customer_id: str
    speak_elsewhere: tuple[str, ...] = ()


@command
class EraseContact:
    """Make a contact's personal data unreadable, for good; he speaks for the customer no more.

    ``speaks_elsewhere`` (filled by the service): he also speaks for other customers; his data stays for those.
    """

    customer_id: str
    contact_id: str
    speaks_elsewhere: bool = False


@event("contracts.customer.registered")
class CustomerRegistered:
    customer_id: str
    kind: CustomerKind
    legal_name: str | None
    cnpj: str | None = doc("14 capitals and digits, without punctuation")
    person_name: str | None = personal(of="customer_id")
    cpf: str | None = personal(of="customer_id")
    email: str | None = personal(of="customer_id")
    phone: str | None = personal(of="customer_id")
    address: str | None = personal(of="customer_id")
    external_ref: str | None
    cpf_fingerprint: str | None = personal(of="customer_id", default=None)


@event("contracts.customer.profile_changed")
class ProfileChanged:
    """The whole profile after the change."""

    customer_id: str
    legal_name: str | None
    cnpj: str | None
    person_name: str | None = personal(of="customer_id")
    cpf: str | None = personal(of="customer_id")
    email: str | None = personal(of="customer_id")
    phone: str | None = personal(of="customer_id")
    address: str | None = personal(of="customer_id")
    cpf_fingerprint: str | None = personal(of="customer_id", default=None)


@event("contracts.customer.contact_authorised")
class ContactAuthorised:
    customer_id: str
    contact_id: str
    name: str = personal(of="contact_id")
    email: str | None = personal(of="contact_id")
    phone: str | None = personal(of="contact_id")
    rights: tuple[Right, ...]
    role: str | None


@event("contracts.customer.contact_removed")
class ContactRemoved:
    customer_id: str
    contact_id: str


@event("contracts.customer.site_added")
class SiteAdded:
    customer_id: str
    site_id: str
    name: str
    address: str | None = personal(of="customer_id")
    city: str | None
    state: str | None


@event("contracts.customer.equipment_added")
class EquipmentAdded:
    customer_id: str
    site_id: str
    equipment_id: str
    description: str
    serial: str | None
    label: str | None


@event("contracts.customer.erased")
class CustomerErased:
    """``person_ids``: the customer and every contact it ever had."""

    customer_id: str
    person_ids: tuple[str, ...]


@event("contracts.customer.contact_erased")
class ContactErased:
    """``person_ids``: the contact alone, as ``contracts.customer.erased`` names persons."""

    customer_id: str
    contact_id: str
    person_ids: tuple[str, ...]


Command = (
    RegisterCustomer
    | ChangeProfile
    | AuthoriseContact
    | RemoveContact
    | AddSite
    | AddEquipment
    | EraseCustomer
    | EraseContact
)
COMMANDS = (
    RegisterCustomer,
    ChangeProfile,
    AuthoriseContact,
    RemoveContact,
    AddSite,
    AddEquipment,
    EraseCustomer,
    EraseContact,
)

Event = (
    CustomerRegistered
    | ProfileChanged
    | ContactAuthorised
    | ContactRemoved
    | SiteAdded
    | EquipmentAdded
    | CustomerErased
    | ContactErased
)
EVENTS = (
    CustomerRegistered,
    ProfileChanged,
    ContactAuthorised,
    ContactRemoved,
    SiteAdded,
    EquipmentAdded,
    CustomerErased,
    ContactErased,
)
