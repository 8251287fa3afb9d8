"""Satisfaction by service and month, hidden texts and replies; comments on contracts.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ADDED = (
    ("service_type_id", sa.String(64)),
    ("month", sa.String(7)),
    ("expired_cause", sa.String(12)),
    ("hidden", sa.Boolean),
    ("hidden_reason", sa.Text),
    ("hidden_by", sa.String(64)),
    ("replies", JsonText),
)


def upgrade() -> None:
    for name, kind in _ADDED:
        op.add_column("evaluations", sa.Column(name, kind))
    op.add_column("contract_rules", sa.Column("customer_id", sa.String(64)))
    op.create_table(
        "comments",
        sa.Column("comment_id", sa.String(64), primary_key=True),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("contact_id", sa.String(64)),
        sa.Column("made_at", UtcDateTime),
        sa.Column("text", sa.Text),
        sa.Column("hidden", sa.Boolean),
        sa.Column("hidden_reason", sa.Text),
        sa.Column("hidden_by", sa.String(64)),
        sa.Column("replies", JsonText),
    )
    op.create_index("comments_contract", "comments", ["contract_id", "made_at"])
    op.create_index("comments_customer", "comments", ["customer_id", "made_at"])


def downgrade() -> None:
    op.drop_table("comments")
    op.drop_column("contract_rules", "customer_id")
    for name, _ in reversed(_ADDED):
        op.drop_column("evaluations", name)
