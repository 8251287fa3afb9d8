"""Monthly recurring revenue: what a contract's recurring lines come to in a month, net of recurring discounts (ADR 0020)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .money import ZERO, half_up
from .pricing import ONE_DAY, changes, price_on
from .recurrence import DAYS, MONTHS, months_after
from .terms import BillingTerms, ChargeLine, Discount

DAYS_OF_A_MONTH = Fraction(365, 12)

Stop = tuple[date, date | None]
"""First day without the contract, and the first day with it again."""


@dataclass(frozen=True, slots=True)
class Step:
    """From this day on, until the next one, the contract comes to so much a month."""

    on: date
    monthly: Decimal


@dataclass(frozen=True, slots=True)
class Movement:
    """``kind``: new, expansion, contraction, churn, reactivation."""

    on: date
    kind: str
    amount: Decimal


def steps(terms: BillingTerms, since: date) -> list[Step]:
    """What the terms come to from a day on: another step where a line begins or has ended, or a discount does."""
    lines = [_listed(line, terms) for line in terms.lines if line.kind == "recurring"]
    days = {since} | {day for line in lines for day in _turns(line, since)}
    found = [Step(day, _on(lines, day)) for day in sorted(days)]
    return [step for before, step in zip([None, *found], found, strict=False) if _differs(before, step)]


def with_steps(known: Iterable[Step], terms: BillingTerms, since: date) -> list[Step]:
    """New terms replace what was foreseen from their day on."""
    return [*(step for step in known if step.on < since), *steps(terms, since)]


def stopped(known: Sequence[Stop], on: date) -> list[Stop]:
    """The contract ends."""
    return [*((first, min(last or on, on)) for first, last in known if first < on), (on, None)]


def resumed(known: Sequence[Stop], on: date) -> list[Stop]:
    """It goes on from this day; an end that is undone from its own day on never was."""
    closed = [(first, on if last is None else last) for first, last in known]
    return [(first, last) for first, last in closed if first < last]


def movements(known: Sequence[Step], stops: Sequence[Stop]) -> list[Movement]:
    """How a contract's recurring revenue moves, day by day. A suspension is no movement: the contract goes on."""
    begins = {first for first, _ in stops}
    ends = {last for _, last in stops if last is not None}
    made: list[Movement] = []
    level, ever = ZERO, False
    for day in sorted({step.on for step in known} | begins | ends):
        now = ZERO if _off(stops, day) else _level(known, day)
        if now == level:
            continue
        change = now - level
        if now == 0 and day in begins:
            kind = "churn"
        elif day in ends or (ever and level == 0 and _off(stops, day - ONE_DAY)):
            kind = "reactivation"
        elif not ever:
            kind = "new"
        else:
            kind = "expansion" if change > 0 else "contraction"
        made.append(Movement(day, kind, change))
        level, ever = now, True
    return made


def _listed(line: ChargeLine, terms: BillingTerms) -> ChargeLine:
    """The line with the discounts that count: those that hold for more than one of its periods."""
    begins, _ = line.span(terms)
    return replace(line, discounts=tuple(each for each in line.discounts if not _once(each, line, begins)))


def _once(discount: Discount, line: ChargeLine, begins: date) -> bool:
    if discount.ends_on is None:
        return False
    first = discount.starts_on or begins
    if line.rule in DAYS:
        next_period = first + timedelta(days=DAYS[line.rule] * line.interval)
    else:
        next_period = months_after(first, MONTHS[line.rule] * line.interval)
    return discount.ends_on < next_period


def _turns(line: ChargeLine, since: date) -> list[date]:
    own = [line.starts_on, line.ends_on + ONE_DAY if line.ends_on else None]
    return [day for day in own if day is not None and day > since] + changes(line, since, None)


def _on(lines: Sequence[ChargeLine], day: date) -> Decimal:
    held = (line for line in lines if _runs(line, day))
    return half_up(sum((_monthly(line, price_on(line, day).amount) for line in held), Fraction(0)))


def _runs(line: ChargeLine, day: date) -> bool:
    """Whether the line counts: by its own days. That the contract's period ends is no movement: it may be renewed."""
    return (line.starts_on is None or line.starts_on <= day) and (line.ends_on is None or day <= line.ends_on)


def _monthly(line: ChargeLine, price: Decimal) -> Fraction:
    """A quarterly line is a third, a weekly one 365/12/7 of its price."""
    if line.rule in DAYS:
        return Fraction(price) * DAYS_OF_A_MONTH / (DAYS[line.rule] * line.interval)
    return Fraction(price) / (MONTHS[line.rule] * line.interval)


def _differs(before: Step | None, step: Step) -> bool:
    return before is None or before.monthly != step.monthly


def _level(known: Sequence[Step], day: date) -> Decimal:
    return next((step.monthly for step in reversed(known) if step.on <= day), ZERO)


def _off(stops: Sequence[Stop], day: date) -> bool:
    return any(first <= day and (last is None or day < last) for first, last in stops)


__all__ = ["Movement", "Step", "Stop", "movements", "resumed", "steps", "stopped", "with_steps"]
