"""The lists of the API and the rows by which access is decided: one or two indexed queries each.

Every list takes ``customers``: None for staff, else the ids of the customers for whom the caller speaks. A filter
on another customer then simply finds nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import or_, select

from gateway.journeys import journey_deliveries, journey_mails, journey_subject
from gateway.queries.letterhead import letterhead
from gateway.queries.paging import equal, page
from gateway.queries.requests import desk_figures, request_counts, request_list, staff
from gateway.queries.searching import search
from gateway.tables import (
    accounts,
    contacts,
    contract_tags,
    contracts,
    customers,
    equipment,
    evaluations,
    payments,
    providers,
    receivables,
    requests,
    service_types,
    sites,
    users,
    visits,
)
from gateway.views.reading import sortable
from services.component import Context, Query
from services.errors import NotFound
from services.rows import Rows

Params = dict[str, Any]
ALL_RIGHTS = ("approval", "money", "requests")


def _own(columns: Any, params: Params) -> list[Any]:
    only = params.get("customers")
    return [] if only is None else [columns.customer_id.in_(list(only))]


def _with_customer(table: Any) -> Any:
    return select(table, customers.c.name.label("customer_name")).outerjoin(
        customers, customers.c.customer_id == table.c.customer_id
    )


def provider_list(params: Params, rows: Rows, ctx: Context) -> Any:
    c = providers.c
    return page(rows, select(providers), params, order=c.legal_name, key=c.provider_id, descending=False)


def service_type_list(params: Params, rows: Rows, ctx: Context) -> Any:
    c = service_types.c
    statement = select(service_types)
    if not params.get("retired"):
        statement = statement.where(c.retired.is_not(True))
    return page(rows, statement, params, order=c.code, key=c.service_type_id, descending=False)


def customer_list(params: Params, rows: Rows, ctx: Context) -> Any:
    c = customers.c
    where = [*_own(c, params), *equal(c, params, ("kind", "cnpj", "external_ref"))]
    if not params.get("erased"):
        where.append(c.erased.is_not(True))
    if params.get("search"):
        where.append(c.sort_name.contains(sortable(params["search"]) or "", autoescape=True))
    return page(rows, select(customers).where(*where), params, order=c.sort_name, key=c.customer_id, descending=False)


def customer(params: Params, rows: Rows, ctx: Context) -> Any:
    """A customer with contacts, sites and equipment, as the gateway knows it."""
    id_ = params["customer_id"]
    found = rows.find(customers, *_own(customers.c, params), customer_id=id_)
    if not found:
        raise NotFound("customer.not-found", customer_id=id_)
    return {
        **found[0],
        "contacts": rows.find(contacts, customer_id=id_, order_by=(contacts.c.name, contacts.c.contact_id)),
        "sites": rows.find(sites, customer_id=id_, order_by=(sites.c.name, sites.c.site_id)),
        "equipment": rows.find(equipment, customer_id=id_, order_by=(equipment.c.description,)),
    }


def contract_list(params: Params, rows: Rows, ctx: Context) -> Any:
    c = contracts.c
    where = [*_own(c, params), *equal(c, params, ("customer_id", "provider_id", "status", "number", "external_ref"))]
    if params.get("search"):
        text = params["search"]
        name = customers.c.sort_name.contains(sortable(text) or "", autoescape=True)
        where.append(or_(name, c.number.contains(text, autoescape=True), c.external_ref == text))
    if params.get("tag"):
        tagged = select(contract_tags.c.contract_id).where(contract_tags.c.tag == params["tag"])
        where.append(c.contract_id.in_(tagged))
    statement = _with_customer(contracts).add_columns(accounts.c.in_default_since, accounts.c.planned_through)
    statement = statement.outerjoin(accounts, accounts.c.account_id == c.contract_id)
    return page(rows, statement.where(*where), params, order=c.recorded_at, key=c.contract_id)


def receivable_list(params: Params, rows: Rows, ctx: Context) -> Any:
    c = receivables.c
    filters = ("contract_id", "customer_id", "status", "month", "number", "external_ref", "disputed", "imported")
    where = [*_own(c, params), *equal(c, params, filters)]
    if params.get("due_from"):
        where.append(c.due_on >= _day(params["due_from"]))
    if params.get("due_until"):
        where.append(c.due_on <= _day(params["due_until"]))
    if params.get("late"):
        where.append(c.days_late > 0)
    if params.get("taken_over") is not None:
        where.append(c.taken_over.is_not(None) if params["taken_over"] else c.taken_over.is_(None))
    return page(rows, _with_customer(receivables).where(*where), params, order=c.due_on, key=c.receivable_id)


def payment_list(params: Params, rows: Rows, ctx: Context) -> Any:
    c = payments.c
    where = [*_own(c, params), *equal(c, params, ("contract_id", "customer_id", "method"))]
    if params.get("received_from"):
        where.append(c.received_on >= _day(params["received_from"]))
    if params.get("received_until"):
        where.append(c.received_on <= _day(params["received_until"]))
    return page(rows, _with_customer(payments).where(*where), params, order=c.received_on, key=c.payment_id)


def equipment_by_label(params: Params, rows: Rows, ctx: Context) -> Any:
    """The equipment that a QR label stands on, with its site and the customer's contracts in force."""
    c = equipment.c
    found = rows.find(equipment, *_own(c, params), label=params["label"], order_by=(c.equipment_id,))
    if not found:
        raise NotFound("equipment.label-unknown", label=params["label"])
    one = found[0]
    of_customer = {"customer_id": one["customer_id"], "status": "active"}
    running = rows.find(contracts, **of_customer, order_by=(contracts.c.number,))
    site = rows.get(sites, site_id=one["site_id"]) or {}
    named = [{"contract_id": each["contract_id"], "number": each["number"]} for each in running]
    return {**one, "site_name": site.get("name"), "contracts": named}


def visit_list(params: Params, rows: Rows, ctx: Context) -> Any:
    """By day. With where it is."""
    c = visits.c
    filters = ("contract_id", "customer_id", "technician_id", "request_id", "status", "kind")
    where = [*_own(c, params), *equal(c, params, filters)]
    if params.get("since"):
        where.append(c["on"] >= _day(params["since"]))
    if params.get("until"):
        where.append(c["on"] <= _day(params["until"]))
    statement = (
        _with_customer(visits)
        .add_columns(
            sites.c.name.label("site_name"),
            sites.c.city.label("site_city"),
            service_types.c.name.label("service_name"),
        )
        .outerjoin(sites, sites.c.site_id == c.site_id)
        .outerjoin(service_types, service_types.c.service_type_id == c.service_type_id)
    )
    return page(rows, statement.where(*where), params, order=c["on"], key=c.visit_id, descending=False)


def evaluation_list(params: Params, rows: Rows, ctx: Context) -> Any:
    c = evaluations.c
    filters = ("contract_id", "customer_id", "request_id", "status", "follow_up", "low")
    statement = (
        _with_customer(evaluations)
        .add_columns(requests.c.protocol)
        .outerjoin(requests, requests.c.request_id == c.request_id)
        .where(*_own(c, params), *equal(c, params, filters))
    )
    return page(rows, statement, params, order=c.asked_at, key=c.evaluation_id)


# -- whose is it -------------------------------------------------------------------------------------------------------

_OWNED = {
    "customer": (customers, "customer_id"),
    "contract": (contracts, "contract_id"),
    "account": (accounts, "account_id"),
    "receivable": (receivables, "receivable_id"),
    "payment": (payments, "payment_id"),
    "request": (requests, "request_id"),
    "evaluation": (evaluations, "evaluation_id"),
    "visit": (visits, "visit_id"),
}


def owner(params: Params, rows: Rows, ctx: Context) -> Any:
    """``{kind, id}`` → ``{customer_id, contract_id?}`` of a thing; Nones when it is not known here (yet)."""
    table, key = _OWNED[params["kind"]]
    row = rows.get(table, **{key: params["id"]}) or {}
    return {"customer_id": row.get("customer_id"), "contract_id": row.get("contract_id")}


_NAMED = {
    "contract": (contracts.c.contract_id, contracts.c.number),
    "customer": (customers.c.customer_id, customers.c.name),
    "service_type": (service_types.c.service_type_id, service_types.c.name),
    "technician": (users.c.user_id, users.c.name),
}


def names(params: Params, rows: Rows, ctx: Context) -> Any:
    """``{kind, ids}`` → ``{names: {id: name}}`` of what is known here; no names for months."""
    if params["kind"] not in _NAMED:
        return {"names": {}}
    key, name = _NAMED[params["kind"]]
    found = rows.select(select(key.label("id"), name.label("name")).where(key.in_(list(params["ids"]))))
    return {"names": {row["id"]: row["name"] for row in found}}


def speaks_for(params: Params, rows: Rows, ctx: Context) -> Any:
    """``{contacts: [{customer_id, contact_id}]}`` → those that are still authorised, with their rights and names.

    A person who is the customer himself needs no authorisation: his contact id is the customer's id.
    """
    found = []
    for pair in params["contacts"]:
        row = rows.get(contacts, customer_id=pair["customer_id"], contact_id=pair["contact_id"])
        if row is None and pair["customer_id"] == pair["contact_id"]:
            himself = rows.get(customers, customer_id=pair["customer_id"])
            if himself is not None and not himself["erased"]:
                row = {**pair, "name": himself["name"], "rights": list(ALL_RIGHTS)}
        if row is not None:
            found.append({name: row[name] for name in ("customer_id", "contact_id", "name", "rights")})
    return {"contacts": found}


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


QUERIES = tuple(
    Query(name, fn)
    for name, fn in {
        "journey_subject": journey_subject,
        "journey_mails": journey_mails,
        "journey_deliveries": journey_deliveries,
        "providers": provider_list,
        "service_types": service_type_list,
        "customers": customer_list,
        "customer": customer,
        "contracts": contract_list,
        "receivables": receivable_list,
        "payments": payment_list,
        "requests": request_list,
        "request_counts": request_counts,
        "desk_figures": desk_figures,
        "staff": staff,
        "search": search,
        "equipment_by_label": equipment_by_label,
        "visits": visit_list,
        "evaluations": evaluation_list,
        "owner": owner,
        "names": names,
        "speaks_for": speaks_for,
        "letterhead": letterhead,
    }.items()
)
