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
    used, charged = _before(state, line.line_id, period.start)
    included = min(max(Decimal(0), (line.included_quantity or Decimal(0)) - used), quantity)
    beyond = quantity - included
    exact = Fraction(price) * Fraction(beyond)
    amount, limit = half_up(exact), ""
    if line.ceiling is not None and charged + amount > line.ceiling:
        amount, limit = max(ZERO, line.ceiling - charged), "ceiling"
    pricing = Pricing(list_price=price, limit=limit, used=quantity, included=included, ceiling=line.ceiling)
    return Use(beyond, amount, exact if not limit else Fraction(amount), period, pricing)


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
