"""Kinds that need an account and its runs: its real decider, billing_service/domain/account.py."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from billing_service.domain import commands as c
from billing_service.domain import recurrence as r
from billing_service.domain.account import DECIDER
from billing_service.domain.localtime import local_date
from billing_service.domain.money import is_charged, total
from billing_service.domain.runs import periods_due
from billing_service.domain.state import Account
from billing_service.domain.terms import BillingTerms, ChargeLine
from tests.conformance.adapters.recurrence import cycle_of
from tests.conformance.compare import Told
from tests.conformance.reading import Prose, decimal, instant
from tests.conformance.runner import adapts

ONE_DAY = timedelta(days=1)
ID = "conformance"
START = date(2026, 1, 1)
PRICE = Decimal("100.00")


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=UTC)


def opened(line: ChargeLine, start: date = START, end: date | None = None) -> Account:
    terms = BillingTerms(starts_on=start, ends_on=end, lines=(line,))
    command = c.OpenAccount(
        account_id=ID,
        contract_id=ID,
        customer_id="customer",
        on=start,
        terms=terms,
        contract_number="1",
        at=noon(start),
    )
    return after(Account(), command)


def line_of(given: Mapping[str, Any], amount: Decimal = PRICE) -> ChargeLine:
    rule, mode = given.get("rule", "monthly"), given.get("mode", "advance")
    interval = given.get("interval") or 1
    return ChargeLine("line", "1", "Service", amount, rule=rule, interval=interval, mode=mode)


def after(state: Account, *commands: Any) -> Account:
    for command in commands:
        state = DECIDER.fold(DECIDER.decide(command, state), state)
    return state


def run(on: date, state: Account) -> Account:
    """What is due by a day: each month that has begun, once more each; months billed already give nothing."""
    month = START.replace(day=1)
    while month <= on:
        state = after(state, c.BillMonth(account_id=ID, month=f"{month:%Y-%m}", on=on, at=noon(on)))
        month = r.months_after(month, 1)
    return state


def billed_periods(state: Account) -> list[tuple[date, date]]:
    """First and last days of all that stands on receivables. Two charges for one period are two of them."""
    spans = [(b.line.period_start, b.line.period_end) for b in state.billed.values()]
    return sorted((first, last) for first, last in spans if first and last)


def cancelled_on_the_first_day(amount: Decimal, given: Mapping[str, Any]) -> dict[str, Any]:
    """Billed, and cancelled on the same day, which is still owed."""
    state = run(START, opened(line_of({**given, "rule": given.get("rule", "monthly")}, amount)))
    if given.get("prorate", True):
        stop = c.StopPlanning(account_id=ID, on=START + ONE_DAY, reason="termination", at=noon(START))
        state = after(state, stop)
    receivables = list(state.receivables.values())
    return {
        "invoices": len(receivables),
        "amount": total(each.net for each in receivables),
        "credit_note": total(note.amount for note in state.credit_notes.values()),
    }


CRASHES = re.compile(r"fail|crash|abort|kill|restart|relaunch|timeout", re.I)
AT_ONCE = re.compile(r"at once|parallel|concurren|simultan|two (runs|jobs|process|worker)|same time|overlap", re.I)


@adapts("idempotence")
def idempotence(given: Mapping[str, Any]) -> dict[str, Any]:
    """How often a period is billed by runs that are repeated, late, broken off or started twice at once."""
    line = line_of(given)
    cycle = r.Recurrence(START, line.rule, line.interval)
    text = " ".join(str(value) for value in given.values() if isinstance(value, str))
    if down := given.get("job_down_for"):
        missed = down if isinstance(down, int) else int(str(down).split()[0])
        periods = list(islice(cycle.periods(), missed))
        last = periods[-1]
        on = r.bill_on(last.start, last.end, line.rule, line.mode)
        found = billed_periods(run(on, opened(line, end=last.end)))
        wanted = [(period.start, period.end) for period in periods]
        told = Told(found == wanted, "each missed period is billed once, and they adjoin")
        return {"invoices": len(found), "periods": told}
    period = next(cycle.periods())
    on = r.bill_on(period.start, period.end, line.rule, line.mode)
    state = opened(line, end=period.end)
    counted = (value for key, value in given.items() if "run" in key and isinstance(value, int))
    repeated = next((value for value in counted if not isinstance(value, bool)), None)
    if repeated is not None:
        for _ in range(repeated):
            state = run(on, state)
        count = len(billed_periods(state))
    elif CRASHES.search(text):
        count = _broken_off(state, on)
    elif AT_ONCE.search(text):
        count = _at_once(state, on)
    else:
        raise Prose(text)
    return {"invoices": count, "invoices_for_period": count}


def _broken_off(state: Account, on: date) -> int:
    """A run that fails after each of its events in turn, and is started again: the most that it bills."""
    events = _events_of_run(state, on)
    left = [DECIDER.fold(events[:done], state) for done in range(len(events) + 1)]
    return max(len(billed_periods(run(on, each))) for each in left)


def _at_once(state: Account, on: date) -> int:
    """Two runs decide on the same state. The second finds the stream longer than it read, and decides again."""
    first, second = _events_of_run(state, on), _events_of_run(state, on)
    assert {type(event) for event in first} == {type(event) for event in second}
    return len(billed_periods(run(on, DECIDER.fold(first, state))))


def _events_of_run(state: Account, on: date) -> Sequence[Any]:
    return DECIDER.decide(c.BillMonth(account_id=ID, month=f"{on:%Y-%m}", on=on, at=noon(on)), state)


@adapts("tz_single_billing_day")
def single_billing_day(given: Mapping[str, Any]) -> dict[str, Any]:
    """Bills of one local day, by runs before, on and after it. What fell due earlier was billed on its own day."""
    zone, mode = given["tz"], given.get("mode", "advance")
    cycle = cycle_of({**given, "start": None}, start=local_date(instant(given["subscribed_at"]), zone))
    before, on_day, later = (
        [instant(text) for text in given.get(f"billing_runs_{name}") or ()] for name in ("before", "on_day", "after")
    )
    day = local_date(on_day[0], zone)
    billed = {period.start for period in r.billed_by(cycle, day - ONE_DAY, mode)}
    counts = []
    invoices: list[date] = []
    for runs in (before, on_day, later):
        for at in runs:
            for period in periods_due(cycle, mode, at, zone, billed):
                billed.add(period.start)
                invoices.append(r.bill_on(period.start, period.end, cycle.rule, mode))
        counts.append(len(invoices))
    return {
        "local_billing_date": invoices[0] if invoices else None,
        "invoices_after_runs_before": counts[0],
        "invoices_after_runs_on_day": counts[1],
        "invoices_after_runs_after": counts[2],
    }


@adapts("zero_quantity")
def zero_quantity(given: Mapping[str, Any]) -> dict[str, Any]:
    """Through the account where nothing is charged for nothing, which is our rule; by the setting otherwise."""
    quantity = decimal(given["quantity"])
    if not given.get("skip_zero", True):
        return {"lines": int(is_charged(quantity * PRICE, skip_zero=False))}
    command = c.AddCharge(
        account_id=ID,
        quantity=quantity,
        unit_price=PRICE,
        occurred_on=START,
        source_type="work",
        source_ref="1",
        description="Hours",
        at=noon(START),
    )
    return {"lines": sum(1 for charge in after(Account(), command).pending.values() if not charge.planned)}
