"""Visits leave closed days: who moved one, and how many a change of the table moved.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visits", sa.Column("moved_by", sa.String(12)))
    op.add_column("recalculations", sa.Column("visits_at", UtcDateTime))
    op.add_column("recalculations", sa.Column("visits", sa.Integer))
    # what was entered before this release moves nothing now
    op.execute("UPDATE recalculations SET visits_at = finished_at, visits = 0 WHERE finished_at IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("recalculations") as batch:
        batch.drop_column("visits")
        batch.drop_column("visits_at")
    with op.batch_alter_table("visits") as batch:
        batch.drop_column("moved_by")
