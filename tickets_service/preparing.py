"""Facts that commands need from our read models, read in the command's transaction; and who may say what.

Nobody speaks in another's name: a contact opens, notes, attaches, reopens and cancels for his own customer only. What
is a fact is always filled here, whatever the caller sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from services.component import Context
from services.errors import Forbidden, Refused
from services.rows import Rows
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
from tickets_service.domain.coverage import Coverage, assess
from tickets_service.domain.steps import BY_VERDICT
from tickets_service.domain.usage import ZERO, Allowance, remaining_of
from tickets_service.domain.visit_messages import COMMANDS as VISIT_COMMANDS
from tickets_service.domain.visit_messages import (
    CancelVisit,
    FinishVisit,
    MoveVisit,
    PlanVisits,
    ScheduleVisit,
    StartVisit,
    VisitFacts,
)
from tickets_service.tables import coverage_contacts, visits
from tickets_service.views.coverage import (
    agreement_at,
    belongs,
    contact_facts,
    contract_facts,
    facts_of,
    owner_of,
    terms_by_day,
    terms_on,
    zone_of,
)
from tickets_service.views.requests import next_protocol, request_row
from tickets_service.views.usage import spoken_for, worked

BY_CUSTOMERS = (OpenRequest, AddNote, AttachDocument, ReopenRequest, CancelRequest)
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
        case RecomputeDeadlines(agreement=Agreement()) if kind == "system":
            return command  # the policy that read the new terms knows better than our view, which may be behind
    if isinstance(command, Deadlined):
        return replace(command, agreement=_agreement(rows, command.request_id, command.at))
    return command


def _by_contact(command: Command, rows: Rows, contact: str) -> Command:
    if not isinstance(command, BY_CUSTOMERS):
        raise Forbidden("request.staff-only")
    if isinstance(command, OpenRequest):
        if command.opened_by != contact or command.override_reason:
            raise Forbidden("request.not-yours")
        return command
    row = request_row(rows, command.request_id)
    if row is not None and not _speaks_for(rows, row["customer_id"], contact):
        raise Forbidden("request.not-yours")
    match command:
        case ReopenRequest():
            return replace(command, author_id=contact, cause="customer")
        case CancelRequest():
            return replace(command, author_id=contact, by="customer")
    return replace(command, author_id=contact, side="customer")


def _by_staff(command: Command, user: str) -> Command:
    """Staff may name who did the work; whoever is not named did it himself. The verdict is the customer's alone."""
    named = {field.name for field in fields(command)}
    filled: dict[str, Any] = {name: user for name in AUTHORS if name in named and getattr(command, name) is None}
    if "side" in named:
        filled["side"] = "provider"
    match command:
        case CancelRequest() | CloseRequest():
            filled["by"] = "provider"
        case ReopenRequest(cause=cause) if cause in BY_VERDICT:
            filled["cause"] = "provider"
    return replace(command, **filled)


def _speaks_for(rows: Rows, customer_id: str, contact: str) -> bool:
    if contact == customer_id:
        return True
    return rows.get(coverage_contacts, customer_id=customer_id, contact_id=contact) is not None


def _agreement(rows: Rows, request_id: str, at: datetime) -> Agreement | None:
    row = request_row(rows, request_id)
    if row is None:
        return None
    return agreement_at(terms_by_day(rows, row["contract_id"]), row["service_type_id"], row["opened_at"], at)


def _open(command: OpenRequest, rows: Rows, staff: str | None) -> OpenRequest:
    known = terms_by_day(rows, command.contract_id)
    customer = owner_of(rows, command.contract_id)
    for place in (command.site_id, command.equipment_id):
        if place is not None and not belongs(rows, customer, place):
            raise Refused("request.place-unknown", place=place)
    return replace(
        command,
        customer_id=customer,
        entered_by=staff,
        protocol=next_protocol(rows, local_date(command.at, zone_of(known)).year),
        coverage=coverage_of(
            rows, command.contract_id, command.service_type_id, command.opened_by, command.at, command.channel
        ),
        agreement=agreement_at(known, command.service_type_id, command.at, command.at),
    )


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
    used = spoken_for(rows, contract_id, agreement, day) if agreement else ZERO
    return assess(contract, agreement, contact, on=day, used=used, channel=channel)


def _work(command: RecordWork, rows: Rows) -> RecordWork:
    """What is left of the month in which the work was done, by the terms of that day.

    Reading the contract's row locks it, so that two works at once do not both take the last included hour.
    """
    row = request_row(rows, command.request_id)
    if row is None:
        return command
    service = row["service_type_id"]
    allowance, clause = _allowance(rows, row["contract_id"], service, command.performed_on)
    return replace(command, service_type_id=service, allowance=allowance, clause=clause)


def _allowance(rows: Rows, contract: str, service: str, day: date) -> tuple[Allowance | None, str | None]:
    """With the clause; nothing where the contract does not name the service."""
    owner_of(rows, contract)
    terms = terms_on(terms_by_day(rows, contract), day)
    agreement = None if terms is None else agreement_from_terms(terms, service)
    if agreement is None:
        return None, None
    left = remaining_of(agreement.included_quantity, worked(rows, contract, service, day))
    return Allowance(agreement.unit, left, agreement.overage_unit_price), agreement.clause


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


def visit_facts(rows: Rows, contract_id: str) -> VisitFacts | None:
    """What a contract's last terms say about its visits; None for a contract that is not known."""
    known, customer = terms_by_day(rows, contract_id), owner_of(rows, contract_id)
    return facts_of(known[-1][1], customer) if known and customer else None


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
    elif isinstance(command, StartVisit | FinishVisit) and command.technician_id is None and kind != "system":
        command = replace(command, technician_id=actor or ctx.actor)
    match command:
        case PlanVisits(facts=VisitFacts()) if kind == "system":
            return command  # the policy read the new terms from the event; our view may be behind
        case PlanVisits():
            return replace(command, facts=visit_facts(rows, command.contract_id))
        case ScheduleVisit():
            owner = owner_of(rows, command.contract_id)
            for place in (command.site_id, *command.equipment_ids):
                if place is not None and not belongs(rows, owner, place):
                    raise Refused("request.place-unknown", place=place)
            return replace(command, facts=visit_facts(rows, command.contract_id))
        case FinishVisit():
            return _finish(command, rows)
    return command


def _finish(command: FinishVisit, rows: Rows) -> FinishVisit:
    """What is left of the month, for a service that is bought by the visit."""
    visit = rows.get(visits, visit_id=command.visit_id)
    if visit is None or not visit["service_type_id"]:
        return command
    day = command.performed_on or local_date(command.at, visit["time_zone"])
    allowance, clause = _allowance(rows, command.contract_id, visit["service_type_id"], day)
    return command if allowance is None else replace(command, allowance=allowance, clause=clause)


PREPARE_VISITS: dict[type, Callable[[Any, Rows, Context], Any]] = dict.fromkeys(VISIT_COMMANDS, prepare_visit)
PREPARE: dict[type, Callable[[Any, Rows, Context], Any]] = dict.fromkeys(COMMANDS, prepare)
