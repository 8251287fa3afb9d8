"""Reminders by level: from which day each may go out. One level per run, none skipped.

A level counts its days from the due day or from the reminder before it, and may wait for the end of that month.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.errors import Refused

from .recurrence import months_after

CountsFrom = Literal["due", "previous"]


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """A reminder ``days`` after the due day (negative: before it) or after the reminder of the level before."""

    level: int
    days: int
    counts_from: CountsFrom = "due"
    at_month_end: bool = False


def reminder_day(rule: ReminderRule, due_on: date, previous_on: date | None = None) -> date | None:
    """The first day of a level's reminder, never before that of the level before; ``None``: that one is missing."""
    if rule.counts_from == "previous" and previous_on is None:
        return None
    counted = previous_on if rule.counts_from == "previous" and previous_on is not None else due_on
    day = counted + timedelta(days=rule.days)
    if rule.at_month_end:
        day = months_after(day.replace(day=1), 1) - timedelta(days=1)
    return day if previous_on is None else max(day, previous_on)


def reminder_days(rules: Iterable[ReminderRule], due_on: date) -> dict[int, date]:
    """The first day of each level, when each reminder goes out on its first possible day."""
    days: dict[int, date] = {}
    previous: date | None = None
    for rule in sorted(rules, key=lambda rule: rule.level):
        previous = reminder_day(rule, due_on, previous)
        if previous is None:
            break
        days[rule.level] = previous
    return days


def next_level(rules: Iterable[ReminderRule], due_on: date, sent: Mapping[int, date], on: date) -> int | None:
    """The level that a run on a day sends, given the days of those that were sent; ``None``: none yet, or no more."""
    previous: date | None = None
    for rule in sorted(rules, key=lambda rule: rule.level):
        if rule.level in sent:
            previous = sent[rule.level]
            continue
        day = reminder_day(rule, due_on, previous)
        return rule.level if day is not None and day <= on else None
    return None


def check_run_day(on: date, last_run_on: date | None) -> None:
    """A run is not dated before the last one: its reminders would be older than those that they follow."""
    if last_run_on is not None and on < last_run_on:
        raise Refused("dunning.run-before-last", on=on, last=last_run_on)
