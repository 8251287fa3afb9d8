"""What subscriptions promise over either store: each offset takes effect exactly once and in order, whatever comes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
import pytest

from services.component import Component
from services.consumer import Reader
from services.effects import Effects
from services.errors import OutcomeUnknown, Unavailable
from services.runtime import App
from services.store.tables import (
    checkpoints,
    events,
    subscription_states,
)
from services.testing.at_once import in_parallel
from services.testing.store import House, add, execute, rows_of
from services.tests import sample

POISON = 666


def copies(app: App) -> dict[str, tuple[int, int]]:
    """Counter → (total, how many events): what the remote view has."""
    return {row["counter_id"]: (row["total"], row["count"]) for row in rows_of(app, sample.copies)}


def offsets(app: App) -> dict[str, int]:
    """Subscription → offset of partition 0."""
    return {row["subscription"]: row["offset"] for row in rows_of(app, checkpoints) if row["partition"] == 0}


class Pair:
    """A source with some events, and a service that copies (view) and mirrors (policy) its counters."""

    def __init__(self, house: House, *, partitions: int = 1, **options: Any) -> None:
        self.house = house
        self.source = house.app("sample", partitions=partitions)
        self.copy = house.app("copy", follows="sample", partitions=partitions, **options)
        self.reader = house.reader(self.copy, self.source)

    def grow(self, *counters: str, amount: int = 1) -> list[bytes]:
        """One event per counter; all of partition 0 as the broker would carry it."""
        for counter in counters:
            add(self.source, counter, amount)
        return self.house.published(self.source)

    def whole(self) -> None:
        """Each event of the source is reflected exactly once, in view and policy."""
        expected: dict[str, tuple[int, int]] = {}
        for row in rows_of(self.source, events):
            data = msgspec.json.decode(row["data"])
            total, seen = expected.get(data["counter_id"], (0, 0))
            expected[data["counter_id"]] = (total + data["amount"], seen + 1)
        assert copies(self.copy) == expected
        mirrored = {
            row["counter_id"].removeprefix("mirror-"): row["total"] for row in rows_of(self.copy, sample.counters)
        }
        assert mirrored == {counter: total for counter, (total, _) in expected.items()}

    def state(self, subscription: str = "view.copies") -> str:
        found = {row["subscription"]: row["state"] for row in rows_of(self.copy, subscription_states)}
        return found.get(subscription, "running")


class Reading:
    def test_what_comes_is_copied_and_mirrored(self, house: House) -> None:
        pair = Pair(house)
        bodies = pair.grow("a", "b", "a")
        pair.reader.messages(bodies[:1])
        pair.reader.messages(bodies[1:])
        pair.whole()
        assert offsets(pair.copy) == {"view.copies": 2, "policy.mirror": 2}

    def test_duplicates_are_dropped(self, house: House) -> None:
        pair = Pair(house)
        bodies = pair.grow("a", "b", "a")
        for batch in (bodies, bodies[1:], bodies + bodies, list(reversed(bodies))):
            pair.reader.messages(batch)
        pair.whole()

    def test_the_wrong_order_within_a_batch_is_set_right(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(list(reversed(pair.grow("a", "b", "a"))))
        pair.whole()

    def test_who_stands_together_goes_on_together(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        """One transaction for the view and for the policy that these events do not concern; one question to the feed."""
        pair = Pair(house)
        pair.reader.messages(pair.grow("a"))
        for n in range(3):
            execute(pair.source, sample.Name(f"n{n}", "p1", "Maria"))
        before = pair.house.published(pair.source, after=0)
        with writes(pair.copy, monkeypatch) as count_of:
            pair.reader.messages(before)
        assert (count_of(), offsets(pair.copy)) == (1, {"view.copies": 3, "policy.mirror": 3})
        execute(pair.source, sample.Name("n4", "p1", "Maria"))
        pair.house.published(pair.source)
        house.calls.clear()
        with writes(pair.copy, monkeypatch) as count_of:
            pair.reader.wake()
        assert (count_of(), len(house.calls)) == (1, 1)
        assert offsets(pair.copy) == {"view.copies": 4, "policy.mirror": 4}

    def test_who_cannot_go_on_together_goes_on_alone(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a"))
        execute(pair.source, sample.Name("n", "p1", "Maria"))
        bodies = pair.house.published(pair.source)
        together = Effects.together
        monkeypatch.setattr(Effects, "together", lambda *_: 1 / 0)
        pair.reader.messages(bodies)
        assert offsets(pair.copy) == {"view.copies": 1, "policy.mirror": 1}
        monkeypatch.setattr(Effects, "together", together)
        pair.reader.messages(pair.grow("b"))
        assert offsets(pair.copy) == {"view.copies": 2, "policy.mirror": 2}
        assert copies(pair.copy) == {"a": (1, 1), "b": (1, 1)}

    def test_a_gap_is_filled_from_the_feed_first(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a"))
        bodies = pair.grow("b", "a", "c", "a")
        house.calls.clear()
        pair.reader.messages(bodies[4:])
        pair.whole()
        assert ("sample", "feed") in house.calls

    def test_with_nothing_lost_nobody_is_asked(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a"))
        bodies = pair.grow("b", "a")
        house.calls.clear()
        pair.reader.messages(bodies[1:])
        assert house.calls == []
        pair.whole()

    def test_a_gap_that_cannot_be_filled_is_left_for_later(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a"))
        bodies = pair.grow("b", "a")
        house.away.add("sample")
        with pytest.raises(Unavailable):
            pair.reader.messages(bodies[2:])
        assert copies(pair.copy) == {"a": (1, 1)}
        house.away.clear()
        pair.reader.messages(bodies[2:])
        pair.whole()

    def test_waking_reads_the_feed(self, house: House) -> None:
        pair = Pair(house)
        pair.grow(*"abcabcabc")
        pair.reader.wake()
        pair.whole()

    def test_a_long_feed_is_read_in_parts(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("services.consumer.FETCH", 3)
        pair = Pair(house)
        pair.grow(*"abcdabc")
        pair.reader.wake()
        pair.whole()

    def test_a_lost_tail_is_found_by_comparing_with_the_heads(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a", "b"))
        pair.grow("c")  # never delivered
        pair.reader.compare(pair.source.handlers()["heads"]({}, {}))
        pair.whole()

    def test_a_consumer_that_lost_its_place_starts_where_its_effects_are(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a", "b"))
        fresh = house.reader(pair.copy, pair.source)
        fresh.messages(pair.grow("c"))
        pair.whole()

    def test_unreadable_messages_stop_nothing(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages([b"{}", *pair.grow("a"), b"nonsense"])
        pair.whole()

    def test_two_readers_on_one_store_are_fenced(self, house: House) -> None:
        pair = Pair(house)
        other = house.reader(house.app("copy", follows="sample", url=pair.copy.settings.database_url), pair.source)
        bodies = pair.grow("a", "b")
        pair.reader.messages(bodies)
        other.messages(bodies)
        bodies = pair.grow("c", "a", "b")
        other.messages(bodies[2:])
        pair.reader.messages(bodies[2:4])  # it does not know: its checkpoint is old
        pair.reader.messages(bodies)
        pair.whole()

    def test_two_readers_at_once_do_everything_once(self, house: House) -> None:
        pair = Pair(house)
        other = house.reader(house.app("copy", follows="sample", url=pair.copy.settings.database_url), pair.source)
        bodies = pair.grow(*"abcdefgh" * 6)

        def take(reader: Reader) -> None:
            for start in range(0, len(bodies), 5):
                while True:
                    try:
                        reader.messages(bodies[start : start + 5])
                        break
                    except Unavailable:
                        continue

        in_parallel([partial(take, pair.reader), partial(take, other)])
        for reader in (pair.reader, other):
            reader.wake()
        pair.whole()

    def test_readers_of_two_partitions_share_a_row_without_losing_anything(self, house: House) -> None:
        pair = Pair(house, partitions=2)
        total = replace_view(pair.copy.component)
        copy = house.app(component=total, partitions=2)
        readers = [house.reader(copy, pair.source, partition) for partition in range(2)]
        pair.grow(*(f"c{n}" for n in range(40)))
        in_parallel([partial(insist, reader.wake) for reader in readers])
        (row,) = rows_of(copy, sample.copies)
        assert (row["total"], row["count"]) == (40, 40)

    def test_a_passing_fault_loses_nothing(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = Pair(house)
        bodies = pair.grow(*"abcab")
        for before_commit in (True, False, True):
            with faulty(pair.copy, monkeypatch, before_commit=before_commit), pytest.raises(Unavailable):
                pair.reader.messages(bodies)
        pair.reader.messages(bodies)
        pair.whole()

    def test_any_interleaving_ends_with_each_offset_once(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        """Deliver, duplicate, drop, reorder, crash before and after the commit, restart: by seeded chance."""
        pair = Pair(house)
        bodies = pair.grow(*random.Random(1).choices("abcd", k=30))
        for seed in range(6):
            interleave(random.Random(seed), pair, bodies[: 5 * (seed + 1)], monkeypatch)
        pair.reader.wake()
        pair.whole()


class Sum(sample.Copies):
    """All counters of the source in one row."""

    def fold(self, event: Any, rows: Any, *prepared: Any) -> None:
        row = rows.get(sample.copies, source=self.source, counter_id="all") or {"total": 0, "count": 0}
        total, seen = row["total"] + event.data["amount"], row["count"] + 1
        rows.put(sample.copies, source=self.source, counter_id="all", total=total, count=seen)

    def prefetch(self, events: list[Any], rows: Any) -> None: ...


def replace_view(component: Component) -> Component:
    return replace(component, remote_views=(Sum("sample"),), policies=(), name="sum")


def insist(work: Callable[[], Any]) -> None:
    """As the transport does: come back after a passing fault."""
    while True:
        try:
            work()
            return
        except Unavailable:
            continue


@contextmanager
def faulty(app: App, monkeypatch: pytest.MonkeyPatch, *, before_commit: bool, after: int = 0) -> Iterator[None]:
    """The database breaks down at a commit: before it (nothing is kept) or after it (nobody learns of it)."""
    write, left = app.database.write, [after]

    @contextmanager
    def breaking() -> Iterator[Any]:
        left[0] -= 1
        with write() as conn:
            yield conn
            if left[0] < 0 and before_commit:
                raise ConnectionError("the database went away")
        if left[0] < 0:
            raise OutcomeUnknown("database.commit")

    with monkeypatch.context() as patch:
        patch.setattr(app.database, "write", breaking)
        yield


@contextmanager
def writes(app: App, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """How many write transactions there were since."""
    write, begun = app.database.write, [0]

    @contextmanager
    def counting() -> Iterator[Any]:
        begun[0] += 1
        with write() as conn:
            yield conn

    with monkeypatch.context() as patch:
        patch.setattr(app.database, "write", counting)
        yield lambda: begun[0]


def interleave(chance: random.Random, pair: Pair, bodies: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """One storm over a prefix of the feed."""
    for _ in range(8):
        chosen = [body for body in bodies if chance.random() < 0.6]
        chosen += chance.choices(chosen, k=len(chosen) // 3) if chosen else []
        if chance.random() < 0.5:
            chance.shuffle(chosen)
        fault = chance.random()
        try:
            if fault < 0.5:
                with faulty(pair.copy, monkeypatch, before_commit=fault < 0.25, after=chance.randrange(6)):
                    pair.reader.messages(chosen)
            else:
                pair.reader.messages(chosen)
        except Unavailable:
            pass
        if chance.random() < 0.2:
            pair.reader = pair.house.reader(pair.copy, pair.source)


__all__ = ["Pair", "Reading", "copies", "faulty", "insist", "offsets"]
