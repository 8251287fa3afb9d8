"""Visits.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("visit_id", sa.String(64), primary_key=True),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("service_type_id", sa.String(64)),
        sa.Column("site_id", sa.String(64)),
        sa.Column("request_id", sa.String(64)),
        sa.Column("technician_id", sa.String(64)),
        sa.Column("kind", sa.String(12)),
        sa.Column("status", sa.String(12)),
        sa.Column("on", sa.Date),
        sa.Column("opens", sa.String(5)),
        sa.Column("closes", sa.String(5)),
        sa.Column("time_zone", sa.String(60)),
        sa.Column("description", sa.Text),
        sa.Column("equipment_ids", JsonText),
        sa.Column("former_on", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("changed_at", UtcDateTime),
    )
    op.create_index("visits_on", "visits", ["on", "visit_id"])
    op.create_index("visits_customer", "visits", ["customer_id", "on"])
    op.create_index("visits_contract", "visits", ["contract_id", "on"])
    op.create_index("visits_technician", "visits", ["technician_id", "on"])


def downgrade() -> None:
    op.drop_table("visits")
