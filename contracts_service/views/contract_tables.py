"""The tables of contracts: as they stand, and every version of their terms with the day from which it holds."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text

from contracts_service.views.metadata import METADATA
from services.store.types import JsonText, Money, UtcDateTime

contracts = Table(
    "contracts",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("provider_id", String(64), nullable=False),
    Column("external_ref", Text),
    Column("number", Text),
    Column("status", String(12), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("renewal", String(10), nullable=False),
    Column("renewal_months", Integer),
    Column("notice_days", Integer, nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("suspends_on_default", Boolean, nullable=False),
    Column("activated_on", Date),
    Column("notified_on", Date),
    Column("suspend_on", Date),
    Column("notice_reason", String(12)),
    Column("suspended_on", Date),
    Column("suspension_reason", String(12)),
    Column("suspension_note", Text),
    Column("suspension_rules", JsonText),
    Column("proposed_on", Date),
    Column("leave_on", Date),
    Column("leave_by", String(10)),
    Column("leave_last_day", Date),
    Column("leave_reason", Text),
    Column("offered_for", Date),
    Column("answer_by", Date),
    Column("declined_for", Date),
    Column("ended_on", Date),
    Column("end_reason", Text),
    Column("end_by", String(10)),
    Column("end_right", String(12)),
    Column("end_fine", Money),
    Column("price_base_on", Date),
    Column("adjustment_index", String(16)),
    Column("adjusted_on", Date),
    Column("adjusted_percent", Money),
    Column("before", JsonText),
    Column("addendum", Integer, nullable=False, default=0),
    Column("version", Integer, nullable=False, default=0),
    Column("drafted_at", UtcDateTime, nullable=False),
    Index("contracts_customer", "customer_id"),
    Index("contracts_status", "status", "ends_on"),
    Index("contracts_number", "provider_id", "number", unique=True),
    Index("contracts_external_ref", "external_ref"),
)

contract_versions = Table(
    "contract_versions",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_on", Date, nullable=False),
    Column("cause", String(16), nullable=False),
    Column("addendum", Integer),
    Column("percent", Money),
    Column("reason", Text),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
    Column("terms", JsonText, nullable=False),
)
"""The version in force on a day: the highest of those with ``effective_on`` not after it."""
