"""Taxes withheld at source, and the number of the NFS-e.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withholding_rates",
        sa.Column("table_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rates", JsonText, nullable=False),
    )
    op.create_table(
        "withholders",
        sa.Column("customer_id", sa.String(64), primary_key=True),
        sa.Column("versions", JsonText, nullable=False),
    )
    op.add_column("receivables", sa.Column("withholdings", JsonText))
    for name in ("nfse_number", "nfse_link", "nfse_code"):
        op.add_column("receivables", sa.Column(name, sa.Text))


def downgrade() -> None:
    for name in ("nfse_code", "nfse_link", "nfse_number", "withholdings"):
        op.drop_column("receivables", name)
    op.drop_table("withholders")
    op.drop_table("withholding_rates")
