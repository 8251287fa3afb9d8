"""Outgoing mail and the company's own texts.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_causes",
        sa.Column("cause_id", sa.String(200), primary_key=True),
        sa.Column("template", sa.String(40), primary_key=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("contact_id", sa.String(64)),
        sa.Column("facts", JsonText, nullable=False),
        sa.Column("correlation", sa.String(200)),
        sa.Column("happened_at", UtcDateTime, nullable=False),
        sa.Column("looked_at", UtcDateTime),
    )
    op.create_index("mail_causes_open", "mail_causes", ["looked_at", "happened_at"])
    op.create_table(
        "mail",
        sa.Column("mail_id", sa.String(64), primary_key=True),
        sa.Column("cause_id", sa.String(200), nullable=False),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("recipient_id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("facts", JsonText, nullable=False),
        sa.Column("correlation", sa.String(200)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("tried_at", UtcDateTime),
        sa.Column("claimed_until", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("log", JsonText, nullable=False),
    )
    op.create_index("mail_due", "mail", ["state", "due_at"])
    op.create_index("mail_queued", "mail", ["queued_at", "mail_id"])
    op.create_index("mail_customer", "mail", ["customer_id", "queued_at"])
    op.create_index("mail_recipient", "mail", ["recipient_id"])
    op.create_table(
        "mail_texts",
        sa.Column("template", sa.String(40), primary_key=True),
        sa.Column("lang", sa.String(8), primary_key=True),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    for name in ("mail_texts", "mail", "mail_causes"):
        op.drop_table(name)
