"""Each contract's evaluation rules by effective day, and who may speak for each customer: from contracts' events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import desc

from feedback_service.domain.commands import Rules
from feedback_service.tables import contacts, contract_rules
from services.component import View
from services.events import Incoming
from services.rows import Rows

MAY_ANSWER = {"requests", "approval"}


LATEST = (desc(contract_rules.c.effective_on), desc(contract_rules.c.version))


class ContractRulesView(View):
    name = "contract_rules"
    source = "contracts"
    tables = (contract_rules, contacts)

    def fold(self, event: Incoming, rows: Rows) -> None:
        data = event.data
        match event.type:
            case "contracts.contract.activated":
                self._keep(rows, data, data["on"], event.version)
            case (
                "contracts.contract.amended"
                | "contracts.contract.price_adjusted"
                | "contracts.contract.renewed"
                | "contracts.contract.renewal_undone"
                | "contracts.contract.addendum_undone"
            ):
                self._keep(rows, data, data["effective_on"], event.version)
            case "contracts.customer.contact_authorised":
                rows.put(
                    contacts,
                    customer_id=data["customer_id"],
                    contact_id=data["contact_id"],
                    rights=list(data.get("rights") or ()),
                )
            case "contracts.customer.contact_removed":
                rows.delete(contacts, customer_id=data["customer_id"], contact_id=data["contact_id"])
            case "contracts.customer.erased":
                rows.delete_where(contacts, customer_id=data["customer_id"])

    @staticmethod
    def _keep(rows: Rows, data: Mapping[str, Any], effective_on: str, version: int) -> None:
        terms = data.get("terms") or {}
        rows.put(
            contract_rules,
            contract_id=data["contract_id"],
            effective_on=date.fromisoformat(effective_on),
            version=version,
            time_zone=terms.get("time_zone") or "America/Sao_Paulo",
            rules=terms.get("evaluation") or {},
            customer_id=data.get("customer_id"),
        )


def rules_of(rows: Rows, contract_id: str, at: datetime) -> Rules:
    """The rules that hold at an instant, on the contract's local day; a contract that says nothing has the defaults."""
    known = rows.find(contract_rules, contract_id=contract_id, order_by=LATEST)
    if not known:
        return Rules()
    holding = next((row for row in known if row["effective_on"] <= _local_day(at, row["time_zone"])), known[-1])
    names = Rules.__dataclass_fields__
    return Rules(**{name: value for name, value in holding["rules"].items() if name in names})


def owner_of(rows: Rows, contract_id: str) -> str | None:
    """The contract's customer; None for a contract that is not known."""
    known = rows.find(contract_rules, contract_id=contract_id, order_by=LATEST, limit=1)
    return known[0]["customer_id"] if known else None


def may_answer(rows: Rows, customer_id: str, contact_id: str) -> bool:
    row = rows.get(contacts, customer_id=customer_id, contact_id=contact_id)
    return row is not None and bool(MAY_ANSWER & set(row["rights"] or ()))


def _local_day(at: datetime, time_zone: str) -> date:
    return at.astimezone(ZoneInfo(time_zone)).date()
