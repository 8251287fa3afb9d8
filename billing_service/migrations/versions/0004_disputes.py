"""Contested lines, cancellation, renegotiation.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, Money

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AMOUNTS = ("disputed_amount", "cancelled", "renegotiated")


def upgrade() -> None:
    for name in AMOUNTS:
        op.add_column("receivables", sa.Column(name, Money, nullable=False, server_default="0"))
    op.add_column("receivables", sa.Column("disputed_lines", JsonText))
    op.add_column("receivables", sa.Column("renegotiation_id", sa.Text))


def downgrade() -> None:
    for name in ("renegotiation_id", "disputed_lines", *AMOUNTS):
        op.drop_column("receivables", name)
