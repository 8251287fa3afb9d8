"""What every store promises, written once and run over SQLite and PostgreSQL.

A test module imports these classes and gives the fixture ``new_url`` (URLs of fresh, empty databases); ``house`` comes
from ``services.testing.plugin``. What differs between the stores is told in the modules that run the suite.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from services.application import Request
from services.codec import event_hash, iso
from services.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from services.events import Meta
from services.operations import operate
from services.store.database import is_duplicate
from services.store.events import StoreMismatch
from services.store.tables import commands, events, feed, feed_head, outbox
from services.testing.store import House, add, column_type, count, number, rows_of, unguarded
from services.tests import sample
from services.verify import verify

META = Meta("command", "correlation", "causation", "test")
AT = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


def in_parallel(works: list[Callable[[], Any]]) -> list[Any]:
    """Run all at once, each on a thread of its own; raises what one of them raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait(20)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(run, work) for work in works]]


def insisting(work: Callable[[], Any]) -> Any:
    """As a caller does that gets ``Conflict``: again, with the same command id."""
    while True:
        try:
            return work()
        except Conflict as conflict:
            if conflict.code != "version-conflict":
                raise


class Writing:
    def test_events_view_answer_and_outbox_come_with_one_command(self, house: House) -> None:
        app = house.app()
        answer = add(app, "a", 5, id="c1")
        assert (answer.source, answer.stream, answer.version) == ("sample", "counter-a", 1)
        assert answer.events == ("sample.counter.added",)
        assert rows_of(app, sample.counters) == [{"counter_id": "a", "total": 5, "owner": None}]
        assert [count(app, table) for table in (events, outbox, commands)] == [1, 1, 1]

    def test_a_fault_in_a_view_leaves_nothing(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        app = house.app()

        def broken(*_: Any) -> None:
            raise ValueError("a bad fold")

        monkeypatch.setattr(sample.Counters, "fold", broken)
        with pytest.raises(ValueError, match="a bad fold"):
            add(app, "a", 5)
        assert [count(app, table) for table in (events, outbox, commands)] == [0, 0, 0]

    def test_appending_after_a_version_that_is_taken_is_a_duplicate(self, house: House) -> None:
        app = house.app()
        add(app, "a", 1)
        with pytest.raises(DBAPIError) as caught, app.database.write() as conn:
            app.application.store.append(conn, "counter-a", (0, ""), [sample.Added("a", 1)], META, AT)
        assert is_duplicate(caught.value)

    @pytest.mark.parametrize("stale", [1, 2])
    def test_who_was_too_late_decides_again(self, house: House, monkeypatch: pytest.MonkeyPatch, stale: int) -> None:
        app = house.app()
        add(app, "a", 1)
        seen = _stale_loads(app, monkeypatch, stale)
        assert add(app, "a", 2).version == 2
        assert len(seen) == stale + 1
        assert rows_of(app, sample.counters)[0]["total"] == 3

    def test_after_three_tries_it_is_a_conflict(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        app = house.app()
        add(app, "a", 1)
        seen = _stale_loads(app, monkeypatch, 99)
        with pytest.raises(Conflict) as caught:
            add(app, "a", 2)
        assert (caught.value.code, len(seen)) == ("version-conflict", 3)

    def test_many_writers_on_one_stream_lose_nothing(self, house: House) -> None:
        app = house.app()

        def five(writer: int) -> None:
            for n in range(5):
                insisting(partial(add, app, "a", 1, id=f"{writer}/{n}"))

        in_parallel([partial(five, writer) for writer in range(8)])
        assert rows_of(app, sample.counters)[0]["total"] == 40
        assert [row["version"] for row in rows_of(app, events)] == list(range(1, 41))

    def test_the_same_command_gets_the_first_answer(self, house: House) -> None:
        app = house.app()
        first = add(app, "a", 5, id="c1")
        add(app, "a", 1)
        assert add(app, "a", 5, id="c1") == first
        assert count(app, events) == 2

    def test_the_same_command_at_once_takes_effect_once(self, house: House) -> None:
        app = house.app()
        answers = in_parallel([lambda: insisting(lambda: add(app, "a", 5, id="c1"))] * 4)
        assert {answer.version for answer in answers} == {1}
        assert count(app, events) == 1

    def test_a_command_without_events_is_answered_and_remembered(self, house: House) -> None:
        app = house.app()
        assert add(app, "a", 0, id="c1").version == 0
        assert (count(app, events), count(app, commands)) == (0, 1)

    def test_another_payload_under_the_same_id_is_an_error(self, house: House) -> None:
        app = house.app()
        add(app, "a", 5, id="c1")
        with pytest.raises(Conflict) as caught:
            add(app, "a", 6, id="c1")
        assert caught.value.code == "command-id-reused"

    def test_a_refusal_is_not_stored(self, house: House) -> None:
        app = house.app()
        with pytest.raises(Refused) as caught:
            add(app, "a", -5, id="c1")
        assert caught.value.words["pt-BR"] == "O contador ficaria negativo: 0"
        add(app, "a", 9)
        assert add(app, "a", -5, id="c1").version == 2

    def test_what_nobody_knows_is_not_found(self, house: House) -> None:
        app = house.app()
        with pytest.raises(NotFound):
            app.application.execute(Request("c1", "fly", {}))
        with pytest.raises(NotFound):
            app.application.query("fly", {})

    def test_a_payload_of_the_wrong_shape_names_the_place(self, house: House) -> None:
        app = house.app()
        with pytest.raises(Invalid) as caught:
            app.application.execute(Request("c1", "add", {"counter_id": "a", "amount": "many", "extra": 1}))
        assert {problem["path"] for problem in caught.value.problems} == {"amount", "extra"}

    def test_after_the_deadline_nothing_is_written(self, house: House) -> None:
        app = house.app()
        with pytest.raises(Unavailable):
            add(app, "a", 1, deadline=time.time() - 1)
        assert count(app, events) == 0

    def test_a_deadline_that_passes_during_the_work_rolls_it_back(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = house.app()
        deadline = time.time() + 60
        fold = sample.Counters.fold

        def late(self: Any, event: Any, rows: Any) -> None:
            fold(self, event, rows)
            monkeypatch.setattr("services.application.time.time", lambda: deadline + 1)

        monkeypatch.setattr(sample.Counters, "fold", late)
        with pytest.raises(Unavailable):
            add(app, "a", 1, deadline=deadline)
        assert (count(app, events), count(app, commands)) == (0, 0)


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


def _stale_loads(app: Any, monkeypatch: pytest.MonkeyPatch, stale: int) -> list[str]:
    """The first loads of a stream see it empty, as if others appended right after."""
    seen: list[str] = []
    open_ = app.application.store.open

    def stale_open(conn: Any, command_id: str, stream: str) -> Any:
        seen.append(stream)
        stored, past = open_(conn, command_id, stream)
        return stored, [] if len(seen) <= stale else past

    monkeypatch.setattr(app.application.store, "open", stale_open)
    return seen


def _streams_in_order(app: Any) -> None:
    with app.database.read() as conn:
        latest: dict[str, int] = {}
        for row in conn.execute(select(feed).order_by(feed.c.partition, feed.c.offset)):
            assert row.version == latest.get(row.stream, 0) + 1
            latest[row.stream] = row.version


__all__ = ["AT", "META", "Keeping", "Ordering", "Writing", "in_parallel", "insisting"]
