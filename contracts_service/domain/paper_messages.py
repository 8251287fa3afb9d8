"""Papers of a contract: its tags, documents by the hash of their content, and who accepted which text."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import get_args

from contracts_service.domain.contract_commands import Party
from services.decider import command, doc, event, personal


class DocumentKind(StrEnum):
    SIGNED_CONTRACT = "signed_contract"
    ADDENDUM = "addendum"
    ANNEX = "annex"
    NOTICE = "notice"
    OTHER = "other"


class Method(StrEnum):
    PAPER = "paper"
    ELECTRONIC = "electronic"


@command
class TagContract:
    """The contract's tags, all of them: what is left out is taken off."""

    contract_id: str
    tags: tuple[str, ...]


@command
class AttachDocument:
    """A file of the blob store belongs to the contract."""

    contract_id: str
    document_id: str
    kind: DocumentKind
    name: str
    sha256: str
    size: int = doc("bytes")
    media_type: str
    at: datetime
    addendum: int | None = doc("to which addendum it belongs", default=None)


@command
class RemoveDocument:
    """The document was attached by mistake. Its file stays in the blob store, and the mistake on record."""

    contract_id: str
    document_id: str
    reason: str
    at: datetime


@command
class RecordAcceptance:
    """Somebody signed on paper."""

    contract_id: str
    acceptance_id: str
    signer_name: str
    on: date = doc("day of the signature")
    at: datetime
    side: Party = Party.CUSTOMER
    signer_document: str | None = doc("CPF", default=None)
    contact_id: str | None = doc("if the signer is a contact of the customer", default=None)
    document_id: str | None = doc("the scanned contract, attached before", default=None)


@command
class AcceptContract:
    """A contact of the customer accepts in the portal the text that he was shown."""

    contract_id: str
    acceptance_id: str
    contact_id: str
    text_sha256: str = doc("of the text that he was shown")
    at: datetime
    origin: str | None = doc("the address from which it came", default=None)
    agent: str | None = doc("the program with which it came", default=None)
    current_sha256: str = doc("of the text as it is; found out by the service, whatever was sent", default="")
    signer_name: str = doc("found out by the service", default="")
    signer_document: str | None = doc("found out by the service", default=None)


@event("contracts.contract.tags_changed")
class TagsChanged:
    contract_id: str
    customer_id: str
    tags: tuple[str, ...]


@event("contracts.contract.document_attached")
class DocumentAttached:
    contract_id: str
    customer_id: str
    document_id: str
    kind: DocumentKind
    name: str
    sha256: str
    size: int = doc("bytes")
    media_type: str
    at: datetime
    addendum: int | None


@event("contracts.contract.document_removed")
class DocumentRemoved:
    contract_id: str
    customer_id: str
    document_id: str
    reason: str
    at: datetime


@event("contracts.contract.accepted")
class ContractAccepted:
    contract_id: str
    customer_id: str
    acceptance_id: str
    method: Method
    side: Party
    person_id: str = doc("whose name it is: a contact, or the customer; of the provider's side, the provider")
    signer_name: str = personal(of="person_id")
    signer_document: str | None = personal(of="person_id")
    on: date
    at: datetime
    addendum: int = doc("up to which addendum the text goes; 0: the contract itself")
    text_sha256: str | None = doc("of the accepted text")
    document_id: str | None = doc("the signed paper")
    origin: str | None = personal(of="person_id")
    agent: str | None


Command = TagContract | AttachDocument | RemoveDocument | RecordAcceptance | AcceptContract
Event = TagsChanged | DocumentAttached | DocumentRemoved | ContractAccepted
EVENTS: tuple[type, ...] = get_args(Event)
