"""What a line costs on a day: its price, less the discounts that hold then, within its minimum and ceiling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .explanation import AppliedDiscount, Pricing
from .money import ZERO, half_up
from .terms import ChargeLine

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Price:
    """``amount`` per whole period; ``pricing`` says how it came from the list price, ``None`` where it is that."""

    amount: Decimal
    pricing: Pricing | None = None


def price_on(line: ChargeLine, day: date) -> Price:
    """The price of a whole period on a day. A discount counts for the days from its first to its last one."""
    holding = [discount for discount in line.discounts if discount.holds(day)]
    if not holding and line.minimum is None and line.ceiling is None:
        return Price(line.amount)
    amount, applied = line.amount, []
    for discount in holding:
        off = half_up(Fraction(amount) * Fraction(discount.percent) / 100) + discount.amount
        off = min(off, max(ZERO, amount))
        amount -= off
        applied.append(AppliedDiscount(off, discount.percent, discount.ends_on, discount.reason))
    bound, limit = within(amount, line.minimum, line.ceiling)
    if not applied and not limit:
        return Price(line.amount)
    return Price(bound, Pricing(list_price=line.amount, discounts=tuple(applied), limit=limit))


def within(amount: Decimal, minimum: Decimal | None, ceiling: Decimal | None) -> tuple[Decimal, str]:
    """The amount within its bounds, and which of them it met."""
    if minimum is not None and amount < minimum:
        return minimum, "minimum"
    if ceiling is not None and amount > ceiling:
        return ceiling, "ceiling"
    return amount, ""


def changes(line: ChargeLine, first: date, last: date | None) -> list[date]:
    """The days after ``first`` on which the price changes because a discount begins or has ended."""
    begins = {discount.starts_on for discount in line.discounts if discount.starts_on}
    ended = {discount.ends_on + ONE_DAY for discount in line.discounts if discount.ends_on}
    return sorted(day for day in begins | ended if day > first and (last is None or day <= last))
