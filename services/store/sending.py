"""The relay's round on PostgreSQL by few statements, for all partitions at once: numbering, what is to be sent, the cursors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from services.codec import chain_hash
from services.store.arrays import literal
from services.store.direct import send
from services.store.statements import Fed

_TO_DO = """
SELECT EXISTS (SELECT FROM outbox), EXISTS (SELECT FROM feed_head WHERE published < "offset")
"""
_HEADS = """
SELECT h.partition, h."offset", h.chain FROM feed_head h
WHERE EXISTS (SELECT FROM outbox o WHERE o.partition = h.partition) ORDER BY h.partition FOR UPDATE
"""
_WAITING = """
SELECT n.partition, o.seq, o.hash
FROM unnest(%(partitions)s::int[]) AS n(partition)
     CROSS JOIN LATERAL (SELECT seq, hash FROM outbox WHERE partition = n.partition ORDER BY seq LIMIT %(limit)s) AS o
ORDER BY n.partition, o.seq
"""
_NUMBER = """
WITH moved AS (
    DELETE FROM outbox AS o
    USING unnest(%(seqs)s::bigint[], %(partitions)s::int[], %(offsets)s::bigint[], %(chains)s::text[])
          AS n(seq, partition, "offset", chain)
    WHERE o.seq = n.seq RETURNING o.stream, o.version, n.partition, n."offset", n.chain
),
head AS (
    UPDATE feed_head AS h SET "offset" = n."offset", chain = n.chain
    FROM unnest(%(heads)s::int[], %(lasts)s::bigint[], %(tails)s::text[]) AS n(partition, "offset", chain)
    WHERE h.partition = n.partition
)
INSERT INTO feed (partition, "offset", stream, version, chain)
SELECT partition, "offset", stream, version, chain FROM moved
"""
_UNSENT = """
SELECT h.partition, f."offset", f.chain, f.stream, f.version, e.type, e.schema, e.data, e.meta, e.recorded_at, e.hash
FROM feed_head h
     LEFT JOIN unnest(%(partitions)s::int[], %(afters)s::bigint[]) AS n(partition, after) ON n.partition = h.partition
     CROSS JOIN LATERAL (
         SELECT * FROM feed WHERE partition = h.partition AND "offset" > greatest(h.published, n.after)
         ORDER BY "offset" LIMIT %(limit)s
     ) AS f
     JOIN events e ON e.stream = f.stream AND e.version = f.version
WHERE h.published < h."offset" ORDER BY h.partition, f."offset"
"""
# Losing a cursor by a crash does no harm (the same is published again), so nobody waits for the disk.
_CONFIRM = """
UPDATE feed_head AS h SET published = n.published
FROM unnest(%(partitions)s::int[], %(offsets)s::bigint[]) AS n(partition, published),
     (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
WHERE h.partition = n.partition AND h.published < n.published
"""


def to_do(conn: Connection) -> tuple[bool, bool]:
    """Whether something is to be numbered, and whether something numbered is to be sent."""
    ((to_number, to_send),) = send(conn, _TO_DO, {})
    return to_number, to_send


def number(conn: Connection, limit: int) -> int:
    """Up to ``limit`` outbox rows of each partition into its feed; how many.

    The heads are locked first, always in the same order, so that two relays never wait crosswise; then the outbox is read
    in a new statement: see ``EventStore.number``. Just the rows that were read go.
    """
    heads = {partition: (offset, chain) for partition, offset, chain in send(conn, _HEADS, {})}
    if not heads:
        return 0
    moved = []
    for partition, seq, hash_ in send(conn, _WAITING, {"partitions": literal(heads), "limit": limit}):
        offset, chain = heads[partition]
        heads[partition] = offset + 1, chain_hash(chain, hash_)
        moved.append((seq, partition, *heads[partition]))
    if moved:
        names = ("seqs", "partitions", "offsets", "chains")
        values = dict(zip(names, map(literal, zip(*moved, strict=True)), strict=True))
        lasts, tails = zip(*heads.values(), strict=True)
        send(conn, _NUMBER, {**values, "heads": literal(heads), "lasts": literal(lasts), "tails": literal(tails)})
    return len(moved)


def unsent(conn: Connection, after: Mapping[int, int], limit: int) -> Iterator[tuple[int, Fed]]:
    """``(partition, row)``: what follows each cursor, or ``after`` (partition → offset) where that is further."""
    asked = {"partitions": literal(after), "afters": literal(after.values()), "limit": limit}
    return ((row[0], Fed._make(row[1:])) for row in send(conn, _UNSENT, asked))


def confirm(conn: Connection, offsets: Mapping[int, int]) -> None:
    """Moves the cursors, only forward."""
    send(conn, _CONFIRM, {"partitions": literal(offsets), "offsets": literal(offsets.values())})


__all__ = ["confirm", "number", "to_do", "unsent"]
