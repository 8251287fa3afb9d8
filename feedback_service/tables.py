"""The tables of feedback's read models. Columns but keys may be empty: a fold accepts a child before its parent."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text

from services.store.types import JsonText, UtcDateTime

METADATA = MetaData()

evaluations = Table(
    "evaluations",
    METADATA,
    Column("evaluation_id", String(64), primary_key=True),
    Column("request_id", String(64)),
    Column("resolution", Integer),
    Column("contract_id", String(64)),
    Column("customer_id", String(64)),
    Column("contact_id", String(64)),
    Column("resolved_by", String(64)),
    Column("status", String(12)),
    Column("asked_at", UtcDateTime),
    Column("reminded_at", UtcDateTime),
    Column("tacit_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("answered_by", String(64)),
    Column("tacit", Boolean),
    Column("score_limit", Integer),
    Column("score", Integer),
    Column("rated_at", UtcDateTime),
    Column("rated_by", String(64)),
    Column("low", Boolean),
    Column("rate_until", UtcDateTime),
    Column("edit_until", UtcDateTime),
    Column("comment", Text),
    Column("reason", Text),
    Column("follow_up", String(8)),
    Column("follow_up_cause", String(12)),
    Column("follow_up_at", UtcDateTime),
    Column("followed_up_by", String(64)),
    Column("outcome", Text),
    Column("service_type_id", String(64)),
    Column("month", String(7)),
    Column("expired_cause", String(12)),
    Column("hidden", Boolean),
    Column("hidden_reason", Text),
    Column("hidden_by", String(64)),
    Column("replies", JsonText),
    Index("evaluations_request", "request_id", "resolution"),
    Index("evaluations_contract", "contract_id", "asked_at"),
    Index("evaluations_customer", "customer_id", "asked_at"),
    Index("evaluations_status", "status", "asked_at"),
    Index("evaluations_follow_up", "follow_up", "follow_up_at"),
)

"""``month``: of the question, "YYYY-MM" in São Paulo. ``replies``: [{reply_id, by, at, text}]."""

contract_rules = Table(
    "contract_rules",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("effective_on", Date, primary_key=True),
    Column("version", Integer),
    Column("time_zone", String(40)),
    Column("rules", JsonText),
    Column("customer_id", String(64)),
)
"""A contract's evaluation rules by the day from which they hold."""

comments = Table(
    "comments",
    METADATA,
    Column("comment_id", String(64), primary_key=True),
    Column("contract_id", String(64)),
    Column("customer_id", String(64)),
    Column("contact_id", String(64)),
    Column("made_at", UtcDateTime),
    Column("text", Text),
    Column("hidden", Boolean),
    Column("hidden_reason", Text),
    Column("hidden_by", String(64)),
    Column("replies", JsonText),
    Index("comments_contract", "contract_id", "made_at"),
    Index("comments_customer", "customer_id", "made_at"),
)

contacts = Table(
    "contacts",
    METADATA,
    Column("customer_id", String(64), primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("rights", JsonText),
)
"""Who may speak for a customer, now. Ids only."""
