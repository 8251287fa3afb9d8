"""What a contract is worth a month: recurring lines of any rule brought to months, and months between days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta

from contracts_service.domain.terms import ContractTerms, Line, LineKind, Rule

CENT = Decimal("0.01")

_PER_MONTH = {
    Rule.DAILY: Decimal(365) / 12,
    Rule.WEEKLY: Decimal(365) / 84,
    Rule.THIRTY_DAYS: Decimal(365) / 360,
    Rule.MONTHLY: Decimal(1),
    Rule.MONTHLY_LAST_DAY: Decimal(1),
    Rule.QUARTERLY: Decimal(1) / 3,
    Rule.SEMESTERLY: Decimal(1) / 6,
    Rule.YEARLY: Decimal(1) / 12,
}


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def monthly_amount(terms: ContractTerms, on: date) -> Decimal:
    """The recurring lines in force on a day, per month, rounded half-up to cents."""
    lines = (line for line in terms.lines if line.kind is LineKind.RECURRING and _in_force(line, on))
    return half_up(sum((_per_month(line) for line in lines), Decimal(0)))


def monthly_price(terms: ContractTerms, on: date) -> Decimal:
    """What the recurring lines in force on a day really charge a month: less the discounts of that day, within their bounds."""
    lines = (line for line in terms.lines if line.kind is LineKind.RECURRING and _in_force(line, on))
    return half_up(sum((_net(line, on) * _share(line) for line in lines), Decimal(0)))


def _net(line: Line, on: date) -> Decimal:
    amount = line.amount
    for each in line.discounts:
        if (each.starts_on is None or each.starts_on <= on) and (each.ends_on is None or on <= each.ends_on):
            off = half_up(amount * each.percent / 100) + each.amount
            amount -= min(off, max(Decimal(0), amount))
    if line.minimum is not None and amount < line.minimum:
        return line.minimum
    return line.ceiling if line.ceiling is not None and amount > line.ceiling else amount


def months_between(first: date, last: date) -> Decimal:
    """Months from ``first`` to ``last``, both included; what is no whole month counts as thirtieths."""
    if last < first:
        return Decimal(0)
    gone = relativedelta(last + timedelta(days=1), first)
    return Decimal(gone.years * 12 + gone.months) + Decimal(min(gone.days, 30)) / 30


def _per_month(line: Line) -> Decimal:
    return line.amount * _share(line)


def _share(line: Line) -> Decimal:
    return _PER_MONTH.get(line.rule, Decimal(1)) / line.interval


def _in_force(line: Line, on: date) -> bool:
    return (line.starts_on is None or line.starts_on <= on) and (line.ends_on is None or on <= line.ends_on)
