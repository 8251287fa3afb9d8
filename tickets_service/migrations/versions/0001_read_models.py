"""The read models of requests: list, protocol numbers, usage, coverage."""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, Money, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage_contacts",
        sa.Column("customer_id", sa.String(64), primary_key=True),
        sa.Column("contact_id", sa.String(64), primary_key=True),
        sa.Column("rights", JsonText),
    )
    op.create_table(
        "coverage_contracts",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("number", sa.Text),
        sa.Column("status", sa.String(12)),
        sa.Column("since", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("ends_on", sa.Date),
    )
    op.create_index("coverage_contracts_customer", "coverage_contracts", ["customer_id"])
    op.create_table(
        "coverage_customers",
        sa.Column("customer_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(10)),
    )
    op.create_table(
        "coverage_places",
        sa.Column("place_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("site_id", sa.String(64)),
        sa.Column("kind", sa.String(10)),
    )
    op.create_index("coverage_places_customer", "coverage_places", ["customer_id"])
    op.create_table(
        "coverage_terms",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("effective_on", sa.Date, primary_key=True),
        sa.Column("terms", JsonText),
    )
    op.create_table(
        "protocol_numbers",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer),
    )
    op.create_table(
        "requests",
        sa.Column("request_id", sa.String(64), primary_key=True),
        sa.Column("protocol", sa.String(20)),
        sa.Column("external_ref", sa.Text),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("service_type_id", sa.String(64)),
        sa.Column("site_id", sa.String(64)),
        sa.Column("equipment_id", sa.String(64)),
        sa.Column("opened_by", sa.String(64)),
        sa.Column("entered_by", sa.String(64)),
        sa.Column("channel", sa.String(12)),
        sa.Column("status", sa.String(12)),
        sa.Column("priority", sa.String(12)),
        sa.Column("category", sa.Text),
        sa.Column("assignee_id", sa.Text),
        sa.Column("assignee_group", sa.Text),
        sa.Column("coverage_status", sa.String(20)),
        sa.Column("opened_at", UtcDateTime),
        sa.Column("responded_at", UtcDateTime),
        sa.Column("resolved_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("updated_at", UtcDateTime),
        sa.Column("resolution", sa.Integer),
        sa.Column("closed_by", sa.String(12)),
        sa.Column("reopenings", sa.Integer),
        sa.Column("waitings", sa.Integer),
        sa.Column("works", sa.Integer),
        sa.Column("response_due_at", UtcDateTime),
        sa.Column("response_outcome", sa.String(10)),
        sa.Column("resolution_due_at", UtcDateTime),
        sa.Column("resolution_outcome", sa.String(10)),
        sa.Column("historical", sa.Boolean),
    )
    op.create_index("requests_assignee", "requests", ["assignee_id", "status", "resolution_due_at"])
    op.create_index("requests_contract", "requests", ["contract_id", "status"])
    op.create_index("requests_customer", "requests", ["customer_id", "opened_at"])
    op.create_index("requests_external_ref", "requests", ["external_ref"])
    op.create_index("requests_opened", "requests", ["opened_at"])
    op.create_index("requests_protocol", "requests", ["protocol"], unique=True)
    op.create_index("requests_status", "requests", ["status", "opened_at"])
    op.create_table(
        "usage_by_month",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("service_type_id", sa.String(64), primary_key=True),
        sa.Column("period", sa.String(7), primary_key=True),
        sa.Column("used", Money),
        sa.Column("beyond", Money),
    )
