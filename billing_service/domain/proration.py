"""Proration: what a part of a period is worth, by actual days or by the commercial month of 30 days.

A factor is an exact ``Fraction``; only an amount is rounded (half-up, per line). Parts of one period have factors
that add up to exactly 1 in both bases; amounts add up within half a cent for each part.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from .money import half_up
from .recurrence import Period

Basis = Literal["actual", "commercial_30"]


def days_actual(start: date, end_exclusive: date) -> int:
    return (end_exclusive - start).days


def days_fixed(start: date, end_exclusive: date, days_in_month: int) -> int:
    """Days of a calendar in which all months are equally long (days beyond count as its last). Additive: parts sum to
    the whole."""

    def ordinal(day: date) -> int:
        return (day.year * 12 + day.month) * days_in_month + min(day.day, days_in_month)

    return ordinal(end_exclusive) - ordinal(start)


def days_30(start: date, end_exclusive: date) -> int:
    """Days of the commercial calendar, in which each month has 30."""
    return days_fixed(start, end_exclusive, 30)


def day_counts(period: Period, basis: str = "actual") -> tuple[int, int]:
    """(days charged, days of the whole period) in the given basis."""
    count = days_30 if basis == "commercial_30" else days_actual
    one = timedelta(days=1)
    return count(period.start, period.end + one), count(period.full_start, period.full_end + one)


def factor(period: Period, basis: str = "actual") -> Fraction:
    """Which part of the whole period is charged; 1 for a whole one."""
    if period.is_whole:
        return Fraction(1)
    part, whole = day_counts(period, basis)
    return Fraction(part, whole)


def fixed_month(start: date, end_exclusive: date, months: int = 1, days_in_month: int = 30) -> Fraction:
    """The factor of a stretch of days against ``months`` months that all have the same number of days."""
    return Fraction(days_fixed(start, end_exclusive, days_in_month), days_in_month * months)


def cycles(periods: Iterable[Period], basis: str = "actual") -> Fraction:
    """How many whole periods several periods are worth together: what their price is multiplied by."""
    return sum((factor(period, basis) for period in periods), Fraction(0))


def prorate(price: Decimal, period: Period, basis: str = "actual") -> Decimal:
    """The price of a whole period, prorated to the days charged and rounded half-up to cents."""
    return half_up(Fraction(price) * factor(period, basis))


def credit_note(
    prepaid: Decimal, unused_days: int, period_days: int, tax_percent: Decimal = Decimal(0)
) -> tuple[Decimal, Decimal, Decimal]:
    """(credit, its tax, both) for unused days of a prepaid period: tax on the unrounded base, each half-up."""
    base = Fraction(prepaid) * Fraction(unused_days, period_days)
    credit, tax = half_up(base), half_up(base * Fraction(tax_percent) / 100)
    return credit, tax, credit + tax
