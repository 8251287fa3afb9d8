"""Facts that commands need from our read models, read in the command's transaction; and who may say what.

Nobody speaks in another's name: a contact opens, notes, attaches, reopens and cancels for his own customer only. What
is a fact is always filled here, whatever the caller sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from typing import Any

from services.component import Context
from services.errors import Forbidden, Refused
from services.rows import Reading, Rows
from tickets_service.domain.agreement import Agreement, agreement_from_terms
from tickets_service.domain.calendar import local_date
from tickets_service.domain.commands import (
    COMMANDS,
    AddNote,
    AttachDocument,
    CancelRequest,
    CloseRequest,
    Command,
    Deadlined,
    ImportRequest,
    OpenRequest,
    RecomputeDeadlines,
    RecordWork,
    ReopenRequest,
)
from tickets_service.domain.document_commands import AcceptPrice, CorrectField, DeclinePrice, DocumentDeadlined
from tickets_service.domain.fieldwork_messages import AddVisitDocument, UseVisitPart
from tickets_service.domain.steps import BY_VERDICT
from tickets_service.domain.usage import ZERO
from tickets_service.domain.visit_messages import COMMANDS as VISIT_COMMANDS
from tickets_service.domain.visit_messages import (
    AvoidClosedDays,
    CancelVisit,
    FinishVisit,
    MoveVisit,
    PlanVisits,
    ScheduleVisit,
    StartVisit,
    VisitFacts,
)
from tickets_service.facts import agreement_of, allowance_of, coverage_of, price_of, with_facts
from tickets_service.tables import coverage_contacts, coverage_contracts, coverage_places, requests, visits
from tickets_service.views.closed_days import all_entries
from tickets_service.views.coverage import (
    agreement_at,
    belongs,
    facts_of,
    listed_part,
    number_of,
    owner_of,
    provider_of,
    terms_by_day,
    terms_on,
    zone_of,
)
from tickets_service.views.requests import next_protocol, request_row

BY_CUSTOMERS = (
    OpenRequest,
    AddNote,
    AttachDocument,
    ReopenRequest,
    CancelRequest,
    CorrectField,
    AcceptPrice,
    DeclinePrice,
)
AUTHORS = ("author_id", "resolved_by", "technician_id")


def prepare(command: Command, rows: Rows, ctx: Context) -> Command:
    """The command with its facts."""
    kind, _, actor = ctx.actor.partition(":")
    if kind == "contact":
        command = _by_contact(command, rows, actor)
    elif kind != "system":
        command = _by_staff(command, actor or ctx.actor)
    match command:
        case ImportRequest():
            return _import(command, rows, ctx)
        case OpenRequest():
            return _open(command, rows, staff=actor or ctx.actor if kind != "contact" else None)
        case RecordWork():
            return _work(command, rows)
        case AttachDocument():
            agreement = agreement_of(rows, command.request_id, command.at)
            return replace(command, most_bytes=agreement.document_bytes if agreement else None)
        case RecomputeDeadlines(agreement=Agreement()) if kind == "system":
            return command  # the policy that read the new terms knows better than our view, which may be behind
    if isinstance(command, Deadlined | DocumentDeadlined):
        command = replace(command, agreement=agreement_of(rows, command.request_id, command.at))
    made: Command = with_facts(command, rows)
    return made


def opening_reads(command: OpenRequest) -> list[Reading]:
    """What an opening looks at, to be asked for with its stream."""
    found = [Reading(coverage_contracts, (command.contract_id,), looked_at=True)]
    found.append(Reading(requests, (command.request_id,), lock=False))
    places = (command.site_id, command.equipment_id)
    return found + [Reading(coverage_places, (place,), looked_at=True) for place in places if place]


def _by_contact(command: Command, rows: Rows, contact: str) -> Command:
    if not isinstance(command, BY_CUSTOMERS):
        raise Forbidden("request.staff-only")
    if isinstance(command, OpenRequest):
        if command.opened_by != contact or command.override_reason:
            raise Forbidden("request.not-yours")
        return replace(command, priority=None)  # the provider's field; the customer says impact and urgency
    row = request_row(rows, command.request_id)
    if row is not None and not _speaks_for(rows, row["customer_id"], contact):
        raise Forbidden("request.not-yours")
    match command:
        case ReopenRequest():
            return replace(command, author_id=contact, cause="customer")
        case CancelRequest():
            return replace(command, author_id=contact, by="customer")
        case AcceptPrice():
            return replace(command, contact_id=contact, recorded_by=None, document_id=None)
        case DeclinePrice():
            return replace(command, contact_id=contact)
        case CorrectField() if command.override_reason:
            raise Forbidden("request.staff-only")
    return replace(command, author_id=contact, side="customer")


def _by_staff(command: Command, user: str) -> Command:
    """Staff may name who did the work; whoever is not named did it himself. The verdict is the customer's alone."""
    named = {field.name for field in fields(command)}
    filled: dict[str, Any] = {name: user for name in AUTHORS if name in named and getattr(command, name) is None}
    if "side" in named:
        filled["side"] = "provider"
    match command:
        case AcceptPrice() | DeclinePrice():
            if command.contact_id is None or isinstance(command, DeclinePrice):
                raise Forbidden("request.price-by-customer")
            filled["recorded_by"] = user
        case CancelRequest() | CloseRequest():
            filled["by"] = "provider"
        case ReopenRequest(cause=cause) if cause in BY_VERDICT:
            filled["cause"] = "provider"
    return replace(command, **filled)


def _speaks_for(rows: Rows, customer_id: str, contact: str) -> bool:
    if contact == customer_id:
        return True
    return rows.get(coverage_contacts, customer_id=customer_id, contact_id=contact) is not None


def _open(command: OpenRequest, rows: Rows, staff: str | None) -> OpenRequest:
    known = terms_by_day(rows, command.contract_id)
    customer = owner_of(rows, command.contract_id)
    for place in (command.site_id, command.equipment_id):
        if place is not None and not belongs(rows, customer, place):
            raise Refused("request.place-unknown", place=place)
    today = local_date(command.at, zone_of(known))
    whole = replace(
        command,
        customer_id=customer,
        entered_by=staff,
        coverage=coverage_of(
            rows, command.contract_id, command.service_type_id, command.opened_by, command.at, command.channel
        ),
        agreement=agreement_at(rows, known, command.contract_id, command.service_type_id, command.at, command.at),
        contract_number=number_of(rows, command.contract_id),
        opened_on=today,
    )
    # last, for whoever opens another request waits from here on until this one is written
    return replace(whole, protocol=next_protocol(rows, today.year))


def _work(command: RecordWork, rows: Rows) -> RecordWork:
    """What is left of the month in which the work was done, by the terms of that day.

    Reading the contract's row locks it, so that two works at once do not both take the last included hour.
    """
    row = request_row(rows, command.request_id)
    if row is None:
        return command
    service = row["service_type_id"]
    allowance, clause = allowance_of(rows, row["contract_id"], service, command.performed_on)
    agreement = agreement_of(rows, command.request_id, command.at)
    return replace(
        command,
        service_type_id=service,
        allowance=allowance,
        clause=clause,
        agreement=agreement,
        charged_by_visits=row["charged_visits"] or ZERO,
    )


def _import(command: ImportRequest, rows: Rows, ctx: Context) -> ImportRequest:
    if not ctx.historical:
        raise Refused("request.import-is-history")
    customer = command.customer_id or owner_of(rows, command.contract_id)
    if customer is None:
        raise Refused("request.contract-unknown", contract_id=command.contract_id)
    service = command.service_type_id
    if service is None:
        terms = terms_on(terms_by_day(rows, command.contract_id), command.opened_at.date())
        only = agreement_from_terms(terms, None) if terms else None
        service = only.service_type_id if only else None
    return replace(command, customer_id=customer, service_type_id=service)


def visit_facts(rows: Rows, contract_id: str, day: date) -> VisitFacts | None:
    """What a contract's last terms say about its visits from a day on; None for a contract that is not known."""
    known, customer = terms_by_day(rows, contract_id), owner_of(rows, contract_id)
    if not known or not customer:
        return None
    provider = provider_of(rows, contract_id)
    return facts_of(known[-1][1], customer, day, all_entries(rows), contract_id=contract_id, provider_id=provider)


FIELDWORK = (StartVisit, FinishVisit, AddVisitDocument, UseVisitPart)
"""Whoever is not named did it himself."""


def prepare_visit(command: Any, rows: Rows, ctx: Context) -> Any:
    """A visit's command with its facts; a customer moves and cancels his own visits, the rest is the provider's."""
    kind, _, actor = ctx.actor.partition(":")
    if kind == "contact":
        owner = owner_of(rows, command.contract_id)
        if not isinstance(command, MoveVisit | CancelVisit) or not owner or not _speaks_for(rows, owner, actor):
            raise Forbidden("request.staff-only")
        command = replace(command, by="customer")
    elif isinstance(command, MoveVisit | CancelVisit):
        command = replace(command, by="provider")
    elif isinstance(command, FIELDWORK) and command.technician_id is None and kind != "system":
        command = replace(command, technician_id=actor or ctx.actor)
    match command:
        case PlanVisits(facts=VisitFacts()) if kind == "system":
            return command  # the policy read the new terms from the event; our view may be behind
        case PlanVisits() | AvoidClosedDays():
            return replace(command, facts=visit_facts(rows, command.contract_id, command.at.date()))
        case ScheduleVisit():
            owner = owner_of(rows, command.contract_id)
            for place in (command.site_id, *command.equipment_ids):
                if place is not None and not belongs(rows, owner, place):
                    raise Refused("request.place-unknown", place=place)
            return replace(command, facts=visit_facts(rows, command.contract_id, command.at.date()))
        case StartVisit():
            return replace(command, price=price_of(rows, command.visit_id))
        case UseVisitPart() if command.line_id:
            known = terms_by_day(rows, command.contract_id)
            terms = terms_on(known, local_date(command.occurred_at or command.at, zone_of(known)))
            listed = listed_part(terms, command.line_id) if terms else None
            return replace(command, listed=listed, price=price_of(rows, command.visit_id))
        case FinishVisit():
            return replace(_finish(command, rows), price=price_of(rows, command.visit_id))
    return command


def _finish(command: FinishVisit, rows: Rows) -> FinishVisit:
    """What is left of the month, for a service that is bought by the visit."""
    visit = rows.get(visits, visit_id=command.visit_id)
    if visit is None or not visit["service_type_id"]:
        return command
    day = command.performed_on or local_date(command.occurred_at or command.at, visit["time_zone"])
    allowance, clause = allowance_of(rows, command.contract_id, visit["service_type_id"], day)
    return command if allowance is None else replace(command, allowance=allowance, clause=clause)


PREPARE_VISITS: dict[type, Callable[[Any, Rows, Context], Any]] = dict.fromkeys(VISIT_COMMANDS, prepare_visit)
PREPARE: dict[type, Callable[[Any, Rows, Context], Any]] = dict.fromkeys(COMMANDS, prepare)
