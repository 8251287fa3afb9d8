"""A subscriber that counts: every event of every service, how often and in which order it came.

Services' own rules are idempotent, so they would hide an event that takes effect twice. This one's are not: its view
adds one for each time, and its policy makes a new event for each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

from services.component import Aggregate, Component, Policy, View
from services.decider import Decider, command, event
from services.events import Incoming
from services.rows import Rows

SOURCES = ("contracts", "billing", "tickets", "feedback")
METADATA = MetaData()

seen = Table(
    "seen",
    METADATA,
    Column("source", String(40), primary_key=True),
    Column("event", String(160), primary_key=True),
    Column("times", Integer),
)
partitions = Table(
    "partitions",
    METADATA,
    Column("source", String(40), primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("offset", BigInteger),
    Column("jumps", Integer),
)
"""``jumps``: how often an event was not the next one of its partition."""

streams = Table(
    "streams",
    METADATA,
    Column("source", String(40), primary_key=True),
    Column("stream", String(120), primary_key=True),
    Column("version", Integer),
    Column("jumps", Integer),
)


class Seen(View):
    """One a source: checkpoints and failures of their own."""

    tables = (seen, partitions, streams)

    def __init__(self, source: str) -> None:
        self.name, self.source = f"seen_{source}", source  # type: ignore[misc]

    def prefetch(self, events: list[Incoming], rows: Rows) -> None:
        rows.prefetch(seen, {(self.source, each.id) for each in events})
        rows.prefetch(partitions, {(self.source, each.partition) for each in events})
        rows.prefetch(streams, {(self.source, each.stream) for each in events})

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        key: dict[str, Any] = {"source": self.source, "event": event.id}
        rows.put(seen, **key, times=(rows.get(seen, **key) or {"times": 0})["times"] + 1)
        key = {"source": self.source, "partition": event.partition}
        before = rows.get(partitions, **key) or {"offset": -1, "jumps": 0}
        jumps = before["jumps"] + (event.offset != before["offset"] + 1)
        rows.put(partitions, **key, offset=event.offset, jumps=jumps)
        key = {"source": self.source, "stream": event.stream}
        before = rows.get(streams, **key) or {"version": 0, "jumps": 0}
        jumps = before["jumps"] + (event.version != before["version"] + 1)
        rows.put(streams, **key, version=event.version, jumps=jumps)


@event("witness.tally.noted")
class Noted:
    tally_id: str
    payment_id: str
    amount: Decimal


@command
class NotePayment:
    """Note a payment, each time anew."""

    tally_id: str
    payment_id: str
    amount: Decimal


@event("witness.tally.counted")
class Counted:
    tally_id: str


@command
class CountOne:
    """Count one more, each time anew."""

    tally_id: str


def decide(wish: NotePayment | CountOne, state: int) -> Sequence[Noted | Counted]:
    match wish:
        case NotePayment(tally, payment, amount):
            return [Noted(tally, payment, amount)]
        case CountOne(tally):
            return [Counted(tally)]


def note(event: Incoming, rows: Rows) -> Iterator[NotePayment]:
    yield NotePayment(event.data["account_id"], event.data["payment_id"], Decimal(event.data["amount"]))


def component() -> Component:
    return Component(
        name="witness",
        aggregates=(
            Aggregate(
                "tally",
                Decider(0, decide, lambda state, _: state + 1),
                (NotePayment, CountOne),
                (Noted, Counted),
                attrgetter("tally_id"),
            ),
        ),
        remote_views=tuple(Seen(source) for source in SOURCES),
        policies=(Policy("note_payments", "billing", {"billing.payment.received": note}),),
        metadata=METADATA,
    )
