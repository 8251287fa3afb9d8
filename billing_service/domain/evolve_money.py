"""What payments, credit and corrected quantities make of an account: the part of ``evolve`` that moves money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

from . import events as e
from . import more_events as x
from .money import ZERO
from .state import Account, Payment, Pending

Item = TypeVar("Item")


def with_item(items: Mapping[str, Item], key: str, item: Item) -> dict[str, Item]:
    return {**items, key: item}


def _pay(state: Account, receivable_id: str, amount: Decimal) -> Account:
    receivable = state.receivables[receivable_id]
    paid = replace(receivable, paid=receivable.paid + amount)
    if amount < 0 and paid.balance > 0:
        paid = replace(paid, settled_on=None)
    return replace(state, receivables=with_item(state.receivables, receivable_id, paid))


def money(state: Account, event: Any) -> Account:
    match event:
        case e.PaymentReceived():
            allocations = {a.receivable_id: a.amount for a in event.allocations}
            payment = Payment(event.payment_id, event.amount, event.on, allocations, event.method)
            state = replace(state, payments=with_item(state.payments, event.payment_id, payment))
            if event.unallocated:
                state = replace(state, credits=with_item(state.credits, event.payment_id, event.unallocated))
            for allocation in event.allocations:
                state = _pay(state, allocation.receivable_id, allocation.amount)
        case e.PaymentReversed():
            payment = replace(state.payments[event.payment_id], reversed=True, allocations={})
            credits = {key: left for key, left in state.credits.items() if key != event.payment_id}
            state = replace(state, payments=with_item(state.payments, event.payment_id, payment), credits=credits)
            for allocation in event.allocations:
                state = _pay(state, allocation.receivable_id, -allocation.amount)
        case e.CreditNoteIssued():
            state = _credited(state, event)
        case e.CreditAllocated():
            for use in event.allocations:
                state = _used(state, use)
    return state


def _credited(state: Account, event: e.CreditNoteIssued) -> Account:
    receivable = state.receivables[event.receivable_id]
    receivable = replace(
        receivable,
        credited=receivable.credited + event.applied,
        withheld_back=receivable.withheld_back + event.withheld,
    )
    if receivable.balance > 0:  # a discount that was taken back
        receivable = replace(receivable, settled_on=None)
    billed = state.billed
    if (charge := billed.get(event.charge_id)) is not None:
        end = charge.end if event.period_start is None else event.period_start - timedelta(days=1)
        billed = with_item(billed, event.charge_id, replace(charge, kept=charge.kept - event.amount, end=end))
    credits = state.credits
    if event.unallocated:
        credits = with_item(credits, event.credit_note_id, event.unallocated)
    return replace(
        state,
        receivables=with_item(state.receivables, event.receivable_id, receivable),
        billed=billed,
        credits=credits,
        credit_notes=with_item(state.credit_notes, event.credit_note_id, event),
    )


def corrected(state: Account, event: x.ChargeCorrected) -> Account:
    id_, why = event.charge_id, event.explanation
    corrections = with_item(state.corrections, id_, state.corrections.get(id_, 0) + 1)
    state = replace(state, corrections=corrections)
    if isinstance(pending := state.pending.get(id_), Pending):
        pending = replace(pending, quantity=event.quantity, amount=event.amount, explanation=why)
        return replace(state, pending=with_item(state.pending, id_, pending))
    if (billed := state.billed.get(id_)) is not None:
        line = replace(billed.line, explanation=why)  # what stands on the receivable stays as it was
        return replace(state, billed=with_item(state.billed, id_, replace(billed, line=line)))
    return state


def refunded(state: Account, event: x.CreditRefunded) -> Account:
    credits, payments = dict(state.credits), dict(state.payments)
    for part in event.parts:
        left = credits.pop(part.source_id, ZERO) - part.amount
        if left > 0:
            credits[part.source_id] = left
        if (payment := payments.get(part.source_id)) is not None:
            payments[part.source_id] = replace(payment, refunded=payment.refunded + part.amount)
    return replace(state, credits=credits, payments=payments, refunds=state.refunds | {event.refund_id})


def _used(state: Account, use: e.CreditUse) -> Account:
    left = state.credits.get(use.source_id, ZERO) - use.amount
    credits = {key: value for key, value in state.credits.items() if key != use.source_id}
    if left > 0:
        credits[use.source_id] = left
    payments = state.payments
    if (payment := payments.get(use.source_id)) is not None:
        before = payment.allocations.get(use.receivable_id, ZERO)
        allocations = {**payment.allocations, use.receivable_id: before + use.amount}
        payments = with_item(payments, use.source_id, replace(payment, allocations=allocations))
    return _pay(replace(state, credits=credits, payments=payments), use.receivable_id, use.amount)
