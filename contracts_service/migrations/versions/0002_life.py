"""Notice, renewal by approval, approved suspensions, what was undone.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, Money, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = {
    "contracts": (
        ("renewal_months", sa.Integer),
        ("suspension_rules", JsonText),
        ("proposed_on", sa.Date),
        ("leave_on", sa.Date),
        ("leave_by", sa.String(10)),
        ("leave_last_day", sa.Date),
        ("leave_reason", sa.Text),
        ("offered_for", sa.Date),
        ("answer_by", sa.Date),
        ("declined_for", sa.Date),
        ("end_by", sa.String(10)),
        ("end_right", sa.String(12)),
        ("end_fine", Money),
        ("price_base_on", sa.Date),
        ("adjusted_on", sa.Date),
        ("adjusted_percent", Money),
        ("before", JsonText),
    ),
    "contract_versions": (("undone_at", UtcDateTime),),
    "deadlines": (
        ("leave_on", sa.Date),
        ("declined_for", sa.Date),
        ("offered_for", sa.Date),
        ("offer_days", sa.Integer),
        ("expired_for", sa.Date),
    ),
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind))


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            for name, _ in columns:
                batch.drop_column(name)
