"""A service request: its decider. States: open, in_progress, waiting, resolved, closed, cancelled.

Each step's own event comes first, then what it does to the deadlines.
"""

from __future__ import annotations

from services.decider import Decider
from services.errors import NotFound
from tickets_service.domain import clocks, steps
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
from tickets_service.domain.state import INITIAL, NONE, Request, evolve


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
        case WarnDeadline():
            return [*_said_again(command, state), *clocks.warned(state, command.kind, command.agreement, command.at)]
        case BreachDeadline():
            return [*_said_again(command, state), *clocks.breached(state, command.kind, command.agreement, command.at)]
        case RecomputeDeadlines():
            return _said_again(command, state)


def _deadlined(command: Deadlined, state: Request, events: list[Event], cause: str) -> list[Event]:
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
