"""Proration: what a part of a period is worth, by actual days or by the commercial month of 30 days.

A factor is an exact ``Fraction``; only an amount is rounded (half-up, per line). Parts of one period have factors
that add up to exactly 1 in both bases; amounts add up within half a cent for each part.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from .money import half_up
from .recurrence import Period

Basis = Literal["actual", "commercial_30"]


def days_actual(start: date, end_exclusive: date) -> int:
    return (end_exclusive - start).days


def days_30(start: date, end_exclusive: date) -> int:
    """Days of a calendar in which each month has 30 (day 31 counts as 30). Additive: parts sum to the whole."""
    return _ordinal_30(end_exclusive) - _ordinal_30(start)


def _ordinal_30(day: date) -> int:
    return day.year * 360 + day.month * 30 + min(day.day, 30)


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


def fixed_30(start: date, end_exclusive: date, months: int = 1) -> Fraction:
    """The commercial factor of a stretch of days against ``months`` months of 30 days."""
    return Fraction(days_30(start, end_exclusive), 30 * months)


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
