"""What may be asked of a contract's visits, and what happened to them. One stream a contract: ``visits-<contract_id>``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.decider import command, doc, event, personal
from tickets_service.domain.calendar import CalendarTerms
from tickets_service.domain.fieldwork_messages import (
    AddVisitDocument,
    UseVisitPart,
    VisitDocumentAdded,
    VisitPartUsed,
)
from tickets_service.domain.pricing import RequestPrice
from tickets_service.domain.usage import Allowance
from tickets_service.domain.visit_plans import VisitRule


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What the contract says about its visits: its plans, its calendar and how far its term goes."""

    customer_id: str
    rules: tuple[VisitRule, ...]
    calendar: CalendarTerms
    starts_on: date
    ends_on: date | None = None


@command
class PlanVisits:
    """Plan what the contract's plans ask for from ``since`` on; what they no longer ask for is cancelled."""

    contract_id: str
    since: date
    at: datetime
    cause: str = doc("activation, terms, resumption or time", default="time")
    resumes: bool = False
    facts: VisitFacts | None = None


@command
class StopVisits:
    """No visits from ``on`` on: the contract is suspended, or has ended."""

    contract_id: str
    on: date
    cause: str = doc("suspension, termination or expiry")
    at: datetime


@command
class AvoidClosedDays:
    """The closed days are others: visits of the plans leave them for the next open day, and return to their own day once it
    is open again. What people moved stays where they put it."""

    contract_id: str
    at: datetime
    why: str = doc("the closed day's name and date: no personal data")
    facts: VisitFacts | None = None


@command
class ScheduleVisit:
    """A visit for a request, or one that people agreed on."""

    visit_id: str
    contract_id: str
    on: date
    at: datetime
    request_id: str | None = None
    service_type_id: str | None = None
    opens: str = doc("local wall clock", default="08:00")
    closes: str = "18:00"
    site_id: str | None = None
    equipment_ids: tuple[str, ...] = ()
    technician_id: str | None = None
    description: str = ""
    facts: VisitFacts | None = None


@command
class MoveVisit:
    contract_id: str
    visit_id: str
    on: date
    reason: str
    at: datetime
    opens: str | None = None
    closes: str | None = None
    by: str = doc("customer | provider", default="provider")


@command
class AssignVisit:
    contract_id: str
    visit_id: str
    technician_id: str | None
    at: datetime


@command
class StartVisit:
    contract_id: str
    visit_id: str
    at: datetime
    technician_id: str | None = None
    price: RequestPrice | None = None  # a fact
    occurred_at: datetime | None = doc("when it happened, by the device's clock; none: now", default=None)


@command
class FinishVisit:
    """It was done. What goes beyond what the contract includes is charged."""

    contract_id: str
    visit_id: str
    at: datetime
    performed_on: date | None = doc("default: the day of ``at``", default=None)
    technician_id: str | None = None
    note: str | None = None
    checklist: tuple[str, ...] = doc("what was checked", default=())
    signed_by: str | None = doc("who signed for the customer, by id", default=None)
    allowance: Allowance | None = None
    clause: str | None = None
    price: RequestPrice | None = None  # a fact
    occurred_at: datetime | None = doc("when it happened, by the device's clock; none: now", default=None)


@command
class MissVisit:
    """It did not take place."""

    contract_id: str
    visit_id: str
    reason: str = doc("nobody_there | no_access | technician | other")
    at: datetime
    occurred_at: datetime | None = doc("when it happened, by the device's clock; none: now", default=None)


@command
class CancelVisit:
    contract_id: str
    visit_id: str
    reason: str
    at: datetime
    by: str = doc("customer | provider", default="provider")


@event("tickets.visit.planned")
class VisitPlanned:
    """A visit is to take place. With a ``plan_id`` it is the ``number``-th of that plan in ``month``."""

    contract_id: str
    customer_id: str
    visit_id: str
    kind: str = doc("preventive | request")
    on: date
    opens: str = doc("local wall clock, HH:MM")
    closes: str
    time_zone: str
    service_type_id: str | None
    description: str = doc("what for: no personal data")
    site_id: str | None
    equipment_ids: tuple[str, ...]
    plan_id: str | None
    month: str | None = doc("YYYY-MM")
    number: int | None
    request_id: str | None
    technician_id: str | None
    at: datetime


@event("tickets.visit.moved")
class VisitMoved:
    contract_id: str
    customer_id: str
    visit_id: str
    on: date
    opens: str
    closes: str
    former_on: date
    reason: str = doc("no personal data")
    by: str = doc("customer | provider | contract")
    at: datetime
    cause: str = doc("people | closed_day: by rule, and back by rule", default="people")


@event("tickets.visit.assigned")
class VisitAssigned:
    contract_id: str
    customer_id: str
    visit_id: str
    technician_id: str | None
    at: datetime


@event("tickets.visit.started")
class VisitStarted:
    contract_id: str
    customer_id: str
    visit_id: str
    technician_id: str | None
    at: datetime = doc("when it was recorded here")
    occurred_at: datetime | None = doc("when it happened, by the device's clock within limits", default=None)


@event("tickets.visit.done")
class VisitDone:
    """``beyond_quantity`` is what the contract does not include: it is charged at ``unit_price``."""

    contract_id: str
    customer_id: str
    visit_id: str
    request_id: str | None
    service_type_id: str | None
    technician_id: str
    performed_on: date
    quantity: Decimal
    unit: str
    included_quantity: Decimal
    beyond_quantity: Decimal
    unit_price: Decimal | None
    description: str = doc("stands on the charge: no personal data")
    checklist: tuple[str, ...]
    at: datetime = doc("instant of the end")
    note: str | None = personal(of="technician_id", default=None)
    signed_by: str | None = doc("contact", default=None)
    clause: str | None = None
    charge: str = doc("by what the part beyond is charged: contract | accepted | emergency | none", default="contract")
    charge_limit: Decimal | None = doc("at most this for it, by a ceiling or limit", unit="BRL", default=None)
    uncharged_because: str | None = doc("price-not-accepted | price-declined | waived | override", default=None)
    occurred_at: datetime | None = doc("when it ended, by the device's clock within limits", default=None)


@event("tickets.visit.missed")
class VisitMissed:
    contract_id: str
    customer_id: str
    visit_id: str
    reason: str = doc("nobody_there | no_access | technician | other")
    at: datetime
    occurred_at: datetime | None = doc("when it happened, by the device's clock within limits", default=None)


@event("tickets.visit.cancelled")
class VisitCancelled:
    contract_id: str
    customer_id: str
    visit_id: str
    cause: str = doc("people | terms | suspension | termination | expiry")
    by: str = doc("customer | provider | contract")
    reason: str = doc("no personal data")
    at: datetime


@event("tickets.visitplan.extended")
class VisitPlanExtended:
    """Visits are planned until ``through``."""

    contract_id: str
    customer_id: str
    through: date
    cause: str
    at: datetime


@event("tickets.visitplan.stopped")
class VisitPlanStopped:
    contract_id: str
    customer_id: str
    on: date = doc("first day without visits")
    cause: str
    at: datetime


@event("tickets.visitplan.resumed")
class VisitPlanResumed:
    contract_id: str
    customer_id: str
    on: date
    at: datetime


COMMANDS = (
    PlanVisits, StopVisits, AvoidClosedDays, ScheduleVisit, MoveVisit, AssignVisit, StartVisit, FinishVisit, MissVisit,
    CancelVisit, AddVisitDocument, UseVisitPart,
)  # fmt: skip
EVENTS = (
    VisitPlanned, VisitMoved, VisitAssigned, VisitStarted, VisitDone, VisitMissed, VisitCancelled,
    VisitPlanExtended, VisitPlanStopped, VisitPlanResumed, VisitDocumentAdded, VisitPartUsed,
)  # fmt: skip
OfOne = MoveVisit | AssignVisit | StartVisit | FinishVisit | MissVisit | CancelVisit | AddVisitDocument | UseVisitPart
"""Commands about a visit that is there."""
