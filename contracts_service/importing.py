"""Batch ``import_contracts``: one record is a customer with one contract, taken in whole or not at all.

The commands are the ordinary ones, and each of them changes nothing where the same is there already. So a record that
comes again is *unchanged*, and one that differs from an existing contract is rejected with what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from contracts_service.domain.contract_commands import (
    ActivateContract,
    DraftContract,
    SuspensionReason,
    TakeOverSuspension,
)
from contracts_service.domain.customer_messages import CustomerKind, RegisterCustomer
from contracts_service.domain.days import local_day
from contracts_service.domain.service_type import DefineServiceType
from contracts_service.domain.terms import ContractTerms
from contracts_service.preparing import document_key
from contracts_service.views.contract_tables import contract_versions, contracts
from contracts_service.views.customers import customers, people
from contracts_service.views.deadlines import deadlines, first_keys
from services.component import Context
from services.errors import Invalid, Refused
from services.rows import Rows
from services.schemas import load, schema_of
from services.store.tables import due

Execute = Callable[[Any], Any]

TERMS = schema_of(ContractTerms)
NOT_TERMS = ("contract_id", "external_ref", "number")


def import_contract(record: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    """``{"status": "imported"|"unchanged", "customer_id", "contract_id"}``. ``record``: see schemas.ImportRecord."""
    contract = record["contract"]
    terms = _terms(contract)
    draft = DraftContract(
        contract_id=contract["contract_id"],
        customer_id=record["customer"]["customer_id"],
        provider_id=record["provider_id"],
        terms=terms,
        external_ref=contract.get("external_ref"),
    )
    answers = [execute(_customer(record["customer"])), *_drafted(draft, execute)]
    if record["status"] == "active":
        answers += _activated(contract, terms, execute, context)
        answers += _suspended(contract["contract_id"], record.get("suspension"), execute, context)
    return {
        "status": "imported" if any(answer.events for answer in answers) else "unchanged",
        "customer_id": draft.customer_id,
        "contract_id": draft.contract_id,
    }


def import_streams(record: Mapping[str, Any]) -> list[str]:
    return [f"customer-{record['customer']['customer_id']}", f"contract-{record['contract']['contract_id']}"]


def import_prefetch(records: Sequence[Mapping[str, Any]], rows: Rows, context: Context) -> None:
    """All that taking in these records reads, and that the views read when they fold it."""
    parties = [record["customer"]["customer_id"] for record in records]
    ids = [record["contract"]["contract_id"] for record in records]
    rows.prefetch(customers, [(id_,) for id_ in parties])
    rows.prefetch(people, [(id_, id_, "customer") for id_ in parties])
    rows.prefetch(contracts, [(id_,) for id_ in ids])
    rows.prefetch(contract_versions, [(id_, 0) for id_ in ids])
    rows.prefetch(deadlines, [(id_,) for id_ in ids])
    rows.prefetch(due, [(key,) for id_ in ids for key in first_keys(id_)])
    documents = [document_key(_customer(record["customer"]), context) for record in records]
    rows.prefetch_by([customers.c.document_key], [(document,) for document in documents if document])
    numbers = [(record["provider_id"], record["contract"].get("number")) for record in records]
    rows.prefetch_by([contracts.c.provider_id, contracts.c.number], [each for each in numbers if all(each)])


def _customer(customer: Mapping[str, Any]) -> RegisterCustomer:
    kind = CustomerKind(customer["kind"])
    name, document = ("person_name", "cpf") if kind is CustomerKind.PERSON else ("legal_name", "cnpj")
    rest = {key: customer.get(key) for key in ("email", "phone", "address", "external_ref")}
    return RegisterCustomer(
        customer["customer_id"], kind, **{name: customer["name"], document: customer["document"]}, **rest
    )


def _drafted(draft: DraftContract, execute: Execute) -> list[Any]:
    """The draft; service types that the catalogue does not know yet are entered first."""
    try:
        return [execute(draft)]
    except Refused as refused:
        if refused.code != "contract.service-type-unknown":
            raise
    defined = [
        execute(DefineServiceType(service.service_type_id, service.code, service.name, only_new=True))
        for service in draft.terms.services
    ]
    return [*defined, execute(draft)]


def _activated(contract: Mapping[str, Any], terms: ContractTerms, execute: Execute, context: Context) -> list[Any]:
    today = local_day(context.now, terms.time_zone)
    on = min(terms.starts_on, today)
    try:
        return [execute(ActivateContract(contract["contract_id"], context.now, on, contract.get("number")))]
    except Refused as refused:
        if refused.code == "contract.not-draft":  # it was active, and has ended since
            return []
        raise


def _suspended(contract_id: str, said: Mapping[str, Any] | None, execute: Execute, context: Context) -> list[Any]:
    if said is None:
        return []
    reason = SuspensionReason(said["reason"])
    return [execute(TakeOverSuspension(contract_id, reason, said["on"], context.now, said["note"]))]


def _terms(contract: Mapping[str, Any]) -> ContractTerms:
    try:
        terms: ContractTerms = load(TERMS, {k: v for k, v in contract.items() if k not in NOT_TERMS})
    except Invalid as invalid:
        problems = [{**problem, "path": f"terms.{problem['path']}"} for problem in invalid.problems]
        raise Invalid(invalid.code, problems=problems) from None
    return terms
