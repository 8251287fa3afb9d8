"""A selection of contracts, and each as its rules see it: the state that its events made, read back from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from contracts_service.domain.contract_commands import Party, SuspensionReason
from contracts_service.domain.contract_state import Contract, Leave, Notice, Status, Suspension, Version
from contracts_service.domain.days import months_after
from contracts_service.domain.terms import ContractTerms, GiveBack, Index
from contracts_service.views.contract_tables import contract_versions, contracts
from contracts_service.views.papers import contract_tags
from services.codec import from_json_values
from services.rows import Rows

PAGE = 200


@dataclass(frozen=True, slots=True)
class Selection:
    """All that is named must hold. ``due_by``: twelve months since the last price are over by then."""

    contract_ids: tuple[str, ...] = ()
    customer_id: str | None = None
    provider_id: str | None = None
    tag: str | None = None
    index: Index | None = None
    due_by: date | None = None
    after: str | None = None
    limit: int = 100


def selected(rows: Rows, asked: Selection) -> tuple[list[dict[str, Any]], str | None]:
    """A page of rows of contracts that are in life, and where the next page begins."""
    limit = max(1, min(asked.limit, PAGE))
    where: list[ColumnElement[bool]] = [contracts.c.status.in_(("active", "suspended"))]
    if asked.contract_ids:
        where.append(contracts.c.contract_id.in_(asked.contract_ids))
    if asked.due_by:
        where.append(contracts.c.price_base_on <= months_after(asked.due_by, -12))
    if asked.tag:
        tagged = select(contract_tags.c.contract_id).where(contract_tags.c.tag == asked.tag)
        where.append(contracts.c.contract_id.in_(tagged))
    if asked.after:
        where.append(contracts.c.contract_id > asked.after)
    same = {"customer_id": asked.customer_id, "provider_id": asked.provider_id}
    if asked.index:
        same["adjustment_index"] = asked.index.value
    named = {name: value for name, value in same.items() if value}
    found = rows.find(contracts, *where, order_by=(contracts.c.contract_id,), limit=limit + 1, **named)
    return found[:limit], found[limit - 1]["contract_id"] if len(found) > limit else None


def state_of(rows: Rows, row: dict[str, Any]) -> Contract:
    """What ``decide`` needs of a contract in life. What can be undone is not among it."""
    contract_id = row["contract_id"]
    found = rows.find(contract_versions, contract_id=contract_id, order_by=(contract_versions.c.version,))
    versions = tuple(
        Version(each["effective_on"], from_json_values(each["terms"], ContractTerms))
        for each in found
        if each["undone_at"] is None
    )
    return Contract(
        status=Status(row["status"]),
        customer_id=row["customer_id"],
        provider_id=row["provider_id"],
        external_ref=row["external_ref"],
        number=row["number"],
        activated_on=row["activated_on"],
        versions=versions,
        addendum=row["addendum"],
        price_base_on=row["price_base_on"],
        adjusted=(row["adjusted_on"], row["adjusted_percent"]) if row["adjusted_on"] else None,
        notice=_notice(row),
        suspension=_suspension(row),
        ended_on=row["ended_on"],
        leave=_leave(row),
    )


def _notice(row: dict[str, Any]) -> Notice | None:
    if row["suspend_on"] is None:
        return None
    return Notice(row["notified_on"], row["suspend_on"], SuspensionReason(row["notice_reason"]))


def _suspension(row: dict[str, Any]) -> Suspension | None:
    if row["suspended_on"] is None:
        return None
    rules = row["suspension_rules"] or {}
    give_back = GiveBack(rules.get("give_back") or GiveBack.PRORATE)
    return Suspension(row["suspended_on"], SuspensionReason(row["suspension_reason"]), give_back)


def _leave(row: dict[str, Any]) -> Leave | None:
    if row["leave_on"] is None:
        return None
    return Leave(row["leave_on"], Party(row["leave_by"]), row["leave_last_day"], row["leave_reason"] or "")
