"""Effects and checkpoint in one transaction of the subscriber's own database: every event takes effect exactly once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Engine, Integer, MetaData, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from vigencia_subscriber.envelope import Envelope
from vigencia_subscriber.errors import Fenced
from vigencia_subscriber.sinks import Checkpoint


class SqlSink:
    """``handle(conn, event)`` writes through the transaction's connection and neither commits nor rolls back.

    ``name`` tells subscribers in one database apart. The table ``vigencia_checkpoints`` is made where it is missing.
    """

    def __init__(
        self, engine: Engine, handle: Callable[[Connection, Envelope], None], *, name: str = "subscriber"
    ) -> None:
        self._engine, self._handle, self._name = engine, handle, name
        metadata = MetaData()
        self._table = Table(
            "vigencia_checkpoints",
            metadata,
            Column("subscriber", String(64), primary_key=True),
            Column("service", String(40), primary_key=True),
            Column("partition", Integer, primary_key=True, autoincrement=False),
            Column("offset", BigInteger, nullable=False),
            Column("chain", String(64), nullable=False),
            Column("feed", String(64)),
        )
        metadata.create_all(engine)

    def load(self, service: str, partition: int) -> Checkpoint:
        table = self._table
        with self._engine.connect() as conn:
            statement = select(table.c.offset, table.c.chain, table.c.feed).where(*self._place(service, partition))
            row = conn.execute(statement).first()
        return Checkpoint() if row is None else Checkpoint(row.offset, row.chain, row.feed)

    def take(self, service: str, partition: int, events: Sequence[Envelope], was: Checkpoint, now: Checkpoint) -> None:
        with self._engine.begin() as conn:
            self._move(conn, service, partition, was, now)  # first: whoever is late waits here, and changes nothing
            for event in events:
                self._handle(conn, event)

    def _move(self, conn: Connection, service: str, partition: int, was: Checkpoint, now: Checkpoint) -> None:
        table = self._table
        values = {"offset": now.offset, "chain": now.chain, "feed": now.feed}
        stands = (*self._place(service, partition), table.c.offset == was.offset)
        if conn.execute(update(table).where(*stands).values(**values)).rowcount:
            return
        if was != Checkpoint():
            raise Fenced(f"{service}.{partition} no longer stands at {was.offset}")
        try:
            place = {"subscriber": self._name, "service": service, "partition": partition}
            conn.execute(insert(table).values(**place, **values))
        except IntegrityError as error:
            raise Fenced(f"{service}.{partition} was begun by another") from error

    def _place(self, service: str, partition: int) -> tuple[Any, ...]:
        table = self._table
        return (table.c.subscriber == self._name, table.c.service == service, table.c.partition == partition)
