"""Contracts as lists show them: parties, number, state, period, value a month. From contracts' events."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gateway.tables import contract_tags, contracts
from gateway.views.reading import ZERO, day, readable
from services.component import View
from services.events import Incoming
from services.rows import Rows

# Periods a month, by rule: a week's line is 52/12 of its amount a month, a year's a twelfth.
_PER_MONTH = {
    "daily": Decimal(365) / 12,
    "weekly": Decimal(52) / 12,
    "monthly": Decimal(1),
    "monthly_last_day": Decimal(1),
    "quarterly": Decimal(1) / 3,
    "semesterly": Decimal(1) / 6,
    "semesterly_last_day": Decimal(1) / 6,
    "yearly": Decimal(1) / 12,
}


class ContractsView(View):
    name = "contracts"
    source = "contracts"
    tables = (contracts, contract_tags)

    def prefetch(self, events: list[Incoming], rows: Rows) -> None:
        rows.prefetch(contracts, [(event.data["contract_id"],) for event in events if "contract_id" in event.data])

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data

        def put(**values: Any) -> None:
            rows.put(contracts, contract_id=data["contract_id"], **values)

        match event.type:
            case "contracts.contract.drafted":
                put(
                    customer_id=data["customer_id"],
                    provider_id=data["provider_id"],
                    external_ref=data.get("external_ref"),
                    status="draft",
                    addenda=0,
                    recorded_at=event.at,
                    **_terms(data),
                )
            case "contracts.contract.terms_changed":
                put(**_terms(data))
            case "contracts.contract.activated":
                put(
                    customer_id=data["customer_id"],
                    provider_id=data["provider_id"],
                    number=data.get("number"),
                    status="active",
                    activated_on=day(data, "on"),
                    **_terms(data),
                )
            case "contracts.contract.amended" | "contracts.contract.price_adjusted":
                put(addenda=data.get("addendum"), **_terms(data))
            case (
                "contracts.contract.renewed"
                | "contracts.contract.renewal_undone"
                | "contracts.contract.addendum_undone"
            ):
                put(**_terms(data))
            case "contracts.contract.tags_changed":
                for row in rows.find(contract_tags, contract_id=data["contract_id"]):
                    rows.delete(contract_tags, contract_id=row["contract_id"], tag=row["tag"])
                rows.flush()
                for tag in data["tags"]:
                    rows.put(contract_tags, contract_id=data["contract_id"], tag=tag)
            case "contracts.contract.suspension_notified":
                put(suspend_on=day(data, "suspend_on"))
            case "contracts.contract.suspension_withdrawn":
                put(suspend_on=None)
            case "contracts.contract.suspended":
                put(
                    status="suspended",
                    suspended_on=day(data, "on"),
                    suspension_reason=readable(data.get("reason")),
                    suspend_on=None,
                )
            case "contracts.contract.resumption_undone":
                put(status="suspended", suspended_on=day(data, "on"))
            case "contracts.contract.termination_undone" | "contracts.contract.expiry_undone":
                put(status=data["status"], ended_on=None)
            case "contracts.contract.resumed" | "contracts.contract.suspension_undone":
                put(status="active", suspended_on=None, suspension_reason=None, suspend_on=None)
            case "contracts.contract.terminated":
                put(status="terminated", ended_on=day(data, "on"), suspend_on=None)
            case "contracts.contract.expired":
                put(status="expired", ended_on=day(data, "on"), suspend_on=None)


def _terms(data: Mapping[str, Any]) -> dict[str, Any]:
    """What lists show of the terms. An addendum's are shown from the day it is known, its effective day is a detail."""
    terms = data.get("terms")
    if not terms:
        return {}
    services = [{name: each.get(name) for name in ("service_type_id", "code", "name")} for each in terms["services"]]
    return {
        "starts_on": day(terms, "starts_on"),
        "ends_on": day(terms, "ends_on"),
        "monthly_amount": monthly_amount(terms.get("lines") or ()),
        "services": services,
    }


def monthly_amount(lines: Any) -> Decimal:
    """The recurring lines' amounts, per month, rounded half up."""
    total = ZERO
    for line in lines:
        if line.get("kind", "recurring") == "recurring":
            share = _PER_MONTH.get(line.get("rule", "monthly"), Decimal(1)) / Decimal(line.get("interval") or 1)
            total += Decimal(str(line["amount"])) * share
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)
