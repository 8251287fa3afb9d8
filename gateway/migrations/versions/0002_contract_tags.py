"""Tags by which lists of contracts are filtered.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_tags",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("tag", sa.String(60), primary_key=True),
    )
    op.create_index("contract_tags_tag", "contract_tags", ["tag"])


def downgrade() -> None:
    op.drop_table("contract_tags")
