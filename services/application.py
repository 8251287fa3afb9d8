"""The write side of a service: commands in, events, views, answers and outbox out, in one transaction.

``Application`` is what a component becomes with a store. The runtime adds relay, subscriptions and the due runner.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
from marshmallow import Schema
from sqlalchemy import Connection

from services import logs, metrics, tracing
from services.batches import Batches
from services.codec import Codec, to_json_values
from services.component import Aggregate, Batch, Component, Context, Policy, Query, View
from services.errors import Conflict, Invalid, NotFound, VigenciaError
from services.events import Incoming, Meta, Recorded
from services.rows import Reading, Rows
from services.schemas import load, schema_of
from services.store.database import Database, is_lost_race, typed
from services.store.events import EventStore
from services.store.statements import StoredCommand
from services.timing import in_time
from services.unit import Unit
from services.vault import Vault

TRIES = 3
log = logs.get("application")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command returns: where it wrote. ``version`` is the stream's version after it; ``events`` its new types."""

    source: str
    stream: str
    version: int
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A command as it arrives: ``id`` makes it idempotent, ``deadline`` is in epoch seconds."""

    id: str
    command: str
    payload: Mapping[str, Any]
    actor: str = "anonymous"
    lang: str = "pt-BR"
    correlation: str = ""
    causation: str = ""
    historical: bool = False
    depth: int = 0
    at: datetime | None = None
    deadline: float | None = None
    channel: str = ""
    traceparent: str = ""  # of a due row's command: there is no caller whose trace it could be


def _now() -> datetime:
    return datetime.now(UTC)


class Application:
    """One service's write side and queries over its store. Safe to use from many threads, green or native."""

    def __init__(
        self,
        component: Component,
        database: Database,
        vault: Vault,
        *,
        partitions: int = 1,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.component = component
        self.name = component.name
        self.db = database
        self.vault = vault
        self.clock = clock
        events = [cls for aggregate in component.aggregates for cls in aggregate.events]
        self.codec = Codec(events, component.upcasters, vault)
        self.store = EventStore(database, self.codec, service=component.name, partitions=partitions)
        self.appended = threading.Event()  # the relay's wake-up
        self._moves = threading.Condition()  # who waits for a subscription's progress
        self._appended_events = metrics.EVENTS.labels(self.name)
        self._append_seconds = metrics.APPEND.labels(self.name)
        self._outcomes = cache(lambda command, outcome: metrics.COMMANDS.labels(self.name, command, outcome))
        self._commands: dict[str, tuple[Aggregate, type, type[Schema]]] = {}
        for aggregate in component.aggregates:
            for cls in aggregate.commands:
                name: str = cls.COMMAND_NAME  # type: ignore[attr-defined]
                if name in self._commands:  # the later one would silently take the other's calls
                    raise ValueError(
                        f"{component.name} has two commands named {name!r}: {self._commands[name][1]}, {cls}"
                    )
                self._commands[name] = (aggregate, cls, component.schemas.get(name) or schema_of(cls))
        self._queries = {query.name: query for query in component.queries}
        self._batches = {batch.name: batch for batch in component.batches}

    def create(self, *, tables: bool = True) -> None:
        """Make the store where it is missing. ``tables=False``: alembic has made the tables."""
        self.vault.create()
        self.store.create(tables=tables)
        if tables:
            self.component.metadata.create_all(self.db.engine, checkfirst=True)

    # -- commands --------------------------------------------------------------------------------------------------

    def execute(self, request: Request) -> Answer:
        """Decide a command once. The same id with the same payload gives the first answer again.

        Raises the typed errors of ``services.errors``. A refusal is not stored: the same id may succeed later.
        """
        started = time.perf_counter()
        outcome = "failed"
        try:
            with (
                logs.bound(correlation=request.correlation or request.id, command=request.command),
                tracing.span(self.name, request.command, command_id=request.id),
            ):
                self._spec(request.command)
                answer: Answer = self.with_retries(lambda conn: self._once(conn, request), request.deadline)
            outcome = "done" if answer.events else "nothing"
            return answer
        except VigenciaError as error:
            outcome = error.kind
            self.word(error)
            raise
        finally:
            self._outcomes(request.command if request.command in self._commands else "unknown", outcome).inc()
            self._append_seconds.observe(time.perf_counter() - started)

    def execute_within(
        self,
        conn: Connection,
        name: str,
        payload: Mapping[str, Any],
        *,
        command_id: str,
        actor: str,
        at: datetime | None = None,
        correlation: str = "",
        causation: str = "",
        historical: bool = False,
        depth: int = 0,
    ) -> Answer:
        """A command inside the caller's transaction (policies, due rows). The caller commits, and handles conflicts."""
        request = Request(command_id, name, payload, actor, "pt-BR", correlation, causation, historical, depth, at)
        return self._once(conn, request)

    def with_retries(self, work: Callable[[Connection], Any], deadline: float | None) -> Any:
        """The work in a transaction; again when somebody was faster. The database's faults come out typed."""
        for attempt in range(TRIES):
            try:
                in_time(deadline)
                with tracing.span(self.name, "transaction", attempt=attempt + 1), self.db.write() as conn:
                    answer = work(conn)
                    in_time(deadline)
                self.appended.set()
                return answer
            except Exception as error:
                if is_lost_race(error):
                    if attempt == TRIES - 1:
                        raise Conflict("version-conflict", service=self.name) from error
                elif known := typed(error):
                    raise known from error
                else:
                    raise
        raise AssertionError("unreachable")

    def _once(self, conn: Connection, request: Request) -> Answer:
        fingerprint = self.fingerprint(request.command, request.payload)
        context = self.context(request)
        invalid: Invalid | None = None
        try:
            command = self._parse(request.command, request.payload, context.now)
            stream = self.stream_of(command)
        except Invalid as error:  # today; when it was first sent it may have been valid
            command, stream, invalid = None, "", error
        readings = self._readings(command)
        stored, history, found = self.store.open(conn, request.id, stream, [each.statement() for each in readings])
        if stored is not None:
            if stored[0] != fingerprint:
                raise Conflict("command-id-reused", command=request.command, id=request.id)
            return _answer(stored[1])
        if invalid is not None:
            raise invalid
        unit = Unit(conn, self.store, known={stream: history})
        unit.rows.take(readings, found)
        answer = self.decide(unit, command, context, fingerprint)
        unit.finish()
        return answer

    def _readings(self, command: Any) -> list[Reading]:
        """The rows that are asked for with the command's stream."""
        reads = None if command is None or self.db.sqlite else self.aggregate_of(command).reads.get(type(command))
        return [] if reads is None else list(dict.fromkeys(reads(command)))

    def decide(self, unit: Unit, command: Any, context: Context, fingerprint: str | None = None) -> Answer:
        """Decide and append. With a ``fingerprint`` the command's own row is written, too."""
        aggregate, cls, _ = self._spec(command.COMMAND_NAME)
        prepare = aggregate.prepare.get(cls)
        if prepare is not None:
            command = prepare(command, unit.rows, context)
        stream = aggregate.stream(command)
        held = unit.held(stream, aggregate.decider)
        decided = aggregate.decider.decide(command, held.state)
        answer = Answer(self.name, stream, held.version + len(decided), tuple(each.EVENT_TYPE for each in decided))
        own = None
        if fingerprint is not None:
            own = StoredCommand(context.command_id, fingerprint, _encode(answer).decode(), self.clock())
        if not decided:
            if own is not None:
                unit.remember(own)
            return answer
        meta = Meta(
            command=context.command_id,
            correlation=context.correlation or context.command_id,
            causation=context.causation or context.command_id,
            actor=context.actor,
            historical=context.historical,
            depth=context.depth,
            channel=context.channel or msgspec.UNSET,
            traceparent=tracing.traceparent() or msgspec.UNSET,
        )
        recorded = unit.append(stream, held, decided, meta, context.now, own)
        for event in recorded:
            incoming = incoming_of(self.name, event)
            for view in self.component.views:
                view.fold(incoming, unit.rows)
        self._appended_events.inc(len(recorded))
        return answer

    def parse(self, request: Request) -> Any:
        """A request's command, with its instant."""
        return self._parse(request.command, request.payload, self.context(request).now)

    def aggregate_of(self, command: Any) -> Aggregate:
        return self._spec(command.COMMAND_NAME)[0]

    def _parse(self, name: str, payload: Mapping[str, Any], at: datetime) -> Any:
        return load(self._spec(name)[2], payload, at=at)

    def _spec(self, name: str) -> tuple[Aggregate, type, type[Schema]]:
        try:
            return self._commands[name]
        except KeyError:
            raise NotFound("command.unknown", command=name, service=self.name) from None

    def context(self, request: Request) -> Context:
        return Context(
            service=self.name,
            now=request.at or self.clock(),
            actor=request.actor,
            lang=request.lang,
            command_id=request.id,
            historical=request.historical,
            vault=self.vault,
            correlation=request.correlation,
            causation=request.causation,
            depth=request.depth,
            deadline=request.deadline,
            channel=request.channel,
        )

    def fingerprint(self, name: str, payload: Mapping[str, Any]) -> str:
        return self.vault.fingerprint(name + msgspec.json.encode(payload, order="sorted").decode())

    # -- batches ---------------------------------------------------------------------------------------------------

    def batch(self, name: str, records: Sequence[Mapping[str, Any]], request: Request) -> list[dict[str, Any]]:
        """Many records, each whole or not at all; answers in the same order, ``{"status": …}``.

        A record carries its command id in ``id``; the same record again gives the first answer. What is rejected
        carries ``error`` (wire form). Records share transactions where all goes well; a fault is isolated one by one.
        """
        if name not in self._batches:
            raise NotFound("batch.unknown", batch=name, service=self.name)
        return Batches(self, self._batches[name], request).run(records)

    # -- queries ---------------------------------------------------------------------------------------------------

    def query(self, name: str, params: Mapping[str, Any], request: Request | None = None) -> Any:
        """Ask a question. Answers are JSON values."""
        query = self._queries.get(name)
        if query is None:
            raise NotFound("query.unknown", query=name, service=self.name)
        context = self.context(request or Request(id="", command=name, payload={}))
        try:
            parsed = load(query.schema, params) if query.schema else dict(params)
            in_time(context.deadline)
            seconds = None if context.deadline is None else context.deadline - time.time()
            with self.db.read(seconds) as conn:
                return to_json_values(query.fn(parsed, Rows(conn, lock=False), context))
        except VigenciaError as error:
            raise self.word(error) from None
        except Exception as error:
            if known := typed(error):
                raise known from error
            raise

    def history(self, conn: Connection, stream: str) -> list[Incoming]:
        """A stream's events, readable, for details and for the operator."""
        return [incoming_of(self.name, self.opened(event)) for event in self.store.load(conn, stream)]

    def opened(self, event: Recorded) -> Recorded:
        return replace(event, readable=self.codec.open(event.type, event.schema, event.data))

    def moved(self) -> None:
        """A subscription went on: wake those who wait for it."""
        with self._moves:
            self._moves.notify_all()

    def wait_for_move(self, seconds: float) -> None:
        """Wait until a subscription of this process goes on, at most so long."""
        with self._moves:
            self._moves.wait(seconds)

    def stream_of(self, command: Any) -> str:
        """The stream that a command is about."""
        return self._spec(command.COMMAND_NAME)[0].stream(command)

    def word(self, error: VigenciaError) -> VigenciaError:
        """Put the words for people on an error, in every language that the service has."""
        texts = self.component.words.get(error.code)
        if texts and not error.words:
            error.words = self._filled(texts, error.params)
        for problem in error.problems if isinstance(error, Invalid) else ():
            said = self.component.words.get(str(problem.get("code")))
            if said and "words" not in problem:
                problem["words"] = self._filled(said, problem)
        return error

    def _filled(self, texts: Mapping[str, str], params: Mapping[str, Any]) -> dict[str, str]:
        return {lang: _format(template, self.component.named(params, lang)) for lang, template in texts.items()}


def incoming_of(service: str, event: Recorded) -> Incoming:
    """An own event as folds see it."""
    return Incoming(
        id=event.id,
        source=service,
        type=event.type,
        schema=event.schema,
        stream=event.stream,
        version=event.version,
        at=event.at,
        data=event.readable or {},
        correlation=event.meta.correlation,
        causation=event.meta.causation,
        actor=event.meta.actor,
        historical=event.meta.historical,
        depth=event.meta.depth,
        traceparent=event.meta.traceparent or "",
    )


class _Quiet(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _format(template: str, params: Mapping[str, Any]) -> str:
    try:
        return template.format_map(_Quiet(params))
    except (ValueError, IndexError, AttributeError):
        return template


_encode = msgspec.json.Encoder().encode
_answer = msgspec.json.Decoder(Answer).decode

__all__ = ["Aggregate", "Answer", "Application", "Batch", "Component", "Context", "Policy", "Query", "Request", "View"]
