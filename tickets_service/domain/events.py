"""The facts of a service request: what happened to it, and what became of its deadlines.

Every event names the request, its contract and its customer, so that a subscriber needs no other event to know what it
is about. Free text is personal data of whoever wrote it, except what must stand on a charge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.decider import doc, event, personal
from tickets_service.domain.coverage import Coverage
from tickets_service.domain.document_events import DOCUMENT_EVENTS, DocumentEvent
from tickets_service.domain.escalation_events import ESCALATION_EVENTS, EscalationEvent
from tickets_service.domain.pricing_events import PRICING_EVENTS, PricingEvent


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proof of service: an attached document, or the customer's confirmation (then without a document)."""

    kind: str
    document_id: str | None = None


@event("tickets.request.opened")
class RequestOpened:
    request_id: str
    contract_id: str
    customer_id: str
    protocol: str | None = doc("year and running number, 2026-000123; none for imported history")
    service_type_id: str | None
    site_id: str | None
    equipment_id: str | None
    opened_by: str | None = doc("contact for whom it was opened")
    channel: str = doc("portal | phone | email | other")
    description: str | None = personal(of="opened_by")
    priority: str = doc("critical | high | medium | low")
    coverage: Coverage | None
    at: datetime
    entered_by: str | None = doc("staff member who opened it for the customer", default=None)
    override_reason: str | None = personal(of="entered_by", default=None)
    external_ref: str | None = None
    opened_on: date | None = doc("the contract's local day", default=None)
    preferred: tuple[str, ...] = doc("preferred times, local: 2026-03-04 08:00-12:00", default=())
    impact: str | None = doc("high | medium | low: how many are hit", default=None)
    urgency: str | None = doc("high | medium | low: how long it can wait", default=None)


@event("tickets.request.completed")
class RequestCompleted:
    """The provider filled in his part of the document."""

    request_id: str
    contract_id: str
    customer_id: str
    category: str | None
    author_id: str
    description_provider: str | None = personal(of="author_id")
    at: datetime = doc("instant of the step")


@event("tickets.request.classified")
class RequestClassified:
    request_id: str
    contract_id: str
    customer_id: str
    priority: str
    at: datetime
    former_priority: str | None = None
    impact: str | None = None
    urgency: str | None = None
    author_id: str | None = None


@event("tickets.request.assigned")
class RequestAssigned:
    request_id: str
    contract_id: str
    customer_id: str
    assignee_id: str | None
    at: datetime
    group: str | None = None


@event("tickets.request.started")
class RequestStarted:
    request_id: str
    contract_id: str
    customer_id: str
    at: datetime


@event("tickets.request.waiting")
class RequestWaiting:
    """The customer's turn: the clocks stand still."""

    request_id: str
    contract_id: str
    customer_id: str
    at: datetime
    author_id: str | None
    reason: str | None = personal(of="author_id", default=None)


@event("tickets.request.resumed")
class RequestResumed:
    request_id: str
    contract_id: str
    customer_id: str
    at: datetime


@event("tickets.request.noted")
class RequestNoted:
    request_id: str
    contract_id: str
    customer_id: str
    note_id: str
    author_id: str
    side: str = doc("customer | provider")
    visibility: str = doc("public | internal")
    text: str = personal(of="author_id")
    at: datetime = doc("instant of the note")


@event("tickets.request.document_attached")
class DocumentAttached:
    request_id: str
    contract_id: str
    customer_id: str
    document_id: str
    kind: str = doc("evidence kind of the contract, or other")
    sha256: str
    name: str
    size: int = doc("length", unit="byte")
    media_type: str
    at: datetime
    author_id: str
    side: str = doc("customer | provider")
    visibility: str = doc("public | internal", default="public")


@event("tickets.request.work_recorded")
class WorkRecorded:
    request_id: str
    contract_id: str
    customer_id: str
    work_id: str
    service_type_id: str
    technician_id: str
    performed_on: date
    quantity: Decimal
    unit: str = doc("hour | visit | request")
    included_quantity: Decimal = doc("part of the quantity that the contract includes in that month")
    beyond_quantity: Decimal = doc("part that is charged at unit_price")
    unit_price: Decimal | None
    description: str = doc("stands on the charge: no personal data")
    at: datetime
    clause: str | None = None
    charge: str = doc("by what the part beyond is charged: contract | accepted | emergency | none", default="contract")
    charge_limit: Decimal | None = doc("at most this for it, by a ceiling or limit", unit="BRL", default=None)
    uncharged_because: str | None = doc("price-not-accepted | price-declined | waived | override", default=None)
    began_at: datetime | None = None
    ended_at: datetime | None = None
    protocol: str | None = doc("of the request, as its customer knows it", default=None)


@event("tickets.request.resolved")
class RequestResolved:
    """The service is said to be done; the customer is asked."""

    request_id: str
    contract_id: str
    customer_id: str
    contact_id: str | None = doc("who is asked to confirm")
    at: datetime
    resolution: int = doc("1, 2, … after each reopening")
    resolved_by: str | None
    evidence: tuple[Evidence, ...]
    summary: str | None = personal(of="resolved_by", default=None)
    awaiting_confirmation: bool = doc(
        "only the customer's confirmation proves it: the request becomes awaiting_confirmation, not resolved",
        default=False,
    )
    service_type_id: str | None = None
    tacit_confirmation: bool = doc("silence may stand for the customer's confirmation", default=True)


@event("tickets.request.closed")
class RequestClosed:
    request_id: str
    contract_id: str
    customer_id: str
    at: datetime
    by: str = doc("confirmation | tacit | provider | imported")


@event("tickets.request.reopened")
class RequestReopened:
    request_id: str
    contract_id: str
    customer_id: str
    at: datetime
    cause: str = doc("contested | low_score | customer | provider | imported")
    author_id: str | None = None
    reason: str | None = personal(of="author_id", default=None)


@event("tickets.request.cancelled")
class RequestCancelled:
    request_id: str
    contract_id: str
    customer_id: str
    at: datetime
    by: str = doc("customer | provider")
    author_id: str
    reason: str | None = personal(of="author_id", default=None)


@event("tickets.request.held")
class RequestHeld:
    """The contract is suspended, and says that open requests pause: both clocks stand still."""

    request_id: str
    contract_id: str
    customer_id: str
    at: datetime
    cause: str = doc("suspension")


@event("tickets.request.released")
class RequestReleased:
    """The contract goes on, or has ended: the clocks run again."""

    request_id: str
    contract_id: str
    customer_id: str
    at: datetime


@event("tickets.deadline.set")
class DeadlineSet:
    """What a deadline is now, and what it was. No ``due_at``: the clock stands still, or there is no target."""

    request_id: str
    contract_id: str
    customer_id: str
    kind: str = doc("response | resolution")
    due_at: datetime | None
    warn_at: datetime | None = doc("80 % of the target is used")
    minutes: int | None = doc("the contract's target", unit="min")
    former_due_at: datetime | None
    cause: str = doc(
        "opened | classified | waiting | resumed | held | released | reopened | cancelled | terms | calendar |"
        " price | corrected | duplicate"
    )
    at: datetime
    why: str | None = doc("what changed: the closed day's name and date", default=None)
    escalate_at: datetime | None = doc("when the next step of the contract's ladder is due", default=None)


@event("tickets.deadline.warned")
class DeadlineWarned:
    request_id: str
    contract_id: str
    customer_id: str
    kind: str
    due_at: datetime
    at: datetime


@event("tickets.deadline.breached")
class DeadlineBreached:
    request_id: str
    contract_id: str
    customer_id: str
    kind: str
    due_at: datetime
    at: datetime


@event("tickets.deadline.met")
class DeadlineMet:
    """Answered or resolved in time."""

    request_id: str
    contract_id: str
    customer_id: str
    kind: str
    due_at: datetime
    at: datetime


EVENTS = (
    RequestOpened,
    RequestCompleted,
    RequestClassified,
    RequestAssigned,
    RequestStarted,
    RequestWaiting,
    RequestResumed,
    RequestNoted,
    DocumentAttached,
    WorkRecorded,
    RequestResolved,
    RequestClosed,
    RequestReopened,
    RequestCancelled,
    RequestHeld,
    RequestReleased,
    DeadlineSet,
    DeadlineWarned,
    DeadlineBreached,
    DeadlineMet,
    *PRICING_EVENTS,
    *DOCUMENT_EVENTS,
    *ESCALATION_EVENTS,
)

Event = (
    RequestOpened
    | RequestCompleted
    | RequestClassified
    | RequestAssigned
    | RequestStarted
    | RequestWaiting
    | RequestResumed
    | RequestNoted
    | DocumentAttached
    | WorkRecorded
    | RequestResolved
    | RequestClosed
    | RequestReopened
    | RequestCancelled
    | RequestHeld
    | RequestReleased
    | DeadlineSet
    | DeadlineWarned
    | DeadlineBreached
    | DeadlineMet
    | PricingEvent
    | DocumentEvent
    | EscalationEvent
)
