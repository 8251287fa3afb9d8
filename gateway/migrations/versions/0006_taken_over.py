"""Receivables that were taken over from another system.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receivables", sa.Column("taken_over", JsonText))


def downgrade() -> None:
    op.drop_column("receivables", "taken_over")
