"""The company's own table of closed days.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holidays",
        sa.Column("holiday_id", sa.String(64), primary_key=True),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scope", sa.String(80), nullable=False),
        sa.Column("yearly", sa.Boolean, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("changed_at", UtcDateTime, nullable=False),
    )
    op.create_index("holidays_on", "holidays", ["on"])


def downgrade() -> None:
    op.drop_table("holidays")
