"""Imported history: another system's steps as facts of a request. History is recorded, never refused for its order."""

from __future__ import annotations

from tickets_service.domain.commands import ImportRequest, Step
from tickets_service.domain.events import (
    Event,
    RequestAssigned,
    RequestCancelled,
    RequestClosed,
    RequestOpened,
    RequestReopened,
    RequestResolved,
    RequestResumed,
    RequestStarted,
    RequestWaiting,
)
from tickets_service.domain.state import (
    CANCELLED,
    CLOSED,
    DONE,
    IN_PROGRESS,
    INITIAL,
    WAITING,
    Request,
    evolve,
)

ENDED = (*DONE, CLOSED, CANCELLED)


def imported(command: ImportRequest, state: Request) -> list[Event]:
    """The events that the steps make, without those that are already there.

    The same steps always make the same events, so a later import of a longer history adds only its end.
    """
    events: list[Event] = [_opened(command)]
    current = evolve(INITIAL, events[0])
    for step in command.steps:
        for each in _step(step, current):
            events.append(each)
            current = evolve(current, each)
    return events[state.length :]


def _opened(command: ImportRequest) -> RequestOpened:
    return RequestOpened(
        request_id=command.request_id,
        contract_id=command.contract_id,
        customer_id=command.customer_id or "",
        protocol=None,
        service_type_id=command.service_type_id,
        site_id=None,
        equipment_id=None,
        opened_by=None,
        channel=command.channel,
        description=None,
        priority=command.priority,
        coverage=None,
        at=command.opened_at,
        external_ref=command.external_ref,
    )


def _step(step: Step, state: Request) -> list[Event]:
    ids, at = (state.request_id, state.contract_id, state.customer_id), step.at
    events: list[Event] = []
    if (step.assignee, step.group) not in (state.assigned, (None, None)):
        events.append(RequestAssigned(*ids, step.assignee, at, step.group))
    match step.kind:
        case "reopened":
            events.append(RequestReopened(*ids, at, "imported"))
        case "active" | "waiting" if state.status in ENDED:
            events.append(RequestReopened(*ids, at, "imported"))
        case "active" if state.status == WAITING:
            events.append(RequestResumed(*ids, at))
        case "active" if state.status != IN_PROGRESS:
            events.append(RequestStarted(*ids, at))
        case "resolved" if state.status not in (*DONE, CLOSED):
            number = state.resolution + 1
            events.append(RequestResolved(*ids, state.opened_by, at, number, step.assignee, ()))
        case "closed" if state.status != CLOSED:
            events.append(RequestClosed(*ids, at, "imported"))
        case "cancelled" if state.status != CANCELLED:
            events.append(RequestCancelled(*ids, at, "provider", "imported"))
    if step.kind == "waiting" and state.status != WAITING:
        events.append(RequestWaiting(*ids, at, None))
    return events
