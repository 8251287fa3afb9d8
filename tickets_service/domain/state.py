"""What is known of a request after its events: the facts that its rules need, and nothing that could be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tickets_service.domain.deadlines import Pause
from tickets_service.domain.document import Document, document_after
from tickets_service.domain.document_events import FieldCorrected, MarkedDuplicate
from tickets_service.domain.escalation_events import RequestEscalated, RequestWarned
from tickets_service.domain.events import (
    DeadlineBreached,
    DeadlineMet,
    DeadlineSet,
    DeadlineWarned,
    DocumentAttached,
    Event,
    RequestAssigned,
    RequestCancelled,
    RequestClassified,
    RequestClosed,
    RequestCompleted,
    RequestHeld,
    RequestNoted,
    RequestOpened,
    RequestReleased,
    RequestReopened,
    RequestResolved,
    RequestResumed,
    RequestStarted,
    RequestWaiting,
    WorkRecorded,
)
from tickets_service.domain.pricing import Price, price_after

NONE, OPEN, IN_PROGRESS, WAITING = "none", "open", "in_progress", "waiting"
RESOLVED, AWAITING, CLOSED, CANCELLED = "resolved", "awaiting_confirmation", "closed", "cancelled"
ACTIVE = (OPEN, IN_PROGRESS, WAITING)
DONE = (RESOLVED, AWAITING)
"""Said to be done. Awaiting: nothing but the customer's confirmation proves it under the contract."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What was last said about a deadline."""

    due_at: datetime | None = None
    said: bool = False
    warned: bool = False
    warned_for: datetime | None = None
    breached_for: datetime | None = None
    judged_for: datetime | None = None
    """The due instant by which it was last said to be met or breached."""
    levels: frozenset[int] = frozenset()
    """Steps of the ladder that were told."""


@dataclass(frozen=True, slots=True)
class Request:
    status: str = NONE
    request_id: str = ""
    contract_id: str = ""
    customer_id: str = ""
    service_type_id: str | None = None
    opened_by: str | None = None
    opened_at: datetime | None = None
    priority: str = "medium"
    category: str | None = None
    completed: tuple[str | None, str | None] | None = None
    assigned: tuple[str | None, str | None] = (None, None)
    responded_at: datetime | None = None
    responded_priority: str | None = None
    waiting_since: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    """Ended spans in which the resolution clock stood still: waiting for the customer, resolved until reopened."""
    waits: tuple[Pause, ...] = ()
    """Those of them in which the customer was waited for."""
    held_since: datetime | None = None
    holds: tuple[Pause, ...] = ()
    """Ended spans in which both clocks stood still because the contract was suspended."""
    ended_at: datetime | None = None
    resolution: int = 0
    tacit_confirmation: bool = True
    documents: Mapping[str, str] = field(default_factory=dict)  # document id → evidence kind
    notes: frozenset[str] = frozenset()
    works: frozenset[str] = frozenset()
    clocks: Mapping[str, Clock] = field(default_factory=dict)  # "response" | "resolution"
    price: Price = field(default_factory=Price)
    document: Document = field(default_factory=Document)
    length: int = 0  # number of events

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    @property
    def all_pauses(self) -> tuple[Pause, ...]:
        """With the one that still lasts."""
        return self.pauses if self.waiting_since is None else (*self.pauses, Pause(self.waiting_since))

    @property
    def all_holds(self) -> tuple[Pause, ...]:
        """With the one that still lasts, and with those in which a price was to be accepted."""
        held = self.holds if self.held_since is None else (*self.holds, Pause(self.held_since))
        return (*held, *self.price.all_waits)

    def satisfied_at(self, kind: str) -> datetime | None:
        """When a clock reached its goal: the first response, or the latest resolution while it stands."""
        if kind == "response":
            return self.responded_at
        return self.ended_at if self.status in (*DONE, CLOSED) and not self.duplicate else None

    @property
    def duplicate(self) -> bool:
        """Closed because the same was asked before: nothing is due for it."""
        return self.document.duplicate_of is not None

    @property
    def over(self) -> bool:
        """No deadline runs any more."""
        return self.status == CANCELLED or self.duplicate

    @property
    def unfinished(self) -> bool:
        """Another calendar still changes its deadlines."""
        return self.active or self.status in DONE

    def priority_of(self, kind: str) -> str:
        """By which a clock is judged: a priority that was changed after the answer does not change its target."""
        return self.responded_priority or self.priority if kind == "response" else self.priority

    def clock(self, kind: str) -> Clock:
        return self.clocks.get(kind, Clock())


INITIAL = Request()


def evolve(state: Request, event: Event) -> Request:
    return replace(
        _evolved(state, event),
        price=price_after(state.price, event),
        document=document_after(state.document, event),
        length=state.length + 1,
    )


def _evolved(state: Request, event: Event) -> Request:
    match event:
        case RequestOpened():
            return replace(
                state,
                status=OPEN,
                request_id=event.request_id,
                contract_id=event.contract_id,
                customer_id=event.customer_id,
                service_type_id=event.service_type_id,
                opened_by=event.opened_by,
                opened_at=event.at,
                priority=event.priority,
            )
        case RequestCompleted(category=category, description_provider=text):
            return replace(state, category=category, completed=(category, text))
        case RequestClassified(priority=priority):
            return replace(state, priority=priority)
        case RequestAssigned(assignee_id=assignee, group=group):
            return replace(state, assigned=(assignee, group))
        case RequestStarted(at=at):
            return replace(_responded(state, at), status=IN_PROGRESS)
        case RequestWaiting(at=at):
            return replace(_responded(state, at), status=WAITING, waiting_since=at)
        case RequestResumed(at=at):
            return replace(_waited(state, at), status=IN_PROGRESS)
        case RequestNoted(note_id=note):
            answers = event.side == "provider" and event.visibility == "public"
            return replace(_responded(state, event.at) if answers else state, notes=state.notes | {note})
        case DocumentAttached(document_id=document, kind=kind):
            return replace(state, documents={**state.documents, document: kind})
        case WorkRecorded(work_id=work):
            return replace(state, works=state.works | {work})
        case RequestResolved(at=at, resolution=resolution):
            resolved = _waited(_responded(state, at), at)
            return replace(
                resolved,
                status=AWAITING if event.awaiting_confirmation else RESOLVED,
                ended_at=at,
                resolution=resolution,
                tacit_confirmation=event.tacit_confirmation,
            )
        case RequestClosed(at=at):
            closed = _waited(state, at)
            return replace(closed, status=CLOSED, ended_at=state.ended_at or at)
        case RequestReopened(at=at):
            ended = state.ended_at
            paused = (*state.pauses, Pause(ended, at)) if ended is not None else state.pauses
            again = _clock(_waited(state, at), "resolution", levels=frozenset(), said=False, judged_for=None)
            return replace(again, status=IN_PROGRESS, ended_at=None, pauses=paused)
        case RequestCancelled(at=at):
            return replace(_waited(state, at), status=CANCELLED)
        case FieldCorrected(field="service_type_id", value=service):
            return replace(state, service_type_id=service)
        case MarkedDuplicate(at=at):
            return replace(_waited(state, at), status=CLOSED, ended_at=at)
        case RequestHeld(at=at):
            return replace(state, held_since=at)
        case RequestReleased(at=at) if state.held_since is not None:
            return replace(state, held_since=None, holds=(*state.holds, Pause(state.held_since, at)))
        case DeadlineSet(kind=kind, due_at=due):
            return _clock(state, kind, due_at=due, said=True)
        case DeadlineWarned(kind=kind, due_at=due):
            return _clock(state, kind, warned=True, warned_for=due)
        case DeadlineBreached(kind=kind, due_at=due):
            return _clock(state, kind, breached_for=due, judged_for=due)
        case DeadlineMet(kind=kind, due_at=due):
            return _clock(state, kind, judged_for=due)
        case RequestWarned(kind=kind, level=level) | RequestEscalated(kind=kind, level=level):
            return _clock(state, kind, levels=state.clock(kind).levels | {level})
    return state


def _responded(state: Request, at: datetime) -> Request:
    return state if state.responded_at else replace(state, responded_at=at, responded_priority=state.priority)


def _waited(state: Request, at: datetime) -> Request:
    """A wait that lasted until now is over."""
    if state.waiting_since is None:
        return state
    wait = Pause(state.waiting_since, at)
    return replace(state, waiting_since=None, pauses=(*state.pauses, wait), waits=(*state.waits, wait))


def _clock(state: Request, kind: str, **changes: object) -> Request:
    changed = replace(state.clock(kind), **changes)  # type: ignore[arg-type]
    return replace(state, clocks={**state.clocks, kind: changed})
