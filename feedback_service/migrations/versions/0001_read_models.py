"""The tables of feedback's first read models.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("customer_id", sa.String(64), primary_key=True),
        sa.Column("contact_id", sa.String(64), primary_key=True),
        sa.Column("rights", JsonText),
    )
    op.create_table(
        "contract_rules",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("effective_on", sa.Date, primary_key=True),
        sa.Column("version", sa.Integer),
        sa.Column("time_zone", sa.String(40)),
        sa.Column("rules", JsonText),
    )
    op.create_table(
        "evaluations",
        sa.Column("evaluation_id", sa.String(64), primary_key=True),
        sa.Column("request_id", sa.String(64)),
        sa.Column("resolution", sa.Integer),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("contact_id", sa.String(64)),
        sa.Column("resolved_by", sa.String(64)),
        sa.Column("status", sa.String(12)),
        sa.Column("asked_at", UtcDateTime),
        sa.Column("reminded_at", UtcDateTime),
        sa.Column("tacit_at", UtcDateTime),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("tacit", sa.Boolean),
        sa.Column("score_limit", sa.Integer),
        sa.Column("score", sa.Integer),
        sa.Column("rated_at", UtcDateTime),
        sa.Column("low", sa.Boolean),
        sa.Column("rate_until", UtcDateTime),
        sa.Column("edit_until", UtcDateTime),
        sa.Column("comment", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("follow_up", sa.String(8)),
        sa.Column("follow_up_cause", sa.String(12)),
        sa.Column("follow_up_at", UtcDateTime),
        sa.Column("followed_up_by", sa.String(64)),
        sa.Column("outcome", sa.Text),
    )
    op.create_index("evaluations_contract", "evaluations", ["contract_id", "asked_at"])
    op.create_index("evaluations_customer", "evaluations", ["customer_id", "asked_at"])
    op.create_index("evaluations_follow_up", "evaluations", ["follow_up", "follow_up_at"])
    op.create_index("evaluations_request", "evaluations", ["request_id", "resolution"])
    op.create_index("evaluations_status", "evaluations", ["status", "asked_at"])


def downgrade() -> None:
    op.drop_table("evaluations")
    op.drop_table("contract_rules")
    op.drop_table("contacts")
