"""Use beyond what a line includes per period, and a period's ceiling: what of a use is charged.

Work that tickets tell is beyond the service's included quantity already; a line's own applies to all other uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .explanation import Pricing
from .money import ZERO, half_up
from .recurrence import Period
from .state import Account
from .terms import BillingTerms, ChargeLine


@dataclass(frozen=True, slots=True)
class Use:
    """``quantity`` is charged, for ``amount``; ``period`` and ``pricing`` say why it is not all."""

    quantity: Decimal
    amount: Decimal
    exact: Fraction
    period: Period | None = None
    pricing: Pricing | None = None


def use_of(
    state: Account, line: ChargeLine | None, terms: BillingTerms | None, quantity: Decimal, price: Decimal, on: date
) -> Use:
    exact = Fraction(price) * Fraction(quantity)
    if line is None or terms is None or (line.included_quantity is None and line.ceiling is None):
        return Use(quantity, half_up(exact), exact)
    period = next(line.recurrence(terms).periods(on), None)
    if period is None:  # after the line's end nothing is included
        return Use(quantity, half_up(exact), exact)
    share = share_of(line, quantity, price, *_before(state, line.line_id, period.start))
    pricing = Pricing(list_price=price, limit=share.limit, used=quantity, included=share.included, ceiling=line.ceiling)
    return Use(quantity - share.included, share.amount, share.exact, period, pricing)


@dataclass(frozen=True, slots=True)
class Share:
    """What of a use is included, and what the rest costs; ``limit``: the bound it met."""

    included: Decimal
    amount: Decimal
    exact: Fraction
    limit: str = ""


def share_of(line: ChargeLine | None, used: Decimal, price: Decimal, before: Decimal, charged: Decimal) -> Share:
    """A use after ``before`` was used of the period and ``charged`` for it."""
    included = min(max(Decimal(0), ((line and line.included_quantity) or Decimal(0)) - before), used)
    exact = Fraction(price) * Fraction(used - included)
    amount = half_up(exact)
    if line is not None and line.ceiling is not None and charged + amount > line.ceiling:
        amount = max(ZERO, line.ceiling - charged)
        return Share(included, amount, Fraction(amount), "ceiling")
    return Share(included, amount, exact)


def _before(state: Account, line_id: str, period_start: date) -> tuple[Decimal, Decimal]:
    """What was used of a line in a period before, and what of it is charged."""
    used, charged = Decimal(0), ZERO
    waiting = [(p.line_id, p.explanation, p.amount) for p in state.pending.values()]
    billed = [(b.line.line_id, b.line.explanation, b.kept) for b in state.billed.values()]
    for of_line, why, amount in (*waiting, *billed):
        if of_line == line_id and why.kind == "use" and why.period_start == period_start and why.pricing is not None:
            used += why.pricing.used or Decimal(0)
            charged += amount
    return used, charged
