"""Money: exact arithmetic until the cent, then half-up, per line."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

Number = Decimal | Fraction | int


def half_up(value: Number) -> Decimal:
    """Round to cents, halves away from zero: 0.005 → 0.01, −0.005 → −0.01. Exact for fractions."""
    if isinstance(value, Fraction):
        cents = (2 * abs(value) * 100 + 1) // 2
        return Decimal(int(cents if value >= 0 else -cents)).scaleb(-2)
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def total(amounts: object) -> Decimal:
    """Sum of amounts that are already cents."""
    return sum(amounts, ZERO)  # type: ignore[call-overload, no-any-return]


def is_charged(amount: Number, *, skip_zero: bool = True) -> bool:
    """Whether an amount becomes a line of a receivable: nothing is charged for nothing, unless it shall be seen."""
    return not skip_zero or amount != 0


def plain(value: Number) -> str:
    """A number as people write it: no exponent, no trailing zeros beyond what it has."""
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    return format(Decimal(value), "f")
