"""The gateway's first read models, and its users.

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
        "accounts",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("opened_on", sa.Date),
        sa.Column("planned_through", sa.Date),
        sa.Column("stopped_on", sa.Date),
        sa.Column("in_default_since", sa.Date),
        sa.Column("default_amount", Money),
    )
    op.create_index("accounts_customer", "accounts", ["customer_id"])
    op.create_table(
        "contacts",
        sa.Column("customer_id", sa.String(64), primary_key=True),
        sa.Column("contact_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200)),
        sa.Column("rights", JsonText),
        sa.Column("role", sa.String(120)),
    )
    op.create_index("contacts_contact", "contacts", ["contact_id"])
    op.create_table(
        "contracts",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("provider_id", sa.String(64)),
        sa.Column("number", sa.String(60)),
        sa.Column("external_ref", sa.String(120)),
        sa.Column("status", sa.String(12)),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("activated_on", sa.Date),
        sa.Column("suspended_on", sa.Date),
        sa.Column("suspension_reason", sa.String(12)),
        sa.Column("suspend_on", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("monthly_amount", Money),
        sa.Column("services", JsonText),
        sa.Column("addenda", sa.Integer),
        sa.Column("recorded_at", UtcDateTime),
    )
    op.create_index("contracts_customer", "contracts", ["customer_id", "recorded_at"])
    op.create_index("contracts_external", "contracts", ["external_ref"])
    op.create_index("contracts_number", "contracts", ["number"])
    op.create_index("contracts_recorded", "contracts", ["recorded_at", "contract_id"])
    op.create_index("contracts_status", "contracts", ["status", "recorded_at"])
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(8)),
        sa.Column("name", sa.String(200)),
        sa.Column("sort_name", sa.String(200)),
        sa.Column("cnpj", sa.String(14)),
        sa.Column("external_ref", sa.String(120)),
        sa.Column("erased", sa.Boolean),
    )
    op.create_index("customers_name", "customers", ["sort_name", "customer_id"])
    op.create_table(
        "equipment",
        sa.Column("equipment_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("site_id", sa.String(64)),
        sa.Column("description", sa.String(400)),
        sa.Column("serial", sa.String(120)),
        sa.Column("label", sa.String(120)),
    )
    op.create_index("equipment_customer", "equipment", ["customer_id"])
    op.create_table(
        "evaluations",
        sa.Column("evaluation_id", sa.String(64), primary_key=True),
        sa.Column("request_id", sa.String(64)),
        sa.Column("resolution", sa.Integer),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("contact_id", sa.String(64)),
        sa.Column("status", sa.String(12)),
        sa.Column("asked_at", UtcDateTime),
        sa.Column("tacit_at", UtcDateTime),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("tacit", sa.Boolean),
        sa.Column("score", sa.Integer),
        sa.Column("low", sa.Boolean),
        sa.Column("follow_up", sa.String(8)),
    )
    op.create_index("evaluations_asked", "evaluations", ["asked_at", "evaluation_id"])
    op.create_index("evaluations_contract", "evaluations", ["contract_id", "asked_at"])
    op.create_index("evaluations_customer", "evaluations", ["customer_id", "asked_at"])
    op.create_index("evaluations_request", "evaluations", ["request_id", "resolution"])
    op.create_index("evaluations_status", "evaluations", ["status", "asked_at"])
    op.create_table(
        "payments",
        sa.Column("payment_id", sa.String(64), primary_key=True),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("amount", Money),
        sa.Column("received_on", sa.Date),
        sa.Column("method", sa.String(40)),
        sa.Column("allocations", JsonText),
        sa.Column("unallocated", Money),
        sa.Column("reversed_on", sa.Date),
    )
    op.create_index("payments_contract", "payments", ["contract_id", "received_on"])
    op.create_index("payments_customer", "payments", ["customer_id", "received_on"])
    op.create_index("payments_day", "payments", ["received_on", "payment_id"])
    op.create_table(
        "providers",
        sa.Column("provider_id", sa.String(64), primary_key=True),
        sa.Column("legal_name", sa.String(200)),
        sa.Column("trade_name", sa.String(200)),
        sa.Column("cnpj", sa.String(14)),
        sa.Column("city", sa.String(120)),
        sa.Column("state", sa.String(2)),
        sa.Column("time_zone", sa.String(40)),
        sa.Column("number_prefix", sa.String(20)),
    )
    op.create_table(
        "receivables",
        sa.Column("receivable_id", sa.String(64), primary_key=True),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("number", sa.String(60)),
        sa.Column("month", sa.String(7)),
        sa.Column("issued_on", sa.Date),
        sa.Column("due_on", sa.Date),
        sa.Column("payable_on", sa.Date),
        sa.Column("gross", Money),
        sa.Column("withheld", Money),
        sa.Column("net", Money),
        sa.Column("late_charges", Money),
        sa.Column("paid", Money),
        sa.Column("credited", Money),
        sa.Column("balance", Money),
        sa.Column("status", sa.String(12)),
        sa.Column("disputed", sa.Boolean),
        sa.Column("overdue_on", sa.Date),
        sa.Column("settled_on", sa.Date),
        sa.Column("days_late", sa.Integer),
        sa.Column("reminders", sa.Integer),
        sa.Column("external_ref", sa.String(120)),
        sa.Column("imported", sa.Boolean),
    )
    op.create_index("receivables_contract", "receivables", ["contract_id", "due_on"])
    op.create_index("receivables_customer", "receivables", ["customer_id", "due_on"])
    op.create_index("receivables_due", "receivables", ["due_on", "receivable_id"])
    op.create_index("receivables_status", "receivables", ["status", "due_on"])
    op.create_table(
        "requests",
        sa.Column("request_id", sa.String(64), primary_key=True),
        sa.Column("protocol", sa.String(40)),
        sa.Column("contract_id", sa.String(64)),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("service_type_id", sa.String(64)),
        sa.Column("site_id", sa.String(64)),
        sa.Column("equipment_id", sa.String(64)),
        sa.Column("opened_by", sa.String(64)),
        sa.Column("assignee_id", sa.String(64)),
        sa.Column("group", sa.String(120)),
        sa.Column("channel", sa.String(12)),
        sa.Column("category", sa.String(120)),
        sa.Column("priority", sa.String(12)),
        sa.Column("status", sa.String(12)),
        sa.Column("coverage", sa.String(20)),
        sa.Column("opened_at", UtcDateTime),
        sa.Column("changed_at", UtcDateTime),
        sa.Column("resolved_at", UtcDateTime),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("closed_by", sa.String(20)),
        sa.Column("resolution", sa.Integer),
        sa.Column("reopened", sa.Integer),
        sa.Column("documents", sa.Integer),
        sa.Column("notes", sa.Integer),
        sa.Column("response_due_at", UtcDateTime),
        sa.Column("resolution_due_at", UtcDateTime),
        sa.Column("response_state", sa.String(8)),
        sa.Column("resolution_state", sa.String(8)),
        sa.Column("external_ref", sa.String(120)),
    )
    op.create_index("requests_assignee", "requests", ["assignee_id", "opened_at"])
    op.create_index("requests_contract", "requests", ["contract_id", "opened_at"])
    op.create_index("requests_customer", "requests", ["customer_id", "opened_at"])
    op.create_index("requests_opened", "requests", ["opened_at", "request_id"])
    op.create_index("requests_protocol", "requests", ["protocol"])
    op.create_index("requests_status", "requests", ["status", "opened_at"])
    op.create_table(
        "service_types",
        sa.Column("service_type_id", sa.String(64), primary_key=True),
        sa.Column("code", sa.String(40)),
        sa.Column("name", sa.String(200)),
        sa.Column("description", sa.Text),
        sa.Column("retired", sa.Boolean),
    )
    op.create_table(
        "sites",
        sa.Column("site_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("name", sa.String(200)),
        sa.Column("city", sa.String(120)),
        sa.Column("state", sa.String(2)),
    )
    op.create_index("sites_customer", "sites", ["customer_id"])
    op.create_table(
        "users",
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(120), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("roles", JsonText, nullable=False),
        sa.Column("contacts", JsonText, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("users")
    op.drop_table("sites")
    op.drop_table("service_types")
    op.drop_table("requests")
    op.drop_table("receivables")
    op.drop_table("providers")
    op.drop_table("payments")
    op.drop_table("evaluations")
    op.drop_table("equipment")
    op.drop_table("customers")
    op.drop_table("contracts")
    op.drop_table("contacts")
    op.drop_table("accounts")
