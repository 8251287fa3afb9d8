"""A draft or an addendum as it would be: checked, with its text and what it changes. The rules decide; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts_service.domain.contract import DECIDER
from contracts_service.domain.contract_commands import AmendContract, ChangeTerms
from contracts_service.domain.contract_state import Status
from contracts_service.domain.contract_text import plain, text_of
from contracts_service.domain.terms import ContractTerms
from contracts_service.domain.terms_changes import differences
from contracts_service.domain.terms_check import check
from contracts_service.domain.worth import monthly_price
from contracts_service.patching import patched
from contracts_service.views.contract_tables import contracts
from contracts_service.views.customers import customers
from contracts_service.views.previews import value_at
from contracts_service.views.selecting import state_of
from contracts_service.views.texts import parties_of
from services.codec import to_json_values
from services.component import Context
from services.errors import NotFound
from services.rows import Rows


@dataclass(frozen=True, slots=True)
class PreviewQuestion:
    """A new draft's whole ``terms``; or, of a contract that is there, the parts that change (``changes``, merged as in bulk
    addenda) from ``effective_on`` on. A draft needs no day."""

    terms: ContractTerms | None = None
    contract_id: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    effective_on: date | None = None
    customer_id: str | None = None
    provider_id: str | None = None


def preview_contract(asked: PreviewQuestion, rows: Rows, context: Context) -> dict[str, Any]:
    """``{terms, before, effective_on, changes, text, monthly_before, monthly_after}``; ``before`` is None for what is new.

    Raises what the command would raise: ``Invalid`` with the path of each problem, ``Refused``.
    """
    if asked.contract_id is None:
        return _new(asked, rows)
    row = rows.get(contracts, contract_id=asked.contract_id)
    if row is None:
        raise NotFound("contract.unknown", contract_id=asked.contract_id)
    contract = state_of(rows, row)
    before = contract.terms
    terms = asked.terms or patched(before, asked.changes)
    consumer = _consumer(rows, row["customer_id"])
    on = asked.effective_on or context.now.date()
    if contract.status is Status.DRAFT:
        DECIDER.decide(ChangeTerms(asked.contract_id, terms, consumer), contract)
    else:
        DECIDER.decide(AmendContract(asked.contract_id, on, terms, "preview", consumer=consumer), contract)
    changed = [
        {"path": path, "before": value_at(before, path), "after": value_at(terms, path)}
        for path in differences(before, terms)
    ]
    in_force = contract.status is not Status.DRAFT
    return {
        **_said(rows, terms, row, on if in_force else terms.starts_on),
        "before": to_json_values(before) if in_force else None,
        "effective_on": on if in_force else terms.starts_on,
        "changes": changed,
        "monthly_before": monthly_price(before, on),
    }


def _new(asked: PreviewQuestion, rows: Rows) -> dict[str, Any]:
    terms = asked.terms or ContractTerms(starts_on=asked.effective_on or date.min)
    check(terms, consumer=_consumer(rows, asked.customer_id))
    row = {"customer_id": asked.customer_id or "", "provider_id": asked.provider_id or ""}
    said = _said(rows, terms, row, terms.starts_on)
    return {**said, "before": None, "effective_on": terms.starts_on, "changes": [], "monthly_before": None}


def _said(rows: Rows, terms: ContractTerms, row: dict[str, Any], on: date) -> dict[str, Any]:
    return {
        "terms": to_json_values(terms),
        "text": plain(text_of(terms, parties_of(rows, row))),
        "monthly_after": monthly_price(terms, on),
    }


def _consumer(rows: Rows, customer_id: str | None) -> bool:
    customer = rows.get(customers, customer_id=customer_id) if customer_id else None
    return customer is not None and customer["kind"] == "person"
