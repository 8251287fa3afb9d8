"""A quantity that is corrected later: what is charged for the use follows, and for later uses of the same period.

A charge that is not billed changes; one that is billed is credited, or the rest is charged beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.errors import Refused

from . import events as e
from . import more_commands as m
from . import more_events as x
from .draft import Draft, today
from .explanation import Explanation, Pricing
from .ids import added_charge_id
from .money import ZERO, half_up, plain
from .paying import give_back
from .state import Account
from .usage import share_of

CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class _Use:
    charge_id: str
    why: Explanation
    line_id: str | None


def correct(command: m.CorrectUse, state: Account) -> Sequence[Any]:
    if not command.reason.strip():
        raise Refused("charge.no-reason")
    if command.quantity < 0:
        raise Refused("charge.quantity-invalid", quantity=command.quantity)
    use = next((each for each in _uses(state) if each.charge_id == command.charge_id), None)
    if use is None:
        known = command.charge_id in state.pending or command.charge_id in state.billed
        raise Refused("charge.not-a-use" if known else "charge.unknown")
    if _used(use.why) == command.quantity:
        return []
    draft, on = Draft(state), today(state, command.on, command.at)
    if use.why.period_start is None:  # included quantities were taken off where the work was told
        included = use.why.pricing.included or Decimal(0) if use.why.pricing else Decimal(0)
        _change(draft, use, command.quantity, min(included, command.quantity), "", on, command.reason)
    else:
        _change_period(draft, use, command.quantity, on, command.reason)
    return draft.regularise(on).events


def correct_work(command: m.CorrectWork, state: Account) -> Sequence[Any]:
    """Nothing where nothing was charged for the work, or what was has been withdrawn."""
    id_ = added_charge_id(state.account_id, command.source_type, command.work_id)
    use = next((each for each in _uses(state) if each.charge_id == id_), None)
    if use is None:
        return []
    before = use.why.pricing.included if use.why.pricing and use.why.pricing.included else Decimal(0)
    if (_used(use.why), before) == (command.quantity, command.included):
        return []
    draft, on = Draft(state), today(state, command.on, command.at)
    if use.why.period_start is not None and command.source_type == "part":  # its line includes some, or bounds them
        _change_period(draft, use, command.quantity, on, command.reason)
        return draft.regularise(on).events
    amount = half_up(Fraction(use.why.unit_price or ZERO) * Fraction(command.quantity - command.included))
    limit = "ceiling" if command.most is not None and amount > command.most else ""
    amount = amount if command.most is None else min(amount, command.most)
    _change(draft, use, command.quantity, command.included, limit, on, command.reason, amount)
    return draft.regularise(on).events


def _change_period(draft: Draft, corrected: _Use, quantity: Decimal, on: date, reason: str) -> None:
    """Divide the period's uses anew, in their order: what one takes less of what is included, the next may have."""
    period = corrected.why.period_start
    uses = [
        u
        for u in _uses(draft.state)
        if u.line_id == corrected.line_id and u.why.period_start == period and u.why.pricing
    ]
    taken, charged = Decimal(0), ZERO
    for use in sorted(uses, key=lambda each: (each.why.occurred_on or on, each.charge_id)):
        line = draft.state.version_at(use.why.occurred_on or on).terms.line(use.line_id)
        used = quantity if use.charge_id == corrected.charge_id else _used(use.why)
        price = use.why.unit_price or ZERO
        share = share_of(line, used, price, taken, charged)
        same = use.why.pricing is not None and (used, share.included, share.amount) == (
            use.why.pricing.used,
            use.why.pricing.included,
            use.why.amount,
        )
        if not same:
            _change(draft, use, used, share.included, share.limit, on, reason, share.amount)
        taken, charged = taken + used, charged + share.amount


def _change(
    draft: Draft,
    use: _Use,
    used: Decimal,
    included: Decimal,
    limit: str,
    on: date,
    reason: str,
    amount: Decimal | None = None,
) -> None:
    price = use.why.unit_price or ZERO
    beyond = used - included
    exact = Fraction(price) * Fraction(beyond)
    amount = half_up(exact) if amount is None else amount
    rounded = not limit and exact != Fraction(amount)
    before = use.why.pricing
    pricing = replace(before, used=used, included=included, limit=limit) if before else None
    if pricing is None and included:
        pricing = Pricing(list_price=price, used=used, included=included)
    why = replace(
        use.why,
        amount=amount,
        quantity=beyond,
        pricing=pricing,
        exact=plain(exact) if rounded else None,
        rounding="half_up" if rounded else "none",
        reason=reason,
    )
    state = draft.state
    draft.add(x.ChargeCorrected(state.account_id, use.charge_id, on, beyond, amount, reason, why))
    if use.charge_id in state.billed:
        _settle(draft, use.charge_id, amount, why, on, reason)


def _settle(draft: Draft, charge_id: str, amount: Decimal, why: Explanation, on: date, reason: str) -> None:
    """A billed use: what it costs less is credited, what it costs more is charged beside it."""
    for id_ in _beside(draft.state, charge_id):
        if id_ in draft.state.pending:
            draft.add(x.ChargeWithdrawn(draft.state.account_id, id_, on, reason))
        elif (kept := draft.state.billed[id_].kept) > 0:
            give_back(draft, draft.state.billed[id_].receivable_id, id_, kept, on, reason)
            draft.settle([draft.state.billed[id_].receivable_id], on)
    billed = draft.state.billed[charge_id]
    if amount < billed.kept:
        give_back(draft, billed.receivable_id, charge_id, billed.kept - amount, on, reason)
        draft.settle([billed.receivable_id], on)
    elif amount > billed.kept:
        draft.add(_rest(draft.state, charge_id, amount - billed.kept, why, on, reason))


def _rest(state: Account, charge_id: str, amount: Decimal, why: Explanation, on: date, reason: str) -> e.ChargeAdded:
    id_ = added_charge_id(state.account_id, CORRECTION, f"{charge_id}:{state.corrections.get(charge_id, 0)}")
    billed = state.billed[charge_id].line
    explanation = Explanation(
        kind="use",
        amount=amount,
        clause=why.clause,
        cause=why.cause,
        terms=why.terms,
        unit_price=amount,
        source_type=CORRECTION,
        source_ref=charge_id,
        occurred_on=why.occurred_on,
        reason=reason,
        request_id=why.request_id,
    )
    return e.ChargeAdded(
        account_id=state.account_id,
        charge_id=id_,
        line_id=billed.line_id,
        clause=why.clause,
        description=billed.description,
        quantity=Decimal(1),
        unit_price=amount,
        amount=amount,
        occurred_on=why.occurred_on or on,
        bill_on=on,
        source_type=CORRECTION,
        source_ref=charge_id,
        reason=reason,
        explanation=explanation,
        request_id=why.request_id or None,
    )


def _beside(state: Account, charge_id: str) -> list[str]:
    """The charges that earlier corrections of this one added."""
    whys = [(key, item.explanation) for key, item in state.pending.items()]
    whys += [(key, item.line.explanation) for key, item in state.billed.items()]
    return [key for key, why in whys if why.source_type == CORRECTION and why.source_ref == charge_id]


def _uses(state: Account) -> Iterator[_Use]:
    for key, pending in state.pending.items():
        if pending.explanation.kind == "use" and pending.explanation.source_type != CORRECTION:
            yield _Use(key, pending.explanation, pending.line_id)
    for key, billed in state.billed.items():
        if billed.line.explanation.kind == "use" and billed.line.explanation.source_type != CORRECTION:
            yield _Use(key, billed.line.explanation, billed.line.line_id)


def _used(why: Explanation) -> Decimal:
    return why.quantity if why.pricing is None or why.pricing.used is None else why.pricing.used


__all__ = ["CORRECTION", "correct", "correct_work"]
