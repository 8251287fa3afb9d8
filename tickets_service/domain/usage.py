"""Usage: how a quantity of work divides into what the contract includes and what goes beyond it.

Included quantities are per calendar month of the day on which the work was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a service's included quantity in a period, before the work in question."""

    unit: str = "hour"
    remaining: Decimal | None = None  # None: without limit
    unit_price: Decimal | None = None  # beyond what is included; None: no price agreed


def period_of(day: date) -> str:
    """The period of included quantities that a day belongs to, "YYYY-MM"."""
    return f"{day:%Y-%m}"


def divide(quantity: Decimal, remaining: Decimal | None) -> tuple[Decimal, Decimal]:
    """``(included, beyond)``; they add up to the quantity."""
    if remaining is None:
        return quantity, ZERO
    included = min(quantity, max(ZERO, remaining))
    return included, quantity - included


def remaining_of(included_quantity: Decimal | None, used: Decimal) -> Decimal | None:
    """What is left; None where the contract sets no limit."""
    return None if included_quantity is None else max(ZERO, included_quantity - used)
