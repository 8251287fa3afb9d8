"""Requests: internal notes apart, how the price stands, the original of a duplicate; equipment by its label.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("internal_notes", sa.Integer))
    op.add_column("requests", sa.Column("price_state", sa.String(10)))
    op.add_column("requests", sa.Column("duplicate_of", sa.String(64)))
    op.create_index("equipment_label", "equipment", ["label"])


def downgrade() -> None:
    op.drop_index("equipment_label", "equipment")
    for column in ("internal_notes", "price_state", "duplicate_of"):
        op.drop_column("requests", column)
