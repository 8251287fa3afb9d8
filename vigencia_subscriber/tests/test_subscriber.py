"""A subscriber without a broker follows the feed: through faults that pass, until one that does not, or until it is ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from vigencia_subscriber import Checkpoint, Diverged, Envelope, Subscriber
from vigencia_subscriber.tests.feeds import MemoryFeed

PATIENCE = 30.0  # seconds; a limit for what never comes


class Watched:
    """A sink on whose effects one can wait; ``fails`` tells how often it cannot."""

    def __init__(self, fails: int = 0) -> None:
        self.done: list[int] = []
        self.at = Checkpoint()
        self._fails = fails
        self._turn = threading.Condition()

    def load(self, service: str, partition: int) -> Checkpoint:
        return self.at

    def take(self, service: str, partition: int, events: Sequence[Envelope], was: Checkpoint, now: Checkpoint) -> None:
        with self._turn:
            if self._fails:
                self._fails -= 1
                raise OSError("the disk is full")
            self.done += [event.offset for event in events]
            self.at = now
            self._turn.notify_all()

    def wait_for(self, count: int) -> None:
        with self._turn:
            assert self._turn.wait_for(lambda: len(self.done) >= count, PATIENCE)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def begin(
    pool: ThreadPoolExecutor, feed: MemoryFeed, sink: Watched, stop: threading.Event
) -> tuple[Future[None], Subscriber]:
    subscriber = Subscriber("books", "billing", feed, sink, pauses=lambda: iter(lambda: 0.0, None))
    return pool.submit(subscriber.run, stop), subscriber


def test_it_takes_what_was_there_and_what_comes_until_it_is_ended(pool: ThreadPoolExecutor) -> None:
    feed, sink, stop = MemoryFeed(3), Watched(), threading.Event()
    running, subscriber = begin(pool, feed, sink, stop)
    sink.wait_for(3)
    feed.grow(2)
    sink.wait_for(5)
    stop.set()
    running.result(PATIENCE)
    assert sink.done == [0, 1, 2, 3, 4]
    assert subscriber.metrics.events == 5


def test_what_passes_is_tried_again(pool: ThreadPoolExecutor) -> None:
    feed, sink, stop = MemoryFeed(4), Watched(fails=3), threading.Event()
    running, subscriber = begin(pool, feed, sink, stop)
    sink.wait_for(4)
    stop.set()
    running.result(PATIENCE)
    assert sink.done == [0, 1, 2, 3]
    assert subscriber.metrics.failures >= 1
    assert subscriber.metrics.reconnections == 0  # it was no broker's fault


def test_another_history_ends_it(pool: ThreadPoolExecutor) -> None:
    feed, sink, stop = MemoryFeed(2), Watched(), threading.Event()
    sink.at = Checkpoint(1, "of another history", feed.feed)
    running, _ = begin(pool, feed, sink, stop)
    with pytest.raises(Diverged):
        running.result(PATIENCE)
    assert sink.done == []


def test_a_program_that_runs_from_time_to_time_takes_all_and_ends() -> None:
    feed, sink = MemoryFeed(3), Watched()
    assert Subscriber("books", "billing", feed, sink).catch_up() == 3
    feed.grow(1)
    assert Subscriber("books", "billing", feed, sink).catch_up() == 1
    assert sink.done == [0, 1, 2, 3]
