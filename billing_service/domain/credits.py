"""Credit: what was billed and is not owed, and money that lies on the account, put on receivables."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from . import events as e
from .draft import Draft
from .explanation import Explanation
from .ids import credit_note_id
from .money import ZERO, half_up, total
from .proration import day_counts, prorate
from .recurrence import Period
from .state import Account, Billed, Receivable


def credit_tail(draft: Draft, billed: Billed, first: date, on: date, reason: str) -> None:
    """Credit a billed charge from ``first`` on: what was billed less what its remaining days cost.

    So the days kept cost exactly what they would have cost alone, and credit + rest = what was billed.
    """
    assert billed.start is not None
    assert billed.end is not None
    first = max(first, billed.start)
    why = billed.line.explanation
    price = billed.line.amount if why.unit_price is None else why.unit_price
    full_start, full_end = why.full_start or billed.start, why.full_end or billed.end
    kept, counts = ZERO, (0, (full_end - full_start).days + 1)
    if first > billed.start:
        rest = Period(billed.start, first - timedelta(days=1), full_start, full_end)
        kept, counts = prorate(price, rest, why.basis or "actual"), day_counts(rest, why.basis or "actual")
    amount = billed.kept - min(kept, billed.kept) if billed.kept >= 0 else billed.kept - max(kept, billed.kept)
    explanation = Explanation(
        kind="credit",
        amount=amount,
        clause=why.clause,
        cause=why.cause,
        terms=why.terms,
        rule=why.rule,
        basis=why.basis,
        period_start=first,
        period_end=billed.end,
        full_start=full_start,
        full_end=full_end,
        days=counts[0],
        full_days=counts[1],
        factor=f"{counts[0]}/{counts[1]}",
        unit_price=price,
        rounding="half_up",
        source_type="charge",
        source_ref=billed.line.charge_id,
        reason=reason,
        billed=billed.kept,
        kept=billed.kept - amount,
    )
    add_credit_note(
        draft, billed.receivable_id, billed.line.charge_id, amount, on, reason, explanation, first, billed.end
    )


def add_credit_note(
    draft: Draft,
    receivable_id: str,
    charge_id: str,
    amount: Decimal,
    on: date,
    reason: str,
    explanation: Explanation,
    first: date | None = None,
    last: date | None = None,
    note_id: str | None = None,
) -> None:
    """Lower what the receivable still owes; what had been paid of it becomes the account's credit."""
    state = draft.state
    receivable = state.receivables[receivable_id]
    withheld = withheld_of(state, receivable, amount)
    owed = amount - withheld
    applied = min(owed, max(ZERO, receivable.balance))
    sequence = sum(1 for note in state.credit_notes.values() if note.charge_id == charge_id) + 1
    draft.add(
        e.CreditNoteIssued(
            account_id=state.account_id,
            contract_id=state.contract_id,
            customer_id=state.customer_id,
            credit_note_id=note_id or credit_note_id(charge_id, sequence),
            receivable_id=receivable_id,
            charge_id=charge_id,
            on=on,
            amount=amount,
            applied=applied,
            unallocated=owed - applied,
            period_start=first,
            period_end=last,
            reason=reason,
            explanation=explanation,
            withheld=withheld,
        )
    )


def withheld_of(state: Account, receivable: Receivable, amount: Decimal) -> Decimal:
    """The part of a credit that the customer had kept back as taxes: in proportion, so that a full credit gives back
    just what was withheld."""
    if receivable.withheld == 0:
        return ZERO
    given = total(n.amount for n in state.credit_notes.values() if n.receivable_id == receivable.receivable_id)
    share = Fraction(given + amount) / Fraction(receivable.gross)
    return half_up(Fraction(receivable.withheld) * share) - receivable.withheld_back


def apply_credit(draft: Draft, on: date, receivable_id: str | None = None) -> None:
    """Put the account's credit on open receivables, oldest first (disputed ones only when named)."""
    uses = credit_uses(draft.state, receivable_id)
    if uses:
        draft.add(e.CreditAllocated(draft.state.account_id, on, tuple(uses)))
        draft.settle((use.receivable_id for use in uses), on)


def credit_uses(state: Account, receivable_id: str | None = None) -> list[e.CreditUse]:
    left = dict(state.credits)
    uses: list[e.CreditUse] = []
    for receivable in state.open_receivables():
        if receivable.receivable_id != receivable_id if receivable_id else receivable.disputed:
            continue
        open_ = receivable.balance if receivable_id else receivable.claimable
        for source, amount in list(left.items()):
            used = min(open_, amount)
            if used > 0:
                uses.append(e.CreditUse(source, receivable.receivable_id, used))
                left[source], open_ = amount - used, open_ - used
    return uses
