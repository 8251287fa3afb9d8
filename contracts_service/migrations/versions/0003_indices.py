"""Published index values, and by which index a contract is adjusted.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import Money, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "index_values",
        sa.Column("index", sa.String(16), primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("percent", Money, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
    )
    op.add_column("contracts", sa.Column("adjustment_index", sa.String(16)))


def downgrade() -> None:
    with op.batch_alter_table("contracts") as batch:
        batch.drop_column("adjustment_index")
    op.drop_table("index_values")
