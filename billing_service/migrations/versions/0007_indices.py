"""Published index values, and the monetary correction of receivables.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import Money

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receivables", sa.Column("correction", Money, nullable=False, server_default="0"))
    op.create_table(
        "index_months",
        sa.Column("index", sa.String(20), primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("percent", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("index_months")
    op.drop_column("receivables", "correction")
