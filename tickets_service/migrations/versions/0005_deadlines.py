"""Closed days, recalculations, and what each clock of a request took.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MEASURES = (
    ("response_seconds", sa.Integer),
    ("resolution_seconds", sa.Integer),
    ("waited_seconds", sa.Integer),
    ("resolution_level", sa.Integer),
    ("response_level", sa.Integer),
)


def upgrade() -> None:
    op.create_table(
        "closed_days",
        sa.Column("holiday_id", sa.String(64), primary_key=True),
        sa.Column("on", sa.Date),
        sa.Column("scope", sa.String(80)),
        sa.Column("yearly", sa.Boolean),
        sa.Column("removed", sa.Boolean),
        sa.Column("until", sa.Date),
        sa.Column("version", sa.Integer),
    )
    op.create_table(
        "recalculations",
        sa.Column("recalculation_id", sa.String(120), primary_key=True),
        sa.Column("holiday_id", sa.String(64)),
        sa.Column("version", sa.Integer),
        sa.Column("change", sa.String(12)),
        sa.Column("scope", sa.String(80)),
        sa.Column("why", sa.Text),
        sa.Column("on", sa.Date),
        sa.Column("yearly", sa.Boolean),
        sa.Column("asked_at", UtcDateTime),
        sa.Column("planned_at", UtcDateTime),
        sa.Column("finished_at", UtcDateTime),
        sa.Column("requests", sa.Integer),
        sa.Column("changed", sa.Integer),
    )
    op.create_table(
        "recalculation_parts",
        sa.Column("recalculation_id", sa.String(120), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("first", sa.String(64)),
        sa.Column("last", sa.String(64)),
        sa.Column("requests", sa.Integer),
        sa.Column("claimed_until", UtcDateTime),
        sa.Column("done_at", UtcDateTime),
        sa.Column("changed", sa.Integer),
        sa.Column("failed", sa.Integer),
    )
    op.add_column("coverage_contracts", sa.Column("provider_id", sa.String(64)))
    for name, kind in MEASURES:
        op.add_column("requests", sa.Column(name, kind))


def downgrade() -> None:
    with op.batch_alter_table("requests") as batch:
        for name, _ in MEASURES:
            batch.drop_column(name)
    with op.batch_alter_table("coverage_contracts") as batch:
        batch.drop_column("provider_id")
    for table in ("recalculation_parts", "recalculations", "closed_days"):
        op.drop_table(table)
