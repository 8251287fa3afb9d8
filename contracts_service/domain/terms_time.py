"""Parts of a contract's terms about time: service hours, observed holidays, and the ladder by which deadlines escalate.

Frozen values only, as in ``terms``; ``time_problems`` says which of them make sense together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts_service.domain.terms_rules import Channel

Problem = tuple[str, str]  # path, code

MOST_LEVEL, MOST_PERCENT, MOST_MINUTES = 9, 1000, 366 * 24 * 60
MESSAGES = {
    "terms.level": "must be 1 to 9",
    "terms.when": "needs either a percentage of the target (1 to 1000) or minutes, from a year before to a year after",
    "terms.nobody": "needs a role or a person",
    "terms.not-by-mail": "people are told of deadlines by e-mail only",
}


class OptionalDay(StrEnum):
    """Days on which the law lets everybody choose."""

    CARNIVAL = "carnival"  # Monday and Tuesday
    ASH_WEDNESDAY = "ash_wednesday"
    CORPUS_CHRISTI = "corpus_christi"
    CHRISTMAS_EVE = "christmas_eve"
    NEW_YEARS_EVE = "new_years_eve"


class Clock(StrEnum):
    RESPONSE = "response"
    RESOLUTION = "resolution"


class Told(StrEnum):
    """Who is told: the one who is assigned, all with a role, or the contact who asked."""

    ASSIGNEE = "assignee"
    ATTENDANT = "attendant"
    TECHNICIAN = "technician"
    MANAGER = "manager"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Interval:
    """Open hours of a weekday (0 = Monday), local wall clock ``HH:MM``; ``24:00`` is the day's end."""

    weekday: int
    opens: str
    closes: str


BUSINESS_WEEK = tuple(Interval(weekday, "08:00", "18:00") for weekday in range(5))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Service hours, and on which days there is none: ``holidays`` of this contract alone, the nation's, the state's,
    those of the company's own table, and the ``optional`` days that were agreed."""

    intervals: tuple[Interval, ...] = BUSINESS_WEEK
    holidays: tuple[date, ...] = ()
    national: bool = True
    of_state: bool = True
    company: bool = True
    optional: tuple[OptionalDay, ...] = ()


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """Somebody is told of a deadline that comes near or has passed.

    When: at ``percent`` of the target (80: a warning; 100: when it is due), or ``minutes`` of business time after the due
    instant (negative: before it). Whom: a ``role``, or the user ``user_id``. By itself only within the hours in which mail
    goes out; with ``any_hour`` at once. A level is told once for each deadline of a request.
    """

    level: int
    clock: Clock = Clock.RESOLUTION
    percent: int | None = None
    minutes: int | None = None
    role: Told | None = Told.MANAGER
    user_id: str | None = None
    channel: Channel = Channel.EMAIL
    any_hour: bool = False
    service_type_id: str | None = None  # None: every service without a step of this level and clock of its own


def time_problems(calendar: Calendar, ladder: Iterable[EscalationStep], services: frozenset[str]) -> Iterator[Problem]:
    yield from _repeated("calendar.holidays", calendar.holidays)
    yield from _repeated("calendar.optional", calendar.optional)
    ladder = tuple(ladder)
    for at, step in enumerate(ladder):
        path = f"escalation.{at}"
        if not 1 <= step.level <= MOST_LEVEL:
            yield f"{path}.level", "terms.level"
        yield from _when(path, step)
        if (step.role is None) == (step.user_id is None):
            yield f"{path}.role", "terms.nobody"
        if step.channel is not Channel.EMAIL:
            yield f"{path}.channel", "terms.not-by-mail"
        if step.service_type_id is not None and step.service_type_id not in services:
            yield f"{path}.service_type_id", "terms.unknown-service"
        if any(_rung(step) == _rung(earlier) for earlier in ladder[:at]):
            yield f"{path}.level", "terms.duplicate"


def _when(path: str, step: EscalationStep) -> Iterator[Problem]:
    by_percent = step.percent is not None and 1 <= step.percent <= MOST_PERCENT
    by_minutes = step.minutes is not None and abs(step.minutes) <= MOST_MINUTES
    if (step.percent is None) == (step.minutes is None) or not (by_percent or by_minutes):
        yield f"{path}.percent", "terms.when"


def _rung(step: EscalationStep) -> tuple[Clock, int, str | None]:
    return step.clock, step.level, step.service_type_id


def _repeated(path: str, values: tuple[object, ...]) -> Iterator[Problem]:
    for at, value in enumerate(values):
        if value in values[:at]:
            yield f"{path}.{at}", "terms.duplicate"
