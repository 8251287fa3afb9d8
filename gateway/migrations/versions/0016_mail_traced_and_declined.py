"""Mail continues the trace of its cause; who wants no more mail of a topic.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("mail_causes", "mail"):
        op.add_column(table, sa.Column("traceparent", sa.String(64)))
    op.create_table(
        "mail_declined",
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("topic", sa.String(20), primary_key=True),
        sa.Column("declined_at", UtcDateTime, nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("mail_declined")
    for table in ("mail", "mail_causes"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("traceparent")
