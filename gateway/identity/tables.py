"""Who is logged in where, links that work once, counted attempts, and wishes to be forgotten. Identity data: no events.

No view owns these tables. Sessions, links and attempts pass by themselves; what stands here of a person (his browser,
his address) goes when he is erased.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from gateway.tables import METADATA
from services.store.types import JsonText, UtcDateTime

sessions = Table(
    "sessions",
    METADATA,
    Column("session_id", String(64), primary_key=True),
    Column("user_id", String(64), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("how", String(10), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("former_hash", String(64)),
    Column("renewed_at", UtcDateTime),
    Column("lasts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("agent", String(200)),
    Column("address", String(64)),
    Index("sessions_user", "user_id", "created_at"),
    Index("sessions_expires", "expires_at"),
)
"""``kind``: browser (the secret is the cookie's) | api (the secret renews the tokens; ``former_hash`` is the one before).
``how``: password | link. ``lasts``: seconds without a call after which it is over. ``agent``, ``address``: of the login."""

one_time_links = Table(
    "one_time_links",
    METADATA,
    Column("link_id", String(64), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Index("one_time_links_user", "user_id", "kind"),
    Index("one_time_links_expires", "expires_at"),
)
"""``kind``: invitation | password | login. The address that is mailed is signed; this row makes it good once."""

link_wishes = Table(
    "link_wishes",
    METADATA,
    Column("wish_id", String(64), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("login", String(200), nullable=False),
    Column("lang", String(8), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
)
"""What was typed by somebody who wants a link: written alike whether it is anybody's, looked up later, then deleted."""

attempts = Table(
    "attempts",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Index("attempts_until", "until"),
)
"""``key``: a hash of what is counted: nobody reads a name or an address here. All gateways count on these rows."""

erasures = Table(
    "erasures",
    METADATA,
    Column("erasure_id", String(64), primary_key=True),
    Column("user_id", String(64), nullable=False),
    Column("contacts", JsonText, nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answer_by", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String(64)),
    Column("reason", Text),
    Index("erasures_state", "state", "asked_at"),
    Index("erasures_user", "user_id"),
)
"""``state``: asked | done | declined | withdrawn. ``contacts``: [{customer_id, contact_id}] at that time."""
