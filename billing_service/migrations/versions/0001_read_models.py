"""The tables of the first read models.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, Money

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("contract_number", sa.Text),
        sa.Column("opened_on", sa.Date),
        sa.Column("time_zone", sa.Text),
        sa.Column("terms", JsonText),
        sa.Column("terms_from", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("planned_through", sa.Date),
        sa.Column("stopped_on", sa.Date),
        sa.Column("stop_reason", sa.Text),
        sa.Column("in_default_since", sa.Date),
    )
    op.create_index("accounts_planned", "accounts", ["planned_through", "account_id"])
    op.create_index("ix_accounts_customer_id", "accounts", ["customer_id"])
    op.create_index("ix_accounts_in_default_since", "accounts", ["in_default_since"])
    op.create_table(
        "contract_months",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("receivables", sa.Integer, nullable=False),
        sa.Column("billed", Money, nullable=False),
        sa.Column("received", Money, nullable=False),
        sa.Column("credited", Money, nullable=False),
        sa.Column("written_off", Money, nullable=False),
    )
    op.create_table(
        "credit_notes",
        sa.Column("credit_note_id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("receivable_id", sa.String(64), nullable=False),
        sa.Column("charge_id", sa.String(64), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("applied", Money, nullable=False),
        sa.Column("unallocated", Money, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("explanation", JsonText, nullable=False),
    )
    op.create_index("ix_credit_notes_receivable_id", "credit_notes", ["receivable_id"])
    op.create_table(
        "ledger",
        sa.Column("entry_id", sa.String(160), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("receivable_id", sa.String(64), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("source_id", sa.String(64)),
    )
    op.create_index("ledger_account_day", "ledger", ["account_id", "on"])
    op.create_index("ledger_day", "ledger", ["on"])
    op.create_index("ledger_receivable", "ledger", ["receivable_id", "on"])
    op.create_table(
        "payments",
        sa.Column("payment_id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("contract_id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("allocations", JsonText, nullable=False),
        sa.Column("unallocated", Money, nullable=False),
        sa.Column("reversed_on", sa.Date),
        sa.Column("reversal_reason", sa.Text),
    )
    op.create_index("payments_account", "payments", ["account_id", "on"])
    op.create_table(
        "planned_charges",
        sa.Column("charge_id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("line_id", sa.Text),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("period_start", sa.Date),
        sa.Column("period_end", sa.Date),
        sa.Column("bill_on", sa.Date, nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("planned", sa.Boolean, nullable=False),
        sa.Column("explanation", JsonText, nullable=False),
    )
    op.create_index("planned_charges_account", "planned_charges", ["account_id", "bill_on"])
    op.create_index("planned_charges_day", "planned_charges", ["bill_on"])
    op.create_table(
        "receivable_lines",
        sa.Column("receivable_id", sa.String(64), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("charge_id", sa.String(64), nullable=False),
        sa.Column("line_id", sa.Text),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("period_start", sa.Date),
        sa.Column("period_end", sa.Date),
        sa.Column("quantity", Money, nullable=False),
        sa.Column("unit_price", Money, nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("explanation", JsonText, nullable=False),
    )
    op.create_table(
        "receivables",
        sa.Column("receivable_id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("contract_id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("payable_on", sa.Date, nullable=False),
        sa.Column("gross", Money, nullable=False),
        sa.Column("withheld", Money, nullable=False),
        sa.Column("net", Money, nullable=False),
        sa.Column("fine", Money, nullable=False),
        sa.Column("interest", Money, nullable=False),
        sa.Column("interest_through", sa.Date),
        sa.Column("paid", Money, nullable=False),
        sa.Column("credited", Money, nullable=False),
        sa.Column("written_off", Money, nullable=False),
        sa.Column("balance", Money, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("overdue_on", sa.Date),
        sa.Column("disputed", sa.Boolean, nullable=False),
        sa.Column("dispute_reason", sa.Text),
        sa.Column("settled_on", sa.Date),
        sa.Column("days_late", sa.Integer),
        sa.Column("reminder_level", sa.Integer),
        sa.Column("imported", sa.Boolean, nullable=False),
        sa.Column("external_ref", sa.Text),
    )
    op.create_index("receivables_account", "receivables", ["account_id", "due_on"])
    op.create_index("receivables_customer", "receivables", ["customer_id", "due_on"])
    op.create_index("receivables_month", "receivables", ["month"])
    op.create_index("receivables_status", "receivables", ["status", "due_on"])


def downgrade() -> None:
    op.drop_table("receivables")
    op.drop_table("receivable_lines")
    op.drop_table("planned_charges")
    op.drop_table("payments")
    op.drop_table("ledger")
    op.drop_table("credit_notes")
    op.drop_table("contract_months")
    op.drop_table("accounts")
