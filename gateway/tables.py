"""The gateway's tables: read models fed by events, and its users.

Columns but keys may be empty: a fold accepts a child before its parent, since sources are not ordered between them.
Names of persons stand only in ``customers.name`` and ``contacts.name``, in rows that erasure deletes or blanks.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text

from services.store.types import JsonText, Money, UtcDateTime

METADATA = MetaData()


def _id(name: str, *, key: bool = False) -> Column[Any]:
    return Column(name, String(64), primary_key=True) if key else Column(name, String(64))


users = Table(
    "users",
    METADATA,
    _id("user_id", key=True),
    Column("login", String(120), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("roles", JsonText, nullable=False),
    Column("contacts", JsonText, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("email", String(200)),
    Column("lang", String(8)),
    Index("users_email", "email"),
)
"""``contacts``: [{customer_id, contact_id}], for whom a customer's user speaks; the rights stand in ``contacts``.
``password_hash``: empty until he chose one. ``lang``: of his pages and of the mails about his account; none: as it comes."""

providers = Table(
    "providers",
    METADATA,
    _id("provider_id", key=True),
    Column("legal_name", String(200)),
    Column("trade_name", String(200)),
    Column("cnpj", String(14)),
    Column("city", String(120)),
    Column("state", String(2)),
    Column("time_zone", String(40)),
    Column("number_prefix", String(20)),
)

service_types = Table(
    "service_types",
    METADATA,
    _id("service_type_id", key=True),
    Column("code", String(40)),
    Column("name", String(200)),
    Column("description", Text),
    Column("retired", Boolean),
)

customers = Table(
    "customers",
    METADATA,
    _id("customer_id", key=True),
    Column("kind", String(8)),
    Column("name", String(200)),
    Column("sort_name", String(200)),
    Column("cnpj", String(14)),
    Column("external_ref", String(120)),
    Column("erased", Boolean),
    Index("customers_name", "sort_name", "customer_id"),
)

contacts = Table(
    "contacts",
    METADATA,
    _id("customer_id", key=True),
    _id("contact_id", key=True),
    Column("name", String(200)),
    Column("rights", JsonText),
    Column("role", String(120)),
    Column("sort_name", String(200)),
    Index("contacts_contact", "contact_id"),
)

sites = Table(
    "sites",
    METADATA,
    _id("site_id", key=True),
    _id("customer_id"),
    Column("name", String(200)),
    Column("city", String(120)),
    Column("state", String(2)),
    Column("search_text", String(400)),
    Index("sites_customer", "customer_id"),
)

equipment = Table(
    "equipment",
    METADATA,
    _id("equipment_id", key=True),
    _id("customer_id"),
    _id("site_id"),
    Column("description", String(400)),
    Column("serial", String(120)),
    Column("label", String(120)),
    Column("search_text", String(700)),
    Index("equipment_customer", "customer_id"),
    Index("equipment_label", "label"),
)

contracts = Table(
    "contracts",
    METADATA,
    _id("contract_id", key=True),
    _id("customer_id"),
    _id("provider_id"),
    Column("number", String(60)),
    Column("external_ref", String(120)),
    Column("status", String(12)),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("activated_on", Date),
    Column("suspended_on", Date),
    Column("suspension_reason", String(12)),
    Column("suspend_on", Date),
    Column("ended_on", Date),
    Column("monthly_amount", Money),
    Column("services", JsonText),
    Column("addenda", Integer),
    Column("recorded_at", UtcDateTime),
    Index("contracts_customer", "customer_id", "recorded_at"),
    Index("contracts_status", "status", "recorded_at"),
    Index("contracts_recorded", "recorded_at", "contract_id"),
    Index("contracts_number", "number"),
    Index("contracts_external", "external_ref"),
)

contract_tags = Table(
    "contract_tags",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("tag", String(60), primary_key=True),
    Index("contract_tags_tag", "tag"),
)
"""``suspend_on``: notice of a suspension was given for that day. ``monthly_amount``: recurring lines, per month."""

accounts = Table(
    "accounts",
    METADATA,
    _id("account_id", key=True),
    _id("customer_id"),
    Column("opened_on", Date),
    Column("planned_through", Date),
    Column("stopped_on", Date),
    Column("in_default_since", Date),
    Column("default_amount", Money),
    Index("accounts_customer", "customer_id"),
)

receivables = Table(
    "receivables",
    METADATA,
    _id("receivable_id", key=True),
    _id("contract_id"),
    _id("customer_id"),
    Column("number", String(60)),
    Column("month", String(7)),
    Column("issued_on", Date),
    Column("due_on", Date),
    Column("payable_on", Date),
    Column("gross", Money),
    Column("withheld", Money),
    Column("net", Money),
    Column("late_charges", Money),
    Column("paid", Money),
    Column("credited", Money),
    Column("balance", Money),
    Column("status", String(12)),
    Column("disputed", Boolean),
    Column("overdue_on", Date),
    Column("settled_on", Date),
    Column("days_late", Integer),
    Column("reminders", Integer),
    Column("external_ref", String(120)),
    Column("imported", Boolean),
    Column("taken_over", JsonText),
    Column("renegotiation_id", String(64)),
    Index("receivables_due", "due_on", "receivable_id"),
    Index("receivables_contract", "contract_id", "due_on"),
    Index("receivables_customer", "customer_id", "due_on"),
    Index("receivables_status", "status", "due_on"),
)
"""``status``: open | overdue | settled | written_off. ``balance`` = net + late charges - paid - credited."""

payments = Table(
    "payments",
    METADATA,
    _id("payment_id", key=True),
    _id("contract_id"),
    _id("customer_id"),
    Column("amount", Money),
    Column("received_on", Date),
    Column("method", String(40)),
    Column("allocations", JsonText),
    Column("unallocated", Money),
    Column("reversed_on", Date),
    Index("payments_day", "received_on", "payment_id"),
    Index("payments_contract", "contract_id", "received_on"),
    Index("payments_customer", "customer_id", "received_on"),
)

requests = Table(
    "requests",
    METADATA,
    _id("request_id", key=True),
    Column("protocol", String(40)),
    _id("contract_id"),
    _id("customer_id"),
    _id("service_type_id"),
    _id("site_id"),
    _id("equipment_id"),
    _id("opened_by"),
    _id("assignee_id"),
    Column("group", String(120)),
    Column("channel", String(12)),
    Column("category", String(120)),
    Column("priority", String(12)),
    Column("status", String(24)),
    Column("coverage", String(20)),
    Column("opened_at", UtcDateTime),
    Column("changed_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("closed_by", String(20)),
    Column("resolution", Integer),
    Column("reopened", Integer),
    Column("documents", Integer),
    Column("notes", Integer),
    Column("response_due_at", UtcDateTime),
    Column("resolution_due_at", UtcDateTime),
    Column("response_state", String(8)),
    Column("resolution_state", String(8)),
    Column("external_ref", String(120)),
    Column("internal_notes", Integer),
    Column("price_state", String(10)),
    Column("duplicate_of", String(64)),
    Index("requests_opened", "opened_at", "request_id"),
    Index("requests_customer", "customer_id", "opened_at"),
    Index("requests_contract", "contract_id", "opened_at"),
    Index("requests_status", "status", "opened_at"),
    Index("requests_assignee", "assignee_id", "opened_at"),
    Index("requests_protocol", "protocol"),
)
"""``status``: open | in_progress | waiting | resolved | awaiting_confirmation | closed | cancelled. ``notes``: public ones;
``internal_notes`` are for staff. ``price_state``: offered | accepted | declined | waived | emergency.
A deadline is running, paused, warned, breached or met."""

visits = Table(
    "visits",
    METADATA,
    _id("visit_id", key=True),
    _id("contract_id"),
    _id("customer_id"),
    _id("service_type_id"),
    _id("site_id"),
    _id("request_id"),
    _id("technician_id"),
    Column("kind", String(12)),
    Column("status", String(12)),
    Column("on", Date),
    Column("opens", String(5)),
    Column("closes", String(5)),
    Column("time_zone", String(60)),
    Column("description", Text),
    Column("equipment_ids", JsonText),
    Column("former_on", Date),
    Column("reason", Text),
    Column("moved_by", String(12)),
    Column("changed_at", UtcDateTime),
    Index("visits_on", "on", "visit_id"),
    Index("visits_customer", "customer_id", "on"),
    Index("visits_contract", "contract_id", "on"),
    Index("visits_technician", "technician_id", "on"),
)
"""``status``: planned | started | done | missed | cancelled. ``opens``, ``closes``: wall clock of ``time_zone``.
``moved_by``: customer | provider | contract (by rule, from a day that is closed)."""

evaluations = Table(
    "evaluations",
    METADATA,
    _id("evaluation_id", key=True),
    _id("request_id"),
    Column("resolution", Integer),
    _id("contract_id"),
    _id("customer_id"),
    _id("contact_id"),
    Column("status", String(12)),
    Column("asked_at", UtcDateTime),
    Column("tacit_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("tacit", Boolean),
    Column("score", Integer),
    Column("low", Boolean),
    Column("follow_up", String(8)),
    Index("evaluations_asked", "asked_at", "evaluation_id"),
    Index("evaluations_request", "request_id", "resolution"),
    Index("evaluations_customer", "customer_id", "asked_at"),
    Index("evaluations_contract", "contract_id", "asked_at"),
    Index("evaluations_status", "status", "asked_at"),
)
