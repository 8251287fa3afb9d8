"""Exchanges and queues, declared again at every (re)connection by whoever uses them: a broker may have lost its disk.

    exchange ``events`` (topic, durable) ── <source>.<partition>.# ──► queue <subscriber>.<source>.<partition>
                                    or just <source>.<partition>.<aggregate>.<event> of each type that it handles
    exchange ``events.dead`` (headers) ──── rejected, delivery limit ─► queue ``events.dead``

A subscriber's queue is bounded: what falls out at its head is in the source's feed, so it is no dead letter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from pika.channel import Channel

from services.events import routing_key

EVENTS = "events"
DEAD = "events.dead"


@dataclass(frozen=True, slots=True)
class QueueArguments:
    """What RabbitMQ takes as ``x-…`` arguments of a queue; None leaves one out."""

    queue_type: str = "quorum"
    single_active_consumer: bool | None = None
    max_length: int | None = None  # messages
    overflow: str | None = None
    delivery_limit: int | None = None
    dead_letter_exchange: str | None = None

    def table(self) -> dict[str, Any]:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {f"x-{name.replace('_', '-')}": value for name, value in given.items() if value is not None}


#: Of one (subscriber, source, partition). The limit is far above what a long outage of a database can reach (each
#: return of the subscription counts, about two a minute at most), and is explicit because brokers' defaults differ.
SUBSCRIBER = QueueArguments(
    single_active_consumer=True,
    max_length=50_000,
    overflow="drop-head",
    delivery_limit=1_000,
    dead_letter_exchange=DEAD,
)
DEAD_LETTERS = QueueArguments(max_length=10_000, overflow="drop-head")

#: Only these reasons make a dead letter (the others are ``maxlen`` and ``expired``).
_DEAD_REASONS = ("rejected", "delivery_limit")


def queue_name(subscriber: str, source: str, partition: int) -> str:
    return f"{subscriber}.{source}.{partition}"


def binding_key(source: str, partition: int) -> str:
    return f"{source}.{partition}.#"


@dataclass(frozen=True, slots=True)
class Bindings:
    """The routing keys with which a queue is bound, and one with which it is no longer."""

    keys: tuple[str, ...]
    former: str | None = None


def bindings(source: str, partition: int, types: frozenset[str] | None) -> Bindings:
    """Of a subscriber that handles these types of events alone, or any. A key of a type that it no longer handles stays, and
    does no harm: who gets too much drops it."""
    whole = binding_key(source, partition)
    if types is None:
        return Bindings((whole,))
    return Bindings(tuple(routing_key(source, partition, each) for each in sorted(types)), whole)


def declare_events(channel: Channel, then: Callable[[], None]) -> None:
    """The exchange that the relay publishes to; ``then`` runs on the link's thread when it is there."""
    channel.exchange_declare(EVENTS, "topic", durable=True, callback=lambda _frame: then())


def declare_subscription(channel: Channel, queue: str, bound: Bindings, then: Callable[[], None]) -> None:
    """A subscriber's queue with everything around it; ``then`` runs on the link's thread when it is there.

    All but the last go out without waiting for answers; a mistake in one closes the channel.
    """
    channel.exchange_declare(EVENTS, "topic", durable=True)
    channel.exchange_declare(DEAD, "headers", durable=True)
    channel.queue_declare(DEAD, durable=True, arguments=DEAD_LETTERS.table())
    for reason in _DEAD_REASONS:
        # "with-x" since RabbitMQ 3.10: headers that begin with x- count as well.
        match = {"x-match": "all-with-x", "x-first-death-reason": reason}
        channel.queue_bind(DEAD, DEAD, arguments=match)
    channel.queue_declare(queue, durable=True, arguments=SUBSCRIBER.table())
    for key in bound.keys:
        channel.queue_bind(queue, EVENTS, routing_key=key)
    if bound.former is not None:
        channel.queue_unbind(queue, EVENTS, routing_key=bound.former)
    channel.queue_declare(queue, passive=True, callback=lambda _frame: then())
