"""*Awaiting confirmation* is a state of its own: the list of requests is read again from the first event.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

READER = "subscription = 'view.requests' AND source = 'tickets'"


def upgrade() -> None:
    _wide(24)
    if sa.inspect(op.get_bind()).has_table("checkpoints"):
        for statement in (
            f'UPDATE checkpoints SET "offset" = -1, chain = \'\' WHERE {READER} AND "offset" >= 0',
            f"DELETE FROM applied WHERE {READER}",
            f"DELETE FROM parked_events WHERE {READER}",
            f"DELETE FROM parked_streams WHERE {READER}",
            "DELETE FROM requests",
        ):
            op.execute(statement)


def downgrade() -> None:
    op.execute("UPDATE requests SET status = 'resolved' WHERE status = 'awaiting_confirmation'")
    _wide(12)


def _wide(length: int) -> None:
    with op.batch_alter_table("requests") as batch:
        batch.alter_column("status", type_=sa.String(length))
