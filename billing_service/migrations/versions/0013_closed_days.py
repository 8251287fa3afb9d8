"""The company's own closed days.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_days",
        sa.Column("book_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entries", JsonText, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("closed_days")
