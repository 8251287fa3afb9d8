"""The tables of the read models. Columns but keys may be empty: a fold accepts a child before its parent.

No row holds a person's name or words; those are read from the events when somebody asks.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text

from services.store.types import JsonText, Money, UtcDateTime

METADATA = MetaData()

requests = Table(
    "requests",
    METADATA,
    Column("request_id", String(64), primary_key=True),
    Column("protocol", String(20)),
    Column("external_ref", Text),
    Column("contract_id", String(64)),
    Column("customer_id", String(64)),
    Column("service_type_id", String(64)),
    Column("site_id", String(64)),
    Column("equipment_id", String(64)),
    Column("opened_by", String(64)),
    Column("entered_by", String(64)),
    Column("channel", String(12)),
    Column("status", String(24)),
    Column("priority", String(12)),
    Column("category", Text),
    Column("assignee_id", Text),
    Column("assignee_group", Text),
    Column("coverage_status", String(20)),
    Column("opened_at", UtcDateTime),
    Column("responded_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("updated_at", UtcDateTime),
    Column("resolution", Integer),
    Column("closed_by", String(12)),
    Column("reopenings", Integer),
    Column("waitings", Integer),
    Column("works", Integer),
    Column("response_due_at", UtcDateTime),
    Column("response_outcome", String(10)),
    Column("resolution_due_at", UtcDateTime),
    Column("resolution_outcome", String(10)),
    Column("historical", Boolean),
    Column("held", Boolean),
    Column("month", String(7)),
    Column("price_state", String(10)),
    Column("price_unit", Money),
    Column("price_bound", Money),
    Column("charged_works", Money),
    Column("charged_visits", Money),
    Column("duplicate_of", String(64)),
    Index("requests_month", "month", "channel"),
    Column("response_seconds", Integer),
    Column("resolution_seconds", Integer),
    Column("waited_seconds", Integer),
    Column("response_level", Integer),
    Column("resolution_level", Integer),
    Index("requests_protocol", "protocol", unique=True),
    Index("requests_external_ref", "external_ref"),
    Index("requests_opened", "opened_at"),
    Index("requests_contract", "contract_id", "status"),
    Index("requests_customer", "customer_id", "opened_at"),
    Index("requests_assignee", "assignee_id", "status", "resolution_due_at"),
    Index("requests_status", "status", "opened_at"),
)
"""One row a request: the list, its filters and its figures. ``month``: of the contract's local day of opening.
``price_state``: offered | accepted | declined | waived | emergency; ``price_bound``: its ceiling or limit;
``charged_…``: what work and visits were charged by it."""

protocol_numbers = Table(
    "protocol_numbers",
    METADATA,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer),
)
"""The last running number of each year. Two at once: the unique index on ``requests`` makes one of them try again."""

usage = Table(
    "usage_by_month",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("service_type_id", String(64), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("used", Money),
    Column("beyond", Money),
)
"""Work that was recorded per contract, service and month: what is left of an included quantity is computed from it."""

recorded_works = Table(
    "recorded_works",
    METADATA,
    Column("work_id", String(64), primary_key=True),
    Column("request_id", String(64)),
    Column("service_type_id", String(64)),
    Column("performed_on", Date),
    Column("charged", Money),
    Column("line_id", String(64)),
)
"""Also parts, by their id, with the contract's line that prices them.
Of which service and day a piece of work was, for its correction."""

request_links = Table(
    "request_links",
    METADATA,
    Column("request_id", String(64), primary_key=True),
    Column("other_id", String(64), primary_key=True),
    Column("kind", String(12), primary_key=True),
)
"""Both ways. ``kind``: related | duplicate_of (the other is the original) | original_of (the other is the duplicate)."""

coverage_contracts = Table(
    "coverage_contracts",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("customer_id", String(64)),
    Column("number", Text),
    Column("provider_id", String(64)),
    Column("status", String(12)),
    Column("since", Date),
    Column("reason", Text),
    Column("ends_on", Date),
    Index("coverage_contracts_customer", "customer_id"),
)

coverage_terms = Table(
    "coverage_terms",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("effective_on", Date, primary_key=True),
    Column("terms", JsonText),
)
"""A contract's terms, as far as requests obey them, by the day from which they hold."""

coverage_customers = Table(
    "coverage_customers",
    METADATA,
    Column("customer_id", String(64), primary_key=True),
    Column("kind", String(10)),
)

coverage_contacts = Table(
    "coverage_contacts",
    METADATA,
    Column("customer_id", String(64), primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("rights", JsonText),
)
"""Who may speak for a customer, by ids."""

coverage_places = Table(
    "coverage_places",
    METADATA,
    Column("place_id", String(64), primary_key=True),
    Column("customer_id", String(64)),
    Column("site_id", String(64)),
    Column("kind", String(10)),
    Index("coverage_places_customer", "customer_id"),
)
"""Sites and equipment of each customer, by ids."""

closed_days = Table(
    "closed_days",
    METADATA,
    Column("holiday_id", String(64), primary_key=True),
    Column("on", Date),
    Column("scope", String(80)),
    Column("yearly", Boolean),
    Column("removed", Boolean),
    Column("until", Date),
    Column("version", Integer),
)
"""The company's own table of closed days."""

recalculations = Table(
    "recalculations",
    METADATA,
    Column("recalculation_id", String(120), primary_key=True),
    Column("holiday_id", String(64)),
    Column("version", Integer),
    Column("change", String(12)),
    Column("scope", String(80)),
    Column("why", Text),
    Column("on", Date),
    Column("yearly", Boolean),
    Column("asked_at", UtcDateTime),
    Column("planned_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("requests", Integer),
    Column("changed", Integer),
    Column("visits_at", UtcDateTime),
    Column("visits", Integer),
)
"""What made deadlines be computed again: by the policy and the worker, of no view.
``visits``: how many visits left the closed day, or came back, at ``visits_at``."""

recalculation_parts = Table(
    "recalculation_parts",
    METADATA,
    Column("recalculation_id", String(120), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("first", String(64)),
    Column("last", String(64)),
    Column("requests", Integer),
    Column("claimed_until", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("changed", Integer),
    Column("failed", Integer),
)
"""Requests from the first to the last id: one batch, claimed by one instance."""

visits = Table(
    "visits",
    METADATA,
    Column("visit_id", String(64), primary_key=True),
    Column("contract_id", String(64)),
    Column("customer_id", String(64)),
    Column("kind", String(12)),
    Column("status", String(12)),
    Column("on", Date),
    Column("opens", String(5)),
    Column("closes", String(5)),
    Column("time_zone", String(60)),
    Column("service_type_id", String(64)),
    Column("description", Text),
    Column("site_id", String(64)),
    Column("equipment_ids", JsonText),
    Column("request_id", String(64)),
    Column("plan_id", Text),
    Column("technician_id", Text),
    Column("former_on", Date),
    Column("reason", Text),
    Column("moved_by", String(12)),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Index("visits_day", "on", "status"),
    Index("visits_contract", "contract_id", "on"),
    Index("visits_customer", "customer_id", "on"),
    Index("visits_technician", "technician_id", "on"),
    Index("visits_request", "request_id"),
)
"""One row a visit: calendars, and a technician's day. ``moved_by``: customer | provider | contract (a closed day)."""
