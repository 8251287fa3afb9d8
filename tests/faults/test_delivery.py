"""The broker delivers twice, out of order, late, not at all, or rubbish: the feed proves what is true."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pika
from pika.adapters.blocking_connection import BlockingChannel

from services.settings import PARTITIONS_FULL
from services.subscriptions import subscriptions_of, types_of
from services.testing.running import wait_for
from services.transport.rabbit.topology import DEAD, EVENTS, bindings, queue_name
from tests.faults.books import COMPONENTS, WRITERS
from tests.faults.conftest import World
from tests.faults.driver import Driver
from tests.faults.harness import SERVICES

Queue = tuple[str, str, int]  # subscriber, source, partition


def test_duplicated_and_reordered_messages_take_effect_once(world: World) -> None:
    """The queues get nothing but shuffled copies of the whole feeds, while the feeds grow."""
    driver = world.driver()
    before = gaps(world)
    with channel_of(world) as channel, world.flow(driver) as flow:
        for subscriber, source, partition in queues():
            name = queue_name(subscriber, source, partition)
            for key in keys(subscriber, source, partition):
                channel.queue_unbind(name, EVENTS, key)
        try:
            for seed in range(3):
                flow.more(10)
                deliver_shuffled(driver, channel, random.Random(seed))
        finally:
            for subscriber, source, partition in queues():
                name = queue_name(subscriber, source, partition)
                for key in keys(subscriber, source, partition):
                    channel.queue_bind(name, EVENTS, key)
        flow.more(10)
    assert gaps(world) > before  # some really came before those that precede them
    world.prove(driver)


def test_unreadable_messages_become_dead_letters(world: World) -> None:
    """What is no envelope is put aside; what comes after it is taken."""
    driver = world.driver()
    with channel_of(world) as channel, world.flow(driver) as flow:
        before = dead_letters(channel)
        for subscriber, source, partition in queues():
            channel.basic_publish("", queue_name(subscriber, source, partition), b"\x00 no envelope")
        flow.more(25)
        wait_for(lambda: dead_letters(channel) == before + len(list(queues())), "the dead letters")
    world.prove(driver)


def queues() -> Iterator[Queue]:
    """Every subscriber's queues."""
    for subscriber in SERVICES:
        for source in dict.fromkeys((*COMPONENTS[subscriber].sources(), *erasing(subscriber))):
            for partition in range(PARTITIONS_FULL):
                yield subscriber, source, partition


def keys(subscriber: str, source: str, partition: int) -> tuple[str, ...]:
    """The routing keys with which its queue is bound."""
    group = [each for each in subscriptions_of(COMPONENTS[subscriber]) if each.source == source]
    return bindings(source, partition, types_of(group)).keys


def erasing(subscriber: str) -> tuple[str, ...]:
    """Whoever keeps sealed fields listens to contracts for erasures."""
    component = COMPONENTS[subscriber]
    return (component.erases_from,) if component.aggregates and component.erases_from else ()


def deliver_shuffled(driver: Driver, channel: BlockingChannel, chance: random.Random) -> None:
    """Each partition's whole feed, twice and shuffled, to each of its subscribers."""
    envelopes = {
        (source, partition): feed_of(driver, source, partition)
        for source in WRITERS
        for partition in range(PARTITIONS_FULL)
    }
    for subscriber, source, partition in queues():
        bodies = envelopes[source, partition] * 2
        chance.shuffle(bodies)
        for body in bodies:
            channel.basic_publish("", queue_name(subscriber, source, partition), body)


def feed_of(driver: Driver, source: str, partition: int) -> list[bytes]:
    found: list[bytes] = []
    while True:
        asked = {"partition": partition, "after": len(found) - 1, "limit": 1000}
        events = driver.transport.call(source, "feed", asked, timeout=20)["events"]
        found += [msgspec.json.encode(event) for event in events]
        if not events:
            return found


def gaps(world: World) -> float:
    """How often a subscription of the witness met a message that was not the next one."""
    lines = world.full.metrics("witness")
    return sum(float(line.split()[-1]) for line in lines if line.startswith("vigencia_subscription_gaps_total"))


def dead_letters(channel: BlockingChannel) -> int:
    return int(channel.queue_declare(DEAD, passive=True).method.message_count)


@contextmanager
def channel_of(world: World) -> Iterator[BlockingChannel]:
    connection = pika.BlockingConnection(pika.URLParameters(world.full.broker.url()))
    try:
        yield connection.channel()
    finally:
        connection.close()
