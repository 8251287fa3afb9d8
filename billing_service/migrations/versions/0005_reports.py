"""Monthly recurring revenue, days until due, withheld by month, creditors.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import Money

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("due_days", sa.Integer))
    op.add_column("contract_months", sa.Column("withheld", Money, nullable=False, server_default="0"))
    op.create_table(
        "recurring",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("mrr", Money, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "mrr_movements",
        sa.Column("entry_id", sa.String(160), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("amount", Money, nullable=False),
    )
    op.create_index("ix_mrr_movements_account_id", "mrr_movements", ["account_id"])
    op.create_index("mrr_movements_month", "mrr_movements", ["month", "kind"])
    op.create_table(
        "creditors",
        sa.Column("provider_id", sa.String(64), primary_key=True),
        *(
            sa.Column(name, sa.Text)
            for name in ("legal_name", "trade_name", "cnpj", "address", "city", "state", "pix_key")
        ),
    )
    op.create_table(
        "contract_creditors",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("provider_id", sa.String(64)),
    )


def downgrade() -> None:
    for name in ("contract_creditors", "creditors", "mrr_movements", "recurring"):
        op.drop_table(name)
    op.drop_column("contract_months", "withheld")
    op.drop_column("accounts", "due_days")
