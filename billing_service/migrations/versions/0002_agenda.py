"""What finance decided about a planned charge.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("planned_charges", sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("planned_charges", sa.Column("due_on", sa.Date))
    op.add_column("planned_charges", sa.Column("moved_from", sa.Date))
    op.add_column("planned_charges", sa.Column("reason", sa.Text))


def downgrade() -> None:
    for name in ("reason", "moved_from", "due_on", "held"):
        op.drop_column("planned_charges", name)
