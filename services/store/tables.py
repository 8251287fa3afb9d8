"""The chassis tables that stand in every service's database beside its views."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

from services.store.types import JsonText, UtcDateTime

CHASSIS = MetaData()

_serial = BigInteger().with_variant(Integer, "sqlite")

store_info = Table(
    "store_info",
    CHASSIS,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
"""``feed_id``, ``partitions``: fixed when the store is made; another setting refuses to start."""

events = Table(
    "events",
    CHASSIS,
    Column("stream", String(120), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("type", String(100), nullable=False),
    Column("schema", Integer, nullable=False),
    Column("data", Text, nullable=False),
    Column("meta", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Append-only (triggers say no to UPDATE and DELETE). ``hash`` covers the previous event's hash of the stream."""

commands = Table(
    "commands",
    CHASSIS,
    Column("id", String(64), primary_key=True),
    Column("payload_hash", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)

outbox = Table(
    "outbox",
    CHASSIS,
    Column("seq", _serial, primary_key=True, autoincrement=True),
    Column("partition", Integer, nullable=False),
    Column("stream", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

feed = Table(
    "feed",
    CHASSIS,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("offset", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("chain", String(64), nullable=False),
)

feed_head = Table(
    "feed_head",
    CHASSIS,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("offset", BigInteger, nullable=False),
    Column("chain", String(64), nullable=False),
    Column("published", BigInteger, nullable=False),
)
"""Last offset of each partition (-1: none) with its chain, and the last one that the broker confirmed."""

checkpoints = Table(
    "checkpoints",
    CHASSIS,
    Column("subscription", String(80), primary_key=True),
    Column("source", String(40), primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("feed", String(40), nullable=True),
    Column("offset", BigInteger, nullable=False),
    Column("chain", String(64), nullable=False),
    Column("moved_at", UtcDateTime, nullable=True),
)

subscription_states = Table(
    "subscription_states",
    CHASSIS,
    Column("subscription", String(80), primary_key=True),
    Column("source", String(40), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Only what is not running has a row: ``stopped`` (bad release) or ``diverged`` (the source is another one)."""

parked_streams = Table(
    "parked_streams",
    CHASSIS,
    Column("subscription", String(80), primary_key=True),
    Column("source", String(40), primary_key=True),
    Column("stream", String(120), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

parked_events = Table(
    "parked_events",
    CHASSIS,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("subscription", String(80), nullable=False),
    Column("source", String(40), nullable=False),
    Column("stream", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("type", String(100), nullable=False),
    Column("envelope", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("parked_at", UtcDateTime, nullable=False),
    Index("parked_events_stream", "subscription", "source", "stream", "offset"),
)

discarded_events = Table(
    "discarded_events",
    CHASSIS,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("subscription", String(80), nullable=False),
    Column("event", String(160), nullable=False),
    Column("envelope", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

refusals = Table(
    "refusals",
    CHASSIS,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("policy", String(80), nullable=False),
    Column("event", String(160), nullable=False),
    Column("command", String(80), nullable=False),
    Column("code", String(80), nullable=False),
    Column("params", JsonText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""What a rule answered to a policy's command: a declared outcome, kept for the operator."""

due = Table(
    "due",
    CHASSIS,
    Column("key", String(160), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("command", String(80), nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("done_at", UtcDateTime, nullable=True),
    Column("outcome", Text, nullable=True),
    Column("attempts", Integer, nullable=False, default=0, server_default="0"),
    Column("retry_at", UtcDateTime, nullable=True),
    Column("traceparent", String(64), nullable=True),
    Index("due_open", "done_at", "at"),
)
"""``traceparent``: of what made it due, where somebody traced."""

applied = Table(
    "applied",
    CHASSIS,
    Column("subscription", String(80), primary_key=True),
    Column("source", String(40), primary_key=True),
    Column("stream", String(120), primary_key=True),
    Column("version", Integer, nullable=False),
)

leases = Table(
    "leases",
    CHASSIS,
    Column("name", String(40), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

VAULT = MetaData()

person_keys = Table(
    "person_keys",
    VAULT,
    Column("person", String(120), primary_key=True),
    Column("key", Text, nullable=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("destroyed_at", UtcDateTime, nullable=True),
    Column("tombstone", Boolean, nullable=False, default=False),
)
