"""Statements that go to PostgreSQL together and are answered together: one round trip for all of them, with the BEGIN.

libpq's pipeline mode (PostgreSQL manual, 34.5) without psycopg's cursors: a statement is prepared once for a connection and then
sent by its name. All values travel as text; what reads them says their type.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Sequence
from datetime import date
from typing import Any

import psycopg
from psycopg import pq
from psycopg._preparing import PrepareManager
from psycopg.adapt import Transformer
from psycopg.generators import fetch_many, send

Row = tuple[Any, ...]
Statement = tuple[str, Sequence[Any]]  # with $1, $2 …, and their values
PREPARED_AT_MOST = 300  # a connection: one for each set of tables and columns that commands write together
_IDLE, _BAD = pq.TransactionStatus.IDLE, pq.ConnStatus.BAD
_FAILED, _SKIPPED = pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED


class Prepared(OrderedDict[str, bytes]):
    """The statements that one connection knows by name, the one longest not used first."""

    made = 0

    def next_name(self) -> bytes:
        self.made += 1
        return b"vigencia%d" % self.made


class Lasting(PrepareManager):
    """psycopg's own, which forgets and takes away all statements of a connection (ours, too) with each transaction that is
    rolled back: every read, every refusal. Statements outlive transactions, and no service drops what they are about."""

    def clear(self) -> bool:
        return False


def exchange(driver: Any, prepared: Prepared, statements: Sequence[Statement]) -> list[list[Row]]:
    """The rows that each of them gives, in a transaction that is begun where none is. Raises psycopg's error of the first
    that fails: those after it are not executed, and the transaction is broken."""
    encoded = [(text, [_text(value) for value in values]) for text, values in statements]
    answers: list[list[Row]] = driver.wait(_exchanged(driver, prepared, encoded))
    return answers


def _exchanged(
    driver: Any, prepared: Prepared, statements: Sequence[tuple[str, list[bytes | None]]]
) -> Generator[Any, Any, list[list[Row]]]:
    connection = driver.pgconn
    begins = not driver.autocommit and connection.transaction_status == _IDLE
    connection.enter_pipeline_mode()
    if begins:
        connection.send_query_params(b"BEGIN", None)
    asked: list[str | None] = [None] if begins else []  # of each answer the statement that is prepared by it
    places: list[int] = []  # of the statements' own answers
    for text, values in statements:
        name = prepared.get(text)
        if name is None:
            while len(prepared) >= PREPARED_AT_MOST:
                _, longest_unused = prepared.popitem(last=False)
                connection.send_query_params(b"DEALLOCATE " + longest_unused, None)
                asked.append(None)
            name = prepared[text] = prepared.next_name()
            connection.send_prepare(name, text.encode())
            asked.append(text)
        else:
            prepared.move_to_end(text)
        places.append(len(asked))
        asked.append(None)
        connection.send_query_prepared(name, values)
    connection.pipeline_sync()
    try:
        yield from send(connection)
        results = []
        for _ in asked:
            results.append((yield from fetch_many(connection))[-1])
        yield from fetch_many(connection)  # the answer to the sync
    except psycopg.Error:  # the connection is gone
        prepared.clear()
        raise
    connection.exit_pipeline_mode()
    failed = None
    for prepares, result in zip(asked, results, strict=True):
        if result.status in (_FAILED, _SKIPPED):
            if prepares is not None:
                prepared.pop(prepares, None)
            if failed is None and result.status == _FAILED:
                failed = result
    if failed is not None:
        raise psycopg.errors.error_from_result(failed, encoding=driver.info.encoding)
    return [_rows(driver, results[place]) for place in places]


def _rows(driver: Any, result: Any) -> list[Row]:
    if not result.ntuples:
        return []
    reader = Transformer(driver)
    reader.set_pgresult(result)
    return reader.load_rows(0, result.ntuples, tuple)


def _text(value: Any) -> bytes | None:
    if value is None:
        return None
    text: bytes = (value.isoformat() if isinstance(value, date) else str(value)).encode()
    if b"\0" in text:  # libpq would cut it off there
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return text


__all__ = ["PREPARED_AT_MOST", "Lasting", "Prepared", "Row", "Statement", "exchange"]
