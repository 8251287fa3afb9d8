"""Questions about contracts: the list, and one with its terms today or as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from contracts_service.domain.contract_state import Status
from contracts_service.domain.days import day_begins, local_day
from contracts_service.domain.phase import phase
from contracts_service.domain.terms import Renewal
from contracts_service.views.contract_tables import contract_versions, contracts
from contracts_service.views.customers import customers, people
from contracts_service.views.papers import contract_tags, papers_of
from contracts_service.views.providers import providers
from services.component import Context
from services.errors import NotFound
from services.rows import Rows

PAGE = 500


@dataclass(frozen=True, slots=True)
class ContractQuestion:
    """``on``: the terms as they were, are or will be in force on that day; left out, today.

    ``believed_on``: as it stood on record at the end of that day; what was recorded later is left out.
    """

    contract_id: str
    on: date | None = None
    believed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContractsQuestion:
    """``text``: part of a number or of an external reference. ``after``: the last id seen."""

    customer_id: str | None = None
    provider_id: str | None = None
    status: tuple[Status, ...] = ()
    text: str | None = None
    tag: str | None = None
    ends_from: date | None = None
    ends_until: date | None = None
    after: str | None = None
    limit: int = 100


def list_contracts(asked: ContractsQuestion, rows: Rows, context: Context) -> dict[str, Any]:
    limit = max(1, min(asked.limit, PAGE))
    found = rows.find(contracts, *_where(asked), order_by=(contracts.c.contract_id,), limit=limit + 1)
    return {
        "items": [_summary(row, context) for row in found[:limit]],
        "next": found[limit - 1]["contract_id"] if len(found) > limit else None,
    }


def one_contract(asked: ContractQuestion, rows: Rows, context: Context) -> dict[str, Any]:
    contract = rows.get(contracts, contract_id=asked.contract_id)
    if contract is None:
        raise NotFound("contract.unknown", contract_id=asked.contract_id)
    versions = rows.find(contract_versions, contract_id=asked.contract_id, order_by=(contract_versions.c.version,))
    on = asked.on or local_day(context.now, contract["time_zone"])
    known = _known(versions, asked.believed_on, contract["time_zone"])
    if not known:
        raise NotFound("contract.unknown-then", contract_id=asked.contract_id, day=asked.believed_on)
    in_force = _in_force(known, on)
    return {
        **_summary(contract, context),
        "as_of": on,
        "believed_on": asked.believed_on,
        "terms": in_force["terms"],
        "terms_version": in_force["version"],
        "versions": [{name: row[name] for name in _VERSION} for row in versions],
        "notice": _part(contract, "suspend_on", on="notified_on", suspend_on="suspend_on", reason="notice_reason"),
        "suspension": _part(contract, "suspended_on", **_SUSPENSION),
        "taken_over_suspension": _taken_over(contract),
        "suspension_proposed_on": contract["proposed_on"],
        "leaving": _part(contract, "leave_on", **_LEAVING),
        "renewal_offered": contract["offered_for"] is not None and contract["offered_for"] == contract["ends_on"],
        "renewal_declined": contract["declined_for"] is not None and contract["declined_for"] == contract["ends_on"],
        "end": _part(contract, "ended_on", **_END),
        "provider": rows.get(providers, provider_id=contract["provider_id"]),
        "customer": _customer(rows, contract["customer_id"]),
        **papers_of(rows, asked.contract_id),
    }


_VERSION = ("version", "effective_on", "cause", "addendum", "percent", "reason", "recorded_at", "undone_at")
_SUSPENSION = {
    "on": "suspended_on",
    "reason": "suspension_reason",
    "note": "suspension_note",
    "rules": "suspension_rules",
}
_LEAVING = {"on": "leave_on", "by": "leave_by", "last_day": "leave_last_day", "reason": "leave_reason"}
_END = {"on": "ended_on", "reason": "end_reason", "by": "end_by", "right": "end_right", "fine": "end_fine"}
_SUMMARY = (
    "contract_id",
    "customer_id",
    "provider_id",
    "external_ref",
    "number",
    "status",
    "starts_on",
    "ends_on",
    "renewal",
    "activated_on",
    "suspend_on",
    "suspended_on",
    "ended_on",
    "addendum",
    "drafted_at",
)


def _summary(row: dict[str, Any], context: Context) -> dict[str, Any]:
    today = local_day(context.now, row["time_zone"])
    at = phase(Status(row["status"]), row["starts_on"], row["ends_on"], Renewal(row["renewal"]), today)
    return {**{name: row[name] for name in _SUMMARY}, "phase": at}


def _where(asked: ContractsQuestion) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if asked.customer_id:
        where.append(contracts.c.customer_id == asked.customer_id)
    if asked.provider_id:
        where.append(contracts.c.provider_id == asked.provider_id)
    if asked.status:
        where.append(contracts.c.status.in_([status.value for status in asked.status]))
    if asked.text:
        like = f"%{asked.text.strip()}%"
        where.append(or_(contracts.c.number.ilike(like), contracts.c.external_ref.ilike(like)))
    if asked.tag:
        tagged = select(contract_tags.c.contract_id).where(contract_tags.c.tag == asked.tag)
        where.append(contracts.c.contract_id.in_(tagged))
    if asked.ends_from:
        where.append(contracts.c.ends_on >= asked.ends_from)
    if asked.ends_until:
        where.append(contracts.c.ends_on <= asked.ends_until)
    if asked.after:
        where.append(contracts.c.contract_id > asked.after)
    return where


def _known(versions: list[dict[str, Any]], believed_on: date | None, time_zone: str) -> list[dict[str, Any]]:
    """The versions that were on record at the end of a local day, without those undone by then."""
    if believed_on is None:
        return [row for row in versions if row["undone_at"] is None]
    over = day_begins(believed_on + timedelta(days=1), time_zone)
    return [
        row for row in versions if row["recorded_at"] < over and (row["undone_at"] is None or row["undone_at"] >= over)
    ]


def _in_force(versions: list[dict[str, Any]], on: date) -> dict[str, Any]:
    return next((row for row in reversed(versions) if row["effective_on"] <= on), versions[0])


def _part(row: dict[str, Any], there: str, **names: str) -> dict[str, Any] | None:
    return {name: row[column] for name, column in names.items()} if row[there] else None


def _taken_over(row: dict[str, Any]) -> dict[str, Any] | None:
    """With which suspension it came from another system, whatever happened to it since."""
    for stood in (*(row["before"] or ()), row):
        rules = stood.get("suspension_rules") or {}
        if rules.get("taken_over"):
            day = stood["suspended_on"]
            on = day if isinstance(day, str) else day.isoformat()
            return {"on": on, "reason": stood["suspension_reason"], "give_back": rules.get("give_back")}
    return None


def _customer(rows: Rows, customer_id: str) -> dict[str, Any] | None:
    own = (people.c.person_id == customer_id) & (people.c.kind == "customer")
    statement = (
        select(customers.c.customer_id, customers.c.kind, customers.c.legal_name, customers.c.erased, people.c.name)
        .select_from(customers.outerjoin(people, own))
        .where(customers.c.customer_id == customer_id)
    )
    for row in rows.select(statement):
        return {**{n: row[n] for n in ("customer_id", "kind", "erased")}, "name": row["legal_name"] or row["name"]}
    return None
