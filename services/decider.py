"""The decider: the shape of every aggregate's rules, and the marks that its events and commands carry.

An aggregate is three pure things: an initial state, ``decide(command, state) -> events`` and
``evolve(state, event) -> state``. Commands and events are frozen, slotted dataclasses. Time and ids arrive in
commands: no rule reads a clock. ``evolve`` cannot fail: all refusing is done in ``decide``, by raising
``services.errors.Refused``. A command that changes nothing returns no event.

    @event("billing.receivable.settled")
    class ReceivableSettled:
        receivable_id: str
        on: date

    @command
    class SettleReceivable:
        receivable_id: str
        on: date

Pure: the standard library only. Field types that may cross the border: str, int, bool, Decimal, date, datetime
(UTC), str enums, ``X | None``, ``tuple[X, ...]``, ``Mapping[str, X]`` and nested frozen dataclasses of these.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, dataclass_transform

Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event")
T = TypeVar("T")

ERASED = "␡"
"""What stands in a personal field whose person was erased (U+2421; screens show «apagado»)."""


@dataclass(frozen=True, slots=True)
class Decider(Generic[Command, State, Event]):
    """An aggregate's rules: pure functions and the state before the first event."""

    initial: State
    decide: Callable[[Command, State], Sequence[Event]]
    evolve: Callable[[State, Event], State]

    def fold(self, events: Iterable[Event], state: State | None = None) -> State:
        current = self.initial if state is None else state
        for each in events:
            current = self.evolve(current, each)
        return current


def personal(*, of: str, default: Any = dataclasses.MISSING) -> Any:
    """A field with personal data of the person whose id stands in the sibling field ``of``.

    In storage and on every wire between services it is sealed with that person's key; after erasure it reads
    ``ERASED``. Only ``str`` and ``str | None`` fields may be personal.
    """
    return dataclasses.field(default=default, metadata={"personal": of})


def doc(text: str, *, default: Any = dataclasses.MISSING, unit: str | None = None) -> Any:
    """A field with a meaning for the event catalogue and the API description."""
    return dataclasses.field(default=default, metadata={"doc": text, **({"unit": unit} if unit else {})})


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field, personal, doc))
def event(type_name: str, *, version: int = 1) -> Callable[[type[T]], type[T]]:
    """Make a class an event: a frozen, slotted dataclass with ``EVENT_TYPE`` and ``EVENT_VERSION``.

    ``type_name`` is ``<service>.<aggregate>.<past participle>``; ``version`` counts up with each change of shape,
    and an upcaster brings old shapes to today's.
    """

    def decorate(cls: type[T]) -> type[T]:
        made = dataclasses.dataclass(frozen=True, slots=True)(cls)
        made.EVENT_TYPE = type_name  # type: ignore[attr-defined]
        made.EVENT_VERSION = version  # type: ignore[attr-defined]
        return made

    return decorate


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field, personal, doc))
def command(cls: type[T]) -> type[T]:
    """Make a class a command: a frozen, slotted dataclass with ``COMMAND_NAME`` in snake case."""
    made = dataclasses.dataclass(frozen=True, slots=True)(cls)
    made.COMMAND_NAME = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()  # type: ignore[attr-defined]
    return made
