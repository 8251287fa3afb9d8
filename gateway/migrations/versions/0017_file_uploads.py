"""Who brought which file.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_uploads",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("uploaded_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("file_uploads")
