"""A service request: its decider. States: open, in_progress, waiting, resolved, awaiting_confirmation, closed,
cancelled.

Each step's own event comes first, then what it does to the deadlines.
"""

from __future__ import annotations

from services.decider import Decider
from services.errors import NotFound, Refused
from tickets_service.domain import clocks, document, escalation, parts, price_steps, steps
from tickets_service.domain import document_commands as more
from tickets_service.domain.commands import (
    COMMANDS,
    AddNote,
    AssignRequest,
    AttachDocument,
    BreachDeadline,
    CancelRequest,
    ClassifyRequest,
    CloseRequest,
    Command,
    CompleteRequest,
    Deadlined,
    EscalateDeadline,
    HoldRequest,
    ImportRequest,
    OpenRequest,
    RecomputeDeadlines,
    RecordWork,
    ReleaseRequest,
    ReopenRequest,
    ResolveRequest,
    ResumeRequest,
    StartRequest,
    WaitRequest,
    WarnDeadline,
)
from tickets_service.domain.events import EVENTS, Event
from tickets_service.domain.history import imported
from tickets_service.domain.state import CANCELLED, CLOSED, INITIAL, NONE, Request, evolve


def decide(command: Command, state: Request) -> list[Event]:
    match command:
        case ImportRequest():
            return imported(command, state)
        case OpenRequest():
            return _deadlined(command, state, steps.open_request(command, state), "opened")
    if state.status == NONE:
        raise NotFound("request.unknown", request_id=command.request_id)
    match command:
        case CompleteRequest():
            return steps.complete(command, state)
        case AssignRequest():
            return steps.assign(command, state)
        case AttachDocument():
            return steps.attach(command, state)
        case RecordWork():
            return steps.work(command, state)
        case CloseRequest():
            return steps.close(command, state)
        case ClassifyRequest():
            return _deadlined(command, state, steps.classify(command, state), "classified")
        case StartRequest():
            return _deadlined(command, state, steps.start(command, state), "started")
        case WaitRequest():
            return _deadlined(command, state, steps.wait(command, state), "waiting")
        case ResumeRequest():
            return _deadlined(command, state, steps.resume(command, state), "resumed")
        case HoldRequest():
            return _deadlined(command, state, steps.hold(command, state), "held")
        case ReleaseRequest():
            return _deadlined(command, state, steps.release(command, state), "released")
        case AddNote():
            return _deadlined(command, state, steps.note(command, state), "noted")
        case ResolveRequest():
            return _deadlined(command, state, steps.resolve(command, state), "resolved")
        case ReopenRequest():
            return _deadlined(command, state, steps.reopen(command, state), "reopened")
        case CancelRequest():
            return _deadlined(command, state, steps.cancel(command, state), "cancelled")
        case more.CorrectField():
            return _deadlined(command, state, price_steps.correct_field(command, state), "corrected")
        case more.OfferPrice():
            return _deadlined(command, state, price_steps.offer_price(command, state), "price")
        case more.AcceptPrice():
            return _deadlined(command, state, price_steps.accept_price(command, state), "price")
        case more.WaivePrice():
            return _deadlined(command, state, price_steps.waive_price(command, state), "price")
        case more.DeclinePrice():
            return price_steps.decline_price(command, state)
        case more.CorrectWork():
            return price_steps.correct_work(command, state)
        case more.MarkDuplicate():
            return _deadlined(command, state, _closed(command, state), "duplicate")
        case more.LinkRequest():
            return list(document.linked(command, _ids(state), state.document))
        case more.UnlinkRequest():
            return list(document.unlinked(command, _ids(state), state.document))
        case more.SetChecklist() | more.CheckItem() | more.RecordPart() | more.CorrectPart():
            return _documented(command, state)
        case WarnDeadline():
            return [*_said_again(command, state), *clocks.warned(state, command.kind, command.agreement, command.at)]
        case BreachDeadline():
            return [*_said_again(command, state), *clocks.breached(state, command.kind, command.agreement, command.at)]
        case EscalateDeadline():
            again = _said_again(command, state)
            current = DECIDER.fold(again, state)
            return [*again, *escalation.told(current, command.kind, command.agreement, command.at)]
        case RecomputeDeadlines():
            if not state.unfinished:
                return []
            return list(clocks.recomputed(state, command.agreement, command.at, command.cause, command.why))


def _closed(command: more.MarkDuplicate, state: Request) -> list[Event]:
    if state.document.duplicate_of == command.original_id:
        return []
    if not state.active:
        raise Refused("request.not-open", status=state.status)
    return list(document.duplicate(command, _ids(state), state.document))


def _documented(
    command: more.SetChecklist | more.CheckItem | more.RecordPart | more.CorrectPart, state: Request
) -> list[Event]:
    """The provider's part, until the request is over."""
    if state.status == CANCELLED or (state.status == CLOSED and not isinstance(command, more.CorrectPart)):
        raise Refused("request.not-open", status=state.status)
    match command:
        case more.SetChecklist():
            return list(document.checklist_set(command, _ids(state), state.document))
        case more.CheckItem():
            return list(document.item_checked(command, _ids(state), state.document))
        case more.RecordPart():
            return list(parts.part_used(command, _ids(state), state.document, state.price))
        case more.CorrectPart():
            return list(parts.part_corrected(command, _ids(state), state.document, state.price))


def _ids(state: Request) -> tuple[str, str, str]:
    return state.request_id, state.contract_id, state.customer_id


def _deadlined(
    command: Deadlined | more.DocumentDeadlined, state: Request, events: list[Event], cause: str
) -> list[Event]:
    """A step and its consequences for the deadlines."""
    if not events:
        return []
    after = DECIDER.fold(events, state)
    return [*events, *clocks.consequences(state, after, command.agreement, command.at, cause)]


def _said_again(command: Deadlined, state: Request) -> list[Event]:
    """Deadlines that are others than was last said, since the terms are others."""
    if not state.active:
        return []
    return list(clocks.consequences(state, state, command.agreement, command.at, "terms"))


DECIDER: Decider[Command, Request, Event] = Decider(INITIAL, decide, evolve)

__all__ = ["COMMANDS", "DECIDER", "EVENTS", "decide"]
