"""Facts that a command needs and only this service's tables know: filled in before the rules decide.

All run in the command's transaction. Where two commands at once pass the same check, a unique index refuses the
second, which is then decided again and hears the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Table

from contracts_service.domain.contract_commands import (
    ActivateContract,
    AdjustByIndex,
    AmendContract,
    ChangeTerms,
    DraftContract,
    NotifySuspension,
    ResumeContract,
    TerminateContract,
    WithdrawSuspension,
)
from contracts_service.domain.copying import CopyContract, DraftFromTemplate
from contracts_service.domain.customer_messages import (
    AuthoriseContact,
    ChangeProfile,
    EraseContact,
    EraseCustomer,
    RegisterCustomer,
)
from contracts_service.domain.days import local_day
from contracts_service.domain.documents import normalised
from contracts_service.domain.paper_messages import AcceptContract
from contracts_service.domain.price_index import twelve_months
from contracts_service.domain.provider import RegisterProvider
from contracts_service.domain.service_type import DefineServiceType
from contracts_service.domain.terms import ContractTerms, Index
from contracts_service.preparing_papers import acceptance_facts, copy_as_draft, template_as_draft
from contracts_service.views.contract_tables import contract_versions, contracts
from contracts_service.views.customers import customers, equipment, people, sites
from contracts_service.views.indices import published
from contracts_service.views.providers import next_number, providers
from contracts_service.views.service_types import service_types
from services.component import Context, Prepare
from services.errors import Refused
from services.rows import Reading, Rows

Terms = ChangeTerms | AmendContract
Timed = NotifySuspension | WithdrawSuspension | ResumeContract


def cpf_fingerprint(command: RegisterCustomer | ChangeProfile, rows: Rows, context: Context) -> Any:
    """The CPF's keyed fingerprint, and that nobody else has the CPF or CNPJ."""
    fingerprint = _fingerprint(command.cpf, context) if command.cpf else None
    document = document_key(command, context)
    holder = rows.holder([customers.c.document_key], (document,)) if document else None
    if holder is not None and holder != (command.customer_id,):
        raise Refused("customer.document-taken", customer_id=holder[0])
    return replace(command, cpf_fingerprint=fingerprint)


def document_key(command: RegisterCustomer | ChangeProfile, context: Context) -> str | None:
    """What no two customers share: the CNPJ, or the CPF's keyed fingerprint."""
    if command.cnpj:
        return normalised(command.cnpj)
    return _fingerprint(command.cpf, context) if command.cpf else None


def _fingerprint(cpf: str, context: Context) -> str:
    return context.vault.fingerprint(f"cpf:{normalised(cpf)}")


def known_person(command: AuthoriseContact, rows: Rows, _: Context) -> AuthoriseContact:
    """A person who speaks for another customer is known: what is not said of him is taken from there."""
    if command.name.strip():
        return command
    known = rows.find(
        people, person_id=command.contact_id, kind="contact", active=True, order_by=(people.c.customer_id,)
    )
    if not known:
        raise Refused("customer.contact-unknown")
    own = next((row for row in known if row["customer_id"] == command.customer_id), known[0])
    given = {"email": command.email or own["email"], "phone": command.phone or own["phone"]}
    return replace(command, name=own["name"], role=command.role or own["role"], **given)


def who_speaks_elsewhere(command: EraseCustomer, rows: Rows, _: Context) -> EraseCustomer:
    """A person who is the customer himself is erased everywhere."""
    contacts = rows.find(people, customer_id=command.customer_id, kind="contact")
    own = [row["person_id"] for row in contacts if row["person_id"] != command.customer_id]
    others = people.c.customer_id != command.customer_id
    found = rows.find(people, people.c.person_id.in_(own), others, active=True) if own else []
    return replace(command, speak_elsewhere=tuple(sorted({row["person_id"] for row in found})))


def who_still_speaks(command: EraseContact, rows: Rows, _: Context) -> EraseContact:
    others = people.c.customer_id != command.customer_id
    found = rows.find(people, others, person_id=command.contact_id, active=True)
    return replace(command, speaks_elsewhere=bool(found))


def provider_is_new(command: RegisterProvider, rows: Rows, _: Context) -> RegisterProvider:
    cnpj = normalised(command.cnpj)
    _free(rows, providers, "provider.document-taken", "provider_id", command.provider_id, cnpj=cnpj)
    head = command.branch_of
    if head and head != command.provider_id and rows.get(providers, provider_id=head) is None:
        raise Refused("provider.branch-unknown", branch_of=head)
    return command


def code_is_free(command: DefineServiceType, rows: Rows, _: Context) -> DefineServiceType:
    code = command.code.strip()
    _free(rows, service_types, "servicetype.code-taken", "service_type_id", command.service_type_id, code=code)
    return command


def draft_facts(command: DraftContract, rows: Rows, _: Context) -> DraftContract:
    """Both parties and the services are known; the only provider company needs no naming."""
    if not command.provider_id:
        known = rows.find(providers, limit=2)
        if len(known) != 1:
            raise Refused("contract.provider-missing")
        command = replace(command, provider_id=known[0]["provider_id"])
    customer = rows.get(customers, customer_id=command.customer_id)
    if rows.get(contracts, contract_id=command.contract_id) is None:
        if customer is None:
            raise Refused("contract.customer-unknown", customer_id=command.customer_id)
        if customer["erased"]:
            raise Refused("customer.erased", customer_id=command.customer_id)
        if rows.peek(providers, provider_id=command.provider_id) is None:
            raise Refused("contract.provider-unknown", provider_id=command.provider_id)
        _services_known(command.terms, rows, already=())
        _places_known(command.terms, rows, command.customer_id)
    return replace(command, consumer=_consumer(customer))


def draft_reads(command: DraftContract) -> Iterator[Reading]:
    """The rows that ``draft_facts`` looks at, for most drafts."""
    yield Reading(customers, (command.customer_id,))
    yield Reading(contracts, (command.contract_id,))
    if command.provider_id:
        yield Reading(providers, (command.provider_id,), looked_at=True)
    for service in command.terms.services:
        yield Reading(service_types, (service.service_type_id,), looked_at=True)


def terms_facts(command: Terms, rows: Rows, _: Context) -> Terms:
    """The services are known. A retired one may stay in a contract that has it, but comes into no other."""
    contract = rows.get(contracts, contract_id=command.contract_id)
    if contract is None:
        return command
    key = {"contract_id": command.contract_id, "version": contract["version"]}
    before = rows.get(contract_versions, **key) or {"terms": {"services": []}}
    _services_known(command.terms, rows, already=[s["service_type_id"] for s in before["terms"]["services"]])
    _places_known(command.terms, rows, contract["customer_id"])
    return replace(command, consumer=_consumer(rows.get(customers, customer_id=contract["customer_id"])))


def termination_facts(command: TerminateContract, rows: Rows, _: Context) -> TerminateContract:
    contract = rows.get(contracts, contract_id=command.contract_id)
    customer = rows.get(customers, customer_id=contract["customer_id"]) if contract else None
    return replace(command, consumer=_consumer(customer))


def number(command: ActivateContract, rows: Rows, _: Context) -> ActivateContract:
    """The next number of the provider's series for the year of the signature, or a given one that is free."""
    contract = rows.get(contracts, contract_id=command.contract_id)
    if contract is None or contract["status"] != "draft":
        return command
    provider_id = contract["provider_id"]
    if command.number:
        holder = rows.holder([contracts.c.provider_id, contracts.c.number], (provider_id, command.number))
        if holder is not None and holder != (command.contract_id,):
            raise Refused("contract.number-taken", number=command.number)
        return command
    on: date = command.on or local_day(command.at, contract["time_zone"])
    return replace(command, number=next_number(rows, provider_id, on.year))


def index_facts(command: AdjustByIndex, rows: Rows, _: Context) -> AdjustByIndex:
    """What was published for the contract's twelve months."""
    contract = rows.get(contracts, contract_id=command.contract_id)
    version = contract and rows.get(contract_versions, contract_id=command.contract_id, version=contract["version"])
    if not version:
        return command
    rules = version["terms"].get("adjustment") or {}
    index = command.index or (Index(rules["index"]) if rules.get("index") else None)
    if index is None:
        return replace(command, published=())
    return replace(
        command, published=published(rows, index, twelve_months(command.effective_on, rules.get("lag_months", 1)))
    )


def not_backdated(command: Timed, _: Rows, context: Context) -> Timed:
    """What another service's event asks for happens when it is heard: a notice's days are not used up on the way."""
    return replace(command, at=max(command.at, context.now))


def copied(command: CopyContract, rows: Rows, context: Context) -> DraftContract:
    return draft_facts(copy_as_draft(command, rows, context), rows, context)


def from_template(command: DraftFromTemplate, rows: Rows, context: Context) -> DraftContract:
    return draft_facts(template_as_draft(command, rows, context), rows, context)


READS: dict[type, Callable[[Any], Iterator[Reading]]] = {DraftContract: draft_reads}

PREPARE: dict[type, Prepare] = {
    CopyContract: copied,
    DraftFromTemplate: from_template,
    AcceptContract: acceptance_facts,
    AuthoriseContact: known_person,
    EraseCustomer: who_speaks_elsewhere,
    EraseContact: who_still_speaks,
    RegisterCustomer: cpf_fingerprint,
    ChangeProfile: cpf_fingerprint,
    RegisterProvider: provider_is_new,
    DefineServiceType: code_is_free,
    DraftContract: draft_facts,
    ChangeTerms: terms_facts,
    AmendContract: terms_facts,
    ActivateContract: number,
    AdjustByIndex: index_facts,
    TerminateContract: termination_facts,
    NotifySuspension: not_backdated,
    WithdrawSuspension: not_backdated,
    ResumeContract: not_backdated,
}


def _consumer(customer: dict[str, Any] | None) -> bool:
    return customer is not None and customer["kind"] == "person"


def _services_known(terms: ContractTerms, rows: Rows, already: Any) -> None:
    for at, service in enumerate(terms.services):
        known = rows.peek(service_types, service_type_id=service.service_type_id)
        where = {"where": f"terms.services.{at}.service_type_id", "service_type_id": service.service_type_id}
        if known is None:
            raise Refused("contract.service-type-unknown", **where)
        if known["retired"] and service.service_type_id not in already:
            raise Refused("contract.service-type-retired", **where)


def _places_known(terms: ContractTerms, rows: Rows, customer_id: str) -> None:
    """Sites and equipment of the lines and of the visit plan are the customer's own."""
    named = [
        *(
            (f"lines.{at}.site_ids.{nth}", id_)
            for at, each in enumerate(terms.lines)
            for nth, id_ in enumerate(each.site_ids)
        ),
        *((f"visit_plan.{at}.site_id", plan.site_id) for at, plan in enumerate(terms.visit_plan) if plan.site_id),
    ]
    for where, site_id in named:
        known = rows.get(sites, site_id=site_id)
        if known is None or known["customer_id"] != customer_id:
            raise Refused("contract.site-unknown", where=f"terms.{where}", site_id=site_id)
    for part, with_equipment in (("lines", terms.lines), ("visit_plan", terms.visit_plan)):
        for at, each in enumerate(with_equipment):
            for nth, equipment_id in enumerate(each.equipment_ids):  # type: ignore[attr-defined]
                known = rows.get(equipment, equipment_id=equipment_id)
                if known is None or known["customer_id"] != customer_id:
                    where = f"terms.{part}.{at}.equipment_ids.{nth}"
                    raise Refused("contract.equipment-unknown", where=where, equipment_id=equipment_id)


def _free(rows: Rows, table: Table, refusal: str, key: str, own: str, /, **unique: str) -> None:
    where = [table.c[name] == value for name, value in unique.items()]
    for row in rows.find(table, *where, table.c[key] != own, limit=1):
        raise Refused(refusal, **{key: row[key]})
