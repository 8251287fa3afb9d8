"""Who moved a visit: people, or a closed day.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visits", sa.Column("moved_by", sa.String(12)))


def downgrade() -> None:
    with op.batch_alter_table("visits") as batch:
        batch.drop_column("moved_by")
