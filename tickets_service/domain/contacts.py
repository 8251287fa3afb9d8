"""The conversation of a request as its clocks see it: who spoke when, who waits for whom, and what escalates next.

Three clocks may run: the first response; the *update*, which a customer's message starts and any answer ends; and the
resolution. A second message of a customer who waits already does not give the provider more time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tickets_service.domain.calendar import BusinessCalendar
from tickets_service.domain.deadlines import Pause, Target, due_at

Side = Literal["customer", "provider"]


@dataclass(frozen=True, slots=True)
class Message:
    at: datetime  # UTC
    side: Side


@dataclass(frozen=True, slots=True)
class Exchange:
    """From a customer's first unanswered message to the answer; without one, he still waits."""

    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Targets:
    response: Target | None = None
    update: Target | None = None
    resolution: Target | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    opened_at: datetime
    messages: tuple[Message, ...] = ()
    responded_at: datetime | None = None  # where it is not the provider's first message
    resolved_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def first_response_at(self) -> datetime | None:
        answers = [message.at for message in self.messages if message.side == "provider"]
        return self.responded_at or min(answers, default=None)


@dataclass(frozen=True, slots=True)
class Dues:
    """When each clock runs out; ``None``: without a target, reached, or standing still."""

    response: datetime | None
    update: datetime | None
    resolution: datetime | None

    @property
    def next(self) -> datetime | None:
        """What escalates first. Until the first response was given, the update has not begun to count."""
        clocks = (self.response or self.update, self.resolution)
        return min((due for due in clocks if due is not None), default=None)


def exchanges(messages: Iterable[Message]) -> Sequence[Exchange]:
    """The customer's questions with their answers, in order; only the last one may be unanswered."""
    found: list[Exchange] = []
    asked: datetime | None = None
    for message in sorted(messages, key=lambda message: message.at):
        if message.side == "customer":
            asked = asked or message.at
        elif asked is not None:
            found.append(Exchange(asked, message.at))
            asked = None
    return found if asked is None else [*found, Exchange(asked, None)]


def waiting_since(messages: Iterable[Message]) -> datetime | None:
    """Since when the customer waits for an answer; ``None``: he does not."""
    last = exchanges(messages)[-1:]
    return last[0].asked_at if last and last[0].answered_at is None else None


def dues(calendar: BusinessCalendar, targets: Targets | None, facts: Facts) -> Dues:
    """No agreement that matches (``None``): no deadline at all."""
    targets = targets or Targets()
    waits = waiting_since(facts.messages)

    def due(target: Target | None, start: datetime | None, reached: datetime | None) -> datetime | None:
        if target is None or start is None or reached is not None or facts.resolved_at is not None:
            return None
        return due_at(calendar, start, target, facts.pauses)

    return Dues(
        response=due(targets.response, facts.opened_at, facts.first_response_at),
        update=due(targets.update, waits, None),
        resolution=due(targets.resolution, facts.opened_at, None),
    )


def answer_times(calendar: BusinessCalendar, messages: Iterable[Message]) -> Sequence[timedelta]:
    """How long the customer waited for each answer, in the calendar's time."""
    return [
        calendar.elapsed(exchange.asked_at, exchange.answered_at)
        for exchange in exchanges(messages)
        if exchange.answered_at is not None
    ]
