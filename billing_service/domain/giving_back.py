"""Rules of giving back: credit granted, credit paid back, a charge withdrawn, and what a termination costs whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.errors import Refused

from . import commands as c
from . import events as e
from . import more_commands as m
from . import more_events as x
from .charging import resume_planning, stop_planning
from .credits import apply_credit, credit_tail
from .draft import Draft, today
from .explanation import Explanation
from .ids import added_charge_id
from .money import ZERO, half_up
from .paying import give_back
from .planning import first_day
from .state import Account, Pending

TERMINATION, UNDONE = "termination", "undone"


def withdraw(command: m.WithdrawCharge, state: Account) -> Sequence[Any]:
    _reason(command.reason)
    on, id_ = today(state, command.on, command.at), command.charge_id
    pending, billed = state.pending.get(id_), state.billed.get(id_)
    if pending is not None and not pending.planned:
        return [x.ChargeWithdrawn(state.account_id, id_, on, command.reason)]
    if pending is not None:
        raise Refused("charge.planned")
    if billed is None:
        raise Refused("charge.unknown")
    if billed.kept <= 0:
        return []
    draft = Draft(state)
    give_back(draft, billed.receivable_id, id_, billed.kept, on, command.reason)
    return draft.settle([billed.receivable_id], on).regularise(on).events


def grant(command: m.GrantCredit, state: Account) -> Sequence[Any]:
    if command.credit_id in state.granted:
        return []
    _reason(command.reason)
    amount = half_up(command.amount)
    if amount <= 0 or amount != command.amount:
        raise Refused("credit.amount-invalid", amount=command.amount)
    on = today(state, command.on, command.at)
    why = Explanation(
        kind="credit", amount=amount, source_type="grant", source_ref=command.credit_id, reason=command.reason
    )
    return _granted(Draft(state), command.credit_id, amount, command.reason, why, on).events


def refund(command: m.RefundCredit, state: Account) -> Sequence[Any]:
    """Oldest credit first, in the order in which it came."""
    if command.refund_id in state.refunds:
        return []
    _reason(command.reason)
    amount = state.credit if command.amount is None else half_up(command.amount)
    if amount <= 0 or (command.amount is not None and amount != command.amount):
        raise Refused("credit.amount-invalid", amount=command.amount or ZERO)
    if amount > state.credit:
        raise Refused("credit.exceeds-credit", amount=amount, limit=state.credit)
    parts, left = [], amount
    for source_id, credit in state.credits.items():
        part = min(left, credit)
        if part > 0:
            parts.append(x.CreditPart(source_id, part))
            left -= part
    return [
        x.CreditRefunded(
            account_id=state.account_id,
            contract_id=state.contract_id,
            customer_id=state.customer_id,
            refund_id=command.refund_id,
            on=today(state, command.on, command.at),
            amount=amount,
            method=command.method,
            reason=command.reason,
            parts=tuple(parts),
        )
    ]


def settle_termination(command: m.SettleTermination, state: Account) -> Sequence[Any]:
    """The fine for leaving early is a charge of its own, or credit where the provider leaves. A consumer who regrets within
    the days of the law owes nothing at all."""
    now = today(state, None, command.at)
    draft = Draft(state)
    if command.refund_all:
        _all_back(draft, command, now)
    if command.fine > 0:
        _fine(draft, command, now)
    return draft.regularise(now).events


def undo_termination(command: m.UndoTermination, state: Account) -> Sequence[Any]:
    draft, on = Draft(state), today(state, command.on, command.at)
    reason = "rescisão desfeita"
    start = _start(state)
    if state.stops and state.stops[-1] == (start, None):  # a regret stopped everything
        draft.add(*resume_planning(c.ResumePlanning(state.account_id, start, command.at), state))
        _charge_anew(draft, on, reason)
    for charge in [p for p in state.pending.values() if p.explanation.source_type == TERMINATION]:
        draft.add(x.ChargeWithdrawn(state.account_id, charge.charge_id, on, reason))
    for id_, billed in state.billed.items():
        if billed.line.explanation.source_type == TERMINATION and billed.kept > 0:
            give_back(draft, billed.receivable_id, id_, billed.kept, on, reason)
            draft.settle([billed.receivable_id], on)
    for credit_id, granted in state.granted.items():
        if granted.explanation.source_type == TERMINATION:
            _charge_back(draft, credit_id, granted, on, reason)
    return draft.regularise(on).events


def _all_back(draft: Draft, command: m.SettleTermination, now: date) -> None:
    """Nothing is owed, not even for the days in force. What was taken off goes first, so that no credit exceeds what was
    billed; charges once are credited with their day, so that an undone regret charges them anew."""
    account_id = draft.state.account_id
    for charge in [p for p in draft.state.pending.values() if not p.planned]:
        draft.add(x.ChargeWithdrawn(account_id, charge.charge_id, now, x.REGRET))
    billed = sorted(draft.state.billed.items(), key=lambda item: item[1].kept >= 0)
    for id_, item in billed:
        if item.kept == 0 or item.line.explanation.kind in ("period", "imported", "taken_over", "instalment"):
            continue
        if item.line.explanation.kind == "once" and item.start is not None:
            credit_tail(draft, item, item.start, now, x.REGRET)
        else:
            give_back(draft, item.receivable_id, id_, item.kept, now, x.REGRET)
    draft.add(*stop_planning(c.StopPlanning(account_id, _start(draft.state), x.REGRET, command.at), draft.state))
    draft.settle([item.receivable_id for _, item in billed], now)
    apply_credit(draft, now)


def _charge_anew(draft: Draft, on: date, reason: str) -> None:
    """What a regret took back and no plan brings again: work, uses and what finance had added. What was not billed yet stands
    there as it was; what was billed and credited is charged by what was credited."""
    state = draft.state
    for charge in state.regretted.values():
        if charge.explanation.source_type != TERMINATION:
            draft.add(_as_it_was(state, charge))
    for note_id, note in state.credit_notes.items():
        billed = state.billed.get(note.charge_id)
        if note.reason != x.REGRET or note.period_start is not None or billed is None or note.amount == 0:
            continue
        charge_id = added_charge_id(state.account_id, UNDONE, note_id)
        if (
            billed.line.explanation.source_type == TERMINATION
            or charge_id in state.pending
            or charge_id in state.billed
        ):
            continue
        why = replace(
            billed.line.explanation, amount=note.amount, source_type=UNDONE, source_ref=note.charge_id, reason=reason
        )
        draft.add(_charge(state, charge_id, billed.line.description, note.amount, on, why))


def _as_it_was(state: Account, charge: Pending) -> e.ChargeAdded:
    why = charge.explanation
    return e.ChargeAdded(
        account_id=state.account_id,
        charge_id=charge.charge_id,
        line_id=charge.line_id,
        clause=charge.clause,
        description=charge.description,
        quantity=charge.quantity,
        unit_price=charge.unit_price,
        amount=charge.amount,
        occurred_on=why.occurred_on or charge.bill_on,
        bill_on=charge.bill_on,
        source_type=why.source_type,
        source_ref=why.source_ref,
        reason=why.reason,
        explanation=why,
        request_id=why.request_id or None,
    )


def _start(state: Account) -> date:
    return min(first_day(version.terms) for version in state.versions)


def _fine(draft: Draft, command: m.SettleTermination, now: date) -> None:
    state = draft.state
    why = Explanation(
        kind="fine",
        amount=command.fine,
        unit_price=command.fine_base,
        factor=f"{format(command.fine_percent.normalize(), 'f')}%",
        source_type=TERMINATION,
        source_ref=command.termination_id,
        occurred_on=command.on,
        reason=TERMINATION,
    )
    if command.by == "provider":
        if command.termination_id not in state.granted:
            _granted(draft, command.termination_id, command.fine, TERMINATION, why, now)
        return
    charge_id = added_charge_id(state.account_id, TERMINATION, command.termination_id)
    if charge_id not in state.pending and charge_id not in state.billed:
        draft.add(_charge(state, charge_id, "Multa por rescisão antecipada", command.fine, command.on, why))


def _granted(draft: Draft, credit_id: str, amount: Decimal, reason: str, why: Explanation, on: date) -> Draft:
    state = draft.state
    draft.add(
        x.CreditGranted(
            account_id=state.account_id,
            contract_id=state.contract_id,
            customer_id=state.customer_id,
            credit_id=credit_id,
            on=on,
            amount=amount,
            reason=reason,
            explanation=why,
        )
    )
    apply_credit(draft, on)
    return draft.regularise(on)


def _charge_back(draft: Draft, credit_id: str, granted: x.CreditGranted, on: date, reason: str) -> None:
    """Credit that should not have been given may be spent already: so it is charged."""
    charge_id = added_charge_id(draft.state.account_id, UNDONE, credit_id)
    if charge_id in draft.state.pending or charge_id in draft.state.billed:
        return
    why = replace(granted.explanation, source_type=UNDONE, source_ref=credit_id, reason=reason)
    draft.add(_charge(draft.state, charge_id, "Estorno da multa por rescisão", granted.amount, on, why))


def _charge(
    state: Account, charge_id: str, description: str, amount: Decimal, on: date, why: Explanation
) -> e.ChargeAdded:
    return e.ChargeAdded(
        account_id=state.account_id,
        charge_id=charge_id,
        line_id=None,
        clause="",
        description=description,
        quantity=Decimal(1),
        unit_price=amount,
        amount=amount,
        occurred_on=on,
        bill_on=on,
        source_type=why.source_type,
        source_ref=why.source_ref,
        reason=why.reason,
        explanation=why,
    )


def _reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("charge.no-reason")
