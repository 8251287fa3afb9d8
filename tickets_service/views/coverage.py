"""Coverage: what contracts say and who may ask, from the contracts service's events; and the question before opening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.codec import from_json_values
from services.component import View
from services.events import Incoming
from services.rows import Rows
from tickets_service.domain.agreement import (
    DEFAULT_TIME_ZONE,
    Agreement,
    agreement_from_terms,
    calendar_from_terms,
)
from tickets_service.domain.calendar import local_date
from tickets_service.domain.coverage import ContactFacts, ContractFacts
from tickets_service.domain.part_pricing import ListedPart
from tickets_service.domain.visit_messages import VisitFacts
from tickets_service.domain.visit_plans import VisitRule
from tickets_service.tables import (
    coverage_contacts,
    coverage_contracts,
    coverage_customers,
    coverage_places,
    coverage_terms,
)
from tickets_service.views.closed_days import Entry, all_entries, closed_calendar

OBEYED = (
    *("starts_on", "ends_on", "time_zone", "state", "services", "calendar", "communication", "visit_plan"),
    *("requests", "escalation"),
)
"""The parts of a contract's terms that requests obey."""

LINE = ("service_type_id", "clause", "kind", "amount", "ceiling", "line_id", "description")

Terms = Mapping[str, Any]


class CoverageView(View):
    name = "coverage"
    source = "contracts"
    tables = (coverage_contracts, coverage_terms, coverage_customers, coverage_contacts, coverage_places)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type.removeprefix("contracts."):
            case "contract.activated":
                self._status(rows, event, "active", data["on"])
                names = {name: data.get(name) for name in ("number", "provider_id")}
                rows.put(coverage_contracts, contract_id=data["contract_id"], **names)
                self._terms(rows, data, data["terms"]["starts_on"])
            case (
                "contract.amended"
                | "contract.price_adjusted"
                | "contract.renewed"
                | "contract.renewal_undone"
                | "contract.addendum_undone"
            ):
                self._terms(rows, data, data["effective_on"])
            case "contract.suspended":
                self._status(rows, event, "suspended", data["on"], data.get("reason"))
            case "contract.resumed" | "contract.suspension_undone":
                self._status(rows, event, "active", data["on"])
            case "contract.resumption_undone":
                self._status(rows, event, "suspended", data["on"])
            case "contract.termination_undone" | "contract.expiry_undone":
                self._status(rows, event, data["status"], data["on"])
            case "contract.terminated":
                self._status(rows, event, "terminated", data["on"])
            case "contract.expired":
                self._status(rows, event, "expired", data["on"])
            case "customer.registered":
                rows.put(coverage_customers, customer_id=data["customer_id"], kind=data.get("kind"))
            case "customer.contact_authorised":
                key = {"customer_id": data["customer_id"], "contact_id": data["contact_id"]}
                rows.put(coverage_contacts, **key, rights=list(data.get("rights") or ()))
            case "customer.contact_removed":
                rows.delete(coverage_contacts, customer_id=data["customer_id"], contact_id=data["contact_id"])
            case "customer.site_added":
                self._place(rows, data, data["site_id"], "site")
            case "customer.equipment_added":
                self._place(rows, data, data["equipment_id"], "equipment")
            case "customer.erased":
                for contact in rows.find(coverage_contacts, customer_id=data["customer_id"]):
                    key = {"customer_id": data["customer_id"], "contact_id": contact["contact_id"]}
                    rows.delete(coverage_contacts, **key)

    def _status(self, rows: Rows, event: Incoming, status: str, on: str, reason: str | None = None) -> None:
        rows.put(
            coverage_contracts,
            contract_id=event.data["contract_id"],
            customer_id=event.data["customer_id"],
            status=status,
            since=date.fromisoformat(on),
            reason=reason,
        )

    def _terms(self, rows: Rows, data: Mapping[str, Any], effective_on: str) -> None:
        contract, day, terms = data["contract_id"], date.fromisoformat(effective_on), obeyed(data["terms"])
        rows.put(coverage_terms, contract_id=contract, effective_on=day, terms=terms)
        ends_on = terms.get("ends_on")
        rows.put(
            coverage_contracts,
            contract_id=contract,
            customer_id=data["customer_id"],
            ends_on=date.fromisoformat(ends_on) if ends_on else None,
        )

    def _place(self, rows: Rows, data: Mapping[str, Any], place_id: str, kind: str) -> None:
        site = data.get("site_id")
        rows.put(coverage_places, place_id=place_id, customer_id=data["customer_id"], site_id=site, kind=kind)


def obeyed(terms: Terms) -> dict[str, Any]:
    """The part of the published terms that is kept: what requests obey, and the clauses of the services' lines."""
    lines = [
        {name: line.get(name) for name in LINE}
        for line in terms.get("lines") or ()
        if line.get("service_type_id") or line.get("kind") == "per_use"
    ]
    return {**{key: terms[key] for key in OBEYED if key in terms}, "lines": lines}


def listed_part(terms: Terms, line_id: str) -> ListedPart | None:
    """The per-use line that prices a part: the contract's price list."""
    for line in terms.get("lines") or ():
        if line.get("line_id") == line_id and line.get("kind") == "per_use" and not line.get("service_type_id"):
            price = Decimal(str(line["amount"]))
            return ListedPart(line_id, str(line.get("clause") or ""), str(line.get("description") or ""), price)
    return None


def terms_by_day(rows: Rows, contract_id: str) -> list[tuple[date, Terms]]:
    """All terms of a contract that are known, by the day from which they hold."""
    found = rows.known(coverage_terms, contract_id=contract_id, order_by=("effective_on",))
    return [(row["effective_on"], row["terms"]) for row in found]


def terms_on(known: list[tuple[date, Terms]], day: date) -> Terms | None:
    """The terms in force on a day; before the first of them, the first."""
    chosen = [terms for effective_on, terms in known if effective_on <= day]
    return chosen[-1] if chosen else (known[0][1] if known else None)


def facts_of(
    terms: Terms,
    customer_id: str,
    day: date,
    entries: Sequence[Entry] = (),
    *,
    contract_id: str = "",
    provider_id: str | None = None,
) -> VisitFacts:
    """What published terms say about visits that are planned from ``day`` on."""
    plans: Any = from_json_values(list(terms.get("visit_plan") or ()), tuple[VisitRule, ...])  # type: ignore[arg-type]
    ends_on, calendar = terms.get("ends_on"), calendar_from_terms(terms)
    years = (day.year, day.year)
    return VisitFacts(
        customer_id,
        plans,
        closed_calendar(calendar, terms, entries, years, contract_id=contract_id, provider_id=provider_id),
        date.fromisoformat(terms["starts_on"]),
        date.fromisoformat(ends_on) if ends_on else None,
    )


def zone_of(known: list[tuple[date, Terms]]) -> str:
    """The contract's time zone, which no addendum changes."""
    return str(known[-1][1].get("time_zone") or DEFAULT_TIME_ZONE) if known else DEFAULT_TIME_ZONE


def agreement_at(
    rows: Rows,
    known: list[tuple[date, Terms]],
    contract_id: str,
    service_type_id: str | None,
    opened_at: datetime,
    at: datetime,
) -> Agreement | None:
    """What is agreed for a request: by the terms of its opening day, with the calendar of today."""
    provider = provider_of(rows, contract_id)
    entries = all_entries(rows) if _reads_the_table(known) else ()
    return agreement_of(known, service_type_id, opened_at, at, entries, contract_id=contract_id, provider_id=provider)


def agreement_of(
    known: list[tuple[date, Terms]],
    service_type_id: str | None,
    opened_at: datetime,
    at: datetime,
    entries: Sequence[Entry],
    *,
    contract_id: str,
    provider_id: str | None,
) -> Agreement | None:
    """None if nothing is known of the contract; without targets if its terms do not name the service."""
    zone = zone_of(known)
    opened, today = local_date(opened_at, zone), local_date(at, zone)
    opening, now = terms_on(known, opened), terms_on(known, today)
    if opening is None or now is None:
        return None
    agreement = agreement_from_terms(opening, service_type_id)
    calendar = calendar_from_terms(now, always=agreement is not None and agreement.calendar.always)
    years = (opened.year, max(opened.year, today.year))
    whole = closed_calendar(calendar, now, entries, years, contract_id=contract_id, provider_id=provider_id)
    if agreement is None:
        return Agreement(service_type_id or "", "", "", whole)
    return replace(agreement, calendar=whole)


def _reads_the_table(known: list[tuple[date, Terms]]) -> bool:
    return any((terms.get("calendar") or {}).get("company") for _, terms in known)


def provider_of(rows: Rows, contract_id: str) -> str | None:
    """The provider's company whose contract it is."""
    row = rows.peek(coverage_contracts, contract_id=contract_id)
    return None if row is None else row["provider_id"]


def contract_facts(rows: Rows, contract_id: str, terms: Terms | None, on: date) -> ContractFacts | None:
    """How the contract stands on a day. What was decided for a later day (a suspension, an end) is not in force yet."""
    row = rows.peek(coverage_contracts, contract_id=contract_id)
    if row is None or row["status"] is None:
        return None
    terms, status, since = terms or {}, row["status"], row["since"]
    if (status == "suspended" and on < since) or (status in ("terminated", "expired") and on <= since):
        status = "active"
    starts_on = terms.get("starts_on")
    return ContractFacts(
        status=status,
        starts_on=date.fromisoformat(starts_on) if starts_on else None,
        ends_on=row["ends_on"],
        suspension_reason=row["reason"],
        authorised_only=bool((terms.get("communication") or {}).get("authorised_only", True)),
    )


def contact_facts(rows: Rows, customer_id: str | None, contact_id: str | None) -> ContactFacts | None:
    """A contact's rights; a customer who is a person speaks for himself."""
    if contact_id is None or customer_id is None:
        return None
    if contact_id == customer_id:
        customer = rows.peek(coverage_customers, customer_id=customer_id)
        return ContactFacts(contact_id, is_customer=customer is None or customer["kind"] == "person")
    contact = rows.peek(coverage_contacts, customer_id=customer_id, contact_id=contact_id)
    if contact is None:
        return ContactFacts(contact_id, known=False)
    return ContactFacts(contact_id, tuple(contact["rights"] or ()))


def belongs(rows: Rows, customer_id: str | None, place_id: str) -> bool:
    """Whether a site or equipment is this customer's."""
    place = rows.peek(coverage_places, place_id=place_id)
    return place is not None and place["customer_id"] == customer_id


def number_of(rows: Rows, contract_id: str) -> str | None:
    """The number by which people know a contract."""
    row = rows.peek(coverage_contracts, contract_id=contract_id)
    return None if row is None else row["number"]


def hold(rows: Rows, contract_id: str) -> None:
    """From here on others who want to hold the contract wait: who counts what is left of it sees what they took."""
    rows.get(coverage_contracts, contract_id=contract_id)


def owner_of(rows: Rows, contract_id: str) -> str | None:
    """The customer of a contract."""
    row = rows.peek(coverage_contracts, contract_id=contract_id)
    return None if row is None else row["customer_id"]
