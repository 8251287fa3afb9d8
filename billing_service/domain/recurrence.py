"""Recurrence: which periods a charge line has, and on which day each is billed.

A line has a start, a rule and an interval. Its *cycle dates* tile time: period k runs from one cycle date to the
day before the next, the first from the line's start, the last until its end. Cycle dates are always computed
from the anchor, never from the cycle before, so that the 31st survives February.

Periods are inclusive on both sides. ``full_start``/``full_end`` are the whole period that a shortened one is a
part of: the denominator of its proration.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Literal

Rule = Literal["daily", "weekly", "thirty_days", "monthly", "monthly_last_day", "quarterly", "semesterly", "yearly"]
Mode = Literal["advance", "arrears"]
Align = Literal["anniversary", "calendar"]

DAYS = {"daily": 1, "weekly": 7, "thirty_days": 30}
MONTHS = {"monthly": 1, "monthly_last_day": 1, "quarterly": 3, "semesterly": 6, "yearly": 12}
RULES: tuple[str, ...] = (*DAYS, *MONTHS)
ONE_DAY = timedelta(days=1)


def months_after(day: date, months: int, anchor_day: int | None = None) -> date:
    """The day ``months`` later with the anchor's day of month, or the month's last day where that is shorter."""
    month = day.year * 12 + day.month - 1 + months
    year, month0 = divmod(month, 12)
    return date(year, month0 + 1, min(anchor_day or day.day, monthrange(year, month0 + 1)[1]))


def step(day: date, rule: str, steps: int = 1, anchor_day: int | None = None) -> date:
    """``steps`` periods of ``rule`` after ``day`` (negative: before). No end-of-month rule but the anchor's."""
    if rule in DAYS:
        return day + timedelta(days=DAYS[rule] * steps)
    return months_after(day, MONTHS[rule] * steps, anchor_day)


def step_dates(start: date, rule: str, count_: int) -> list[date]:
    """``start`` and the ``count_`` dates after it, each computed from the start."""
    return [step(start, rule, k) for k in range(count_ + 1)]


def whole_periods(start: date, end_exclusive: date, rule: str, interval: int = 1) -> int:
    """How many whole periods fit between two days; each boundary is computed from the start."""
    if rule in DAYS:
        return max(0, (end_exclusive - start).days // (DAYS[rule] * interval))
    months = (end_exclusive.year - start.year) * 12 + end_exclusive.month - start.month
    steps = months // (MONTHS[rule] * interval)
    return max(0, steps if step(start, rule, steps * interval) <= end_exclusive else steps - 1)


def months_in(start: date, end: date) -> int:
    """Whole months of an inclusive period: 5 January to 4 January next year are 12, not 13."""
    return whole_periods(start, end + ONE_DAY, "monthly")


def next_on_cycle(cycle_anchor: date, on_or_after: date, rule: str, interval: int = 1) -> date:
    """The first cycle date on or after a day, for cycles that run from ``cycle_anchor``."""
    cycle = Recurrence(start=cycle_anchor, rule=rule, interval=interval)
    k = cycle.index_of(on_or_after)
    found = cycle.cycle_date(k)
    return found if found >= on_or_after else cycle.cycle_date(k + 1)


@dataclass(frozen=True, slots=True)
class Period:
    """``start``..``end`` is what is charged, ``full_start``..``full_end`` the whole period around it; inclusive."""

    start: date
    end: date
    full_start: date
    full_end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def full_days(self) -> int:
        return (self.full_end - self.full_start).days + 1

    @property
    def is_whole(self) -> bool:
        return (self.start, self.end) == (self.full_start, self.full_end)

    def clip(self, first: date, last: date | None) -> Period | None:
        """The part of this period within ``first``..``last``, or ``None`` when nothing is left."""
        start = max(self.start, first)
        end = self.end if last is None else min(self.end, last)
        return Period(start, end, self.full_start, self.full_end) if start <= end else None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """``anchor_day``: day of month of the cycle dates (default: the start's). ``align="calendar"``: civil weeks
    (Monday), months, quarters, half-years and years. ``monthly_last_day`` is always aligned to civil months."""

    start: date
    rule: str = "monthly"
    interval: int = 1
    anchor_day: int | None = None
    align: str = "anniversary"
    end: date | None = None

    @property
    def day_of_month(self) -> int:
        return 1 if self.is_calendar else (self.anchor_day or self.start.day)

    @property
    def is_calendar(self) -> bool:
        return self.align == "calendar" or self.rule == "monthly_last_day"

    def _calendar_unit(self) -> date:
        """The first day of the civil unit that the start lies in."""
        if self.rule == "weekly":
            return self.start - timedelta(days=self.start.weekday())
        if self.rule in DAYS:
            return self.start
        months = MONTHS[self.rule]
        return date(self.start.year, (self.start.month - 1) // months * months + 1, 1)

    def first_cycle_date(self) -> date:
        """The first cycle date on or after the start. Days before it are a shortened first period."""
        if self.is_calendar:
            unit = self._calendar_unit()
            return unit if unit >= self.start else step(unit, self.rule, self.interval)
        if self.rule in DAYS:
            return self.start
        this_month = months_after(self.start, 0, self.day_of_month)
        return this_month if this_month >= self.start else self._from(this_month, 1)

    def _from(self, first: date, k: int) -> date:
        return step(first, self.rule, k * self.interval, self.day_of_month if self.rule in MONTHS else None)

    def cycle_date(self, k: int) -> date:
        """Cycle date k: 0 is the first on or after the start."""
        return self._from(self.first_cycle_date(), k)

    def index_of(self, day: date) -> int:
        """The index of the last cycle date on or before ``day``; −1 within a shortened first period."""
        first = self.first_cycle_date()
        if day < first:
            return -1
        if self.rule in DAYS:
            return (day - first).days // (DAYS[self.rule] * self.interval)
        months = (day.year - first.year) * 12 + day.month - first.month
        k = months // (MONTHS[self.rule] * self.interval)
        return k if self._from(first, k) <= day else k - 1

    def period(self, k: int) -> Period | None:
        """Period k, cut at the line's start and end; k = −1 is the shortened first one. ``None``: it is empty."""
        first = self.first_cycle_date()
        full_end = self._from(first, k + 1) - ONE_DAY
        # Before the first cycle date the whole period is one plain step back, without the anchor: 28 February
        # with anchor 31 is preceded by 28 January.
        full_start = step(first, self.rule, -self.interval) if k < 0 else self._from(first, k)
        return Period(full_start, full_end, full_start, full_end).clip(self.start, self.end)

    def periods(self, since: date | None = None) -> Iterator[Period]:
        """All periods that touch days from ``since`` on, in order; endless when the line has no end."""
        for k in count(self.index_of(max(since or self.start, self.start))):
            period = self.period(k)
            if period is not None:
                yield period
            elif k >= 0:
                return

    def period_containing(self, day: date) -> Period | None:
        if day < self.start or (self.end is not None and day > self.end):
            return None
        return self.period(self.index_of(day))

    def last_complete(self, day: date) -> Period | None:
        """The last period that ended before ``day``: what a run in arrears on that day bills."""
        if self.end is not None and day > self.end:
            return self.period_containing(self.end)
        current = self.index_of(day)
        return self.period(current - 1) if current >= 0 else None


def default_offset(rule: str, mode: str) -> int:
    """Days from the period's start (advance) or end (arrears) to its bill day."""
    return 0 if mode == "advance" or rule == "monthly_last_day" else 1


def bill_on(start: date, end: date, rule: str, mode: str, offset_days: int | None = None) -> date:
    """The day on which a period is billed: at its start in advance, after its end in arrears."""
    offset = default_offset(rule, mode) if offset_days is None else offset_days
    return (start if mode == "advance" else end) + timedelta(days=offset)


def _base(bill_day: date, rule: str, mode: str, offset_days: int | None) -> date:
    """The period's start (advance) or end (arrears) that a bill day stands for."""
    return bill_day - timedelta(days=default_offset(rule, mode) if offset_days is None else offset_days)


def period_around(
    bill_day: date, rule: str, interval: int, mode: str, offset_days: int | None = None
) -> tuple[date, date]:
    """The whole period that a bill on ``bill_day`` stands for (a bill day that a person chose included)."""
    base = _base(bill_day, rule, mode, offset_days)
    if rule == "monthly_last_day":
        first = base.replace(day=1)
        if mode == "advance":
            return first, step(first, rule, interval) - ONE_DAY
        return step(first, rule, 1 - interval), step(first, rule) - ONE_DAY
    if mode == "advance":
        return base, step(base, rule, interval) - ONE_DAY
    after = base + ONE_DAY
    return step(after, rule, -interval), base


def moved_period(
    bill_day: date,
    rule: str,
    interval: int,
    mode: str,
    *,
    start: date,
    billed_through: date | None = None,
    end: date | None = None,
    offset_days: int | None = None,
) -> Period | None:
    """The period billed when a person moves the bill day: it stretches or shrinks from the day after
    ``billed_through`` so that no day is lost or billed twice. In arrears it ends where the bill day says, also where
    that is not the end of a month (``monthly_last_day``)."""
    full_start, full_end = period_around(bill_day, rule, interval, mode, offset_days)
    first = start if billed_through is None else billed_through + ONE_DAY
    last = full_end if mode == "advance" else _base(bill_day, rule, mode, offset_days)
    last = last if end is None else min(last, end)
    return Period(first, last, full_start, full_end) if first <= last else None


def billed_by(cycle: Recurrence, on: date, mode: str, offset_days: int | None = None) -> Iterator[Period]:
    """The periods whose bill day has come by ``on``, in order: what all runs until that day have billed."""
    for period in cycle.periods():
        if bill_on(period.start, period.end, cycle.rule, mode, offset_days) > on:
            return
        yield period
