"""What a contract's recurring revenue comes to from which day on, and when it ended.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("steps", "stops"):
        op.add_column("recurring", sa.Column(name, JsonText, nullable=True))


def downgrade() -> None:
    for name in ("stops", "steps"):
        op.drop_column("recurring", name)
