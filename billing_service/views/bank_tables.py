"""Tables of boletos, remittances and the rows of banks' files. No table keeps what a bank says of a person."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text

from billing_service.views.metadata import METADATA, ZERO
from services.store.types import JsonText, Money, UtcDateTime

boletos = Table(
    "boletos",
    METADATA,
    Column("boleto_id", String(64), primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("receivable_id", String(64), nullable=False),
    Column("provider_id", String(64), nullable=False),
    Column("our_number", Integer, nullable=False),
    Column("wallet", String(3), nullable=False),
    Column("bank_account", String(40), nullable=False),
    Column("bank", JsonText, nullable=False),
    Column("amount", Money, nullable=False),
    Column("abatement", Money, nullable=False, default=ZERO),
    Column("due_on", Date, nullable=False),
    Column("bar_code", String(44), nullable=False),
    Column("status", String(12), nullable=False),
    Column("waiting", String(12), nullable=True),
    Column("cancel_asked", Boolean, nullable=False, default=False),
    Column("reasons", JsonText, nullable=True),
    Column("before", JsonText, nullable=True),
    Column("registered_on", Date, nullable=True),
    Column("fee", Money, nullable=True),
    Column("credited_on", Date, nullable=True),
    Index("boletos_receivable", "receivable_id"),
    Index("boletos_number", "bank_account", "wallet", "our_number", unique=True),
    Index("boletos_provider", "provider_id", "status"),
)

remittances = Table(
    "remittances",
    METADATA,
    Column("remittance_id", String(64), primary_key=True),
    Column("provider_id", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("boletos", Integer, nullable=False),
    Column("amount", Money, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("bank", JsonText, nullable=False),
    Column("entries", JsonText, nullable=False),
    Index("remittances_provider", "provider_id", "sequence"),
)

remittance_series = Table(
    "remittance_series",
    METADATA,
    Column("provider_id", String(64), primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("last_number", Integer, nullable=False),
)

bank_rows = Table(
    "bank_rows",
    METADATA,
    Column("row_id", String(64), primary_key=True),
    Column("bank_account", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("amount", Money, nullable=False),
    Column("method", Text, nullable=False),
    Column("customer_id", String(64), nullable=True),
    Column("txid", Text, nullable=True),
    Column("our_number", Text, nullable=True),
    Column("movement", String(2), nullable=True),
    Column("reasons", JsonText, nullable=True),
    Column("fee", Money, nullable=False, default=ZERO),
    Column("credited_on", Date, nullable=True),
    Column("file_id", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("how", String(12), nullable=True),
    Column("attempt", Integer, nullable=False, default=0),
    Column("reason", Text, nullable=True),
    Index("bank_rows_status", "status", "on"),
)

bank_row_parts = Table(
    "bank_row_parts",
    METADATA,
    Column("row_id", String(64), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("account_id", String(64), nullable=False),
    Column("payment_id", String(64), nullable=False, index=True),
    Column("amount", Money, nullable=False),
    Column("receivable_ids", JsonText, nullable=False),
    Column("kind", String(10), nullable=False),
)

pix_references = Table(
    "pix_references",
    METADATA,
    Column("txid", String(25), primary_key=True),
    Column("receivable_id", String(64), nullable=False),
)

__all__ = [
    "bank_row_parts",
    "bank_rows",
    "boletos",
    "pix_references",
    "remittance_series",
    "remittances",
]
