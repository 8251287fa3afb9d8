"""The rules about a contract's papers: tags, documents, acceptance on paper or electronically."""

from __future__ import annotations

import re
from dataclasses import replace

from contracts_service.domain.contract_commands import Party
from contracts_service.domain.contract_state import Contract, Status
from contracts_service.domain.dating import today
from contracts_service.domain.documents import is_cpf, normalised
from contracts_service.domain.paper_messages import (
    AcceptContract,
    AttachDocument,
    Command,
    ContractAccepted,
    DocumentAttached,
    DocumentRemoved,
    Event,
    Method,
    RecordAcceptance,
    RemoveDocument,
    TagContract,
    TagsChanged,
)
from services.errors import Refused

MOST_TAGS, LONGEST_TAG = 30, 60
_HASH = re.compile(r"[0-9a-f]{64}")


def decide(command: Command, contract: Contract) -> list[Event]:
    match command:
        case TagContract():
            return _tag(command, contract)
        case AttachDocument():
            return _attach(command, contract)
        case RemoveDocument():
            return _remove(command, contract)
        case RecordAcceptance():
            return _record(command, contract)
        case AcceptContract():
            return _accept(command, contract)


def evolve(contract: Contract, event: Event) -> Contract:
    papers = contract.papers
    match event:
        case TagsChanged(tags=tags):
            papers = replace(papers, tags=tags)
        case DocumentAttached(document_id=id_, sha256=sha256):
            papers = replace(papers, documents={**papers.documents, id_: sha256})
        case DocumentRemoved(document_id=id_):
            papers = replace(papers, documents={**papers.documents, id_: None})
        case ContractAccepted(acceptance_id=id_, person_id=person, addendum=addendum, text_sha256=text):
            papers = replace(papers, acceptances={**papers.acceptances, id_: (person, addendum, text)})
    return replace(contract, papers=papers)


def _tag(command: TagContract, contract: Contract) -> list[Event]:
    tags = tuple(sorted({" ".join(tag.split()) for tag in command.tags} - {""}))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise Refused("contract.tags-too-many", most=MOST_TAGS, longest=LONGEST_TAG)
    if tags == contract.papers.tags:
        return []
    return [TagsChanged(command.contract_id, contract.customer_id, tags)]


def _attach(command: AttachDocument, contract: Contract) -> list[Event]:
    if _HASH.fullmatch(command.sha256) is None:
        raise Refused("contract.document-hash-invalid")
    name = command.name.strip()
    if not name:
        raise Refused("contract.document-without-name")
    if command.document_id in contract.papers.documents:
        if contract.papers.documents[command.document_id] == command.sha256:
            return []
        raise Refused("contract.document-exists", document_id=command.document_id)
    if command.addendum is not None and not 1 <= command.addendum <= contract.addendum:
        raise Refused("contract.addendum-unknown", addendum=command.addendum)
    return [
        DocumentAttached(
            command.contract_id,
            contract.customer_id,
            command.document_id,
            command.kind,
            name,
            command.sha256,
            command.size,
            command.media_type,
            command.at,
            command.addendum,
        )
    ]


def _remove(command: RemoveDocument, contract: Contract) -> list[Event]:
    if command.document_id not in contract.papers.documents:
        raise Refused("contract.document-unknown", document_id=command.document_id)
    if contract.papers.documents[command.document_id] is None:
        return []
    if not command.reason.strip():
        raise Refused("contract.reason-missing")
    reason = command.reason.strip()
    return [DocumentRemoved(command.contract_id, contract.customer_id, command.document_id, reason, command.at)]


def _record(command: RecordAcceptance, contract: Contract) -> list[Event]:
    if command.acceptance_id in contract.papers.acceptances:
        return []
    _require_acceptable(contract)
    name = command.signer_name.strip()
    if not name:
        raise Refused("contract.signer-without-name")
    if command.signer_document and not is_cpf(command.signer_document):
        raise Refused("contract.signer-cpf-invalid")
    if command.on > (now := today(command.at, contract)):
        raise Refused("contract.day-in-future", on=command.on, today=now)
    if command.document_id is not None and contract.papers.documents.get(command.document_id) is None:
        raise Refused("contract.document-unknown", document_id=command.document_id)
    own = contract.provider_id if command.side is Party.PROVIDER else contract.customer_id
    return [
        ContractAccepted(
            contract_id=command.contract_id,
            customer_id=contract.customer_id,
            acceptance_id=command.acceptance_id,
            method=Method.PAPER,
            side=command.side,
            person_id=command.contact_id or own,
            signer_name=name,
            signer_document=normalised(command.signer_document) if command.signer_document else None,
            on=command.on,
            at=command.at,
            addendum=contract.addendum,
            text_sha256=None,
            document_id=command.document_id,
            origin=None,
            agent=None,
        )
    ]


def _accept(command: AcceptContract, contract: Contract) -> list[Event]:
    """The text that he was shown must be the text as it is: who reads an old one accepts nothing."""
    known = contract.papers.acceptances
    if command.acceptance_id in known or (command.contact_id, contract.addendum, command.text_sha256) in known.values():
        return []
    _require_acceptable(contract)
    if command.text_sha256 != command.current_sha256:
        raise Refused("contract.text-changed")
    return [
        ContractAccepted(
            contract_id=command.contract_id,
            customer_id=contract.customer_id,
            acceptance_id=command.acceptance_id,
            method=Method.ELECTRONIC,
            side=Party.CUSTOMER,
            person_id=command.contact_id,
            signer_name=command.signer_name,
            signer_document=command.signer_document,
            on=today(command.at, contract),
            at=command.at,
            addendum=contract.addendum,
            text_sha256=command.text_sha256,
            document_id=None,
            origin=command.origin,
            agent=command.agent,
        )
    ]


def _require_acceptable(contract: Contract) -> None:
    if contract.status in (Status.TERMINATED, Status.EXPIRED):
        raise Refused("contract.not-active", status=contract.status)
