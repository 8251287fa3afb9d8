"""What happened to a receivable beside money, with when it was recorded; its original due day.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receivables", sa.Column("original_due_on", sa.Date, nullable=True))
    op.create_table(
        "receivable_facts",
        sa.Column("fact_id", sa.String(64), primary_key=True),
        sa.Column("receivable_id", sa.String(64), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("data", JsonText, nullable=True),
    )
    op.create_index("receivable_facts_receivable", "receivable_facts", ["receivable_id", "recorded_at"])


def downgrade() -> None:
    op.drop_table("receivable_facts")
    op.drop_column("receivables", "original_due_on")
