"""Facts of our read models that commands and questions need: what is agreed, what is covered, what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.errors import Refused
from services.rows import Rows
from tickets_service.domain.agreement import Agreement, agreement_from_terms
from tickets_service.domain.calendar import local_date
from tickets_service.domain.coverage import Coverage, assess
from tickets_service.domain.document_commands import (
    AcceptPrice,
    CorrectField,
    CorrectPart,
    CorrectWork,
    DeclinePrice,
    LinkRequest,
    MarkDuplicate,
    OfferPrice,
    RecordPart,
)
from tickets_service.domain.document_events import OtherRequest
from tickets_service.domain.pricing import RequestPrice
from tickets_service.domain.usage import ZERO, Allowance, remaining_of
from tickets_service.tables import recorded_works, visits
from tickets_service.views.coverage import (
    agreement_at,
    belongs,
    contact_facts,
    contract_facts,
    hold,
    listed_part,
    number_of,
    owner_of,
    terms_by_day,
    terms_on,
    zone_of,
)
from tickets_service.views.requests import request_row
from tickets_service.views.usage import spoken_for, worked

ACCEPTING = frozenset({"money", "approval"})
"""Rights of which a contact needs one to accept a price."""


def agreement_of(rows: Rows, request_id: str, at: datetime) -> Agreement | None:
    row = request_row(rows, request_id)
    if row is None:
        return None
    contract = row["contract_id"]
    known = terms_by_day(rows, contract)
    return agreement_at(rows, known, contract, row["service_type_id"], row["opened_at"], at)


def terms_of_day(rows: Rows, contract_id: str, at: datetime) -> Any:
    """A contract's terms on the local day of an instant."""
    known = terms_by_day(rows, contract_id)
    return terms_on(known, local_date(at, zone_of(known)))


def coverage_of(
    rows: Rows,
    contract_id: str,
    service_type_id: str,
    contact_id: str | None,
    at: datetime,
    channel: str | None = None,
) -> Coverage | None:
    """Whether a request would be covered now; None for a contract that is not known."""
    known = terms_by_day(rows, contract_id)
    day = local_date(at, zone_of(known))
    terms = terms_on(known, day)
    contract = contract_facts(rows, contract_id, terms, day)
    if contract is None or terms is None:
        return None
    agreement = agreement_from_terms(terms, service_type_id)
    contact = contact_facts(rows, owner_of(rows, contract_id), contact_id)
    if agreement is not None and agreement.unit == "request":  # of two at once one gets the last that is included
        hold(rows, contract_id)
    used = spoken_for(rows, contract_id, agreement, day) if agreement else ZERO
    return assess(contract, agreement, contact, on=day, used=used, channel=channel)


def allowance_of(rows: Rows, contract: str, service: str, day: date) -> tuple[Allowance | None, str | None]:
    """With the clause; nothing where the contract does not name the service."""
    hold(rows, contract)
    terms = terms_on(terms_by_day(rows, contract), day)
    agreement = None if terms is None else agreement_from_terms(terms, service)
    if agreement is None:
        return None, None
    left = remaining_of(agreement.included_quantity, worked(rows, contract, service, day))
    return Allowance(agreement.unit, left, agreement.overage_unit_price), agreement.clause


def price_of(rows: Rows, visit_id: str) -> RequestPrice | None:
    """How the price of the request stands that a visit is for; None for a visit of a plan."""
    visit = rows.get(visits, visit_id=visit_id)
    row = request_row(rows, visit["request_id"]) if visit and visit["request_id"] else None
    if row is None:
        return None
    charged = (row["charged_works"] or ZERO) + (row["charged_visits"] or ZERO)
    return RequestPrice(row["price_state"], row["price_unit"], row["price_bound"], charged, row["coverage_status"])


def with_facts(command: Any, rows: Rows) -> Any:
    """The facts of the commands about a request's document and price."""
    row = request_row(rows, command.request_id)
    if row is None:
        return command
    match command:
        case CorrectField():
            return _correction(command, rows, row)
        case CorrectWork():
            work = rows.get(recorded_works, work_id=command.work_id)
            if work is None or work["request_id"] != command.request_id or not work["service_type_id"]:
                return command
            allowance, _ = allowance_of(rows, row["contract_id"], work["service_type_id"], work["performed_on"])
            return replace(command, allowance=allowance, charged_by_visits=row["charged_visits"] or ZERO)
        case RecordPart():
            day = local_date(command.used_at or command.at, zone_of(terms_by_day(rows, row["contract_id"])))
            return _part(command, rows, row, command.line_id, day)
        case CorrectPart():
            known = rows.get(recorded_works, work_id=command.part_id) or {}
            of_part = known.get("request_id") == command.request_id
            return _part(command, rows, row, known.get("line_id"), known.get("performed_on")) if of_part else command
        case OfferPrice():
            return replace(command, contract_number=number_of(rows, row["contract_id"]))
        case AcceptPrice() | DeclinePrice():
            contact = contact_facts(rows, row["customer_id"], command.contact_id)
            may = contact is not None and (contact.is_customer or bool(ACCEPTING & set(contact.rights)))
            return replace(command, may_accept=may)
        case LinkRequest(other_id=other) | MarkDuplicate(original_id=other):
            found = request_row(rows, other)
            known = OtherRequest(other, found["customer_id"] or "", found["duplicate_of"]) if found else None
            return replace(command, other=known)
    return command


def _part(command: Any, rows: Rows, row: dict[str, Any], line_id: str | None, day: date | None) -> Any:
    """What the contract says that a part costs, by the terms of the day of its use."""
    terms = terms_on(terms_by_day(rows, row["contract_id"]), day) if line_id and day else None
    return replace(
        command,
        listed=listed_part(terms, line_id) if terms and line_id else None,
        agreement=agreement_of(rows, command.request_id, command.at),
        charged_by_visits=row["charged_visits"] or ZERO,
    )


def _correction(command: CorrectField, rows: Rows, row: dict[str, Any]) -> CorrectField:
    value, contract = command.value, row["contract_id"]
    if command.field in ("site_id", "equipment_id") and value and not belongs(rows, row["customer_id"], value):
        raise Refused("request.place-unknown", place=value)
    if command.field != "service_type_id" or not value:
        return command
    known = terms_by_day(rows, contract)
    return replace(
        command,
        coverage=coverage_of(rows, contract, value, row["opened_by"], command.at, row["channel"]),
        agreement=agreement_at(rows, known, row["contract_id"], value, row["opened_at"], command.at),
        contract_number=number_of(rows, contract),
    )
