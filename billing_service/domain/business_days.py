"""Business days and due days: a due day on a weekend or holiday may be paid on the next business day.

Both days are kept: whoever does not pay on the payable day owes interest from the original one
(STJ REsp 1.954.924).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

from .terms import BillingTerms

BusinessDayRule = Literal["next", "none"]


def is_business_day(day: date, holidays: Collection[date] = ()) -> bool:
    return day.weekday() < 5 and day not in holidays


def next_business_day(day: date, holidays: Collection[date] = ()) -> date:
    """The day itself when it is a business day, else the first one after it."""
    while not is_business_day(day, holidays):
        day += timedelta(days=1)
    return day


def add_business_days(day: date, days: int, holidays: Collection[date] = ()) -> date:
    """The day ``days`` business days later."""
    for _ in range(days):
        day = next_business_day(day + timedelta(days=1), holidays)
    return day


def payable_day(due_on: date, rule: str = "next", holidays: Collection[date] = ()) -> date:
    return next_business_day(due_on, holidays) if rule == "next" else due_on


def payable_on(terms: BillingTerms, due_on: date, closed: Collection[date] = ()) -> date:
    """Until when it can be paid without charges: by the contract's rule, its own holidays and the ``closed`` days."""
    return payable_day(due_on, terms.billing.business_day_rule, (*terms.holidays, *closed))


def overdue_from(payable_on: date) -> date:
    """The first day on which it is overdue: the payable day itself is not."""
    return payable_on + timedelta(days=1)
