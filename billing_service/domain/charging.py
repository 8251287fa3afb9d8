"""Rules of charging: open the account, take terms, stop and resume, add a charge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from services.errors import Refused

from . import commands as c
from . import events as e
from .contesting import held_if_contested
from .credits import credit_tail
from .draft import Draft, today
from .explanation import Explanation, Pricing
from .ids import added_charge_id
from .money import is_charged, plain
from .planning import first_day, horizon, plan, priced_alike
from .state import Account, Billed, Charge
from .terms import BillingTerms, ChargeLine
from .usage import use_of

ONE_DAY = timedelta(days=1)


def open_account(command: c.OpenAccount, state: Account) -> Sequence[Any]:
    if state.is_open:
        return []
    draft = Draft(state).add(
        e.AccountOpened(
            command.account_id, command.contract_id, command.customer_id, command.on, command.contract_number
        ),
        e.TermsTaken(command.account_id, command.terms.starts_on, command.terms, command.cause),
    )
    begins = max([command.on, command.terms.starts_on, *([today(draft.state, None, command.at)] if command.at else [])])
    through = horizon(begins)
    since, taken_over = first_day(command.terms), command.terms.billing.by_first_bill
    if taken_over:  # what was to be billed before this month was billed elsewhere
        since = max(since, begins.replace(day=1))
    charges = [charge for charge in plan(draft.state, since, through) if not taken_over or charge.bill_on >= since]
    # said even when it is empty: so far is planned
    draft.add(e.ChargesPlanned(command.account_id, through, tuple(charges)))
    return draft.events


def take_terms(command: c.TakeTerms, state: Account) -> Sequence[Any]:
    current = state.versions[-1]
    taken = _renewed(command, state) if command.cause.startswith("renewal") else [(command.effective_on, command.terms)]
    effective_on = taken[0][0]
    if command.terms == current.terms and effective_on >= current.effective_on:
        return []
    draft = Draft(state)
    for day, terms in taken:
        draft.add(e.TermsTaken(state.account_id, day, terms, command.cause))
    now = today(draft.state, None, command.at)
    gone = _one_off_undone(state, command) if command.cause.endswith("undone") else []
    for billed in [*_billed_since(state, effective_on), *gone]:
        first = _first_day_otherwise(state, billed, command.terms, effective_on)
        if first is not None:
            credit_tail(draft, billed, first, now, f"terms: {command.cause}")
    draft.settle(_credited(draft), now).regularise(now)
    _plan(draft, _floor(state, effective_on), max(horizon(effective_on), state.through or effective_on))
    return draft.events


def _renewed(command: c.TakeTerms, state: Account) -> list[tuple[date, BillingTerms]]:
    """A renewal leaves no gap: recorded after the end, or prolonging an addendum that holds only later, what was in
    force on the last day goes on from there."""
    end = state.version_at(command.effective_on - ONE_DAY).terms.ends_on
    if end is None or command.effective_on <= end + ONE_DAY:
        return [(command.effective_on, command.terms)]
    goes_on = replace(state.version_at(end).terms, ends_on=command.terms.ends_on)
    if goes_on == command.terms:
        return [(end + ONE_DAY, goes_on)]
    return [(end + ONE_DAY, goes_on), (command.effective_on, command.terms)]


def stop_planning(command: c.StopPlanning, state: Account) -> Sequence[Any]:
    if state.stops and state.stops[-1][1] is None and state.stops[-1][0] <= command.on:
        return []
    if command.reason == "suspension" and state.terms.billing.suspension == "keep":
        return []
    draft = Draft(state).add(e.PlanningStopped(state.account_id, command.on, command.reason))
    now = today(state, None, command.at)
    for billed in _billed_since(state, command.on):
        credit_tail(draft, billed, command.on, now, command.reason)
    draft.settle(_credited(draft), now).regularise(now)
    _plan(draft, _floor(state, command.on), state.through or command.on)
    return draft.events


def resume_planning(command: c.ResumePlanning, state: Account) -> Sequence[Any]:
    if not state.stops or state.stops[-1][1] is not None:
        return []
    draft = Draft(state).add(e.PlanningResumed(state.account_id, command.on))
    _plan(draft, command.on, max(horizon(command.on), state.through or command.on))
    return draft.events


def add_charge(command: c.AddCharge, state: Account) -> Sequence[Any]:
    charge_id = added_charge_id(command.account_id, command.source_type, command.source_ref)
    if charge_id in state.pending or charge_id in state.billed or charge_id in state.withdrawn:
        return []
    version = state.version_at(command.occurred_on) if state.versions else None
    line = _use_line(command, version.terms) if version else None
    price = command.unit_price if command.unit_price is not None else (line.amount if line else None)
    if price is None:
        raise Refused("charge.no-price", source_ref=command.source_ref)
    own = None if command.source_type == "work" else line
    use = use_of(state, own, version.terms if version else None, command.quantity, price, command.occurred_on)
    exact, amount = use.exact, use.amount
    if not is_charged(amount) and use.pricing is None:
        return []
    pricing = use.pricing
    if command.most is not None and amount > command.most:
        exact, amount = Fraction(command.most), command.most
        used = command.used or command.quantity + (command.included or 0)
        pricing = Pricing(price, limit="ceiling", used=used, included=command.included, ceiling=command.most)
        if not is_charged(amount):
            return []
    if pricing is None and command.included:  # tickets divided it already
        pricing = Pricing(price, used=command.used or command.quantity + command.included, included=command.included)
    explanation = Explanation(
        kind="use",
        amount=amount,
        clause=line.clause if line else "",
        cause=version.cause if version else "",
        terms=version.effective_on if version else None,
        period_start=use.period.start if use.period else None,
        period_end=use.period.end if use.period else None,
        quantity=use.quantity,
        unit_price=price,
        exact=plain(exact) if exact != Fraction(amount) else None,
        rounding="half_up" if exact != Fraction(amount) else "none",
        source_type=command.source_type,
        source_ref=command.source_ref,
        source_label=command.source_label,
        occurred_on=command.occurred_on,
        reason=command.reason,
        pricing=pricing,
        request_id=command.request_id or "",
    )
    return held_if_contested(
        state,
        e.ChargeAdded(
            account_id=command.account_id,
            charge_id=charge_id,
            line_id=line.line_id if line else command.line_id,
            clause=explanation.clause,
            description=command.description or (line.description if line else ""),
            quantity=use.quantity,
            unit_price=price,
            amount=amount,
            occurred_on=command.occurred_on,
            bill_on=command.occurred_on,
            source_type=command.source_type,
            source_ref=command.source_ref,
            reason=command.reason,
            explanation=explanation,
            request_id=command.request_id,
        ),
    )


def _plan(draft: Draft, since: date, through: date) -> None:
    charges = plan(draft.state, since, through)
    if charges:
        draft.add(e.ChargesPlanned(draft.state.account_id, through, tuple(charges)))


def _floor(before: Account, day: date) -> date:
    """From where to plan anew: planned charges that reach ``day`` are void from their own start."""
    starts = [p.period_start for p in before.pending.values() if _reaches(p, day) and p.period_start]
    return min([day, *starts])


def _reaches(charge: Charge, day: date) -> bool:
    return charge.planned and charge.period_end is not None and charge.period_end >= day


def _billed_since(state: Account, day: date) -> list[Billed]:
    """Billed charges of recurring lines whose owed days reach ``day``; discounts first, so that what is taken back of
    them is set off against what is credited."""
    reach = [billed for billed in state.billed.values() if billed.covers and billed.end and billed.end >= day]
    recurring = [billed for billed in reach if billed.line.explanation.kind == "period"]
    return sorted(recurring, key=lambda billed: (billed.kept >= 0, billed.start, billed.line.charge_id))


def _one_off_undone(state: Account, command: c.TakeTerms) -> list[Billed]:
    """What was charged once because of an addendum that is void."""
    once = [each for each in state.billed.values() if each.covers and each.line.explanation.kind == "once"]
    return [
        each
        for each in once
        if each.start and each.start >= command.effective_on and command.terms.line(each.line.line_id) is None
    ]


def _first_day_otherwise(state: Account, billed: Billed, terms: BillingTerms, effective_on: date) -> date | None:
    """From which day of a billed charge the new terms charge otherwise, or not at all."""
    assert billed.start is not None
    assert billed.end is not None
    first = max(billed.start, effective_on)
    old = state.version_at(first).terms
    was, now = old.line(billed.line.line_id), terms.line(billed.line.line_id)
    if now is None or not priced_alike(was, now) or (was and was.span(old)[0] != now.span(terms)[0]):
        return first
    end = now.span(terms)[1]
    return max(first, end + ONE_DAY) if end is not None and end < billed.end else None


def _credited(draft: Draft) -> list[str]:
    return [event.receivable_id for event in draft.events if isinstance(event, e.CreditNoteIssued)]


def _use_line(command: c.AddCharge, terms: BillingTerms) -> ChargeLine | None:
    """The per-use line that this charge belongs to: the named one, else the one of its service type."""
    if command.line_id is not None:
        return terms.line(command.line_id)
    of_service = (line for line in terms.lines if line.kind == "per_use" and command.service_type_id is not None)
    return next((line for line in of_service if line.service_type_id == command.service_type_id), None)


__all__ = ["add_charge", "open_account", "resume_planning", "stop_planning", "take_terms"]
