"""The statements of every command and of numbering. On PostgreSQL written by hand: one round trip each, nothing compiled.

``opened`` reads all that a command needs before it decides; ``written`` writes all that was decided, with the views' rows;
``numbered`` moves outbox rows into the feed. SQLite, which has no round trips, takes SQLAlchemy's statements. The contract
suite proves both to do the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, delete, insert, select, update

from services.store.arrays import literal
from services.store.bulk import Writer
from services.store.direct import send, send_together
from services.store.tables import commands, events, feed, feed_head, outbox
from services.store.together import Row, Statement

VIEWS_LOCK = 7_309_001  # advisory lock on PostgreSQL: appends share it, a rebuild of own views takes it alone


class StoredCommand(NamedTuple):
    """A command's row: the same id again gets the same answer."""

    id: str
    payload_hash: str
    answer: str  # JSON
    recorded_at: datetime


class Past(NamedTuple):
    """What a command needs of an event that is there already."""

    version: int
    type: str
    schema: int
    data: str
    hash: str


class NewRow(NamedTuple):
    """A row of ``events``, with its partition for the outbox."""

    stream: str
    version: int
    type: str
    schema: int
    data: str
    meta: str
    recorded_at: datetime  # UTC
    hash: str
    partition: int


class Fed(NamedTuple):
    """A row of the feed with its event."""

    offset: int
    chain: str
    stream: str
    version: int
    type: str
    schema: int
    data: str
    meta: str
    recorded_at: datetime  # UTC
    hash: str


_ANSWER = select(commands.c.payload_hash, commands.c.answer).where(commands.c.id == bindparam("id"))
_PAST = (
    select(events.c.version, events.c.type, events.c.schema, events.c.data, events.c.hash)
    .where(events.c.stream == bindparam("stream"))
    .order_by(events.c.version)
)

_FEED = (
    select(
        feed.c.offset, feed.c.chain, feed.c.stream, feed.c.version,
        events.c.type, events.c.schema, events.c.data, events.c.meta, events.c.recorded_at, events.c.hash,
    )
    .join(events, (events.c.stream == feed.c.stream) & (events.c.version == feed.c.version))
    .where(feed.c.partition == bindparam("in_partition"), feed.c.offset > bindparam("after"))
    .order_by(feed.c.offset)
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip
_FEED_TEXT = """
SELECT f."offset", f.chain, f.stream, f.version, e.type, e.schema, e.data, e.meta, e.recorded_at, e.hash
FROM feed f JOIN events e ON e.stream = f.stream AND e.version = f.version
WHERE f.partition = %(in_partition)s AND f."offset" > %(after)s ORDER BY f."offset" LIMIT %(most)s
"""
_OUTBOX = (
    select(outbox.c.seq, outbox.c.hash)
    .where(outbox.c.partition == bindparam("in_partition"))
    .order_by(outbox.c.seq)
    .limit(bindparam("most", type_=Integer))
)

_OPEN = f"""
SELECT c.payload_hash, c.answer, e.version, e.type, e.schema, e.data, e.hash
FROM (SELECT pg_advisory_xact_lock_shared({VIEWS_LOCK})) AS shared
LEFT JOIN commands c ON c.id = $1
LEFT JOIN events e ON e.stream = $2 AND c.id IS NULL
ORDER BY e.version
"""

_WRITE_EVENTS = """
INSERT INTO events (stream, version, type, schema, data, meta, recorded_at, hash)
SELECT * FROM unnest(%(streams)s::text[], %(versions)s::int[], %(types)s::text[], %(schemas)s::int[], %(datas)s::text[],
                     %(metas)s::text[], %(ats)s::timestamptz[], %(hashes)s::text[])
"""
_WRITE_OUTBOX = """
INSERT INTO outbox (partition, stream, version, hash)
SELECT n.partition, n.stream, n.version, n.hash
FROM unnest(%(partitions)s::int[], %(streams)s::text[], %(versions)s::int[], %(hashes)s::text[])
     WITH ORDINALITY AS n(partition, stream, version, hash, place) ORDER BY n.place
"""
_WRITE_COMMANDS = """
INSERT INTO commands (id, payload_hash, answer, recorded_at)
SELECT * FROM unnest(%(ids)s::text[], %(payload_hashes)s::text[], %(answers)s::text[], %(nows)s::timestamptz[])
"""
_ANSWERS = f"""
SELECT c.id, c.payload_hash, c.answer
FROM (SELECT pg_advisory_xact_lock_shared({VIEWS_LOCK})) AS shared
LEFT JOIN commands c ON c.id IN (SELECT * FROM unnest(%(ids)s::text[]))
"""
_PASTS = """
SELECT stream, version, type, schema, data, hash FROM events
WHERE stream IN (SELECT * FROM unnest(%(streams)s::text[])) ORDER BY stream, version
"""

_WAITING = "SELECT seq, hash FROM outbox WHERE partition = %(partition)s ORDER BY seq LIMIT %(limit)s"
_NUMBER = """
WITH moved AS (
    DELETE FROM outbox AS o USING unnest(%(seqs)s::bigint[], %(chains)s::text[]) WITH ORDINALITY AS n(seq, chain, place)
    WHERE o.seq = n.seq RETURNING o.stream, o.version, n.chain, n.place
),
head AS (UPDATE feed_head SET "offset" = %(offset)s, chain = %(chain)s WHERE partition = %(partition)s)
INSERT INTO feed (partition, "offset", stream, version, chain)
SELECT %(partition)s::int, %(before)s::bigint + place, stream, version, chain FROM moved
"""


Opened = tuple[tuple[str, str] | None, list[Past], list[list[Row]]]


def opened(conn: Connection, command_id: str, stream: str, more: Sequence[Statement] = ()) -> Opened:
    """``((payload hash, answer) of this command id or None, the stream's events, …)``, with the lock that appends share.
    ``more``: statements that go with it (PostgreSQL), and their rows."""
    if conn.dialect.name == "sqlite":
        known = conn.execute(_ANSWER, {"id": command_id}).first()
        if known is not None:
            return (known.payload_hash, known.answer), [], []
        return None, [Past(*row) for row in conn.execute(_PAST, {"stream": stream})], []
    rows, *found = send_together(conn, [(_OPEN, (command_id, stream)), *more])
    if rows[0][0] is not None:
        return (rows[0][0], rows[0][1]), [], found
    return None, [Past(*row[2:]) for row in rows if row[2] is not None], found


def written(conn: Connection, writer: Writer, new: Sequence[NewRow], done: Sequence[StoredCommand]) -> None:
    """Events of any streams with their outbox rows in this order, and the rows of the commands that are done. On PostgreSQL
    with the writer's next statement."""
    if conn.dialect.name == "sqlite":
        if new:
            rows = [each._asdict() for each in new]
            conn.execute(insert(events), [{k: v for k, v in row.items() if k != "partition"} for row in rows])
            pending = ("partition", "stream", "version", "hash")
            conn.execute(insert(outbox), [{name: row[name] for name in pending} for row in rows])
        if done:
            conn.execute(insert(commands), [command._asdict() for command in done])
        return
    if new:
        names = ("streams", "versions", "types", "schemas", "datas", "metas", "ats", "hashes", "partitions")
        values = dict(zip(names, map(literal, zip(*new, strict=True)), strict=True))
        writer.add(_WRITE_EVENTS, values)
        writer.add(_WRITE_OUTBOX, values)
    if done:
        fields = {"ids": "id", "payload_hashes": "payload_hash", "answers": "answer", "nows": "recorded_at"}
        writer.add(
            _WRITE_COMMANDS, {name: literal([getattr(each, field) for each in done]) for name, field in fields.items()}
        )


def answers(conn: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """id → (payload hash, answer) of those of these commands that are done, with the lock that appends share."""
    if conn.dialect.name != "sqlite":
        rows = send(conn, _ANSWERS, {"ids": literal(ids)})
        return {row[0]: (row[1], row[2]) for row in rows if row[0] is not None}
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(ids), 500):
        some = commands.c.id.in_(ids[start : start + 500])
        asked = conn.execute(select(commands.c.id, commands.c.payload_hash, commands.c.answer).where(some))
        found |= {row.id: (row.payload_hash, row.answer) for row in asked}
    return found


def pasts(conn: Connection, streams: Sequence[str]) -> dict[str, list[Past]]:
    """The events of these streams, in order; an empty list for one that has none."""
    found: dict[str, list[Past]] = {stream: [] for stream in streams}
    if conn.dialect.name != "sqlite":
        for row in send(conn, _PASTS, {"streams": literal(streams)}):
            found[row[0]].append(Past(*row[1:]))
        return found
    columns = (events.c.stream, events.c.version, events.c.type, events.c.schema, events.c.data, events.c.hash)
    for start in range(0, len(streams), 500):
        some = select(*columns).where(events.c.stream.in_(streams[start : start + 500]))
        for row in conn.execute(some.order_by(events.c.stream, events.c.version)):
            found[row[0]].append(Past(*row[1:]))
    return found


def fed(conn: Connection, partition: int, after: int, limit: int) -> Iterator[Fed]:
    """The feed after an offset, in order."""
    asked = {"in_partition": partition, "after": after, "most": limit}
    if conn.dialect.name == "sqlite":
        return map(Fed._make, conn.execute(_FEED, asked))
    return map(Fed._make, send(conn, _FEED_TEXT, asked))


def waiting(conn: Connection, partition: int, limit: int) -> list[tuple[int, str]]:
    """``(seq, hash)`` of the next outbox rows of a partition, in order."""
    if conn.dialect.name == "sqlite":
        return [(row.seq, row.hash) for row in conn.execute(_OUTBOX, {"in_partition": partition, "most": limit})]
    return [(seq, hash_) for seq, hash_ in send(conn, _WAITING, {"partition": partition, "limit": limit})]


def numbered(conn: Connection, partition: int, before: int, seqs: list[int], chains: list[str]) -> None:
    """Moves outbox rows into the feed after offset ``before``, with their chains, and the head behind them."""
    values = {"partition": partition, "before": before, "offset": before + len(seqs), "chain": chains[-1]}
    if conn.dialect.name != "sqlite":
        send(conn, _NUMBER, {**values, "seqs": literal(seqs), "chains": literal(chains)})
        return
    for start in range(0, len(seqs), 500):
        some = outbox.c.seq.in_(seqs[start : start + 500])
        found = {row.seq: row for row in conn.execute(select(outbox).where(some))}
        rows = [
            {
                "partition": partition,
                "offset": before + 1 + start + place,
                "stream": found[seq].stream,
                "version": found[seq].version,
                "chain": chains[start + place],
            }
            for place, seq in enumerate(seqs[start : start + 500])
        ]
        conn.execute(insert(feed), rows)
        conn.execute(delete(outbox).where(some))
    moved = {"offset": values["offset"], "chain": values["chain"]}
    conn.execute(update(feed_head).where(feed_head.c.partition == partition).values(**moved))


__all__ = [
    "VIEWS_LOCK",
    "Fed",
    "NewRow",
    "Past",
    "StoredCommand",
    "answers",
    "fed",
    "numbered",
    "opened",
    "pasts",
    "waiting",
    "written",
]
