"""Receivables that were taken over from another system.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receivables", sa.Column("taken_over", JsonText))


def downgrade() -> None:
    op.drop_column("receivables", "taken_over")
