"""Requests that a contract's suspension holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("held", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("requests", "held")
