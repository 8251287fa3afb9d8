"""The subscriber kit against a bare pika consumer that decodes JSON and acknowledges: the same full queue, emptied by each.

The kit also compares every event's place and chain, and moves a checkpoint with each batch (both in memory here).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence

import pika

from bench.bare_pika import Message, publish
from bench.fill import fill
from bench.machine import Machine
from bench.measure import Figure, Rounds
from bench.relay import read
from services.runtime import App
from services.testing.running import settings_for
from services.tests import sample
from services.transport.local import LocalTransport
from services.transport.rabbit.sender import WINDOW
from services.transport.rabbit.topology import EVENTS
from vigencia_subscriber import Envelope, Subscriber
from vigencia_subscriber.feed import Page
from vigencia_subscriber.sinks import Checkpoint
from vigencia_subscriber.subscriber import AT_ONCE

NAME = "bench"
QUEUE = f"sub.{NAME}.sample"
ARGUMENTS = {"x-queue-type": "quorum", "x-single-active-consumer": True}


class Silent:
    """A feed that has no more than what the broker brings: it is never needed."""

    def heads(self, service: str) -> dict[int, int]:
        return {0: -1}

    def page(
        self,
        service: str,
        partition: int,
        after: int,
        chain: str,
        feed: str | None,
        *,
        limit: int = 0,
        wait: float = 0.0,
    ) -> Page:
        return Page(feed or "", (), after, chain, after)


class Counting:
    """Takes, and says when it has all."""

    def __init__(self, count: int, stop: threading.Event) -> None:
        self.at, self.left, self.stop, self.ended = Checkpoint(), count, stop, 0.0

    def load(self, service: str, partition: int) -> Checkpoint:
        return self.at

    def take(self, service: str, partition: int, events: Sequence[Envelope], was: Checkpoint, now: Checkpoint) -> None:
        self.at, self.left = now, self.left - len(events)
        if self.left <= 0:
            self.ended = time.perf_counter()
            self.stop.set()


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    count = 5_000 if quick else 20_000
    url = machine.broker()
    app = App(sample.component(), LocalTransport(), settings_for("sample", machine.database(), machine.folder))
    app.create()
    fill(app, count)
    with app.database.write() as conn:
        while app.application.store.number(conn, 0):
            pass
    messages = read(app)
    app.stop()
    assert len(messages) == count, f"{len(messages)} of {count} events are numbered"

    def kit(_: int) -> float:
        _fill_queue(url, messages)
        stop = threading.Event()
        sink = Counting(count, stop)
        started = time.perf_counter()
        Subscriber(NAME, "sample", Silent(), sink, amqp=url, compare_every=3600).run(stop)
        assert sink.left == 0, f"{sink.left} events are missing"
        return count / (sink.ended - started)

    def bare(_: int) -> float:
        _fill_queue(url, messages)
        started = time.perf_counter()
        connection = pika.BlockingConnection(pika.URLParameters(url))
        channel = connection.channel()
        channel.basic_qos(prefetch_count=AT_ONCE)
        for number, (delivery, _properties, body) in enumerate(channel.consume(QUEUE), start=1):
            json.loads(body)
            if number % AT_ONCE == 0 or number == count:
                channel.basic_ack(delivery.delivery_tag, multiple=True)
            if number == count:
                break
        rate = count / (time.perf_counter() - started)
        connection.close()
        return rate

    rounds = Rounds({"kit": kit, "bare pika": bare}, rounds=2 if quick else 5, say=say).run()
    note = "from connecting to the last event taken; prefetch and batch are the kit's own"
    return [rounds.figure("subscriber kit from a full queue", "events/s", "kit", "bare pika", note=note)]


def _fill_queue(url: str, messages: Sequence[Message]) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.exchange_declare(EVENTS, "topic", durable=True)
    channel.queue_delete(QUEUE)
    channel.queue_declare(QUEUE, durable=True, arguments=ARGUMENTS)
    channel.queue_bind(QUEUE, EVENTS, routing_key="sample.#")
    connection.close()
    publish(url, EVENTS, messages, WINDOW)
