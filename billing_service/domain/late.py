"""Late charges: a fine once, and simple interest for each day, by the contract's terms.

The fine is at most 2 % in consumer contracts (CDC art. 52 §1), once per receivable. Interest runs pro rata die on
a month of 30 days, from the original due day when the payable day has passed without payment; a payment on the
payable day owes nothing.

Where no interest was agreed, the published *taxa legal* is owed (CC art. 406, Lei 14.905/2024): simple, each month's rate for
its days of delay by the days of that month (Res. CMN 5.171/2024), never negative. Monetary correction, where it is agreed,
multiplies the debt by the published index of each month in the same way, and never makes it smaller; fine and interest are
owed on the corrected debt. A month without a published value counts nothing until it is loaded.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .money import ZERO, half_up

LEGAL = "taxa_legal"


@dataclass(frozen=True, slots=True)
class LateCharges:
    days: int
    fine: Decimal
    interest: Decimal
    correction: Decimal = ZERO
    unpublished: tuple[date, ...] = ()  # months of the delay of which no value is known yet

    @property
    def total(self) -> Decimal:
        return self.fine + self.interest + self.correction


@dataclass(frozen=True, slots=True)
class IndexMonth:
    """A published value: percent of the month that begins on ``month``. ``index``: taxa_legal, ipca, igpm."""

    index: str
    month: date
    percent: Decimal


def days_late(due_on: date, payable_on: date, on: date) -> int:
    """0 until the payable day, then the days since the original due day."""
    return (on - due_on).days if on > payable_on else 0


def fine_of(principal: Decimal, fine_percent: Decimal) -> Decimal:
    return half_up(Fraction(principal) * Fraction(fine_percent) / 100)


def interest_of(principal: Decimal, days: int, percent_month: Decimal, day_basis: int = 30) -> Decimal:
    return half_up(Fraction(principal) * Fraction(percent_month) / 100 * Fraction(days, day_basis))


def late_charges(
    principal: Decimal, days: int, fine_percent: Decimal, interest_percent_month: Decimal, day_basis: int = 30
) -> LateCharges:
    """What ``principal`` owes after ``days`` days of delay (0: nothing)."""
    if days <= 0 or principal <= 0:
        return LateCharges(0, half_up(0), half_up(0))
    fine = fine_of(principal, fine_percent)
    return LateCharges(days, fine, interest_of(principal, days, interest_percent_month, day_basis))


def legal_interest(principal: Decimal, since: date, on: date, table: Sequence[IndexMonth]) -> Decimal:
    """Simple interest by the *taxa legal* for the days after ``since`` until ``on``."""
    rates = _percents(table, LEGAL)
    share = sum(
        (max(Fraction(0), rates.get(month, Fraction(0))) * part for month, part in _months(since, on)), Fraction(0)
    )
    return half_up(Fraction(principal) * share / 100)


def correction_of(principal: Decimal, since: date, on: date, index: str, table: Sequence[IndexMonth]) -> Decimal:
    """What the index adds to a debt for the days after ``since`` until ``on``."""
    values, factor = _percents(table, index), Fraction(1)
    for month, part in _months(since, on):
        factor *= 1 + values.get(month, Fraction(0)) * part / 100
    return max(ZERO, half_up(Fraction(principal) * (factor - 1)))


def unpublished(since: date, on: date, index: str, table: Sequence[IndexMonth]) -> tuple[date, ...]:
    known = _percents(table, index)
    return tuple(month for month, _ in _months(since, on) if month not in known)


def _percents(table: Sequence[IndexMonth], index: str) -> dict[date, Fraction]:
    return {value.month: Fraction(value.percent) for value in table if value.index == index}


def _months(since: date, on: date) -> Iterator[tuple[date, Fraction]]:
    """The months of a delay, each with the part of its days that belong to it."""
    day = since + timedelta(days=1)
    while day <= on:
        whole = monthrange(day.year, day.month)[1]
        last = min(on, day.replace(day=whole))
        yield day.replace(day=1), Fraction((last - day).days + 1, whole)
        day = last + timedelta(days=1)
