"""What subscriptions promise over either store where only some of a source's events concern them: those take effect once
each and in order, the others cost nothing, and where they stand is known all the same."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.component import Policy
from services.consumer import Reader
from services.errors import Unavailable
from services.rows import Rows
from services.runtime import App
from services.store.tables import checkpoints, events, subscription_states
from services.testing.at_once import in_parallel
from services.testing.diverging_contract import restore
from services.testing.reader_contract import copies, faulty, insist, offsets, writes
from services.testing.store import House, add, execute, rows_of
from services.tests import sample

ADDED = "sample.counter.added"


class Chosen:
    """A source with events of two types, and a service whose only subscription handles one of them."""

    def __init__(self, house: House, url: str | None = None) -> None:
        self.house = house
        self.source = house.app("sample")
        whole = sample.component("copy", "sample")
        self.copy = house.app(component=replace(whole, remote_views=()), url=url)
        self.reader = house.reader(self.copy, self.source)

    def another(self) -> Reader:
        """Of a second instance."""
        component, url = self.copy.component, self.copy.settings.database_url
        return self.house.reader(self.house.app(component=component, url=url), self.source)

    def grow(self, pattern: str) -> list[bytes]:
        """``+`` adds, anything else names; what the broker carries for this subscription, from the first event on."""
        for n, each in enumerate(pattern):
            add(self.source, "a", 1) if each == "+" else execute(self.source, sample.Name(f"n{n}", "p1", "Maria"))
        whole = self.house.published(self.source)
        return [body for body in whole if ADDED.encode() in body]

    def heads(self) -> dict[str, Any]:
        return self.source.handlers()["heads"]({}, {})

    def whole(self) -> None:
        """Each event that was added there was added here, once."""
        there = sum(row["type"] == ADDED for row in rows_of(self.source, events))
        mirrored = {row["counter_id"]: row["total"] for row in rows_of(self.copy, sample.counters)}
        assert mirrored == ({"mirror-a": there} if there else {})


class Choosing:
    def test_what_concerns_nobody_writes_nothing(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = Chosen(house)
        pair.grow("...")
        with writes(pair.copy, monkeypatch) as count_of:
            pair.reader.wake()
        (position,) = pair.reader.positions()
        assert (count_of(), offsets(pair.copy)) == (0, {"policy.mirror": -1})
        assert (position["offset"], position["head"], position["lag"]) == (2, 2, 0)

    def test_comparing_writes_where_they_have_come_once(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = Chosen(house)
        pair.grow("...")
        for written in (1, 0, 0):
            with writes(pair.copy, monkeypatch) as count_of:
                pair.reader.compare(pair.heads())
            assert (count_of(), offsets(pair.copy)) == (written, {"policy.mirror": 2})
        (row,) = rows_of(pair.copy, checkpoints)
        assert row["chain"] == pair.heads()["partitions"][0]["chain"]

    def test_between_two_that_matter_others_may_lie(self, house: House) -> None:
        pair = Chosen(house)
        bodies = pair.grow(".+..+.+")
        house.calls.clear()
        for body in bodies:
            pair.reader.messages([body])
        pair.whole()
        assert offsets(pair.copy) == {"policy.mirror": 6}
        assert house.calls == [("sample", "feed")]  # the first answer had them all

    def test_of_what_follows_at_once_nobody_is_asked(self, house: House) -> None:
        pair = Chosen(house)
        pair.reader.messages(pair.grow("++"))
        house.calls.clear()  # a first look at a feed whose id is not known yet
        pair.reader.messages(pair.grow("+"))
        assert house.calls == []
        pair.whole()

    def test_what_was_lost_is_found_with_the_next_and_by_comparing(self, house: House) -> None:
        pair = Chosen(house)
        pair.reader.messages(pair.grow("+.+.+")[2:])
        pair.whole()
        pair.grow(".+..")
        pair.reader.compare(pair.heads())
        pair.whole()
        assert offsets(pair.copy) == {"policy.mirror": 8}

    def test_a_long_feed_is_read_in_parts(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("services.consumer.FETCH", 2)
        pair = Chosen(house)
        pair.grow("....+...+....")
        pair.reader.wake()
        pair.whole()
        assert pair.reader.positions()[0]["offset"] == 12

    def test_a_crash_forgets_only_what_was_seen(self, house: House) -> None:
        pair = Chosen(house)
        pair.grow("+..")
        pair.reader.wake()
        assert offsets(pair.copy) == {"policy.mirror": 0}
        fresh = house.reader(pair.copy, pair.source)
        fresh.messages(pair.grow(".+"))
        pair.whole()

    def test_another_instance_takes_over_and_gives_back(self, house: House) -> None:
        pair = Chosen(house)
        other = pair.another()
        for reader, pattern in ((pair.reader, "+..+"), (other, "..+."), (pair.reader, ".+."), (other, "+")):
            reader.messages(pair.grow(pattern))
            reader.compare(pair.heads())
        pair.reader.messages(pair.grow("."))
        pair.whole()

    def test_two_instances_at_once_do_everything_once(self, house: House) -> None:
        pair = Chosen(house)
        other = pair.another()
        bodies = pair.grow(".+..+" * 12)

        def take(reader: Reader) -> None:
            for start in range(0, len(bodies), 3):
                insist(partial(reader.messages, bodies[start : start + 3]))
                insist(lambda: reader.compare(pair.heads()))

        in_parallel([partial(take, pair.reader), partial(take, other)])
        pair.whole()
        assert offsets(pair.copy) == {"policy.mirror": 59}

    def test_any_interleaving_ends_with_each_event_once(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        """Drop, duplicate, reorder, crash before and after the commit, restart, compare: by seeded chance."""
        pair = Chosen(house)
        for seed in range(6):
            chance = random.Random(seed)
            bodies = pair.grow("".join(chance.choices("+..", k=8)))
            for _ in range(6):
                some = chance.choices(bodies, k=len(bodies)) if bodies else []
                fault = chance.random()
                try:
                    if fault < 0.4:
                        with faulty(pair.copy, monkeypatch, before_commit=fault < 0.2, after=chance.randrange(3)):
                            pair.reader.messages(some)
                    elif fault < 0.7:
                        pair.reader.messages(some)
                    else:
                        pair.reader.compare(pair.heads())
                except Unavailable:
                    pass
                if chance.random() < 0.2:
                    pair.reader = house.reader(pair.copy, pair.source)
        insist(pair.reader.wake)
        pair.whole()

    def test_a_source_restored_from_an_older_backup_is_noticed(self, house: House) -> None:
        pair = Chosen(house)
        pair.grow("+..")
        pair.reader.wake()
        restore(pair.source, keep=2)
        pair.grow("..")
        pair.reader.compare(pair.heads())
        assert [row["state"] for row in rows_of(pair.copy, subscription_states)] == ["diverged"]


class Noting:
    def test_a_policy_that_only_notes_shares_the_views_transaction(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        noted: list[str] = []

        def note(event: Any, rows: Rows) -> list[Any]:
            noted.append(event.id)
            return []

        pair = _noting(house, note)
        pair[2].messages(_grown(house, pair[0], 1))
        bodies = _grown(house, pair[0], 4)
        with writes(pair[1], monkeypatch) as count_of:
            pair[2].messages(bodies)
        assert (count_of(), len(noted)) == (1, 5)
        assert offsets(pair[1]) == {"view.copies": 4, "policy.notes": 4}
        assert copies(pair[1]) == {"a": (5, 5)}

    def test_one_that_says_so_and_yields_a_command_does_it_alone(self, house: House) -> None:
        pair = _noting(house, sample.mirror)
        pair[2].messages(_grown(house, pair[0], 3))
        assert copies(pair[1]) == {"a": (3, 3)}
        assert [(row["counter_id"], row["total"]) for row in rows_of(pair[1], sample.counters)] == [("mirror-a", 3)]


def _noting(house: House, reaction: Any) -> tuple[App, App, Reader]:
    source = house.app("sample")
    notes = Policy("notes", "sample", {ADDED: reaction}, notes=True)
    copy = house.app(component=replace(sample.component("copy", "sample"), policies=(notes,)))
    return source, copy, house.reader(copy, source)


def _grown(house: House, source: App, count: int) -> list[bytes]:
    for _ in range(count):
        add(source, "a", 1)
    return house.published(source)


__all__ = ["Choosing", "Noting"]
