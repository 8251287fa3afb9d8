"""Who gave the score and its comment, so that his words go with him.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluations", sa.Column("rated_by", sa.String(64)))


def downgrade() -> None:
    op.drop_column("evaluations", "rated_by")
