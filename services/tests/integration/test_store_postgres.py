"""The contract suite of the chassis over a real PostgreSQL, and what only several processes' stores must prove."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from services import rebuild as rebuilding
from services.errors import OutcomeUnknown, Unavailable
from services.runtime import App
from services.store.tables import checkpoints, feed
from services.testing.at_once import AT, META, in_parallel
from services.testing.choosing_contract import Choosing, Noting
from services.testing.diverging_contract import Diverging
from services.testing.due_contract import Time
from services.testing.parking_contract import Erasing, Parking, Reacting, Telling
from services.testing.reader_contract import Pair, Reading, copies
from services.testing.relay_contract import Leasing, Relaying
from services.testing.rows_contract import RowsAsDicts
from services.testing.running import wait_for
from services.testing.servers import Database
from services.testing.service_contract import Batches, OldShapes, Questions, Rebuilding, Secrets
from services.testing.store import House, add, number, rows_of
from services.testing.store_contract import Keeping, Ordering
from services.testing.store_writing import Writing
from services.tests import sample
from services.verify import verify

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def used() -> list[str]:
    """Databases that earlier tests are done with: emptied, they are as good as new, and quicker."""
    return []


@pytest.fixture
def house(postgres: Database, used: list[str], tmp_path: Path) -> Iterator[House]:
    urls: list[str] = []

    def new_url() -> str:
        urls.append(_emptied(used.pop()) if used else postgres.new_url())
        return urls[-1]

    made = House(new_url, tmp_path)
    yield made
    made.close()
    used += urls


def _emptied(url: str) -> str:
    engine = create_engine(url)
    with engine.begin() as conn:
        found = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'vault')"
        names = [f'"{row.schemaname}"."{row.tablename}"' for row in conn.execute(text(found))]
        kept = [name for name in names if "alembic" not in name]
        conn.execute(text(f"TRUNCATE {', '.join(kept)} RESTART IDENTITY"))
    engine.dispose()
    return url


class TestWriting(Writing): ...


class TestKeeping(Keeping): ...


class TestOrdering(Ordering): ...


class TestRows(RowsAsDicts): ...


class TestSecrets(Secrets): ...


class TestOldShapes(OldShapes): ...


class TestTime(Time): ...


class TestBatches(Batches): ...


class TestQuestions(Questions): ...


class TestRebuilding(Rebuilding): ...


class TestReading(Reading): ...


class TestChoosing(Choosing): ...


class TestNoting(Noting): ...


class TestDiverging(Diverging): ...


class TestErasing(Erasing): ...


class TestParking(Parking): ...


class TestReacting(Reacting): ...


class TestTelling(Telling): ...


class TestSeveralSessions:
    """What cannot happen on SQLite, where writers take turns."""

    def test_a_slow_transaction_that_commits_late_is_numbered_later_never_lost(self, house: House) -> None:
        app = house.app()
        store = app.application.store
        with app.database.write() as slow:
            store.append(slow, "counter-slow", (0, ""), [sample.Added("slow", 1)], META, AT)
            add(app, "quick", 1)  # takes a later place in the outbox, and commits first
            number(app)
        add(app, "last", 1)
        number(app)
        assert [row["stream"] for row in rows_of(app, feed)] == ["counter-quick", "counter-slow", "counter-last"]
        assert verify(app)["ok"]

    def test_who_meets_a_version_being_written_waits_and_decides_again(self, house: House) -> None:
        app = house.app()
        add(app, "a", 1)
        with ThreadPoolExecutor(1) as pool:
            with app.database.write() as first:
                last = app.application.store.load(first, "counter-a")[-1]
                store = app.application.store
                store.append(first, "counter-a", (1, last.hash), [sample.Added("a", 10)], META, AT)
                second = pool.submit(add, app, "a", 5)
                wait_for(lambda: _waiting(app) == 1, "the second writer waits for the first")
            assert second.result(20).version == 3

    def test_appends_wait_while_an_own_view_is_rebuilt(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        app = house.app()
        add(app, "a", 1)
        with ThreadPoolExecutor(1) as pool:
            waiting: list[Any] = []

            def fold_all(view: Any, batch: Any, rows: Any) -> None:
                waiting.append(pool.submit(add, app, "a", 5))
                wait_for(lambda: _waiting(app) == 1, "the append waits for the rebuild")
                assert not waiting[0].done()
                original(view, batch, rows)

            original = rebuilding.fold_all
            monkeypatch.setattr(rebuilding, "fold_all", fold_all)
            assert rebuilding.rebuild(app, "counters")["events"] == 1
            assert waiting[0].result(20).version == 2
        assert rows_of(app, sample.counters)[0]["total"] == 6

    def test_a_reader_in_the_middle_of_a_batch_cannot_spoil_a_rebuild(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a"))
        bodies = pair.grow("b")
        other = house.app("copy", follows="sample", url=pair.copy.settings.database_url)
        in_fold, go_on = threading.Event(), threading.Event()
        fold = sample.Copies.fold

        def slow(self: Any, event: Any, rows: Any, *prepared: Any) -> None:
            fold(self, event, rows)
            rows.flush()
            in_fold.set()
            go_on.wait(20)

        with ThreadPoolExecutor(2) as pool:
            monkeypatch.setattr(sample.Copies, "fold", slow)
            reading = pool.submit(pair.reader.messages, bodies)
            assert in_fold.wait(20)
            monkeypatch.setattr(sample.Copies, "fold", fold)
            rebuilt = pool.submit(rebuilding.rebuild, other, "copies")
            wait_for(lambda: _waiting(other) >= 1, "the rebuild waits for the reader")
            go_on.set()
            reading.result(20)
            rebuilt.result(20)
        assert copies(pair.copy) == {}
        pair.reader.compare(pair.source.handlers()["heads"]({}, {}))  # it still thinks that it has everything
        pair.whole()

    def test_a_deadlock_is_retried(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two commands whose views lock the same two rows in opposite order."""
        app = house.app()
        add(app, "a", 1)
        add(app, "b", 1)
        both = threading.Barrier(2)
        fold = sample.Counters.fold

        def crossing(self: Any, event: Any, rows: Any) -> None:
            fold(self, event, rows)
            rows.get(sample.counters, counter_id=event.data["counter_id"])
            with suppress(threading.BrokenBarrierError):
                both.wait(2)
            rows.get(sample.counters, counter_id="b" if event.data["counter_id"] == "a" else "a")

        monkeypatch.setattr(sample.Counters, "fold", crossing)
        answers = in_parallel([partial(add, app, "a", 5), partial(add, app, "b", 5)])
        assert [answer.version for answer in answers] == [2, 2]

    def test_a_database_that_goes_away_is_unavailable_and_comes_back(self, house: House) -> None:
        app = house.app()
        add(app, "a", 1)
        _end_sessions(app)
        with pytest.raises(Unavailable) as caught:
            add(app, "a", 5, id="c1")
        assert caught.value.code == "database.away"
        assert add(app, "a", 5, id="c1").version == 2
        _end_sessions(app)
        with pytest.raises(Unavailable):
            app.application.query("totals", {"counter_id": "a"})
        assert app.application.query("totals", {"counter_id": "a"})["counter"]["total"] == 6

    def test_a_connection_that_breaks_at_the_commit_leaves_the_outcome_unknown(self, house: House) -> None:
        app = house.app()

        def broken() -> None:
            with app.database.write() as conn:
                conn.execute(text("SELECT 1"))
                conn.connection.driver_connection.pgconn.finish()

        with pytest.raises(OutcomeUnknown):
            broken()

    def test_instances_that_start_at_once_make_one_store(self, postgres: Database, house: House) -> None:
        url = postgres.new_url()
        apps = in_parallel([partial(house.app, "copy", follows="sample", url=url, partitions=2) for _ in range(4)])
        assert len({app.application.store.feed_id for app in apps}) == 1
        assert len(rows_of(apps[0], checkpoints)) == 4


def test_what_threads_do_green_threads_do_as_well() -> None:
    """The services of the full mode run under eventlet: what waits, locks and races must hold there, too."""
    program = (
        "import sys, warnings; warnings.simplefilter('ignore'); import eventlet; eventlet.monkey_patch(); "
        "import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    )
    chosen = "TestSeveralSessions or TestOrdering or TestRelaying or two_ or at_once or many_writers"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            program,
            __file__,
            "-q",
            "-p",
            "no:cacheprovider",
            "-k",
            f"({chosen}) and not green_threads",
        ],
        cwd=ROOT,
        env={**os.environ, "PSYCOPG_WAIT_FUNC": "wait_selector"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]


def _waiting(app: App) -> int:
    """How many sessions of this database wait for a lock."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with app.database.read() as conn:
        return int(conn.execute(text(asked)).scalar_one())


def _end_sessions(app: App) -> None:
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    engine = create_engine(app.settings.database_url)
    with engine.begin() as conn:
        conn.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    engine.dispose()


class TestLeasing(Leasing): ...


class TestRelaying(Relaying): ...
