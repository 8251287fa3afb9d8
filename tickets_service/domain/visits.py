"""A contract's visits: its decider. planned ─▶ started ─▶ done; planned or started ─▶ missed, cancelled."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.decider import Decider
from services.errors import NotFound, Refused
from tickets_service.domain import fieldwork, visit_planning
from tickets_service.domain import visit_messages as m
from tickets_service.domain.calendar import local_date
from tickets_service.domain.fieldwork_messages import AddVisitDocument, UseVisitPart
from tickets_service.domain.pricing import RequestPrice
from tickets_service.domain.usage import Allowance, divide
from tickets_service.domain.visit_messages import COMMANDS, EVENTS
from tickets_service.domain.visit_state import CANCELLED, DONE, MISSED, OPEN, STARTED, Visit, Visits, evolve


def decide(command: Any, state: Visits) -> list[Any]:
    match command:
        case m.PlanVisits():
            return list(visit_planning.plan(command, state))
        case m.StopVisits():
            return list(visit_planning.stop(command, state))
        case m.AvoidClosedDays():
            return list(visit_planning.avoid(command, state))
        case m.ScheduleVisit():
            return _schedule(command, state)
    visit = state.visits.get(command.visit_id)
    if visit is None:
        raise NotFound("visit.unknown", visit_id=command.visit_id)
    return _step(command, state, visit)


def _schedule(command: m.ScheduleVisit, state: Visits) -> list[Any]:
    if command.visit_id in state.visits:
        return []
    facts = command.facts
    if facts is None:
        raise Refused("request.contract-unknown", contract_id=command.contract_id)
    if state.stopped_on is not None and command.on >= state.stopped_on:
        raise Refused("visit.contract-stopped", cause=state.stop_cause, on=state.stopped_on)
    _check_window(command.opens, command.closes)
    _not_past(command.on, command.at, facts.calendar.time_zone)
    return [
        m.VisitPlanned(
            contract_id=command.contract_id,
            customer_id=facts.customer_id,
            visit_id=command.visit_id,
            kind="request",
            on=command.on,
            opens=command.opens,
            closes=command.closes,
            time_zone=facts.calendar.time_zone,
            service_type_id=command.service_type_id,
            description=command.description,
            site_id=command.site_id,
            equipment_ids=command.equipment_ids,
            plan_id=None,
            month=None,
            number=None,
            request_id=command.request_id,
            technician_id=command.technician_id,
            at=command.at,
        )
    ]


def _step(command: Any, state: Visits, visit: Visit) -> list[Any]:
    ids = (state.contract_id, state.customer_id, visit.visit_id)
    match command:
        case m.FinishVisit() if visit.status == DONE:
            return []
        case m.CancelVisit() if visit.status == CANCELLED:
            return []
        case m.MissVisit() if visit.status == MISSED:
            return []
        case m.StartVisit() if visit.status in (*OPEN, DONE):
            return fieldwork.started(command, ids, visit)
        case m.FinishVisit() if fieldwork.takes_end(command, visit):
            return [_done(command, state, visit)]
        case AddVisitDocument():
            return fieldwork.document(command, state, visit)
        case UseVisitPart():
            return fieldwork.part(command, state, visit)
    if visit.status not in OPEN:
        raise Refused("visit.not-open", status=visit.status)
    match command:
        case m.MoveVisit():
            return _moved(command, state, visit)
        case m.AssignVisit(technician_id=technician):
            return [] if technician == visit.technician_id else [m.VisitAssigned(*ids, technician, command.at)]
        case m.MissVisit(reason=reason):
            return [m.VisitMissed(*ids, reason, command.at, fieldwork.occurred(command.occurred_at, command.at))]
        case m.CancelVisit():
            if not command.reason.strip():
                raise Refused("visit.reason-missing")
            return [m.VisitCancelled(*ids, "people", command.by, command.reason, command.at)]
    raise AssertionError(command)


def _moved(command: m.MoveVisit, state: Visits, visit: Visit) -> list[Any]:
    opens, closes = command.opens or visit.opens, command.closes or visit.closes
    if (command.on, opens, closes) == (visit.on, visit.opens, visit.closes):
        return []
    if visit.status == STARTED:
        raise Refused("visit.not-open", status=visit.status)
    if not command.reason.strip():
        raise Refused("visit.reason-missing")
    _check_window(opens, closes)
    _not_past(command.on, command.at, state.time_zone)
    if state.stopped_on is not None and command.on >= state.stopped_on:
        raise Refused("visit.contract-stopped", cause=state.stop_cause, on=state.stopped_on)
    ids = (state.contract_id, state.customer_id, visit.visit_id)
    return [m.VisitMoved(*ids, command.on, opens, closes, visit.on, command.reason, command.by, command.at)]


def _done(command: m.FinishVisit, state: Visits, visit: Visit) -> m.VisitDone:
    """Visits of a plan are what the plan is for; one for a request counts where the service is bought by the visit."""
    ended = fieldwork.occurred(command.occurred_at, command.at)
    allowance = command.allowance or Allowance()
    counted = visit.kind == "request" and allowance.unit == "visit"
    one = Decimal(1)
    included, beyond = divide(one, allowance.remaining) if counted else (one, Decimal(0))
    how = (command.price or RequestPrice()).charging(allowance.unit_price)
    return m.VisitDone(
        contract_id=state.contract_id,
        customer_id=state.customer_id,
        visit_id=visit.visit_id,
        request_id=visit.request_id,
        service_type_id=visit.service_type_id,
        technician_id=command.technician_id or visit.technician_id or "unknown",
        performed_on=command.performed_on or local_date(ended, state.time_zone),
        quantity=one,
        unit="visit" if counted else "",
        included_quantity=included,
        beyond_quantity=beyond,
        unit_price=how.unit_price if counted else None,
        description=visit.description,
        checklist=command.checklist,
        note=command.note if command.technician_id or visit.technician_id else None,
        signed_by=command.signed_by,
        clause=command.clause if counted else None,
        at=command.at,
        charge=how.charge if beyond else "contract",
        charge_limit=how.limit if beyond else None,
        uncharged_because=how.why if beyond else None,
        occurred_at=ended,
    )


def _check_window(opens: str, closes: str) -> None:
    if not opens < closes:
        raise Refused("visit.window-empty", opens=opens, closes=closes)


def _not_past(on: date, at: datetime, time_zone: str) -> None:
    today = local_date(at, time_zone)
    if on < today:
        raise Refused("visit.past", on=on, today=today)


DECIDER: Decider[Any, Visits, Any] = Decider(Visits(), decide, evolve)

__all__ = ["COMMANDS", "DECIDER", "EVENTS", "decide", "evolve"]
