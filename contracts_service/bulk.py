"""Batches over many contracts: one addendum per contract, each whole or not at all, and once for each record's id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from contracts_service.domain.contract_commands import AmendContract
from contracts_service.domain.terms import Index
from contracts_service.patching import patched
from contracts_service.views.contract_tables import contract_versions, contracts
from contracts_service.views.previews import adjustment
from contracts_service.views.selecting import state_of
from services.component import Context, Execute
from services.errors import NotFound


@dataclass(frozen=True, slots=True)
class Adjustment:
    """``percent``, or ``index``; neither: the contract's own index."""

    contract_id: str
    effective_on: date
    percent: Decimal | None = None
    index: Index | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    contract_id: str
    effective_on: date
    reason: str
    changes: Mapping[str, Any] = field(default_factory=dict)


def adjust(record: Adjustment, execute: Execute, _: Context) -> dict[str, Any]:
    """``{"status": "adjusted"|"unchanged", "contract_id", "addendum", "percent"}``."""
    contract = _contract(execute, record.contract_id)
    command = adjustment(execute.rows, record.contract_id, contract, record.effective_on, record.percent, record.index)
    return _answer(execute, record.contract_id, execute(command), "adjusted")


def amend(record: Amendment, execute: Execute, _: Context) -> dict[str, Any]:
    contract = _contract(execute, record.contract_id)
    terms = patched(contract.terms, record.changes)
    command = AmendContract(record.contract_id, record.effective_on, terms, record.reason)
    return _answer(execute, record.contract_id, execute(command), "amended")


def _contract(execute: Execute, contract_id: str) -> Any:
    row = execute.rows.get(contracts, contract_id=contract_id)
    if row is None:
        raise NotFound("contract.unknown", contract_id=contract_id)
    return state_of(execute.rows, row)


def _answer(execute: Execute, contract_id: str, answer: Any, done: str) -> dict[str, Any]:
    if not answer.events:
        return {"status": "unchanged", "contract_id": contract_id}
    row = execute.rows.get(contracts, contract_id=contract_id) or {}
    version = execute.rows.get(contract_versions, contract_id=contract_id, version=row["version"]) or {}
    percent = version.get("percent")
    said = {"addendum": row["addendum"], **({} if percent is None else {"percent": f"{Decimal(percent):f}"})}
    return {"status": done, "contract_id": contract_id, **said}
