"""Many records by one call: a billing run over accounts, and the import of another system's receivables.

Each record stands alone: what is refused for one says so in its answer, and the others go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from billing_service.domain.commands import BillMonth, BillThrough, ImportedPayment, ImportReceivable
from billing_service.domain.ids import receivable_id
from billing_service.domain.issuing import last_day
from billing_service.domain.taking_over import TakeOverCredit, TakeOverReceivable
from billing_service.views.accounts import accounts
from billing_service.views.agenda import COUNTED, agenda_terms, planned_charges
from billing_service.views.closed_days import prefetch_closed
from billing_service.views.deadlines import due_keys
from billing_service.views.receivables import receivables
from billing_service.views.withholding import withholders
from services.component import Context, Execute
from services.rows import Rows
from services.store.tables import due


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


def bill_streams(record: Mapping[str, Any]) -> list[str]:
    return [f"account-{record['account_id']}"]


def bill_prefetch(records: Sequence[Mapping[str, Any]], rows: Rows, _: Context) -> None:
    """All that a bill reads and that its views read when they fold it."""
    _prefetch({record["account_id"]: record["month"] for record in records}, rows)


def bills_prefetch(commands: Sequence[BillMonth | BillThrough], rows: Rows) -> None:
    """The same for what a run makes due."""
    _prefetch({each.account_id: each.month if isinstance(each, BillMonth) else each.through for each in commands}, rows)


def _prefetch(until: Mapping[str, str | date], rows: Rows) -> None:
    """``until``: account → the month to bill, or the day through which everything is billed."""
    rows.prefetch(accounts, [(id_,) for id_ in until], lock=False)
    found = {id_: rows.get(accounts, account_id=id_) for id_ in until}
    whose = [(account["customer_id"],) for account in found.values() if account and account["customer_id"]]
    rows.prefetch(withholders, whose, lock=False)
    rows.prefetch(agenda_terms, [(id_,) for id_ in until], lock=False)
    prefetch_closed(rows)
    last = max(last_day(each) if isinstance(each, str) else each for each in until.values())
    c = planned_charges.c
    rows.glimpse(COUNTED, c.account_id.in_(list(until)), c.bill_on <= last)
    months = {id_: each if isinstance(each, str) else f"{each:%Y-%m}" for id_, each in until.items()}
    ids = [receivable_id(id_, month, place) for id_, month in months.items() for place in (1, 2)]
    rows.prefetch(receivables, [(id_,) for id_ in ids])
    levels = {
        step["level"] for account in found.values() if account for step in (account["terms"] or {}).get("dunning", ())
    }
    keys = [key for id_ in ids[::2] for key in due_keys(id_, levels)]
    rows.prefetch(due, [(key,) for key in keys])


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


def take_over_receivable(record: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    """``{"status": "imported" | "unchanged"}``; one that was taken over with other data is rejected."""
    return _taken_over(TakeOverReceivable, record, execute, context)


def take_over_credit(record: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    """``{"status": "imported" | "unchanged"}``; one that was taken over with other data is rejected."""
    return _taken_over(TakeOverCredit, record, execute, context)


def _taken_over(kind: type, record: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    rest = {name: value for name, value in record.items() if name != "contract_id"}
    answer = execute(kind(account_id=record["contract_id"], at=context.now, **rest))
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
