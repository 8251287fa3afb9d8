"""Boletos, remittances, rows of banks' files, references of Pix codes; the creditor's bank.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, Money, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("creditors", sa.Column("bank", JsonText))
    for name in ("time_zone", "phone", "email"):
        op.add_column("creditors", sa.Column(name, sa.Text))
    op.create_table(
        "boletos",
        sa.Column("boleto_id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("receivable_id", sa.String(64), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("our_number", sa.Integer, nullable=False),
        sa.Column("wallet", sa.String(3), nullable=False),
        sa.Column("bank_account", sa.String(40), nullable=False),
        sa.Column("bank", JsonText, nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("abatement", Money, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("bar_code", sa.String(44), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("waiting", sa.String(12)),
        sa.Column("cancel_asked", sa.Boolean, nullable=False),
        sa.Column("reasons", JsonText),
        sa.Column("before", JsonText),
        sa.Column("registered_on", sa.Date),
        sa.Column("fee", Money),
        sa.Column("credited_on", sa.Date),
    )
    op.create_index("boletos_receivable", "boletos", ["receivable_id"])
    op.create_index("boletos_number", "boletos", ["bank_account", "wallet", "our_number"], unique=True)
    op.create_index("boletos_provider", "boletos", ["provider_id", "status"])
    op.create_table(
        "remittances",
        sa.Column("remittance_id", sa.String(64), primary_key=True),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("boletos", sa.Integer, nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bank", JsonText, nullable=False),
        sa.Column("entries", JsonText, nullable=False),
    )
    op.create_index("remittances_provider", "remittances", ["provider_id", "sequence"])
    op.create_table(
        "remittance_series",
        sa.Column("provider_id", sa.String(64), primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("last_number", sa.Integer, nullable=False),
    )
    op.create_table(
        "bank_rows",
        sa.Column("row_id", sa.String(64), primary_key=True),
        sa.Column("bank_account", sa.Text, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("txid", sa.Text),
        sa.Column("our_number", sa.Text),
        sa.Column("movement", sa.String(2)),
        sa.Column("reasons", JsonText),
        sa.Column("fee", Money, nullable=False),
        sa.Column("credited_on", sa.Date),
        sa.Column("file_id", sa.Text, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("how", sa.String(12)),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
    )
    op.create_index("bank_rows_status", "bank_rows", ["status", "on"])
    op.create_table(
        "bank_row_parts",
        sa.Column("row_id", sa.String(64), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("payment_id", sa.String(64), nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("receivable_ids", JsonText, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
    )
    op.create_index("ix_bank_row_parts_payment_id", "bank_row_parts", ["payment_id"])
    op.create_table(
        "pix_references",
        sa.Column("txid", sa.String(25), primary_key=True),
        sa.Column("receivable_id", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    for name in (
        "pix_references",
        "bank_row_parts",
        "bank_rows",
        "remittance_series",
        "remittances",
        "boletos",
    ):
        op.drop_table(name)
    for name in ("email", "phone", "time_zone", "bank"):
        op.drop_column("creditors", name)
