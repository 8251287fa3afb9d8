"""Rules of paying: payments and what they pay, reversal, credit and credit notes by finance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from services.errors import Refused

from . import commands as c
from . import events as e
from .credits import add_credit_note, apply_credit
from .draft import Draft, today
from .explanation import Explanation
from .late import (
    IndexMonth,
    LateCharges,
    correction_of,
    days_late,
    fine_of,
    interest_of,
    legal_interest,
    unpublished,
)
from .money import ZERO, half_up, total
from .state import Account, Receivable
from .terms import LateTerms


def record_payment(command: c.RecordPayment, state: Account) -> Sequence[Any]:
    amount = half_up(command.amount)
    if (known := state.payments.get(command.payment_id)) is not None:
        if known.amount != amount:
            raise Refused("payment.id-in-use", payment_id=command.payment_id, amount=known.amount)
        return []
    if amount <= 0 or amount != command.amount:
        raise Refused("payment.amount-invalid", amount=command.amount)
    on = today(state, command.on, command.at)
    draft = Draft(state)
    if command.allocations or command.as_credit:
        allocations = _chosen(command, state, amount)
    else:
        allocations = _oldest_first(draft, amount, on, command.published)
    draft.add(
        e.PaymentReceived(
            account_id=state.account_id,
            contract_id=state.contract_id,
            customer_id=state.customer_id,
            payment_id=command.payment_id,
            amount=amount,
            on=on,
            method=command.method,
            allocations=tuple(e.Allocation(key, value) for key, value in allocations.items()),
            unallocated=amount - total(allocations.values()),
            whole_id=command.whole_id,
            whole_amount=command.whole_amount,
        )
    )
    return draft.settle(allocations, on).regularise(on).events


def reverse_payment(command: c.ReversePayment, state: Account) -> Sequence[Any]:
    """The money went back: what it had paid is open again, and what was left of it as credit is gone."""
    payment = state.payments.get(command.payment_id)
    if payment is None:
        raise Refused("payment.unknown", payment_id=command.payment_id)
    if payment.reversed:
        return []
    if payment.refunded:
        raise Refused("payment.refunded", amount=payment.refunded)
    return [
        e.PaymentReversed(
            account_id=state.account_id,
            payment_id=payment.payment_id,
            on=today(state, command.on, command.at),
            amount=payment.amount,
            reason=command.reason,
            allocations=tuple(e.Allocation(key, value) for key, value in payment.allocations.items()),
            credit=state.credits.get(payment.payment_id, ZERO),
        )
    ]


def allocate_credit(command: c.AllocateCredit, state: Account) -> Sequence[Any]:
    if command.receivable_id is not None:
        receivable_of(state, command.receivable_id)
    on = today(state, command.on, command.at)
    draft = Draft(state)
    apply_credit(draft, on, command.receivable_id)
    return draft.regularise(on).events


def issue_credit_note(command: c.IssueCreditNote, state: Account) -> Sequence[Any]:
    if command.credit_note_id in state.credit_notes:
        return []
    receivable = receivable_of(state, command.receivable_id)
    amount = half_up(command.amount)
    given = total(n.amount for n in state.credit_notes.values() if n.receivable_id == command.receivable_id)
    if amount <= 0 or amount != command.amount:
        raise Refused("credit.amount-invalid", amount=command.amount)
    if amount > receivable.gross - given:
        raise Refused("credit.exceeds-receivable", amount=amount, limit=receivable.gross - given)
    charge = state.billed.get(command.charge_id or "")
    if command.charge_id is not None and (charge is None or charge.receivable_id != command.receivable_id):
        raise Refused("credit.charge-unknown", charge_id=command.charge_id)
    if charge is not None and amount > charge.kept:
        raise Refused("credit.exceeds-charge", amount=amount, limit=charge.kept)
    on = today(state, command.on, command.at)
    draft = Draft(state)
    give_back(draft, command.receivable_id, command.charge_id, amount, on, command.reason, command.credit_note_id)
    return draft.settle([command.receivable_id], on).regularise(on).events


def give_back(
    draft: Draft,
    receivable_id: str,
    charge_id: str | None,
    amount: Decimal,
    on: date,
    reason: str,
    note_id: str | None = None,
) -> None:
    """A credit note by decision, not by days."""
    explanation = Explanation(
        kind="credit",
        amount=amount,
        source_type="charge" if charge_id else "receivable",
        source_ref=charge_id or receivable_id,
        reason=reason,
    )
    add_credit_note(draft, receivable_id, charge_id or "", amount, on, reason, explanation, note_id=note_id)


def receivable_of(state: Account, receivable_id: str) -> Receivable:
    found = state.receivables.get(receivable_id)
    if found is None:
        raise Refused("receivable.unknown", receivable_id=receivable_id)
    return found


def charges_on(receivable: Receivable, late: LateTerms, on: date, published: Sequence[IndexMonth] = ()) -> LateCharges:
    """Late charges that are owed on ``on`` beyond those accrued: the fine unless it was, interest and correction since
    then."""
    days = days_late(receivable.due_on, receivable.payable_on, on)
    since = max(receivable.interest_through or receivable.due_on, receivable.due_on)
    if days == 0 or receivable.imported or receivable.disputed or not receivable.is_open or on <= since:
        return LateCharges(days, ZERO, ZERO)
    principal, correction = receivable.principal, ZERO
    if late.correction != "none":
        correction = correction_of(principal, since, on, late.correction, published)
    corrected = principal + correction
    fine = fine_of(corrected, late.fine_percent) if receivable.interest_through is None else ZERO
    if late.interest == "legal":
        interest = legal_interest(corrected, since, on, published)
    else:
        interest = interest_of(corrected, (on - since).days, late.interest_percent_month)
    missing = sorted({month for index in late.indices for month in unpublished(since, on, index, published)})
    return LateCharges(days, fine, interest, correction, tuple(missing))


def _oldest_first(draft: Draft, amount: Decimal, on: date, published: Sequence[IndexMonth]) -> dict[str, Decimal]:
    """Receivables first, oldest first, what is contested last; then the late charges of those that this pays off late;
    the rest is credit."""
    left = amount
    allocations: dict[str, Decimal] = {}
    open_ = draft.state.open_receivables()
    parts = [(r, r.claimable) for r in open_] + [(r, r.balance - r.claimable) for r in open_]
    for receivable, owed_of_it in parts:
        paid = min(owed_of_it, left)
        if paid > 0:
            allocations[receivable.receivable_id] = allocations.get(receivable.receivable_id, ZERO) + paid
            left -= paid
    for receivable_id in allocations:
        receivable = draft.state.receivables[receivable_id]
        owed = charges_on(receivable, draft.state.terms.late, on, published)
        correction = min(owed.correction, left)
        fine = min(owed.fine, left - correction)
        interest = min(owed.interest, left - correction - fine)
        late = correction + fine + interest
        if late > 0 and allocations[receivable_id] == receivable.balance:
            draft.add(
                e.LateChargesAccrued(draft.state.account_id, receivable_id, on, owed.days, fine, interest, correction)
            )
            allocations[receivable_id] += late
            left -= late
    return allocations


def _chosen(command: c.RecordPayment, state: Account, amount: Decimal) -> dict[str, Decimal]:
    chosen: dict[str, Decimal] = {}
    for allocation in command.allocations:
        receivable = receivable_of(state, allocation.receivable_id)
        chosen[allocation.receivable_id] = chosen.get(allocation.receivable_id, ZERO) + half_up(allocation.amount)
        if not receivable.is_open:
            raise Refused("receivable.not-open", receivable_id=allocation.receivable_id, number=receivable.number)
        if allocation.amount <= 0 or chosen[allocation.receivable_id] > receivable.balance:
            raise Refused("payment.allocation-exceeds-balance", number=receivable.number, balance=receivable.balance)
    if total(chosen.values()) > amount:
        raise Refused("payment.allocation-exceeds-amount", amount=amount, allocated=total(chosen.values()))
    return chosen


__all__ = [
    "allocate_credit",
    "charges_on",
    "give_back",
    "issue_credit_note",
    "receivable_of",
    "record_payment",
    "reverse_payment",
]
