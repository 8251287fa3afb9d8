"""The event store: streams with expected versions, the outbox, and the feed that gives them one public order."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, text, update

from services.codec import Codec, chain_hash, event_hash, iso
from services.events import ORIGIN, Meta, Recorded, envelope_bytes, partition_of
from services.store import sending
from services.store.bulk import Writer
from services.store.database import Database, insert_if_missing
from services.store.guards import guards
from services.store.statements import (
    Fed,
    NewRow,
    Opened,
    Past,
    StoredCommand,
    answers,
    fed,
    numbered,
    opened,
    pasts,
    waiting,
    written,
)
from services.store.tables import CHASSIS, events, feed, feed_head, outbox, store_info
from services.store.together import Statement

_meta_decoder = msgspec.json.Decoder(Meta)

_LOAD = select(events).where(events.c.stream == bindparam("stream")).order_by(events.c.version)


class StoreMismatch(Exception):
    """The store was made with another setting than the one asked for; the message says which."""


class Decided(NamedTuple):
    """What a command decided, before it is sealed, hashed and written: ``data`` is plain, ``hash`` empty.

    ``previous``: the hash of the event before.
    """

    stream: str
    previous: str
    recorded: list[Recorded]


class Seen(NamedTuple):
    """A place in a feed's partition: the last offset that was looked at, and its chain (None: nobody said it)."""

    offset: int
    chain: str | None


class EventStore:
    """One service's streams and feed. All methods take the caller's connection: the caller owns the transaction."""

    def __init__(self, database: Database, codec: Codec, *, service: str, partitions: int) -> None:
        self.db = database
        self.codec = codec
        self.service = service
        self.partitions = partitions
        self.feed_id = ""

    def create(self, *, tables: bool = True) -> None:
        """Make what is missing (tables unless alembic does), fix the partitions, or refuse another number of them."""
        if tables:
            CHASSIS.create_all(self.db.engine, checkfirst=True)
            with self.db.write() as conn:
                for statement in guards(self.db.sqlite):
                    conn.execute(text(statement))
        with self.db.write() as conn:
            # of two instances that make the store at once, the second waits at the first row and takes what it finds
            made, feed_id = insert_if_missing(conn, store_info), uuid.uuid4().hex
            if conn.execute(made.values(key="feed_id", value=feed_id).returning(store_info.c.key)).first():
                conn.execute(made.values(key="partitions", value=str(self.partitions)))
                heads = [
                    {"partition": p, "offset": ORIGIN, "chain": "", "published": ORIGIN} for p in range(self.partitions)
                ]
                conn.execute(insert(feed_head), heads)
            info = {row.key: row.value for row in conn.execute(select(store_info))}
        if int(info["partitions"]) != self.partitions:
            raise StoreMismatch(
                f"{self.service}: the store was made with {info['partitions']} partitions, "
                f"{self.partitions} were asked for; a store's partitions never change"
            )
        self.feed_id = info["feed_id"]

    # -- streams ---------------------------------------------------------------------------------------------------

    def load(self, conn: Connection, stream: str) -> list[Recorded]:
        """The stream's events in order."""
        return [_recorded(row) for row in conn.execute(_LOAD, {"stream": stream}).mappings()]

    def open(self, conn: Connection, command_id: str, stream: str, more: Sequence[Statement] = ()) -> Opened:
        """Before a command decides: what is stored under its id (payload hash, answer), else its stream's events; and the
        rows of ``more`` statements that go with it (PostgreSQL)."""
        return opened(conn, command_id, stream, more)

    def past(self, conn: Connection, stream: str) -> list[Past]:
        """What a command needs of a stream."""
        return self.open(conn, "", stream)[1]

    def append(
        self,
        conn: Connection,
        stream: str,
        last: tuple[int, str],
        new: Sequence[Any],
        meta: Meta,
        at: datetime,
        command: StoredCommand | None = None,
    ) -> list[Recorded]:
        """Append after ``last`` = (version, hash); (0, "") for a new stream. Raises IntegrityError on a version conflict.

        ``command``: the row that goes with it.
        """
        decided = self.decided(stream, *last, new, meta, at)
        writer = Writer(conn)
        rows = self.write(conn, writer, [decided], [] if command is None else [command])
        writer.close()
        return [replace(each, data=row.data, hash=row.hash) for each, row in zip(decided.recorded, rows, strict=True)]

    def pasts(self, conn: Connection, streams: Sequence[str]) -> dict[str, list[Past]]:
        """What a command needs of each of these streams."""
        return pasts(conn, streams)

    def answers(self, conn: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Of the commands with these ids that were done: id → (payload hash, answer)."""
        return answers(conn, ids)

    def decided(
        self, stream: str, version: int, previous: str, new: Sequence[Any], meta: Meta, at: datetime
    ) -> Decided:
        """Events that follow a version and will be written later: as folds see them, neither sealed nor hashed yet.

        ``previous``: the hash before them, where this stream has no other such events that are not written yet.
        """
        recorded = []
        for number, each in enumerate(new, start=version + 1):
            readable, plain = self.codec.plain(each)
            kind, schema = each.EVENT_TYPE, each.EVENT_VERSION
            recorded.append(Recorded(stream, number, kind, schema, plain, meta, at, "", readable))
        return Decided(stream, previous, recorded)

    def write(
        self, conn: Connection, writer: Writer, decided: Sequence[Decided], commands: Sequence[StoredCommand]
    ) -> list[NewRow]:
        """Seal, hash and insert: all persons' keys by one transaction, all events by the writer's next statement."""
        self.codec.make_keys((each.type, each.readable or {}) for part in decided for each in part.recorded)
        last: dict[str, str] = {}
        rows: list[NewRow] = []
        for part in decided:
            partition = partition_of(part.stream, self.partitions)
            previous = last.get(part.stream, part.previous)
            meta, at = part.recorded[0].meta.to_text(), part.recorded[0].at
            instant = iso(at)
            for each in part.recorded:
                data = self.codec.sealed(each.type, each.data)
                previous = event_hash(previous, part.stream, each.version, each.type, each.schema, instant, meta, data)
                rows.append(
                    NewRow(part.stream, each.version, each.type, each.schema, data, meta, at, previous, partition)
                )
            last[part.stream] = previous
        written(conn, writer, rows, commands)
        return rows

    # -- feed ------------------------------------------------------------------------------------------------------

    def number(self, conn: Connection, partition: int, limit: int = 1000) -> int:
        """Move up to ``limit`` outbox rows of a partition into the feed; returns how many.

        The head row is locked first and the outbox is read in a new statement (READ COMMITTED): two relays at once
        are still correct, and a slow transaction that commits later is numbered later, never skipped.
        """
        lock = select(feed_head).where(feed_head.c.partition == partition)
        head = conn.execute(lock if self.db.sqlite else lock.with_for_update()).one()
        seqs, chain, chains = [], head.chain, []
        for seq, hash_ in waiting(conn, partition, limit):
            chain = chain_hash(chain, hash_)
            seqs.append(seq)
            chains.append(chain)
        if seqs:  # just the rows that were read go: others of a lower seq may be committed by now
            numbered(conn, partition, head.offset, seqs, chains)
        return len(seqs)

    def number_all(self, conn: Connection, limit: int) -> int:
        """``number`` for every partition whose outbox has rows."""
        if not self.db.sqlite:
            return sending.number(conn, limit)
        partitions = sorted(set(conn.scalars(select(outbox.c.partition).distinct())))
        return sum(self.number(conn, partition, limit) for partition in partitions)

    def to_do(self, conn: Connection) -> bool:
        """Whether anything is to be numbered or to be sent."""
        if not self.db.sqlite:
            return any(sending.to_do(conn))
        behind = select(feed_head.c.partition).where(feed_head.c.published < feed_head.c.offset)
        return any(conn.execute(each.limit(1)).first() for each in (select(outbox.c.seq), behind))

    def heads(self, conn: Connection) -> dict[str, Any]:
        """``{"feed": id, "partitions": [{"partition", "offset", "chain"}]}``"""
        rows = conn.execute(select(feed_head).order_by(feed_head.c.partition))
        return {
            "feed": self.feed_id,
            "partitions": [{"partition": r.partition, "offset": r.offset, "chain": r.chain} for r in rows],
        }

    def diverged(self, conn: Connection, partition: int, after: int, chain: str, feed_id: str | None) -> str | None:
        """Why a subscriber that stands at (after, chain) of feed ``feed_id`` followed another history; None if it did not."""
        if feed_id is not None and feed_id != self.feed_id:
            return f"feed {feed_id} is not this feed {self.feed_id}"
        if after == ORIGIN:
            return None
        stored = self.chain_at(conn, partition, after)
        if stored is None:
            return f"partition {partition} has no offset {after}: this store is older than the subscriber"
        if stored != chain:
            return f"partition {partition}, offset {after}: the chain differs, the histories have parted"
        return None

    def chain_at(self, conn: Connection, partition: int, offset: int) -> str | None:
        """The chain at an offset; None where the feed has no such offset."""
        at = (feed.c.partition == partition, feed.c.offset == offset)
        return conn.execute(select(feed.c.chain).where(*at)).scalar()

    def page(
        self, conn: Connection, partition: int, after: Seen, limit: int, types: Sequence[str] | None = None
    ) -> tuple[list[bytes], Seen]:
        """Envelopes after a place, of these types alone if some are named, and the place after the last one looked at.

        ``limit`` counts what is looked at, so that a rare type costs no more than any other.
        """
        wanted = None if types is None else frozenset(types)
        found, last = [], after
        for row in fed(conn, partition, after.offset, limit):
            last = Seen(row.offset, row.chain)
            if wanted is None or row.type in wanted:
                found.append(self._envelope(partition, row))
        if last.chain is None and last.offset != ORIGIN:  # nothing new for somebody who did not say where he stands
            last = Seen(last.offset, self.chain_at(conn, partition, last.offset))
        return found, last

    def envelopes(self, conn: Connection, partition: int, after: int, limit: int) -> list[tuple[int, str, bytes]]:
        """``(offset, event type, envelope bytes)`` of the feed after an offset, in order, in today's shapes."""
        return [(row.offset, row.type, self._envelope(partition, row)) for row in fed(conn, partition, after, limit)]

    def published(self, conn: Connection) -> dict[int, int]:
        """Partition → last offset that the broker confirmed."""
        return {row.partition: row.published for row in conn.execute(select(feed_head))}

    def unsent(self, conn: Connection, after: Mapping[int, int], limit: int) -> list[tuple[int, int, str, bytes]]:
        """``(partition, offset, event type, envelope bytes)`` of what follows the cursors, or ``after`` where that is
        further; up to ``limit`` of each partition."""
        if not self.db.sqlite:
            found = sending.unsent(conn, after, limit)
            return [(partition, row.offset, row.type, self._envelope(partition, row)) for partition, row in found]
        heads = conn.execute(select(feed_head).where(feed_head.c.published < feed_head.c.offset)).all()
        starts = {head.partition: max(head.published, after.get(head.partition, ORIGIN)) for head in heads}
        return [(p, *row) for p, start in starts.items() for row in self.envelopes(conn, p, start, limit)]

    def confirm_all(self, conn: Connection, offsets: Mapping[int, int]) -> None:
        """Move the publishing cursors, only forward."""
        if not self.db.sqlite:
            sending.confirm(conn, offsets)
            return
        for partition, offset in offsets.items():
            moved = update(feed_head).where(feed_head.c.partition == partition, feed_head.c.published < offset)
            conn.execute(moved.values(published=offset))

    def confirm(self, conn: Connection, partition: int, offset: int) -> None:
        """Move one."""
        self.confirm_all(conn, {partition: offset})

    def recorded(self, row: Any) -> Recorded:
        return _recorded(row)

    def _envelope(self, partition: int, row: Fed) -> bytes:
        schema, data = row.schema, row.data
        if not self.codec.is_current(row.type, schema):
            values = self.codec.upcast(row.type, schema, msgspec.json.decode(data))
            data = msgspec.json.encode(values).decode()
            schema = self.codec.classes[row.type].EVENT_VERSION  # type: ignore[attr-defined]
        meta = _meta_decoder.decode(row.meta)
        event = Recorded(row.stream, row.version, row.type, schema, data, meta, row.recorded_at, row.hash)
        return envelope_bytes(self.service, self.feed_id, partition, row.offset, row.chain, event)


def _recorded(row: Any) -> Recorded:
    return Recorded(
        stream=row["stream"],
        version=row["version"],
        type=row["type"],
        schema=row["schema"],
        data=row["data"],
        meta=_meta_decoder.decode(row["meta"]),
        at=row["recorded_at"],
        hash=row["hash"],
    )
