"""What is done when its time comes continues the trace of what made it due."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("due", sa.Column("traceparent", sa.String(64)))


def downgrade() -> None:
    with op.batch_alter_table("due") as batch:
        batch.drop_column("traceparent")
