"""Contracts as they stand, and every version of their terms with the day from which it holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text

from contracts_service.views.metadata import METADATA
from services.component import View
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText, Money, UtcDateTime

contracts = Table(
    "contracts",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("provider_id", String(64), nullable=False),
    Column("external_ref", Text),
    Column("number", Text),
    Column("status", String(12), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("renewal", String(10), nullable=False),
    Column("notice_days", Integer, nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("suspends_on_default", Boolean, nullable=False),
    Column("activated_on", Date),
    Column("notified_on", Date),
    Column("suspend_on", Date),
    Column("notice_reason", String(12)),
    Column("suspended_on", Date),
    Column("suspension_reason", String(12)),
    Column("suspension_note", Text),
    Column("ended_on", Date),
    Column("end_reason", Text),
    Column("addendum", Integer, nullable=False, default=0),
    Column("version", Integer, nullable=False, default=0),
    Column("drafted_at", UtcDateTime, nullable=False),
    Index("contracts_customer", "customer_id"),
    Index("contracts_status", "status", "ends_on"),
    Index("contracts_number", "provider_id", "number", unique=True),
    Index("contracts_external_ref", "external_ref"),
)

contract_versions = Table(
    "contract_versions",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_on", Date, nullable=False),
    Column("cause", String(16), nullable=False),
    Column("addendum", Integer),
    Column("percent", Money),
    Column("reason", Text),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("terms", JsonText, nullable=False),
)
"""The version in force on a day: the highest of those with ``effective_on`` not after it."""


class ContractsView(View):
    name = "contracts"
    source = "contracts"
    tables = (contracts, contract_versions)

    def fold(self, event: Incoming, rows: Rows, *_: Any) -> None:
        data = event.data
        match event.type:
            case "contracts.contract.drafted":
                names = ("contract_id", "customer_id", "provider_id", "external_ref")
                first = {name: data[name] for name in names}
                rows.put(contracts, **first, status="draft", version=0, addendum=0, drafted_at=event.at, **_head(data))
                _version(event, rows, 0, data["terms"]["starts_on"], "original")
            case "contracts.contract.terms_changed":
                _put(event, rows, **_head(data))
                _version(event, rows, 0, data["terms"]["starts_on"], "original")
            case "contracts.contract.activated":
                _put(event, rows, status="active", number=data["number"], activated_on=_day(data["on"]), **_head(data))
                _version(event, rows, 0, data["terms"]["starts_on"], "original")
            case "contracts.contract.amended":
                _next_version(event, rows, "amended")
            case "contracts.contract.price_adjusted":
                _next_version(event, rows, "price_adjusted")
            case "contracts.contract.renewed":
                _next_version(event, rows, "renewed")
            case "contracts.contract.suspension_notified":
                notice = {"notified_on": _day(data["on"]), "suspend_on": _day(data["suspend_on"])}
                _put(event, rows, **notice, notice_reason=data["reason"])
            case "contracts.contract.suspension_withdrawn":
                _put(event, rows, **_NO_NOTICE)
            case "contracts.contract.suspended":
                why = {"suspension_reason": data["reason"], "suspension_note": data["note"]}
                _put(event, rows, status="suspended", suspended_on=_day(data["on"]), **why, **_NO_NOTICE)
            case "contracts.contract.resumed":
                over = {"suspended_on": None, "suspension_reason": None, "suspension_note": None}
                _put(event, rows, status="active", **over)
            case "contracts.contract.terminated":
                why = {"ended_on": _day(data["on"]), "end_reason": data["reason"]}
                _put(event, rows, status="terminated", **why, **_NO_NOTICE)
            case "contracts.contract.expired":
                _put(event, rows, status="expired", ended_on=_day(data["on"]), **_NO_NOTICE)


_NO_NOTICE = {"notified_on": None, "suspend_on": None, "notice_reason": None}


def _put(event: Incoming, rows: Rows, **values: Any) -> None:
    """Merge into the contract's row, which the stream's first event made."""
    rows.put(contracts, contract_id=event.data["contract_id"], **values)


def _head(data: Any) -> dict[str, Any]:
    """What lists show and filter of the last agreed terms."""
    terms = data["terms"]
    return {
        "starts_on": _day(terms["starts_on"]),
        "ends_on": _day(terms["ends_on"]),
        "renewal": terms["renewal"],
        "notice_days": terms["notice_days"],
        "time_zone": terms["time_zone"],
        "suspends_on_default": terms["default"]["suspend"],
    }


def _next_version(event: Incoming, rows: Rows, cause: str) -> None:
    data = event.data
    contract = rows.get(contracts, contract_id=data["contract_id"]) or {"version": 0, "addendum": 0}
    version, addendum = contract["version"] + 1, data.get("addendum") or contract["addendum"]
    _version(event, rows, version, data["effective_on"], cause)
    _put(event, rows, version=version, addendum=addendum, **_head(data))


def _version(event: Incoming, rows: Rows, version: int, effective_on: str, cause: str) -> None:
    data = event.data
    rows.put(
        contract_versions,
        contract_id=data["contract_id"],
        version=version,
        effective_on=_day(effective_on),
        cause=cause,
        addendum=data.get("addendum"),
        percent=data.get("percent"),
        reason=data.get("reason"),
        recorded_at=event.at,
        terms=data["terms"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
