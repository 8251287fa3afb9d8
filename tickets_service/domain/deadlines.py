"""Deadlines: a target in business time from an instant, with pauses; computed from these facts, never accumulated.

A pause moves a deadline by the business time that it lasted, no more: waiting through a night or a holiday moves
nothing. A pause that begins when the deadline has passed does not move it. During a pause there is no due instant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets_service.domain.calendar import NOTHING, BusinessCalendar


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from ``start`` to ``end``; with no end it still does."""

    start: datetime  # UTC
    end: datetime | None = None  # UTC


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """A target of so much business time."""

    amount: timedelta

    def after(self, calendar: BusinessCalendar, start: datetime) -> datetime:
        return calendar.add(start, self.amount)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A target of so many working days, at the same time of day or at closing."""

    days: int
    end_of_day: bool = False

    def after(self, calendar: BusinessCalendar, start: datetime) -> datetime:
        return calendar.add_days(start, self.days, end_of_day=self.end_of_day)


Target = BusinessTime | WorkingDays


def minutes(amount: int) -> BusinessTime:
    return BusinessTime(timedelta(minutes=amount))


def due_at(
    calendar: BusinessCalendar, start: datetime, target: Target, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """When a clock that started at ``start`` runs out; None while it is paused, or if the calendar never opens."""
    if not calendar.ever_open:
        return None
    due = target.after(calendar, start)
    for pause in merged(pauses, start):
        if pause.start >= due:
            break
        if pause.end is None:
            return None
        due = calendar.add(due, calendar.elapsed(pause.start, pause.end))
    return due


def after_closing(calendar: BusinessCalendar, due: datetime) -> datetime:
    """The next opening for what is due exactly at closing time, for those who want it so; by itself it stays there."""
    return calendar.next_open(due)


def warn_at(
    calendar: BusinessCalendar,
    start: datetime,
    target: BusinessTime,
    pauses: Iterable[Pause] = (),
    share: float = 0.8,
) -> datetime | None:
    """When ``share`` of the target is used up."""
    return due_at(calendar, start, BusinessTime(target.amount * share), pauses)


def escalation_at(calendar: BusinessCalendar, due: datetime, offset: Target) -> datetime:
    """An instant before (negative offset) or after a due instant, in the same business time."""
    return offset.after(calendar, due)


def paused(calendar: BusinessCalendar, pauses: Iterable[Pause], start: datetime, until: datetime) -> timedelta:
    """Business time of the pauses between two instants."""
    total = NOTHING
    for pause in merged(pauses, start):
        total += calendar.elapsed(pause.start, until if pause.end is None else min(pause.end, until))
    return total


def used(calendar: BusinessCalendar, start: datetime, until: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
    """Business time that a clock has run from ``start`` to ``until``, without its pauses."""
    return calendar.elapsed(start, until) - paused(calendar, pauses, start, until)


def pauses_between(running: Iterable[tuple[datetime, datetime | None]], start: datetime) -> tuple[Pause, ...]:
    """The pauses of a clock that is known by the spans in which it ran (the last one may have no end)."""
    pauses, reached = [], start
    for begins, ends in sorted(running, key=lambda span: span[0]):
        if begins > reached:
            pauses.append(Pause(reached, begins))
        if ends is None:
            return tuple(pauses)
        reached = max(reached, ends)
    return (*pauses, Pause(reached))


def merged(pauses: Iterable[Pause], start: datetime) -> tuple[Pause, ...]:
    """The same pauses in order, none overlapping, none before ``start``."""
    result: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.start):
        if pause.end is not None and pause.end <= max(pause.start, start):
            continue
        begins = max(pause.start, start)
        if result and (result[-1].end is None or begins <= result[-1].end):
            last = result[-1]
            ends = None if last.end is None or pause.end is None else max(last.end, pause.end)
            result[-1] = Pause(last.start, ends)
        else:
            result.append(Pause(begins, pause.end))
    return tuple(result)
