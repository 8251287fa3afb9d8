"""Whatever the broker brings (twice, late, out of order, of another history, nothing): each event once, in order."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from vigencia_subscriber import Checkpoint, Diverged, Envelope, FeedAway, Fenced, Follower, Metrics
from vigencia_subscriber.tests.feeds import MemoryFeed


class MemorySink:
    """Effects and checkpoint, together or not at all. ``fails``: offsets that cannot be handled; ``fenced``: once."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.at = Checkpoint()
        self.fails: set[int] = set()
        self.commits = 0

    def load(self, service: str, partition: int) -> Checkpoint:
        return self.at

    def take(self, service: str, partition: int, events: Sequence[Envelope], was: Checkpoint, now: Checkpoint) -> None:
        if was != self.at:
            raise Fenced("another one moved it")
        if bad := self.fails & {event.offset for event in events}:
            raise ValueError(f"cannot take {bad}")
        self.done += [event.offset for event in events]
        self.at, self.commits = now, self.commits + 1


def follower(feed: MemoryFeed, sink: MemorySink) -> Follower:
    return Follower("billing", 0, feed, sink, Metrics())


def test_what_comes_in_order_is_taken_together_without_asking_the_feed() -> None:
    feed, sink = MemoryFeed(), MemorySink()
    follower(feed, sink).push(feed.grow(5))
    assert (sink.done, sink.commits, feed.asked) == ([0, 1, 2, 3, 4], 1, [])


def test_what_was_taken_already_is_dropped() -> None:
    feed, sink = MemoryFeed(), MemorySink()
    one = follower(feed, sink)
    events = feed.grow(3)
    one.push(events)
    one.push([*events, *feed.grow(1), events[0]])
    assert sink.done == [0, 1, 2, 3]
    assert one._metrics.duplicates == 4


def test_a_gap_is_filled_from_the_feed_first() -> None:
    feed, sink = MemoryFeed(), MemorySink()
    events = feed.grow(6)
    one = follower(feed, sink)
    one.push([events[0], events[4], events[5]])
    assert (sink.done, feed.asked, one._metrics.gaps) == ([0, 1, 2, 3, 4, 5], [0], 1)


def test_whatever_the_order_of_arrival_each_is_taken_once_in_order() -> None:
    lots = random.Random(7)
    for _ in range(50):
        feed, sink = MemoryFeed(), MemorySink()
        one = follower(feed, sink)
        for _ in range(10):
            came = [*feed.grow(lots.randrange(6)), *lots.choices(feed.events or [*feed.grow(1)], k=3)]
            lots.shuffle(came)
            one.push(came[: lots.randrange(len(came) + 1)])
            assert sink.done == list(range(len(sink.done)))
        one.catch_up()
        assert sink.done == list(range(len(feed.events)))


def test_a_lost_tail_is_found_without_a_later_event() -> None:
    feed, sink = MemoryFeed(1203), MemorySink()
    assert follower(feed, sink).catch_up() == 1203
    assert sink.done == list(range(1203))


def test_another_feed_or_a_parted_history_stops_it_and_nothing_is_taken() -> None:
    feed, sink = MemoryFeed(3), MemorySink()
    follower(feed, sink).catch_up()
    parted = MemoryFeed(5, salt="other")
    with pytest.raises(Diverged):
        follower(parted, sink).push(parted.events[3:])
    restored = MemoryFeed(2)
    with pytest.raises(Diverged):
        follower(restored, sink).catch_up()
    anew = MemoryFeed(9, feed="feed-2")
    with pytest.raises(Diverged):
        follower(anew, sink).push(anew.events)
    assert sink.done == [0, 1, 2]


def test_a_forged_event_is_not_taken() -> None:
    """Its chain does not follow: the feed says what really happened."""
    feed, sink = MemoryFeed(), MemorySink()
    forged = MemoryFeed(2, salt="forged").events
    (first, _) = feed.grow(2)
    follower(feed, sink).push([first, forged[1]])
    assert sink.done == [0, 1]
    assert sink.at.chain == feed.events[1].chain


def test_while_the_feed_is_away_a_gap_waits_and_what_is_before_it_is_done() -> None:
    feed, sink = MemoryFeed(), MemorySink()
    events = feed.grow(4)
    feed.away = True
    one = follower(feed, sink)
    with pytest.raises(FeedAway):
        one.push([events[0], events[3]])
    assert sink.done == [0]
    feed.away = False
    one.push([events[3]])
    assert sink.done == [0, 1, 2, 3]


def test_what_cannot_be_handled_holds_what_comes_after_it_not_what_is_before() -> None:
    feed, sink = MemoryFeed(), MemorySink()
    sink.fails = {2}
    one = follower(feed, sink)
    events = feed.grow(5)
    for _ in range(2):
        with pytest.raises(ValueError, match="cannot take"):
            one.push(events)
        assert sink.done == [0, 1]
    sink.fails = set()
    one.push(events)
    assert sink.done == [0, 1, 2, 3, 4]


def test_another_instance_that_was_faster_is_noticed() -> None:
    feed, sink = MemoryFeed(), MemorySink()
    one, other = follower(feed, sink), follower(feed, sink)
    events = feed.grow(4)
    other.push(events[:3])
    with pytest.raises(Fenced):
        one.push(events)
    one.push(events)
    assert sink.done == [0, 1, 2, 3]
