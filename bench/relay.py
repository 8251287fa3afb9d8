"""The relay (outbox → feed → broker, confirmed) against a bare pika publisher with the same window and messages.

A quorum queue like a subscriber's is bound, and emptied before each turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pika
from sqlalchemy import text

from bench.bare_pika import Message, publish
from bench.fill import fill
from bench.machine import Machine
from bench.measure import Aim, Figure, Rounds
from services.events import routing_key
from services.relay import Relay
from services.runtime import App
from services.testing.running import settings_for
from services.tests import sample
from services.transport.local import LocalTransport
from services.transport.rabbit.sender import WINDOW, RabbitSender
from services.transport.rabbit.topology import DEAD, EVENTS, SUBSCRIBER


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    count = 5_000 if quick else 20_000
    url = machine.broker()
    app = App(sample.component(), LocalTransport(), settings_for("sample", machine.database(), machine.folder))
    app.create()
    sender = RabbitSender(url, "sample")
    relay = Relay(app.application, sender)
    fill(app, count)
    relay.number()
    messages = read(app)

    def whole(number: int) -> float:
        fill(app, count, prefix=f"r{number}-")
        confirmed_up_to_here(app)
        empty_queue(url)
        return rate(count, relay.step)

    def sending(number: int) -> float:
        with app.database.write() as conn:
            conn.execute(text('UPDATE feed_head SET published = "offset" - :count'), {"count": count})
        empty_queue(url)
        return rate(count, relay.publish)

    def bare(number: int) -> float:
        empty_queue(url)
        return count / publish(url, EVENTS, messages, WINDOW)

    sides = {"relay": whole, "relay, sending only": sending, "bare pika": bare}
    rounds = Rounds(sides, rounds=3 if quick else 7, say=say).run()
    relay.close()
    app.stop()
    note = "from the outbox to the last confirm: numbered, chained, read, put into envelopes, published, cursor moved"
    against = f"bare pika, window {WINDOW}"
    return [
        rounds.figure("relay", "events/s", "relay", "bare pika", against=against, note=note,
                      aim=Aim("≥ 60% of bare pika", least=0.6)),
        rounds.figure("relay, absolute", "events/s", "relay", aim=Aim("≥ 5,000/s", least=5000), aimed="ours"),
        rounds.figure("relay, sending what is numbered", "events/s", "relay, sending only", "bare pika", against=against),
    ]  # fmt: skip


def rate(count: int, work: Callable[[], int]) -> float:
    started = time.perf_counter()
    done = work()
    assert done == count, f"{done} of {count} were confirmed"
    return count / (time.perf_counter() - started)


def read(app: App) -> list[Message]:
    """What the relay would publish."""
    name = app.component.name
    with app.database.read() as conn:
        found = app.application.store.envelopes(conn, 0, -1, 1_000_000)
    return [(routing_key(name, 0, kind), body, f"{name}.0.{offset}") for offset, kind, body in found]


def confirmed_up_to_here(app: App) -> None:
    with app.database.write() as conn:
        conn.execute(text('UPDATE feed_head SET published = "offset"'))


def empty_queue(url: str, queue: str = "bench.sample.0", key: str = "sample.0.#") -> None:
    """A fresh queue like a subscriber's, bound to the events."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.exchange_declare(EVENTS, "topic", durable=True)
    channel.exchange_declare(DEAD, "headers", durable=True)
    channel.queue_delete(queue)
    channel.queue_declare(queue, durable=True, arguments=SUBSCRIBER.table())
    channel.queue_bind(queue, EVENTS, routing_key=key)
    connection.close()
