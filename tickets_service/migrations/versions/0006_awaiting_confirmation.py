"""*Awaiting confirmation* is a state of its own: what was resolved so before is said to be so, from its events.

Revision ID: 0006
"""

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REQUESTS = sa.table("requests", sa.column("request_id"), sa.column("status"), sa.column("resolution"))
EVENTS = sa.table("events", sa.column("stream"), sa.column("type"), sa.column("data"))


def upgrade() -> None:
    _wide(24)
    conn = op.get_bind()
    events = sa.select(EVENTS.c.data).where(EVENTS.c.type == "tickets.request.resolved")
    for (text,) in conn.execute(events):
        data = msgspec.json.decode(text)
        if data.get("awaiting_confirmation"):
            still = (REQUESTS.c.status == "resolved", REQUESTS.c.resolution == data["resolution"])
            mine = REQUESTS.c.request_id == data["request_id"]
            conn.execute(sa.update(REQUESTS).where(mine, *still).values(status="awaiting_confirmation"))


def downgrade() -> None:
    op.execute(sa.update(REQUESTS).where(REQUESTS.c.status == "awaiting_confirmation").values(status="resolved"))
    _wide(12)


def _wide(length: int) -> None:
    with op.batch_alter_table("requests") as batch:
        batch.alter_column("status", type_=sa.String(length))
