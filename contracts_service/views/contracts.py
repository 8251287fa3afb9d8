"""Contracts as they stand, and every version of their terms with the day from which it holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from contracts_service.domain.terms_changes import prices_revised
from contracts_service.views.contract_life import fold_life
from contracts_service.views.contract_tables import contract_versions, contracts
from services.component import View
from services.events import Incoming
from services.rows import Rows


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
                adjusted_on = (data["terms"].get("adjustment") or {}).get("last_on")  # by another system
                base = _day(adjusted_on or data["terms"]["starts_on"])
                first = {"activated_on": _day(data["on"]), "price_base_on": base}
                _put(event, rows, status="active", number=data["number"], **first, **_head(data))
                _version(event, rows, 0, data["terms"]["starts_on"], "original")
            case "contracts.contract.amended":
                _amended(event, rows)
            case "contracts.contract.price_adjusted":
                day = _day(data["effective_on"])
                _next_version(event, rows, "price_adjusted")
                _put(event, rows, price_base_on=day, adjusted_on=day, adjusted_percent=data["percent"])
            case "contracts.contract.renewed":
                _next_version(event, rows, "renewed")
            case "contracts.contract.renewal_offered":
                _put(event, rows, offered_for=_day(data["ends_on"]), answer_by=_day(data["answer_by"]))
            case "contracts.contract.renewal_declined":
                _put(event, rows, declined_for=_day(data["ends_on"]))
            case "contracts.contract.renewal_undone":
                _undo_version(event, rows)
                _put(event, rows, declined_for=_day(event.data["ends_on"]))
            case "contracts.contract.addendum_undone":
                _undo_version(event, rows)
                base, adjusted = _day(event.data["price_base_on"]), _day(event.data["adjusted_on"])
                percent = event.data["adjusted_percent"]
                _put(event, rows, price_base_on=base, adjusted_on=adjusted, adjusted_percent=percent)
            case _:
                fold_life(event, rows)


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
        "renewal_months": terms["renewal_months"],
        "notice_days": terms["notice_days"],
        "time_zone": terms["time_zone"],
        "suspends_on_default": terms["default"]["suspend"],
        "adjustment_index": (terms.get("adjustment") or {}).get("index"),
    }


def _amended(event: Incoming, rows: Rows) -> None:
    data = event.data
    contract = rows.get(contracts, contract_id=data["contract_id"]) or {"version": 0}
    last = rows.get(contract_versions, contract_id=data["contract_id"], version=contract["version"])
    _next_version(event, rows, "amended")
    if last is not None and prices_revised(_prices(last["terms"]), _prices(data["terms"])):
        _put(event, rows, price_base_on=_day(data["effective_on"]))


def _prices(terms: Any) -> dict[str, Decimal]:
    return {line["line_id"]: Decimal(line["amount"]) for line in terms["lines"]}


def _undo_version(event: Incoming, rows: Rows) -> None:
    """The version stays on record; the one before it holds again."""
    data = event.data
    contract = rows.get(contracts, contract_id=data["contract_id"]) or {"version": 0}
    undone = contract["version"]
    rows.put(contract_versions, contract_id=data["contract_id"], version=undone, undone_at=event.at)
    valid = [r["version"] for r in rows.find(contract_versions, contract_id=data["contract_id"]) if not r["undone_at"]]
    _put(event, rows, version=max(valid, default=0), **_head(data))


def _next_version(event: Incoming, rows: Rows, cause: str) -> None:
    data = event.data
    contract = rows.get(contracts, contract_id=data["contract_id"]) or {"version": 0, "addendum": 0}
    key, addendum = data["contract_id"], data.get("addendum") or contract["addendum"]
    version = contract["version"] + 1
    while rows.get(contract_versions, contract_id=key, version=version):
        version += 1  # its number was one's that was undone
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
        undone_at=None,
        terms=data["terms"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
