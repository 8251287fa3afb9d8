"""History of another system: a receivable with its payments, as it was. It is never reminded of and defaults nobody."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from services.errors import Refused

from . import commands as c
from . import events as e
from .draft import Draft
from .explanation import Explanation
from .ids import imported_receivable_id, payment_id
from .money import ZERO, half_up
from .state import Account


def import_receivable(command: c.ImportReceivable, state: Account) -> Sequence[Any]:
    receivable_id = command.receivable_id or imported_receivable_id(state.account_id, command.external_ref)
    amount = half_up(command.amount)
    _check(command, amount)
    if receivable_id in state.receivables:
        if not _is_same(command, state, receivable_id):
            raise Refused("receivable.imported-differently", external_ref=command.external_ref)
        return []
    draft = Draft(state).add(_issued(command, state, receivable_id, amount))
    if command.disputed:
        draft.add(e.ReceivableDisputed(state.account_id, receivable_id, command.issued_on, ""))
    for position, payment in enumerate(sorted(command.payments, key=lambda p: p.on)):
        paid = half_up(payment.amount)
        used = min(paid, max(ZERO, draft.state.receivables[receivable_id].balance))
        draft.add(
            e.PaymentReceived(
                account_id=state.account_id,
                contract_id=state.contract_id,
                customer_id=state.customer_id,
                payment_id=payment_id(receivable_id, position),
                amount=paid,
                on=payment.on,
                method="imported",
                allocations=(e.Allocation(receivable_id, used),) if used else (),
                unallocated=paid - used,
            )
        ).settle([receivable_id], payment.on)
    return draft.events


def _check(command: c.ImportReceivable, amount: Decimal) -> None:
    if amount <= 0:
        raise Refused("receivable.amount-invalid", amount=command.amount)
    if command.due_on < command.issued_on:
        raise Refused("receivable.due-before-issue", issued_on=command.issued_on, due_on=command.due_on)
    if any(payment.amount <= 0 for payment in command.payments):
        raise Refused("payment.amount-invalid", amount=min(p.amount for p in command.payments))


def _issued(command: c.ImportReceivable, state: Account, receivable_id: str, amount: Decimal) -> e.ReceivableIssued:
    """The due day is taken as it was: another system's calendar is not ours to apply."""
    line = e.ReceivableLine(
        charge_id=receivable_id,
        line_id=None,
        clause="",
        description=command.description,
        period_start=None,
        period_end=None,
        quantity=Decimal(1),
        unit_price=amount,
        amount=amount,
        explanation=Explanation(
            kind="imported",
            amount=amount,
            unit_price=amount,
            source_type="import",
            source_ref=command.external_ref,
        ),
    )
    return e.ReceivableIssued(
        account_id=state.account_id,
        contract_id=state.contract_id,
        customer_id=state.customer_id,
        receivable_id=receivable_id,
        number=command.number or command.external_ref,
        issued_on=command.issued_on,
        due_on=command.due_on,
        payable_on=command.due_on,
        gross=amount,
        withheld=ZERO,
        net=amount,
        lines=(line,),
        month=command.issued_on.strftime("%Y-%m"),
        sequence=0,
        external_ref=command.external_ref,
        imported=True,
    )


def _is_same(command: c.ImportReceivable, state: Account, receivable_id: str) -> bool:
    known = state.receivables[receivable_id]
    facts = (known.number, known.issued_on, known.due_on, known.net, known.disputed)
    told = (
        command.number or command.external_ref,
        command.issued_on,
        command.due_on,
        half_up(command.amount),
        command.disputed,
    )
    # the payments that the import brought; others may have followed here
    brought = (state.payments.get(payment_id(receivable_id, n)) for n in range(len(state.payments)))
    paid = sorted((p.on, p.amount) for p in brought if p is not None)
    return facts == told and paid == sorted((p.on, half_up(p.amount)) for p in command.payments)
