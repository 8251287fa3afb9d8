"""The tables of the first read models.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, Money, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_versions",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("addendum", sa.Integer),
        sa.Column("percent", Money),
        sa.Column("reason", sa.Text),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("terms", JsonText, nullable=False),
    )
    op.create_table(
        "contracts",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("external_ref", sa.Text),
        sa.Column("number", sa.Text),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("renewal", sa.String(10), nullable=False),
        sa.Column("notice_days", sa.Integer, nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("suspends_on_default", sa.Boolean, nullable=False),
        sa.Column("activated_on", sa.Date),
        sa.Column("notified_on", sa.Date),
        sa.Column("suspend_on", sa.Date),
        sa.Column("notice_reason", sa.String(12)),
        sa.Column("suspended_on", sa.Date),
        sa.Column("suspension_reason", sa.String(12)),
        sa.Column("suspension_note", sa.Text),
        sa.Column("ended_on", sa.Date),
        sa.Column("end_reason", sa.Text),
        sa.Column("addendum", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("drafted_at", UtcDateTime, nullable=False),
    )
    op.create_index("contracts_customer", "contracts", ["customer_id"])
    op.create_index("contracts_external_ref", "contracts", ["external_ref"])
    op.create_index("contracts_number", "contracts", ["provider_id", "number"], unique=True)
    op.create_index("contracts_status", "contracts", ["status", "ends_on"])
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("legal_name", sa.Text),
        sa.Column("cnpj", sa.String(14)),
        sa.Column("document_key", sa.String(64)),
        sa.Column("external_ref", sa.Text),
        sa.Column("erased", sa.Boolean, nullable=False),
        sa.Column("registered_at", UtcDateTime, nullable=False),
    )
    op.create_index("customers_document_key", "customers", ["document_key"], unique=True)
    op.create_index("customers_external_ref", "customers", ["external_ref"])
    op.create_table(
        "deadlines",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("suspended", sa.Boolean, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("renewal", sa.String(10), nullable=False),
        sa.Column("notice_days", sa.Integer, nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("suspend_on", sa.Date),
        sa.Column("reason", sa.String(12)),
        sa.Column("keys", JsonText, nullable=False),
    )
    op.create_table(
        "equipment",
        sa.Column("equipment_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("site_id", sa.String(64), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("serial", sa.Text),
        sa.Column("label", sa.Text),
    )
    op.create_index("equipment_customer", "equipment", ["customer_id"])
    op.create_table(
        "number_series",
        sa.Column("provider_id", sa.String(64), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("document", sa.String(14)),
        sa.Column("address", sa.Text),
        sa.Column("rights", JsonText, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_index("people_customer", "people", ["customer_id"])
    op.create_index("people_email", "people", ["email"])
    op.create_index("people_name", "people", ["name"])
    op.create_table(
        "providers",
        sa.Column("provider_id", sa.String(64), primary_key=True),
        sa.Column("legal_name", sa.Text, nullable=False),
        sa.Column("trade_name", sa.Text),
        sa.Column("cnpj", sa.String(14), nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("city", sa.Text),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("pix_key", sa.Text),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("number_prefix", sa.Text, nullable=False),
    )
    op.create_index("providers_cnpj", "providers", ["cnpj"], unique=True)
    op.create_table(
        "service_types",
        sa.Column("service_type_id", sa.String(64), primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("retired", sa.Boolean, nullable=False),
    )
    op.create_index("service_types_code", "service_types", ["code"], unique=True)
    op.create_table(
        "sites",
        sa.Column("site_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("city", sa.Text),
        sa.Column("state", sa.String(2)),
    )
    op.create_index("sites_customer", "sites", ["customer_id"])


def downgrade() -> None:
    op.drop_table("sites")
    op.drop_table("service_types")
    op.drop_table("providers")
    op.drop_table("people")
    op.drop_table("number_series")
    op.drop_table("equipment")
    op.drop_table("deadlines")
    op.drop_table("customers")
    op.drop_table("contracts")
    op.drop_table("contract_versions")
