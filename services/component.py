"""What a service declares: its aggregates, views, policies, queries and batches. Each ``wiring.py`` builds one.

Declarations only: nothing here opens a file or a connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import Schema
from sqlalchemy import MetaData, Table

from services.codec import Upcaster
from services.decider import Decider
from services.events import Incoming
from services.rows import Reading, Rows
from services.vault import Vault


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, when, in which language; and the few things that a ``prepare`` or a query may need."""

    service: str
    now: datetime  # UTC
    actor: str
    lang: str
    command_id: str
    historical: bool
    vault: Vault
    correlation: str = ""
    causation: str = ""
    depth: int = 0
    deadline: float | None = None  # epoch seconds
    channel: str = ""


Prepare = Callable[[Any, Rows, Context], Any]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One kind of stream. ``key`` gives a command's aggregate id; ``prepare`` fills facts into commands, by class.

    ``prefetch(commands, rows)``, by class: reads what many commands, each of another stream, will need, by a statement for all.
    ``reads(command)``, by class: the rows that one command will read, to be asked for together with its stream. Both are hints.
    """

    category: str
    decider: Decider[Any, Any, Any]
    commands: tuple[type, ...]
    events: tuple[type, ...]
    key: Callable[[Any], str]
    prepare: Mapping[type, Prepare] = field(default_factory=dict)
    prefetch: Mapping[type, Callable[[Sequence[Any], Rows], None]] = field(default_factory=dict)
    reads: Mapping[type, Callable[[Any], Iterable[Reading]]] = field(default_factory=dict)

    def stream(self, command: Any) -> str:
        return f"{self.category}-{self.key(command)}"


class View:
    """A read model: its tables and its fold. ``source`` is the service whose events it folds.

    A view that defines ``prepare(events, call)`` gets its result as third argument of ``fold``; it runs before the
    transaction and may ask other services through ``call(service, method, payload)``.
    """

    name: ClassVar[str]
    source: ClassVar[str]
    tables: ClassVar[tuple[Table, ...]] = ()

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        raise NotImplementedError

    def prefetch(self, events: list[Incoming], rows: Rows) -> None:
        """Load the rows that these events will touch, where that spares single reads."""


Reaction = Callable[[Incoming, Rows], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Policy:
    """Another service's events → our commands. Never replayed by a rebuild.

    Added to a store that already runs, it starts at *now* unless ``from_start`` says otherwise. A reaction may also put
    rows into tables of the service's that belong to no view (mail that is to be sent): no rebuild empties those.
    ``notes``: its reactions put rows and yield no commands, so that many events share a transaction, also with views.
    """

    name: str
    source: str
    handles: Mapping[str, Reaction]
    historical: bool = False
    from_start: bool = False
    notes: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question by RPC: ``fn(params, rows, context) -> JSON-able``."""

    name: str
    fn: Callable[[Any, Rows, Context], Any]
    schema: type[Schema] | None = None


@dataclass(frozen=True, slots=True)
class Execute:
    """What a batch's function runs commands with, in its record's transaction; ``rows`` are the own tables there."""

    rows: Rows
    run: Callable[[Any], Any]

    def __call__(self, command: Any) -> Any:
        return self.run(command)


@dataclass(frozen=True, slots=True)
class Batch:
    """Many records by one call, each whole or not at all: ``fn(record, execute, context) -> {"status": …}``.

    ``streams(record)`` and ``prefetch(records, rows, context)`` say which streams and rows the records will need, so that they
    are read by a statement for all; what they do not say is read when it is asked for.
    """

    name: str
    fn: Callable[[Any, Execute, Context], Mapping[str, Any]]
    schema: type[Schema] | None = None
    streams: Callable[[Any], Iterable[str]] | None = None
    prefetch: Callable[[Sequence[Any], Rows, Context], None] | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """Work beside events and calls: ``make(app)`` gives what is done every ``seconds`` while the service runs.

    Several instances do it at once: it claims what it takes. What it raises is logged, and it is called again.
    """

    name: str
    make: Callable[[Any], Callable[[], Any]]
    seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Component:
    """All that makes a service, declared."""

    name: str
    aggregates: tuple[Aggregate, ...] = ()
    views: tuple[View, ...] = ()
    remote_views: tuple[View, ...] = ()
    policies: tuple[Policy, ...] = ()
    workers: tuple[Worker, ...] = ()
    queries: tuple[Query, ...] = ()
    batches: tuple[Batch, ...] = ()
    schemas: Mapping[str, type[Schema]] = field(default_factory=dict)
    upcasters: Mapping[tuple[str, int], Upcaster] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    named: Callable[[Mapping[str, Any], str], Mapping[str, Any]] = lambda params, _lang: params
    """``(params, lang)``: the values that ``words`` are filled with, as people of that language name them."""
    metadata: MetaData = field(default_factory=MetaData)
    erases_from: str | None = "contracts"
    """The service whose ``customer.erased`` destroys keys in this one's vault."""
    records_applied: bool = False
    """Whether the subscriptions note ``applied`` rows, on which readers wait (the gateway does)."""

    def sources(self) -> tuple[str, ...]:
        """The services whose feeds this one reads."""
        remote = [view.source for view in self.remote_views] + [policy.source for policy in self.policies]
        return tuple(dict.fromkeys(remote))


__all__ = [
    "Aggregate",
    "Batch",
    "Component",
    "Context",
    "Policy",
    "Prepare",
    "Query",
    "Reaction",
    "View",
    "Worker",
]
