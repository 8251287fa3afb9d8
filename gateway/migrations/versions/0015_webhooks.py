"""Webhooks: endpoints, secrets, places, what waits, and the log.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("endpoint_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("types", JsonText, nullable=False),
        sa.Column("customers", JsonText, nullable=False),
        sa.Column("contracts", JsonText, nullable=False),
        sa.Column("sources", JsonText, nullable=False),
        sa.Column("owner", sa.String(64)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("failing_since", UtcDateTime),
        sa.Column("misses", sa.Integer, nullable=False),
        sa.Column("rests", sa.Integer, nullable=False),
        sa.Column("rest_until", UtcDateTime),
        sa.Column("delivered_at", UtcDateTime),
        sa.Column("claimed_by", sa.String(64)),
        sa.Column("claimed_until", UtcDateTime),
    )
    op.create_table(
        "webhook_secrets",
        sa.Column("endpoint_id", sa.String(64), primary_key=True),
        sa.Column("secret_id", sa.String(64), primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime),
    )
    op.create_table(
        "webhook_places",
        sa.Column("endpoint_id", sa.String(64), primary_key=True),
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.Column("feed", sa.String(64), nullable=False),
    )
    op.create_table(
        "webhook_waiting",
        sa.Column("endpoint_id", sa.String(64), primary_key=True),
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("offset", sa.BigInteger, primary_key=True),
        sa.Column("stream", sa.String(120), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("first_at", UtcDateTime),
        sa.Column("due_at", UtcDateTime),
        sa.Column("stuck", sa.Boolean, nullable=False),
    )
    op.create_index("webhook_waiting_due", "webhook_waiting", ["endpoint_id", "due_at"])
    op.create_index("webhook_waiting_stream", "webhook_waiting", ["endpoint_id", "source", "stream", "offset"])
    op.create_table(
        "webhook_attempts",
        sa.Column("attempt_id", sa.String(64), primary_key=True),
        sa.Column("endpoint_id", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("source", sa.String(40)),
        sa.Column("partition", sa.Integer),
        sa.Column("offset", sa.BigInteger),
        sa.Column("stream", sa.String(120)),
        sa.Column("type", sa.String(120), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.String(40), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
    )
    op.create_index("webhook_attempts_log", "webhook_attempts", ["endpoint_id", "at", "attempt_id"])
    op.create_index("webhook_attempts_at", "webhook_attempts", ["at"])


def downgrade() -> None:
    for table in ("attempts", "waiting", "places", "secrets", "endpoints"):
        op.drop_table(f"webhook_{table}")
