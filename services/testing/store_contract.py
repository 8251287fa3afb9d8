"""What every store promises about what it holds and its order, written once and run over SQLite and PostgreSQL.

A test module imports these classes and gives the fixture ``new_url`` (URLs of fresh, empty databases); ``house`` comes
from ``services.testing.plugin``. What differs between the stores is told in the modules that run the suite.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from services.codec import event_hash, iso
from services.operations import operate
from services.store.events import StoreMismatch
from services.store.tables import events, feed, feed_head, outbox
from services.testing.at_once import AT, META, in_parallel, insisting
from services.testing.store import House, add, column_type, count, number, rows_of, unguarded
from services.tests import sample
from services.verify import verify


class Keeping:
    @pytest.mark.parametrize("table", [events, feed])
    def test_events_and_feed_are_append_only(self, house: House, table: Any) -> None:
        app = house.app()
        add(app, "a", 1)
        number(app)
        for statement in (update(table).values(stream="other"), delete(table)):
            with pytest.raises(DBAPIError, match="append-only"), app.database.write() as conn:
                conn.execute(statement)
        assert (count(app, events), count(app, feed)) == (1, 1)

    def test_what_was_written_are_bytes_that_never_change(self, house: House) -> None:
        app = house.app()
        assert column_type(app.database, "events", "data") == "TEXT"
        odd = '{"b":1.50,"a":"ç \\u2028", "b":2}'
        at = datetime(2026, 3, 1, 9, 30, 15, 1, tzinfo=UTC)
        hash_ = event_hash("", "x-1", 1, "x", 1, iso(at), "{}", odd)
        row = {"stream": "x-1", "version": 1, "type": "x", "schema": 1, "data": odd, "meta": "{}", "recorded_at": at}
        with app.database.write() as conn:
            conn.execute(insert(events).values(**row, hash=hash_))
        (stored,) = rows_of(app, events)
        assert stored == {**row, "hash": hash_}

    def test_each_event_holds_the_hash_of_the_one_before(self, house: House) -> None:
        app = house.app()
        for amount in (1, 2, 3):
            add(app, "a", amount)
        previous = ""
        for row in rows_of(app, events):
            at = iso(row["recorded_at"])
            parts = (row["stream"], row["version"], row["type"], row["schema"], at, row["meta"], row["data"])
            previous = event_hash(previous, *parts)
            assert row["hash"] == previous

    def test_a_whole_store_is_proven(self, house: House) -> None:
        app = house.app(partitions=4)
        for n in range(20):
            add(app, f"c{n % 6}", 1)
        number(app)
        add(app, "c0", 1)
        report = verify(app)
        assert report["ok"], report["problems"]
        assert (report["streams"], report["events"], report["feed"], report["outbox"]) == (6, 21, 20, 1)

    @pytest.mark.parametrize(
        ("tamper", "tells"),
        [
            (update(events).where(events.c.version == 2).values(data='{"counter_id":"a","amount":9}'), "counter-a@2: the hash"),
            (update(events).where(events.c.version == 2).values(recorded_at=AT), "counter-a@2: the hash"),
            (delete(events).where(events.c.version == 2), "counter-a@2 is missing"),
            (update(feed).where(feed.c.offset == 1).values(chain="0" * 64), "feed 0/1: the chain"),
            (delete(feed).where(feed.c.offset == 1), "feed 0/1 is missing"),
            (delete(feed).where(feed.c.offset == 2), "the head says 2"),
            (update(feed_head).values(chain="0" * 64), "feed 0: the head"),
            (delete(outbox), "4 events, but 3 in the feed and 0 in the outbox"),
        ],
        ids=["data", "time", "event gone", "chain", "row gone", "tail gone", "head", "outbox"],
    )  # fmt: skip
    def test_tampering_is_found(self, house: House, tamper: Any, tells: str) -> None:
        app = house.app()
        for amount in (1, 2, 3):
            add(app, "a", amount)
        number(app)
        add(app, "b", 1)
        with unguarded(app.database) as conn:
            conn.execute(tamper)
        report = operate(app, {"action": "verify"})
        assert not report["ok"]
        assert tells in " | ".join(report["problems"])


class Ordering:
    def test_offsets_have_no_gap_under_many_writers_and_two_numberings(self, house: House) -> None:
        app = house.app(partitions=2)
        writing = threading.Event()

        def write(writer: int) -> None:
            for n in range(10):
                insisting(partial(add, app, f"c{writer}-{n % 3}", 1, id=f"{writer}/{n}"))

        def numbering() -> None:
            while not writing.is_set() or number(app):
                number(app)

        numberers = [threading.Thread(target=numbering) for _ in range(2)]
        for thread in numberers:
            thread.start()
        try:
            in_parallel([partial(write, writer) for writer in range(8)])
        finally:
            writing.set()
            for thread in numberers:
                thread.join(30)
        report = verify(app)
        assert report["ok"], report["problems"]
        assert (report["events"], report["feed"], report["outbox"]) == (80, 80, 0)
        _streams_in_order(app)

    def test_a_rolled_back_append_leaves_no_hole(self, house: House) -> None:
        app = house.app()
        add(app, "a", 1)

        def crash() -> None:
            with app.database.write() as conn:
                app.application.store.append(conn, "counter-b", (0, ""), [sample.Added("b", 1)], META, AT)
                raise RuntimeError("crash")

        with pytest.raises(RuntimeError):
            crash()
        add(app, "c", 1)
        number(app)
        assert [(row["offset"], row["stream"]) for row in rows_of(app, feed)] == [(0, "counter-a"), (1, "counter-c")]

    def test_numbering_goes_on_in_parts(self, house: House) -> None:
        app = house.app()
        for n in range(5):
            add(app, f"c{n}", 1)
        sizes = []
        for _ in range(4):
            with app.database.write() as conn:
                sizes.append(app.application.store.number(conn, 0, limit=2))
        assert sizes == [2, 2, 1, 0]
        assert verify(app)["ok"]

    def test_the_number_of_partitions_is_fixed(self, house: House) -> None:
        app = house.app(partitions=2)
        with pytest.raises(StoreMismatch, match="2 partitions, 4 were asked for"):
            house.app(partitions=4, url=app.settings.database_url)
        again = house.app(partitions=2, url=app.settings.database_url)
        assert again.application.store.feed_id == app.application.store.feed_id

    def test_a_feed_tells_who_followed_another_history(self, house: House) -> None:
        app = house.app()
        for n in range(3):
            add(app, f"c{n}", 1)
        number(app)
        mine, chain = app.application.store.feed_id, rows_of(app, feed)[1]["chain"]
        with app.database.read() as conn:

            def asked(after: int, chain: str, feed_id: str | None) -> str | None:
                return app.application.store.diverged(conn, 0, after, chain, feed_id)

            assert asked(-1, "", None) is None
            assert asked(1, chain, mine) is None
            assert "is not this feed" in (asked(1, chain, "another") or "")
            assert "older than the subscriber" in (asked(7, chain, mine) or "")
            assert "the histories have parted" in (asked(1, "0" * 64, mine) or "")

    def test_a_page_of_some_types_tells_how_far_it_looked(self, house: House) -> None:
        """What is left out moves the reader's place all the same; from there he is not diverged."""
        app = house.app()
        for n in range(5):
            add(app, f"c{n}", 1)
        number(app)
        chains = [row["chain"] for row in rows_of(app, feed)]
        ask = app.handlers()["feed"]

        def asked(
            after: int, chain: str | None, limit: int, types: list[str] | None
        ) -> tuple[int, int, str, str | None]:
            payload = {"partition": 0, "after": after, "chain": chain, "limit": limit, "types": types}
            answer = ask(payload, {})
            return len(answer["events"]), answer["through"], answer["chain"], answer["diverged"]

        assert asked(-1, "", 3, ["sample.counter.added"]) == (3, 2, chains[2], None)
        assert asked(-1, "", 3, ["sample.other"]) == (0, 2, chains[2], None)
        assert asked(2, chains[2], 10, []) == (0, 4, chains[4], None)
        assert asked(4, chains[4], 10, None) == (0, 4, chains[4], None)
        assert asked(4, None, 10, None) == (0, 4, chains[4], None)
        assert asked(-1, None, 1, None) == (1, 0, chains[0], None)
        count, through, here, reason = asked(2, "0" * 64, 10, None)
        assert (count, through, here) == (0, 2, chains[2])
        assert "the histories have parted" in (reason or "")

    def test_the_publishing_cursor_only_moves_forward(self, house: House) -> None:
        app = house.app()
        for offset, stands in ((5, 5), (3, 5), (6, 6)):
            with app.database.write() as conn:
                app.application.store.confirm(conn, 0, offset)
            with app.database.read() as conn:
                assert app.application.store.published(conn) == {0: stands}

    def test_an_envelope_is_a_cloud_event(self, house: House) -> None:
        app = house.app()
        answer = add(app, "a", 5, id="c1", actor="user:1", correlation="k1", at=AT)
        (body,) = house.published(app)
        document = msgspec.json.decode(body)
        (row,) = rows_of(app, feed)
        (stored,) = rows_of(app, events)
        assert document == {
            "specversion": "1.0", "id": "counter-a@1", "source": "/vigencia/sample", "type": "sample.counter.added",
            "subject": answer.stream, "time": "2026-03-01T12:30:15.123456Z", "datacontenttype": "application/json",
            "dataschema": "urn:vigencia:sample.counter.added:1", "data": {"counter_id": "a", "amount": 5},
            "feed": app.application.store.feed_id, "partition": 0, "offset": 0, "chain": row["chain"],
            "hash": stored["hash"], "streamversion": 1, "correlationid": "k1", "causationid": "c1",
            "actor": "user:1", "historical": False, "depth": 0,
        }  # fmt: skip


def _streams_in_order(app: Any) -> None:
    with app.database.read() as conn:
        latest: dict[str, int] = {}
        for row in conn.execute(select(feed).order_by(feed.c.partition, feed.c.offset)):
            assert row.version == latest.get(row.stream, 0) + 1
            latest[row.stream] = row.version


__all__ = ["Keeping", "Ordering"]
