"""Parts that have a price: by which line of the contract.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recorded_works", sa.Column("line_id", sa.String(64)))


def downgrade() -> None:
    with op.batch_alter_table("recorded_works") as batch:
        batch.drop_column("line_id")
