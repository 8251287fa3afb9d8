"""What subscriptions promise over either store when their source is not the one that they followed."""

from __future__ import annotations

from services.operations import operate
from services.runtime import App
from services.store.tables import events, feed, feed_head, subscription_states
from services.testing.reader_contract import Pair, copies
from services.testing.store import House, add, number, rows_of, unguarded
from services.tests import sample


class Diverging:
    def test_a_source_restored_from_an_older_backup_is_noticed(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a", "b", "c"))
        restore(pair.source, keep=2)
        pair.reader.wake()
        assert (pair.state(), pair.state("policy.mirror")) == ("diverged", "diverged")
        assert "older than the subscriber" in rows_of(pair.copy, subscription_states)[0]["reason"]

    def test_it_is_noticed_even_when_it_has_overtaken_the_subscriber(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a", "b", "c"))
        restore(pair.source, keep=2)
        bodies = pair.grow("d", "e", "f")
        pair.reader.messages(bodies[3:])  # offset 3 follows on offset 2, but not on ours
        assert pair.state() == "diverged"
        assert copies(pair.copy) == {"a": (1, 1), "b": (1, 1), "c": (1, 1)}

    def test_it_is_noticed_by_comparing(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a", "b", "c"))
        restore(pair.source, keep=2)
        pair.grow("d")
        pair.reader.compare(pair.source.handlers()["heads"]({}, {}))
        assert pair.state() == "diverged"

    def test_another_feed_is_noticed(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a"))
        stranger = house.app("sample")
        add(stranger, "x", 1)
        add(stranger, "x", 1)
        other = house.reader(pair.copy, stranger)
        other.messages(house.published(stranger))
        assert pair.state() == "diverged"
        assert "is not this feed" in rows_of(pair.copy, subscription_states)[0]["reason"]
        assert copies(pair.copy) == {"a": (1, 1)}

    def test_a_feed_whose_chain_is_broken_is_noticed(self, house: House) -> None:
        pair = Pair(house)
        pair.grow("a", "b", "c")
        with unguarded(pair.source.database) as conn:
            conn.execute(events.update().where(events.c.stream == "counter-b").values(hash="0" * 64))
        pair.reader.wake()
        assert pair.state() == "diverged"
        assert copies(pair.copy) == {}

    def test_a_diverged_subscription_holds_still_until_an_operator_accepts(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a", "b", "c"))
        restore(pair.source, keep=2)
        pair.reader.wake()
        pair.reader.messages(pair.grow("d"))
        assert copies(pair.copy) == {"a": (1, 1), "b": (1, 1), "c": (1, 1)}
        pair.copy.transport.serve("sample", pair.source.handlers())
        operate(pair.copy, {"action": "resume", "subscription": "view.copies", "accept": True})
        operate(pair.copy, {"action": "resume", "subscription": "policy.mirror", "accept": True})
        assert copies(pair.copy) == {"a": (1, 1), "b": (1, 1), "d": (1, 1)}
        assert pair.state() == "running"
        pair.reader.messages(pair.grow("e"))
        assert copies(pair.copy)["e"] == (1, 1)
        assert {row["counter_id"] for row in rows_of(pair.copy, sample.counters)} == {
            "mirror-a", "mirror-b", "mirror-c", "mirror-e",
        }  # fmt: skip


def restore(source: App, keep: int) -> None:
    """The source as a backup has it that was made after ``keep`` events."""
    number(source)
    with unguarded(source.database) as conn:
        gone = feed.select().where(feed.c.offset >= keep)
        for row in conn.execute(gone).all():
            conn.execute(events.delete().where(events.c.stream == row.stream, events.c.version == row.version))
        conn.execute(feed.delete().where(feed.c.offset >= keep))
        last = conn.execute(feed.select().where(feed.c.offset == keep - 1)).one()
        conn.execute(feed_head.update().values(offset=last.offset, chain=last.chain, published=last.offset))


__all__ = ["Diverging", "restore"]
