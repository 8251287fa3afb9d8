"""A contract's visits as their events leave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from tickets_service.domain import visit_messages as m
from tickets_service.domain.fieldwork_messages import VisitDocumentAdded, VisitPartUsed

PLANNED, STARTED, DONE, MISSED, CANCELLED = "planned", "started", "done", "missed", "cancelled"
OPEN = (PLANNED, STARTED)
BY_CONTRACT = ("terms", "suspension", "termination", "expiry")
"""Causes of a cancellation after which a visit may be planned again."""

ENDED = ("termination", "expiry")


@dataclass(frozen=True, slots=True)
class Visit:
    visit_id: str
    kind: str
    on: date
    opens: str
    closes: str
    status: str = PLANNED
    plan_id: str | None = None
    month: str | None = None
    number: int | None = None
    service_type_id: str | None = None
    site_id: str | None = None
    equipment_ids: tuple[str, ...] = ()
    request_id: str | None = None
    description: str = ""
    technician_id: str | None = None
    moved: bool = False  # by people
    home: date | None = None  # the day of its plan, where a rule moved it
    cause: str = ""  # of its cancellation
    started: bool = False
    ended_at: datetime | None = None
    documents: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Visits:
    contract_id: str = ""
    customer_id: str = ""
    time_zone: str = "America/Sao_Paulo"
    visits: Mapping[str, Visit] = field(default_factory=dict)
    through: date | None = None
    stopped_on: date | None = None
    stop_cause: str = ""


def evolve(state: Visits, event: Any) -> Visits:
    if not state.contract_id:
        state = replace(state, contract_id=event.contract_id, customer_id=event.customer_id)
    match event:
        case m.VisitPlanned():
            return replace(_with(state, _from(event)), time_zone=event.time_zone)
        case m.VisitPlanExtended(through=through):
            return replace(state, through=through)
        case m.VisitPlanStopped(on=on, cause=cause):
            return replace(state, stopped_on=on, stop_cause=cause)
        case m.VisitPlanResumed():
            return replace(state, stopped_on=None, stop_cause="")
    visit = state.visits.get(event.visit_id)
    return state if visit is None else _with(state, _after(visit, event))


def _after(visit: Visit, event: Any) -> Visit:
    match event:
        case m.VisitMoved(on=on, cause="closed_day"):
            home = visit.home or visit.on
            return replace(visit, on=on, home=None if on == home else home)
        case m.VisitMoved(on=on, opens=opens, closes=closes):
            return replace(visit, on=on, opens=opens, closes=closes, moved=True, home=None)
        case m.VisitAssigned(technician_id=technician):
            return replace(visit, technician_id=technician)
        case m.VisitStarted(technician_id=technician):
            status = DONE if visit.status == DONE else STARTED  # a start may come after its end
            return replace(visit, status=status, started=True, technician_id=technician or visit.technician_id)
        case m.VisitDone():
            return replace(visit, status=DONE, ended_at=event.occurred_at or event.at)
        case VisitDocumentAdded(document_id=document):
            return replace(visit, documents=visit.documents | {document})
        case VisitPartUsed(part_id=part):
            return replace(visit, parts=visit.parts | {part})
        case m.VisitMissed():
            return replace(visit, status=MISSED)
        case m.VisitCancelled(cause=cause):
            return replace(visit, status=CANCELLED, cause=cause)
    return visit


def _from(event: m.VisitPlanned) -> Visit:
    return Visit(
        visit_id=event.visit_id,
        kind=event.kind,
        on=event.on,
        opens=event.opens,
        closes=event.closes,
        plan_id=event.plan_id,
        month=event.month,
        number=event.number,
        service_type_id=event.service_type_id,
        site_id=event.site_id,
        equipment_ids=event.equipment_ids,
        request_id=event.request_id,
        description=event.description,
        technician_id=event.technician_id,
    )


def _with(state: Visits, visit: Visit) -> Visits:
    return replace(state, visits={**state.visits, visit.visit_id: visit})
