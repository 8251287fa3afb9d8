"""Facts for drafts from other terms, and for acceptances: filled in before the rules decide."""

from __future__ import annotations

from dataclasses import replace

from contracts_service.domain.contract_commands import DraftContract
from contracts_service.domain.contract_text import text_sha256
from contracts_service.domain.copying import CopyContract, DraftFromTemplate, moved, without_places
from contracts_service.domain.paper_messages import AcceptContract
from contracts_service.domain.terms import ContractTerms
from contracts_service.views.contract_tables import contract_versions, contracts
from contracts_service.views.customers import people
from contracts_service.views.templates import templates
from contracts_service.views.texts import TextQuestion, read
from services.codec import from_json_values
from services.component import Context
from services.errors import NotFound, Refused
from services.rows import Rows


def copy_as_draft(command: CopyContract, rows: Rows, _: Context) -> DraftContract:
    source = rows.get(contracts, contract_id=command.source_id)
    version = source and rows.get(contract_versions, contract_id=command.source_id, version=source["version"])
    if not source or not version:
        raise NotFound("contract.unknown", contract_id=command.source_id)
    terms = moved(from_json_values(version["terms"], ContractTerms), command.starts_on, command.ends_on)
    customer_id = command.customer_id or source["customer_id"]
    if customer_id != source["customer_id"]:
        terms = without_places(terms)
    return DraftContract(command.contract_id, customer_id, source["provider_id"], terms, command.external_ref)


def template_as_draft(command: DraftFromTemplate, rows: Rows, _: Context) -> DraftContract:
    template = rows.get(templates, template_id=command.template_id)
    if template is None:
        raise NotFound("template.unknown", template_id=command.template_id)
    if template["retired"] and rows.get(contracts, contract_id=command.contract_id) is None:
        raise Refused("template.retired", template_id=command.template_id)
    terms = moved(from_json_values(template["terms"], ContractTerms), command.starts_on, command.ends_on)
    return DraftContract(command.contract_id, command.customer_id, command.provider_id, terms, command.external_ref)


def acceptance_facts(command: AcceptContract, rows: Rows, _: Context) -> AcceptContract:
    """The text as it is now, and who accepts: a contact with the right to approve, or the customer in person."""
    row, document, _ = read(rows, TextQuestion(command.contract_id))
    own = {"customer_id": row["customer_id"], "person_id": command.contact_id}
    contact = rows.get(people, **own, kind="contact")
    person = rows.get(people, **own, kind="customer")
    if person is None and not (contact and contact["active"] and "approval" in contact["rights"]):
        raise Refused("contract.not-authorised-to-accept")
    who = person or contact or {}
    return replace(
        command,
        current_sha256=text_sha256(document),
        signer_name=who.get("name") or "",
        signer_document=who.get("document"),
    )
