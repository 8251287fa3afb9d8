"""Billing runs, what selects contracts for them; when a movement became known; payments that several accounts share.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receivables", sa.Column("run_id", sa.String(64)))
    op.create_index("ix_receivables_run_id", "receivables", ["run_id"])
    op.add_column("accounts", sa.Column("first_bill", sa.Text))
    op.add_column("ledger", sa.Column("recorded_at", UtcDateTime))
    op.add_column("payments", sa.Column("whole_id", sa.String(64)))
    op.create_index("ix_payments_whole_id", "payments", ["whole_id"])
    op.create_table(
        "billing_runs",
        sa.Column("run_id", sa.String(64), primary_key=True),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("through", sa.Date, nullable=False),
        sa.Column("by_month", sa.Boolean, nullable=False),
        sa.Column("on", sa.Date),
        sa.Column("selection", JsonText, nullable=False),
        sa.Column("accounts", sa.Integer, nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("started_by", sa.String(160), nullable=False),
        sa.Column("finished_at", UtcDateTime),
    )
    op.create_index("billing_runs_started", "billing_runs", ["started_at", "run_id"])
    op.create_table(
        "run_accounts",
        sa.Column("run_id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("due_key", sa.String(160), nullable=False),
    )
    op.create_table(
        "contract_labels",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("provider_id", sa.String(64)),
        sa.Column("tags", JsonText),
    )
    op.create_index("ix_contract_labels_provider_id", "contract_labels", ["provider_id"])


def downgrade() -> None:
    for name in ("contract_labels", "run_accounts", "billing_runs"):
        op.drop_table(name)
    op.drop_index("ix_payments_whole_id", "payments")
    op.drop_index("ix_receivables_run_id", "receivables")
    for table, column in (
        ("payments", "whole_id"),
        ("ledger", "recorded_at"),
        ("accounts", "first_bill"),
        ("receivables", "run_id"),
    ):
        op.drop_column(table, column)
