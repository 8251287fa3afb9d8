"""Which targets hold, and since when: the customer's from the opening, an internal one from the assignment.

An internal target (OLA) is a promise between teams. It is counted from the hand-over, so that a team is measured by
its own time; the customer's is not put off by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tickets_service.domain.calendar import BusinessCalendar
from tickets_service.domain.deadlines import Pause, Target, due_at


@dataclass(frozen=True, slots=True)
class Promise:
    """Targets with the condition under which they hold: fact → value. Without a condition they hold for nobody,
    unless they are the default."""

    name: str
    response: Target | None = None
    resolution: Target | None = None
    condition: Mapping[str, str] = field(default_factory=dict)
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    response_due: datetime | None
    resolution_due: datetime | None


def promised(calendar: BusinessCalendar, promise: Promise, since: datetime, pauses: Iterable[Pause] = ()) -> Promised:
    """The due instants, counted from ``since``: the opening, or the assignment for an internal promise."""
    pauses = tuple(pauses)

    def due(target: Target | None) -> datetime | None:
        return None if target is None else due_at(calendar, since, target, pauses)

    return Promised(due(promise.response), due(promise.resolution))


def chosen(promises: Iterable[Promise], facts: Mapping[str, str]) -> Promise | None:
    """The first promise whose condition the facts meet, else the default. One that was the default once and has no
    condition catches nothing."""
    promises = tuple(promises)
    for promise in promises:
        if promise.condition and all(facts.get(key) == value for key, value in promise.condition.items()):
            return promise
    return next((promise for promise in promises if promise.is_default), None)
