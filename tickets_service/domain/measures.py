"""What is measured of a request for the statistics: time taken and left over, time without pauses, answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets_service.domain.calendar import NOTHING, BusinessCalendar
from tickets_service.domain.contacts import Message, answer_times
from tickets_service.domain.deadlines import Pause, paused, used


@dataclass(frozen=True, slots=True)
class Measure:
    """Business time that a clock took, and what is left of its target (negative: by how much it was missed)."""

    took: timedelta
    margin: timedelta

    @property
    def met(self) -> bool:
        return self.margin >= NOTHING


@dataclass(frozen=True, slots=True)
class Resolution:
    """``took`` is the business time from opening to resolution without ``waited``, that of the pauses. Closing comes
    later and changes nothing."""

    took: timedelta
    waited: timedelta


@dataclass(frozen=True, slots=True)
class Answers:
    """``average`` and ``longest`` answer, and ``total``, in which the customer waited for the provider."""

    average: timedelta | None
    longest: timedelta | None
    total: timedelta


def measure(
    calendar: BusinessCalendar, start: datetime, reached: datetime, target: timedelta, pauses: Iterable[Pause] = ()
) -> Measure:
    took = used(calendar, start, reached, pauses)
    return Measure(took, target - took)


def resolution(
    calendar: BusinessCalendar, opened: datetime, resolved: datetime, pauses: Sequence[Pause] = ()
) -> Resolution:
    waited = paused(calendar, pauses, opened, resolved)
    return Resolution(used(calendar, opened, resolved, pauses), waited)


def answers(calendar: BusinessCalendar, messages: Iterable[Message]) -> Answers:
    times = answer_times(calendar, messages)
    total = sum(times, NOTHING)
    return Answers(total / len(times) if times else None, max(times, default=None), total)
