"""Receivables say which renegotiation they are an instalment of.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receivables", sa.Column("renegotiation_id", sa.String(64)))


def downgrade() -> None:
    op.drop_column("receivables", "renegotiation_id")
