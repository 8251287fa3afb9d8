"""One payment for several contracts of a customer: recorded on each account in one transaction, wholly or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from billing_service.domain.commands import RecordPayment, ReversePayment
from billing_service.domain.events import Allocation
from billing_service.domain.ids import part_id
from billing_service.domain.localtime import local_date
from billing_service.domain.paying import charges_on
from billing_service.domain.splitting import Owed, split
from billing_service.views.accounts import accounts
from billing_service.views.indices import published
from billing_service.views.metadata import ZONE
from billing_service.views.payments import payments
from billing_service.views.receivables import as_state, late_terms, receivables
from services.component import Context, Execute
from services.errors import Refused
from services.rows import Rows


def record(said: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    """``{"status": "recorded" | "unchanged", "parts": [{contract_id, payment_id, amount, allocations, unallocated}]}``.

    Which account gets how much is decided once; each part is that account's own payment, with an id that follows from
    the payment's and the account's."""
    whole, amount, on = said["payment_id"], said["amount"], said["on"] or local_date(context.now, ZONE)
    known = execute.rows.find(payments, whole_id=whole, order_by=(payments.c.account_id,))
    if known:
        _require_same(known, said)
        return {"status": "unchanged", "payment_id": whole, "parts": [_shown(row) for row in known]}
    if amount <= 0 or amount != round(amount, 2):
        raise Refused("payment.amount-invalid", amount=amount)
    owners = _accounts(execute.rows, said["customer_id"], said["contract_ids"])
    parts = split(
        amount,
        _owed(execute.rows, owners, on),
        credit_to=said["credit_to"],
        accounts=sorted(owners),
        chosen=[Allocation(each["receivable_id"], each["amount"]) for each in said["allocations"]],
    )
    for part in parts:
        execute(
            RecordPayment(
                account_id=part.account_id,
                payment_id=part_id(whole, part.account_id),
                amount=part.amount,
                on=on,
                method=said["method"],
                allocations=part.chosen,
                at=context.now,
                as_credit=part.as_credit,
                whole_id=whole,
                whole_amount=amount,
            )
        )
    found = execute.rows.find(payments, whole_id=whole, order_by=(payments.c.account_id,))
    return {"status": "recorded", "payment_id": whole, "parts": [_shown(row) for row in found]}


def reverse(said: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    """All parts of the payment are undone, or none."""
    parts = execute.rows.find(payments, whole_id=said["payment_id"], order_by=(payments.c.account_id,))
    if not parts:
        raise Refused("payment.unknown", payment_id=said["payment_id"])
    for part in parts:
        execute(ReversePayment(part["account_id"], part["payment_id"], said["reason"], said["on"], context.now))
    return {"status": "reversed", "payment_id": said["payment_id"], "parts": [_shown(row) for row in parts]}


def _require_same(known: list[dict[str, Any]], said: Mapping[str, Any]) -> None:
    recorded = sum((row["amount"] for row in known), Decimal(0))
    if recorded != said["amount"] or known[0]["customer_id"] != said["customer_id"]:
        raise Refused("payment.id-in-use", payment_id=said["payment_id"], amount=recorded)


def _accounts(rows: Rows, customer_id: str, contract_ids: list[str]) -> dict[str, dict[str, Any]]:
    """The customer's accounts, or those of them that are named."""
    own = {row["account_id"]: row for row in rows.find(accounts, customer_id=customer_id)}
    for contract_id in contract_ids:
        if contract_id not in own:
            raise Refused("payment.account-unknown", account_id=contract_id)
    return {key: row for key, row in own.items() if not contract_ids or key in contract_ids}


def _owed(rows: Rows, owners: Mapping[str, Mapping[str, Any]], on: date) -> list[Owed]:
    c = receivables.c
    found = rows.find(receivables, c.account_id.in_(sorted(owners)), c.balance > 0)
    owed = []
    for row in found:
        then, terms = as_state(row), late_terms(owners[row["account_id"]]["terms"])
        late = charges_on(then, terms, on, published(rows, terms)).total
        contested = then.balance - then.claimable
        ids = (row["account_id"], row["receivable_id"], row["due_on"], row["issued_on"])
        owed.append(Owed(*ids, then.claimable, contested, late))
    return owed


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("contract_id", "payment_id", "amount", "allocations", "unallocated")
    return {name: str(row[name]) if isinstance(row[name], Decimal) else row[name] for name in names}
