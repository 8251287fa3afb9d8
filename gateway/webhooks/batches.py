"""A batch: events for one endpoint, delivered stream by stream, several streams at a time, and what became of each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import msgspec

from gateway.webhooks import metrics
from gateway.webhooks.domain import health as rules
from gateway.webhooks.domain.health import Health, Outcome
from gateway.webhooks.domain.signing import headers, message_id
from gateway.webhooks.posting import Answer
from services import tracing

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
_encode = msgspec.json.Encoder().encode


class Post(Protocol):
    """A connection to an endpoint (``posting.Channel``)."""

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Item:
    """One event on its way. ``held``: it has a row of ``webhook_waiting``. ``behind``: its stream waits; only to be noted."""

    source: str
    envelope: Mapping[str, Any]
    attempts: int = 0
    first_at: datetime | None = None
    held: bool = False
    behind: bool = False

    @property
    def stream(self) -> tuple[str, str]:
        return self.source, self.envelope["subject"]

    @property
    def message_id(self) -> str:
        return message_id(self.envelope["hash"])


@dataclass(frozen=True, slots=True)
class Tried:
    item: Item
    answer: Answer
    outcome: Outcome
    at: datetime


@dataclass
class Batch:
    """Delivers; ``health`` follows every answer, so that a batch ends early when nobody is there."""

    open: Callable[[], Post]
    secrets: Sequence[str]
    health: Health
    clock: Callable[[], datetime]
    pick: Callable[[], float]
    over: Callable[[], bool]  # whether nothing more is to be begun
    tried: list[Tried] = field(default_factory=list)
    left: list[Item] = field(default_factory=list)
    gone: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _faults: list[Exception] = field(default_factory=list)

    def deliver(self, items: Iterable[Item], parallel: int) -> None:
        """Each stream in its order; what comes after a failure, or too late, is ``left``."""
        streams: dict[tuple[str, str], list[Item]] = {}
        for item in items:
            streams.setdefault(item.stream, []).append(item)
        queues = list(streams.values())
        others = [
            # daemons: a process that ends waits for no receiver
            threading.Thread(target=self._work, args=(queues,), name="webhooks", daemon=True)
            for _ in range(min(parallel, len(queues)) - 1)
        ]
        for other in others:
            other.start()
        self._work(queues)
        for other in others:
            other.join()
        if self._faults:
            raise self._faults[0]

    def _work(self, queues: list[list[Item]]) -> None:
        """One connection: stream after stream, while there are any."""
        channel = self.open()
        try:
            while queue := self._taken(queues):
                self._stream(channel, queue)
        except Exception as error:
            self._faults.append(error)
        finally:
            channel.close()

    def _taken(self, queues: list[list[Item]]) -> list[Item]:
        with self._lock:
            return queues.pop(0) if queues else []

    def _stream(self, channel: Post, queue: list[Item]) -> None:
        while queue and not (queue[0].behind or self._ends()):
            if not self._one(channel, queue.pop(0)):
                break
        with self._lock:
            self.left += queue

    def _ends(self) -> bool:
        return self.gone or self.health.resting or self.over()

    def _one(self, channel: Post, item: Item) -> bool:
        """Whether it was delivered."""
        at = self.clock()
        answer = post(channel, self.secrets, item.message_id, item.envelope, at)
        outcome = rules.outcome_of(answer.status)
        with self._lock:
            self.tried.append(Tried(item, answer, outcome, at))
            self.health = rules.after(self.health, outcome, at, retry_after=answer.retry_after, pick=self.pick())
            self.gone |= outcome == "gone"
        return outcome == "delivered"


def post(channel: Post, secrets: Sequence[str], id_: str, envelope: Mapping[str, Any], at: datetime) -> Answer:
    """One signed delivery, counted, in the event's trace: the receiver may go on with it."""
    body = _encode(envelope)
    trace = tracing.accepted(str(envelope.get("traceparent") or ""))
    with tracing.span("gateway", "webhook", "client", parent=trace, message=id_) as span:
        said = {"Content-Type": CONTENT_TYPE, **headers(secrets, id_, at, body)}
        answer = channel.post(body, tracing.carried(said))
        span.set(http__response__status_code=answer.status)
    metrics.ATTEMPTS.labels(rules.outcome_of(answer.status)).inc()
    metrics.SECONDS.observe(answer.seconds)
    return answer
