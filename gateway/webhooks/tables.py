"""Endpoints, their secrets, places and what waits. No view owns these tables: a rebuild leaves them, backups carry them.

(The log of attempts is not carried: it is about the past.)
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from gateway.tables import METADATA
from services.store.types import JsonText, UtcDateTime

webhook_endpoints = Table(
    "webhook_endpoints",
    METADATA,
    Column("endpoint_id", String(64), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("url", Text, nullable=False),
    Column("types", JsonText, nullable=False),
    Column("customers", JsonText, nullable=False),
    Column("contracts", JsonText, nullable=False),
    Column("sources", JsonText, nullable=False),
    Column("owner", String(64)),
    Column("state", String(12), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("failing_since", UtcDateTime),
    Column("misses", Integer, nullable=False),
    Column("rests", Integer, nullable=False),
    Column("rest_until", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("claimed_by", String(64)),
    Column("claimed_until", UtcDateTime),
)
"""``sources``: services that it hears. ``owner``: the API key that made it; None: staff did. ``state``: active | paused,
``reason``: why it is paused. ``failing_since`` … ``delivered_at``: ``domain.health.Health``. ``claimed_by``: the one worker
that delivers to it now; who changes the endpoint takes the claim away, and what that worker wanted to note is void."""

webhook_secrets = Table(
    "webhook_secrets",
    METADATA,
    Column("endpoint_id", String(64), primary_key=True),
    Column("secret_id", String(64), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime),
)
"""Sealed with the installation's secret. ``ends_at``: until when one that was replaced still signs."""

webhook_places = Table(
    "webhook_places",
    METADATA,
    Column("endpoint_id", String(64), primary_key=True),
    Column("source", String(40), primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("chain", String(64), nullable=False),
    Column("feed", String(64), nullable=False),
)
"""The last offset of a feed's partition that was delivered, left out by the filter, or noted as waiting."""

webhook_waiting = Table(
    "webhook_waiting",
    METADATA,
    Column("endpoint_id", String(64), primary_key=True),
    Column("source", String(40), primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("offset", BigInteger, primary_key=True),
    Column("stream", String(120), nullable=False),
    Column("message_id", String(64), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("stuck", Boolean, nullable=False),
    Index("webhook_waiting_due", "endpoint_id", "due_at"),
    Index("webhook_waiting_stream", "endpoint_id", "source", "stream", "offset"),
)
"""Events before a place that are not delivered yet. Only the first one of a stream has ``due_at``; the others wait for it.
``stuck``: tried for days; a person decides."""

webhook_attempts = Table(
    "webhook_attempts",
    METADATA,
    Column("attempt_id", String(64), primary_key=True),
    Column("endpoint_id", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("source", String(40)),
    Column("partition", Integer),
    Column("offset", BigInteger),
    Column("stream", String(120)),
    Column("type", String(120), nullable=False),
    Column("message_id", String(64), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("status", Integer),
    Column("error", String(40), nullable=False),
    Column("answer", Text, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Index("webhook_attempts_log", "endpoint_id", "at", "attempt_id"),
    Index("webhook_attempts_at", "at"),
)
"""The log. ``answer``: the first characters of the answer's body. ``error``: why there was no answer."""

KEPT = (webhook_endpoints, webhook_secrets, webhook_places, webhook_waiting)
"""What backups carry."""
