"""Many records by one call: a billing run over accounts, and the import of another system's receivables.

Each record stands alone: what is refused for one says so in its answer, and the others go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from billing_service.domain.commands import BillMonth, ImportedPayment, ImportReceivable
from billing_service.domain.ids import receivable_id
from billing_service.views.receivables import receivables
from services.component import Context, Execute


def bill(record: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    """``{"status": "issued", "receivable_id", "number", "amount"}`` or ``{"status": "nothing"}``."""
    account_id, month = record["account_id"], record["month"]
    answer = execute(BillMonth(account_id, month, record["on"], context.now))
    if "billing.receivable.issued" not in answer.events:
        return {"status": "nothing", "account_id": account_id, "amount": "0.00"}
    issued = _issued(execute, account_id, month)[-answer.events.count("billing.receivable.issued") :]
    return {
        "status": "issued",
        "account_id": account_id,
        "receivable_id": issued[-1]["receivable_id"],
        "number": issued[-1]["number"],
        "amount": str(sum(row["net"] for row in issued)),
    }


def import_receivable(record: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    """``{"status": "imported" | "unchanged"}``; one that was imported with other data is rejected."""
    payments = tuple(ImportedPayment(item["on"], item["amount"]) for item in record["payments"])
    names = ("external_ref", "number", "issued_on", "due_on", "amount", "disputed", "description", "receivable_id")
    answer = execute(
        ImportReceivable(
            account_id=record["contract_id"],
            payments=payments,
            at=context.now,
            **{name: record[name] for name in names},
        )
    )
    return {"status": "imported" if answer.events else "unchanged", "contract_id": record["contract_id"]}


def _issued(execute: Execute, account_id: str, month: str) -> list[dict[str, Any]]:
    """The month's receivables, the ones just issued last: their ids follow from account, month and sequence."""
    found: list[dict[str, Any]] = []
    while True:
        id_ = receivable_id(account_id, month, len(found) + 1)
        row = execute.rows.get(receivables, receivable_id=id_)
        if row is None:
            return found
        found.append(row)
