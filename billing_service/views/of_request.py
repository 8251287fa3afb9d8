"""What is charged for one request: its work, visits and parts, still to be billed or on which receivable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from billing_service.domain.explain import sentences
from billing_service.views.agenda import planned_charges, state_of
from billing_service.views.receivables import receivable_lines, receivables
from services.component import Context
from services.rows import Rows

SHOWN = ("charge_id", "clause", "description", "amount", "explanation")
OF_RECEIVABLE = ("receivable_id", "number", "issued_on", "due_on", "payable_on", "net", "balance", "status")


@dataclass(frozen=True, slots=True)
class OfRequestParams:
    account_id: str
    request_id: str


def charges_of_request(params: OfRequestParams, rows: Rows, context: Context) -> dict[str, Any]:
    """``{"items": [{"charge_id", "clause", "description", "amount", "explanation", "why", "state", "receivable"}]}``.

    ``state``: as in the agenda (added, moved, held), or ``billed``; then ``receivable`` is the one on which it stands: its
    number, net amount, balance and status, and whether the line is disputed.
    """
    account = receivables.c.account_id == params.account_id
    columns = [
        *receivable_lines.c,
        *(receivables.c[name] for name in (*OF_RECEIVABLE[1:], "disputed", "disputed_lines")),
    ]
    joined = receivable_lines.join(receivables, receivables.c.receivable_id == receivable_lines.c.receivable_id)
    order = (receivables.c.issued_on, receivable_lines.c.receivable_id, receivable_lines.c.position)
    billed = rows.select(select(*columns).select_from(joined).where(account).order_by(*order))
    waiting = rows.find(planned_charges, account_id=params.account_id, order_by=(planned_charges.c.bill_on,))
    mine = [row for row in (*waiting, *billed) if (row["explanation"] or {}).get("request_id") == params.request_id]
    return {"items": [_shown(row) for row in mine]}


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: row[name] for name in SHOWN} | {"why": sentences(row["explanation"])}
    if "receivable_id" not in row:
        return {**said, "state": state_of(row), "bill_on": row["bill_on"], "receivable": None}
    lines = row["disputed_lines"] or {}
    disputed = row["charge_id"] in lines or (bool(row["disputed"]) and not lines)
    on = {name: row[name] for name in OF_RECEIVABLE} | {"disputed": disputed}
    return {**said, "state": "billed", "bill_on": row["issued_on"], "receivable": on}
