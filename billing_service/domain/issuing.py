"""Rules of issuing: everything that is to be billed by a day becomes receivables; by a run, or by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from services.errors import Refused

from . import commands as c
from . import events as e
from .business_days import payable_on
from .credits import apply_credit
from .draft import Draft, today
from .ids import receivable_id
from .money import total
from .planning import horizon, month_end, plan_more
from .state import Account, Charge
from .withholding import Rate, Withholder, withholder_on, withholdings

AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class _Bill:
    """``through``: what is to be billed by this day is issued; ``month`` names the receivable."""

    through: date
    month: str
    issued_on: date
    withholders: tuple[Withholder, ...]
    rates: tuple[Rate, ...]
    run_id: str | None = None
    closed: tuple[date, ...] = ()


def bill_month(command: c.BillMonth, state: Account) -> Sequence[Any]:
    """Everything to be billed by the month's end."""
    last, on = last_day(command.month), today(state, command.on, command.at)
    draft = Draft(state)
    facts = (command.withholders, command.rates, command.run_id, command.closed)
    return _issue(draft, _Bill(last, command.month, on, *facts))


def bill_through(command: c.BillThrough, state: Account) -> Sequence[Any]:
    """Everything to be billed by a day."""
    on, month = today(state, command.on, command.at), _month(command.through)
    draft = Draft(state)
    facts = (command.withholders, command.rates, command.run_id, command.closed)
    return _issue(draft, _Bill(command.through, month, on, *facts))


def issue_due(command: c.IssueDue, state: Account) -> Sequence[Any]:
    """What is to be billed by today, where the contract's charges issue themselves. Again: nothing."""
    if state.terms.billing.issue != AUTOMATIC:
        return []
    on = today(state, command.on, command.at)
    draft = Draft(state)
    events = _issue(draft, _Bill(on, _month(on), on, command.withholders, command.rates, None, command.closed))
    target = horizon(on)
    if events or not _goes_on(state, on) or (state.through is not None and state.through >= target):
        return events
    # nothing to issue, but the agenda must move on, so that the next days are known; said even when it is empty
    return Draft(state).add(e.ChargesPlanned(state.account_id, target, tuple(plan_more(state, target)))).events


def last_day(month: str) -> date:
    """The last day of ``YYYY-MM``."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise Refused("account.month-invalid", month=month)
    return month_end(date.fromisoformat(f"{month}-01"))


def _month(day: date) -> str:
    return day.strftime("%Y-%m")


def _goes_on(state: Account, on: date) -> bool:
    ended = state.terms.ends_on is not None and state.terms.ends_on < on
    stopped = bool(state.stops) and state.stops[-1][1] is None
    return not ended and not stopped


def _issue(draft: Draft, bill: _Bill) -> list[Any]:
    """One receivable of everything to be billed by the day, and one more for each due day that finance chose; the
    agenda moves on with it."""
    target = horizon(bill.through)
    if draft.state.through is None or draft.state.through < target:
        charges = plan_more(draft.state, target)
        if charges:
            draft.add(e.ChargesPlanned(draft.state.account_id, target, tuple(charges)))
    issued = False
    for due_on, together in by_due_day(to_bill(draft.state, bill.through, bill.month)):
        gross = total(charge.amount for charge in together)
        if gross > 0:  # discounts that exceed the charges wait for the next bill
            draft.add(_receivable(draft.state, together, gross, bill, due_on))
            issued = True
    if not issued:
        return []
    apply_credit(draft, bill.issued_on)
    return draft.events


def to_bill(state: Account, through: date, month: str) -> list[Charge]:
    """What a bill takes: pending charges whose bill day has come, neither held nor billed elsewhere, in order."""
    begins = _begins(state, month)
    return sorted(
        (p for p in state.pending.values() if p.bill_on <= through and not p.held and not _elsewhere(p, begins)),
        key=lambda p: (p.bill_on, p.clause, p.period_start or p.bill_on, p.charge_id),
    )


def by_due_day(charges: Sequence[Charge]) -> list[tuple[date | None, list[Charge]]]:
    """The charges of each receivable: those with a due day of their own stand apart."""
    days = sorted({charge.due_on for charge in charges}, key=lambda day: day or date.min)
    return [(day, [charge for charge in charges if charge.due_on == day]) for day in days]


def _elsewhere(charge: Charge, begins: date) -> bool:
    """Whether another system billed it."""
    return charge.planned and (charge.moved_from or charge.bill_on) < begins


def _begins(state: Account, month: str) -> date:
    """The first day on which planned charges are billed here. With a contract that was taken over, the first month
    that is billed: what was to be billed before it was billed elsewhere. Where ``billed_through`` says what was, the agenda
    has no such charges."""
    if not state.terms.billing.by_first_bill:
        return date.min
    billed = [receivable.month for receivable in state.receivables.values() if receivable.is_own]
    return date.fromisoformat(f"{min([month, *billed])}-01")


def _receivable(
    state: Account, charges: Sequence[Charge], gross: Decimal, bill: _Bill, chosen: date | None
) -> e.ReceivableIssued:
    items = [(_service_of(charge, state), charge.amount) for charge in charges]
    taxes = withholdings(items, bill.rates, withholder_on(bill.withholders, bill.issued_on), bill.issued_on)
    withheld = total(tax.amount for tax in taxes)
    own = [r for r in state.receivables.values() if r.is_own]
    sequence = sum(1 for r in own if r.month == bill.month) + 1
    terms, rules = state.terms, state.terms.billing
    due_on = max(chosen, bill.issued_on) if chosen else bill.issued_on + timedelta(days=rules.due_days)
    prefix = state.contract_number or state.account_id[:8]
    return e.ReceivableIssued(
        account_id=state.account_id,
        contract_id=state.contract_id,
        customer_id=state.customer_id,
        receivable_id=receivable_id(state.account_id, bill.month, sequence),
        number=f"{prefix}-{bill.month}" + (f".{sequence}" if sequence > 1 else ""),
        issued_on=bill.issued_on,
        due_on=due_on,
        payable_on=payable_on(terms, due_on, bill.closed),
        gross=gross,
        withheld=withheld,
        net=gross - withheld,
        lines=tuple(_line(charge) for charge in charges),
        month=bill.month,
        sequence=sequence,
        withholdings=tuple(taxes),
        run_id=bill.run_id,
    )


def _service_of(charge: Charge, state: Account) -> str | None:
    """The service type of a charge: of its line, in the terms of its day."""
    line = state.version_at(charge.period_start or charge.bill_on).terms.line(charge.line_id)
    return line.service_type_id if line else None


def _line(charge: Charge) -> e.ReceivableLine:
    return e.ReceivableLine(
        charge_id=charge.charge_id,
        line_id=charge.line_id,
        clause=charge.clause,
        description=charge.description,
        period_start=charge.period_start,
        period_end=charge.period_end,
        quantity=charge.quantity,
        unit_price=charge.unit_price,
        amount=charge.amount,
        explanation=charge.explanation,
    )


__all__ = ["AUTOMATIC", "bill_month", "bill_through", "by_due_day", "issue_due", "last_day", "to_bill"]
