"""Search in everything that the gateway knows: some of each kind, by what people type. Accents and case do not matter."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import or_, select

from gateway.queries.requests import mentions
from gateway.tables import contacts, contracts, customers, equipment, receivables, requests, service_types, sites
from gateway.views.reading import sortable
from services.component import Context
from services.rows import Rows

SOME = 6
KINDS = ("customers", "contacts", "contracts", "requests", "receivables", "equipment", "sites")


def search(params: dict[str, Any], rows: Rows, ctx: Context) -> Any:
    """``{text, limit?}`` → ``{customers, contacts, contracts, requests, receivables, equipment, sites}``, each at most
    ``limit``. A CNPJ may be typed with or without its signs."""
    text = params["text"].strip()
    plain, limit = sortable(text) or "", int(params.get("limit") or SOME)
    if not plain:
        return {kind: [] for kind in KINDS}
    bare = re.sub(r"[^0-9a-z]", "", plain).upper()

    def has(column: Any, what: str = plain) -> Any:
        return column.contains(what, autoescape=True)

    def some(statement: Any, *where: Any, by: Any) -> list[dict[str, Any]]:
        return rows.select(statement.where(*where).order_by(by).limit(limit))

    named = customers.c.name.label("customer_name")

    def of_customer(table: Any) -> Any:
        return select(table, named).outerjoin(customers, customers.c.customer_id == table.c.customer_id)

    cnpj = [customers.c.cnpj.startswith(bare, autoescape=True)] if len(bare) >= 4 else []
    return {
        "customers": some(
            select(customers),
            or_(has(customers.c.sort_name), customers.c.external_ref == text, *cnpj),
            customers.c.erased.is_not(True),
            by=customers.c.sort_name,
        ),
        "contacts": some(of_customer(contacts), has(contacts.c.sort_name), by=contacts.c.sort_name),
        "contracts": some(
            of_customer(contracts),
            or_(has(contracts.c.number, text), contracts.c.external_ref == text, has(customers.c.sort_name), *cnpj),
            contracts.c.recorded_at.is_not(None),
            by=contracts.c.recorded_at.desc(),
        ),
        "requests": some(
            of_customer(requests)
            .add_columns(service_types.c.name.label("service_name"))
            .outerjoin(service_types, service_types.c.service_type_id == requests.c.service_type_id),
            mentions(text),
            by=requests.c.opened_at.desc(),
        ),
        "receivables": some(
            of_customer(receivables),
            or_(has(receivables.c.number, text), receivables.c.external_ref == text),
            by=receivables.c.due_on.desc(),
        ),
        "equipment": some(of_customer(equipment), has(equipment.c.search_text), by=equipment.c.description),
        "sites": some(of_customer(sites), has(sites.c.search_text), by=sites.c.name),
    }
