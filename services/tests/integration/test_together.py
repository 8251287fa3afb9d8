"""Statements sent together over a real PostgreSQL: one round trip, prepared once, and what happens when one of them fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from services.store import together
from services.store.database import Database
from services.store.direct import send_numbered, send_together
from services.testing.servers import Database as Server

INSERT = "INSERT INTO things VALUES ($1::int)"
ALL = "SELECT n FROM things ORDER BY n"


@pytest.fixture(scope="module")
def database(postgres: Server) -> Iterator[Database]:
    made = Database(postgres.new_url(), pool_size=1)
    with made.write() as conn:
        conn.execute(text("CREATE TABLE things (n int PRIMARY KEY)"))
    yield made
    made.dispose()


@pytest.fixture(autouse=True)
def empty(database: Database) -> None:
    with database.write() as conn:
        conn.execute(text("TRUNCATE things"))


def names(conn: Any) -> set[str]:
    return set(conn.scalars(text("SELECT name FROM pg_prepared_statements WHERE name LIKE 'vigencia%'")))


def test_each_gives_its_rows_and_all_see_those_before_them(database: Database) -> None:
    with database.write() as conn:
        asked: list[Any] = [
            (INSERT, [1]),
            (ALL, []),
            (INSERT, [2]),
            (ALL, []),
            ("SELECT $1::text, $2::bool", [None, True]),
        ]
        assert send_together(conn, asked) == [
            [], [(1,)], [], [(1,), (2,)], [(None, True)],
        ]  # fmt: skip
    with database.read() as conn:
        assert send_numbered(conn, ALL, []) == [(1,), (2,)]


def test_the_first_fault_is_told_and_nothing_of_the_transaction_stays(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as conn:
        send_together(conn, [(INSERT, [1]), (INSERT, [1]), (INSERT, [2])])
    with database.write() as conn:
        assert send_together(conn, [(ALL, []), (INSERT, [3])]) == [[], []]


def test_statements_stay_prepared_when_a_transaction_is_rolled_back(database: Database) -> None:
    with database.read() as conn:
        send_numbered(conn, ALL, [])
        for _ in range(5):
            conn.execute(text("SELECT 1 WHERE 1 = :one"), {"one": 1})  # prepared by psycopg itself
        before = names(conn)
    with database.read() as conn:
        assert before
        assert names(conn) == before
        send_numbered(conn, ALL, [])
        assert names(conn) == before


def test_what_was_not_prepared_because_of_a_fault_is_prepared_later(database: Database) -> None:
    new = "SELECT count(*) FROM things WHERE n > $1::int"
    with pytest.raises(IntegrityError), database.write() as conn:
        send_together(conn, [(INSERT, [1]), (INSERT, [1]), (new, [0])])
    with database.write() as conn:
        assert send_numbered(conn, new, [0]) == [(0,)]


def test_a_statement_that_cannot_be_prepared_is_told_each_time(database: Database) -> None:
    for _ in range(2):
        with pytest.raises(DBAPIError, match="nothings"), database.write() as conn:
            send_numbered(conn, "SELECT n FROM nothings", [])


def test_the_statements_longest_not_used_are_forgotten(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "PREPARED_AT_MOST", 5)
    with database.write() as conn:
        for number in range(12):
            assert send_together(conn, [(ALL, []), (f"SELECT $1::int + {number}", [1])])[1] == [(1 + number,)]
        assert len(names(conn)) == 5


def test_a_text_with_a_nul_is_refused_not_cut(database: Database) -> None:
    with pytest.raises(DataError, match="NUL"), database.write() as conn:
        send_numbered(conn, "SELECT $1::text", ["a\0b"])
    with database.write() as conn:
        assert send_numbered(conn, "SELECT $1::text", ["a\\b\"'"]) == [("a\\b\"'",)]


def test_much_is_sent_and_answered_at_once(database: Database) -> None:
    long = "x" * 1_000_000
    with database.write() as conn:
        answers = send_together(conn, [("SELECT $1::text", [long]) for _ in range(8)])
    assert all(rows == [(long,)] for rows in answers)


class GivenUp(BaseException):
    pass


def _give_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.write() as conn:

        def wait(generator: Any, *_: Any, **__: Any) -> Any:
            next(generator, None)
            raise GivenUp

        monkeypatch.setattr(conn.connection.driver_connection, "wait", wait)
        send_numbered(conn, ALL, [])


def test_who_gives_up_in_the_middle_leaves_no_answer_to_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(GivenUp):
        _give_up(database, monkeypatch)
    monkeypatch.undo()
    with database.write() as conn:
        assert send_numbered(conn, "SELECT 7", []) == [(7,)]


def _sleep(database: Database, other: Database) -> None:
    with database.write() as conn:
        driver: Any = conn.connection.driver_connection
        ending = threading.Timer(0.1, lambda: _end(other, driver.info.backend_pid))
        ending.start()
        send_numbered(conn, "SELECT pg_sleep(20)", [])


def test_a_connection_that_is_cut_is_told_as_one(database: Database) -> None:
    other = Database(database.url, pool_size=1)
    with pytest.raises(DBAPIError) as cut:
        _sleep(database, other)
    other.dispose()
    assert cut.value.connection_invalidated
    with database.write() as conn:
        assert send_numbered(conn, "SELECT 7", []) == [(7,)]


def _end(other: Database, pid: int) -> None:
    with other.write() as conn:
        conn.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
