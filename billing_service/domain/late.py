"""Late charges: a fine once, and simple interest for each day, by the contract's terms.

The fine is at most 2 % in consumer contracts (CDC art. 52 §1), once per receivable. Interest runs pro rata die on
a month of 30 days, from the original due day when the payable day has passed without payment; a payment on the
payable day owes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .money import half_up


@dataclass(frozen=True, slots=True)
class LateCharges:
    days: int
    fine: Decimal
    interest: Decimal

    @property
    def total(self) -> Decimal:
        return self.fine + self.interest


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
