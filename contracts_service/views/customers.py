"""Customers with their contacts, sites and equipment. Readable data of persons goes when they are erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Index, String, Table, Text

from contracts_service.views.metadata import METADATA
from services.component import View
from services.decider import ERASED
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText, UtcDateTime

customers = Table(
    "customers",
    METADATA,
    Column("customer_id", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("legal_name", Text),
    Column("cnpj", String(14)),
    Column("document_key", String(64)),
    Column("external_ref", Text),
    Column("erased", Boolean, nullable=False, default=False),
    Column("registered_at", UtcDateTime, nullable=False),
    Index("customers_document_key", "document_key", unique=True),
    Index("customers_external_ref", "external_ref"),
)
"""``document_key``: the CNPJ, or the CPF's keyed fingerprint; no two customers have the same. Erasure frees it."""

people = Table(
    "people",
    METADATA,
    Column("person_id", String(64), primary_key=True),
    Column("customer_id", String(64), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("name", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("document", String(14)),
    Column("address", Text),
    Column("rights", JsonText, nullable=False),
    Column("role", Text),
    Column("active", Boolean, nullable=False),
    Index("people_customer", "customer_id"),
    Index("people_name", "name"),
    Index("people_email", "email"),
)
"""``kind``: customer (its own data) or contact. A person may speak for several customers, also for himself."""

sites = Table(
    "sites",
    METADATA,
    Column("site_id", String(64), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text),
    Column("city", Text),
    Column("state", String(2)),
    Index("sites_customer", "customer_id"),
)

equipment = Table(
    "equipment",
    METADATA,
    Column("equipment_id", String(64), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("site_id", String(64), nullable=False),
    Column("description", Text, nullable=False),
    Column("serial", Text),
    Column("label", Text),
    Index("equipment_customer", "customer_id"),
)


class CustomersView(View):
    name = "customers"
    source = "contracts"
    tables = (customers, people, sites, equipment)

    def fold(self, event: Incoming, rows: Rows, *_: Any) -> None:
        data = event.data
        match event.type:
            case "contracts.customer.registered":
                _profile(data, rows, kind=data["kind"], external_ref=data["external_ref"], registered_at=event.at)
            case "contracts.customer.profile_changed":
                _profile(data, rows)
            case "contracts.customer.contact_authorised" if data["name"] == ERASED:
                pass  # met by a rebuild; the erasure may stand in another customer's stream
            case "contracts.customer.contact_authorised":
                rows.put(
                    people,
                    **_contact(data),
                    **_of(data, "name", "email", "phone", "rights", "role"),
                    active=True,
                )
            case "contracts.customer.contact_removed":
                if rows.get(people, **_contact(data)):
                    rows.put(people, **_contact(data), active=False)
            case "contracts.customer.site_added":
                rows.put(sites, **_of(data, *_names(sites)))
            case "contracts.customer.equipment_added":
                rows.put(equipment, **_of(data, *_names(equipment)))
            case "contracts.customer.erased":
                _erase(data, rows)
            case "contracts.customer.contact_erased":
                for row in rows.find(people, people.c.person_id.in_(list(data["person_ids"]))):
                    rows.delete(people, **{name: row[name] for name in ("person_id", "customer_id", "kind")})


def _profile(data: Mapping[str, Any], rows: Rows, **registration: Any) -> None:
    rows.put(
        customers,
        customer_id=data["customer_id"],
        **_of(data, "legal_name", "cnpj"),
        document_key=data["cnpj"] or data["cpf_fingerprint"],
        **registration,
    )
    rows.put(
        people,
        person_id=data["customer_id"],
        customer_id=data["customer_id"],
        kind="customer",
        name=data["person_name"],
        document=data["cpf"],
        **_of(data, "email", "phone", "address"),
        rights=[],
        active=True,
    )


def _erase(data: Mapping[str, Any], rows: Rows) -> None:
    customer_id = data["customer_id"]
    rows.put(customers, customer_id=customer_id, erased=True, document_key=None)
    own = people.c.customer_id == customer_id  # also who speaks for others: no longer for this one
    for row in rows.find(people, own | people.c.person_id.in_(list(data["person_ids"]))):
        rows.delete(people, **{name: row[name] for name in ("person_id", "customer_id", "kind")})
    for row in rows.find(sites, customer_id=customer_id):
        rows.put(sites, site_id=row["site_id"], address=None)


def _contact(data: Mapping[str, Any]) -> dict[str, str]:
    return {"person_id": data["contact_id"], "customer_id": data["customer_id"], "kind": "contact"}


def _of(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names}


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]
