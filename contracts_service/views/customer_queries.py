"""Questions about customers: the list, one with all that belongs to it, and names for ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from contracts_service.domain.customer_messages import CustomerKind
from contracts_service.domain.documents import normalised
from contracts_service.views.customers import customers, equipment, people, sites
from services.component import Context
from services.errors import NotFound
from services.rows import Rows

PAGE = 500


@dataclass(frozen=True, slots=True)
class CustomersQuestion:
    """``text``: part of a name, of an e-mail address, a CNPJ or an external reference. ``after``: the last id seen."""

    text: str | None = None
    kind: CustomerKind | None = None
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class CustomerQuestion:
    customer_id: str


@dataclass(frozen=True, slots=True)
class PeopleQuestion:
    """``ids`` of customers and contacts; ``customer_id``: all of that customer."""

    ids: tuple[str, ...] = ()
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class CallerQuestion:
    """``text``: a telephone number or its end, an e-mail address or a part of it, a CPF or CNPJ."""

    text: str
    limit: int = 10


_OWN = and_(people.c.customer_id == customers.c.customer_id, people.c.kind == "customer")


def list_customers(asked: CustomersQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    limit = max(1, min(asked.limit, PAGE))
    where: list[ColumnElement[bool]] = []
    if asked.kind:
        where.append(customers.c.kind == asked.kind.value)
    if asked.after:
        where.append(customers.c.customer_id > asked.after)
    if asked.text:
        where.append(_mentions(asked.text))
    statement = (
        select(customers, people.c.name, people.c.email, people.c.phone, people.c.document, people.c.address)
        .select_from(customers.outerjoin(people, _OWN))
        .where(*where)
        .order_by(customers.c.customer_id)
        .limit(limit + 1)
    )
    found = rows.select(statement)
    return {
        "items": [_customer(row) for row in found[:limit]],
        "next": found[limit - 1]["customer_id"] if len(found) > limit else None,
    }


def one_customer(asked: CustomerQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    customer = rows.get(customers, customer_id=asked.customer_id)
    if customer is None:
        raise NotFound("customer.unknown", customer_id=asked.customer_id)
    belongs: dict[str, Any] = {"customer_id": asked.customer_id}
    everybody = rows.find(people, order_by=(people.c.person_id,), **belongs)
    himself: dict[str, Any] = next((row for row in everybody if row["kind"] == "customer"), {})
    contacts = [row for row in everybody if row["kind"] == "contact" and row["active"]]
    return {
        **_customer({**himself, **customer}),
        "contacts": [
            {"contact_id": row["person_id"], **_of(row, "name", "email", "phone", "rights", "role")} for row in contacts
        ],
        "sites": rows.find(sites, order_by=(sites.c.name,), **belongs),
        "equipment": rows.find(equipment, order_by=(equipment.c.description,), **belongs),
    }


def names_of_people(asked: PeopleQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    """``{"people": {id: {name, email, phone, document, …}}}``; who was erased, or never was, is missing.

    A company's own name and CNPJ stand under the customer's id.
    """
    where: list[ColumnElement[bool]] = [people.c.person_id.in_(list(asked.ids[:PAGE]))] if asked.ids else []
    if asked.customer_id:
        where.append(people.c.customer_id == asked.customer_id)
    if not where:
        return {"people": {}}
    found = rows.find(people, *where, order_by=(people.c.person_id, people.c.kind.desc(), people.c.active))
    companies = _companies(rows, [row["customer_id"] for row in found if row["kind"] == "customer"])
    answer: dict[str, Any] = {}
    for row in found:  # the customer's own row comes first, then contacts, the active ones last
        known = answer.setdefault(row["person_id"], {})
        company = companies.get(row["customer_id"], {}) if row["kind"] == "customer" else {}
        known |= {
            "name": company.get("legal_name") or row["name"] or known.get("name"),
            "email": row["email"] or known.get("email"),
            "phone": row["phone"] or known.get("phone"),
            "document": company.get("cnpj") or row["document"] or known.get("document"),
            "address": row["address"] or known.get("address"),
            "kind": known.get("kind") or row["kind"],
            "active": row["active"],
        }
        if row["kind"] == "contact":
            known["speaks_for"] = known.get("speaks_for", []) + (
                [{"customer_id": row["customer_id"], "rights": row["rights"]}] if row["active"] else []
            )
    return {"people": answer}


SIGNS = " -().+/"
SHORTEST_NUMBER, LONGEST_NUMBER = 4, 11


def find_people(asked: CallerQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    """``{"items": [{customer_id, person_id, kind, customer, name, role, email, phone}]}``: who calls, by what he says or what
    the telephone shows; nothing for less than four digits or three letters of an address.

    Numbers are compared by their digits, without the country's 55 and a trunk's 0, so that any way to write one is found.
    """
    where, text = [], asked.text.strip()
    digits = "".join(letter for letter in text if letter.isdigit())
    national = (digits.removeprefix("55") if len(digits) > LONGEST_NUMBER else digits).removeprefix("0")
    if len(national) >= SHORTEST_NUMBER:
        where.append(_digits(people.c.phone).contains(national))
    if "@" in text and len(text) > 3:
        where.append(people.c.email.icontains(text, autoescape=True))
    if len(normalised(text)) in (11, 14):
        where += [people.c.document == normalised(text), customers.c.cnpj == normalised(text)]
    if not where:
        return {"items": []}
    statement = (
        select(people, customers.c.legal_name)
        .join(customers, customers.c.customer_id == people.c.customer_id)
        .where(or_(*where), people.c.active.is_(True))
        .order_by(people.c.name, people.c.person_id, people.c.customer_id)
        .limit(max(1, min(asked.limit, PAGE)))
    )
    said = ("customer_id", "person_id", "kind", "name", "role", "email", "phone")
    return {"items": [{**_of(row, *said), "customer": row["legal_name"]} for row in rows.select(statement)]}


def _digits(column: Any) -> Any:
    """A number without the signs that people write between its digits."""
    for sign in SIGNS:
        column = func.replace(column, sign, "")
    return column


def _companies(rows: Rows, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    wanted = list(ids)
    if not wanted:
        return {}
    found = rows.find(customers, customers.c.customer_id.in_(wanted), customers.c.kind == "company")
    return {row["customer_id"]: row for row in found}


def _mentions(text: str) -> ColumnElement[bool]:
    like, document = f"%{text.strip()}%", normalised(text)
    return or_(
        customers.c.legal_name.ilike(like),
        customers.c.external_ref.ilike(like),
        customers.c.cnpj == document,
        people.c.name.ilike(like),
        people.c.email.ilike(like),
        people.c.document == document,
    )


def _customer(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **_of(row, "customer_id", "kind", "external_ref", "erased", "registered_at"),
        "name": row["legal_name"] or row.get("name"),
        "person_name": row.get("name"),
        "document": row["cnpj"] or row.get("document"),
        **{name: row.get(name) for name in ("email", "phone", "address")},
    }


def _of(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}
