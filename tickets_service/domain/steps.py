"""The single steps of a request: what each asks for, refuses and records. ``request.decide`` chooses among them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import NoReturn

from services.errors import Refused
from tickets_service.domain import document, pricing
from tickets_service.domain.commands import (
    AddNote,
    AssignRequest,
    AttachDocument,
    CancelRequest,
    ClassifyRequest,
    CloseRequest,
    CompleteRequest,
    HoldRequest,
    OpenRequest,
    RecordWork,
    ReleaseRequest,
    ReopenRequest,
    ResolveRequest,
    ResumeRequest,
    StartRequest,
    WaitRequest,
)
from tickets_service.domain.events import (
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
from tickets_service.domain.evidence import accepted_evidence
from tickets_service.domain.price_steps import with_emergency
from tickets_service.domain.priority import priority_of
from tickets_service.domain.state import AWAITING, CANCELLED, CLOSED, DONE, IN_PROGRESS, NONE, OPEN, WAITING, Request
from tickets_service.domain.usage import Allowance, divide

MAX_DOCUMENT_BYTES = 25 * 1024 * 1024
MEDIA_TYPES = (
    "image/",
    "application/pdf",
    "text/plain",
    "message/rfc822",
    "application/vnd.openxmlformats-officedocument",
)
BY_VERDICT = ("contested", "low_score")


def open_request(command: OpenRequest, state: Request) -> list[Event]:
    if state.status != NONE:
        raise Refused("request.exists", request_id=command.request_id)
    coverage = command.coverage
    if coverage is None or command.customer_id is None:
        raise Refused("request.contract-unknown", contract_id=command.contract_id)
    if not coverage.opens and not command.override_reason:
        raise Refused(
            f"request.{coverage.status.replace('_', '-')}",
            reason=coverage.reason,
            clause=coverage.clause,
            remaining=coverage.remaining,
        )
    ids = (command.request_id, command.contract_id, command.customer_id)
    priority = _priority(command)
    opened = [
        RequestOpened(
            request_id=command.request_id,
            contract_id=command.contract_id,
            customer_id=command.customer_id,
            protocol=command.protocol,
            service_type_id=command.service_type_id,
            site_id=command.site_id,
            equipment_id=command.equipment_id,
            opened_by=command.opened_by,
            channel=command.channel,
            description=command.description,
            priority=priority,
            coverage=coverage,
            at=command.at,
            entered_by=command.entered_by,
            override_reason=command.override_reason if not coverage.opens else None,
            external_ref=command.external_ref,
            opened_on=command.opened_on,
            preferred=document.checked_times(command.preferred),
            impact=command.impact,
            urgency=command.urgency,
        ),
        *pricing.at_opening(
            ids,
            coverage,
            command.agreement,
            protocol=command.protocol,
            contract_number=command.contract_number,
            at=command.at,
        ),
    ]
    return with_emergency(opened, state, priority, command.agreement, command.at)


def _priority(command: OpenRequest | ClassifyRequest) -> str:
    """As said, else by the matrix; a request of which nothing is said is of medium priority."""
    if command.priority is not None:
        return command.priority
    if command.impact is None or command.urgency is None:
        return "medium"
    return priority_of(command.impact, command.urgency, command.agreement.matrix if command.agreement else ())


def complete(command: CompleteRequest, state: Request) -> list[Event]:
    if state.status in (CLOSED, CANCELLED):
        _refuse(state)
    if state.completed == (command.category, command.description_provider):
        return []
    author = command.author_id or "unknown"
    return [RequestCompleted(*_ids(state), command.category, author, command.description_provider, command.at)]


def classify(command: ClassifyRequest, state: Request) -> list[Event]:
    if not state.active:
        _refuse(state)
    if command.priority is None and (command.impact is None or command.urgency is None):
        raise Refused("request.priority-missing")
    priority = _priority(command)
    if state.priority == priority:
        return []
    said = (command.impact, command.urgency, command.author_id)
    classified = RequestClassified(*_ids(state), priority, command.at, state.priority, *said)
    return with_emergency([classified], state, priority, command.agreement, command.at)


def assign(command: AssignRequest, state: Request) -> list[Event]:
    if not state.active:
        _refuse(state)
    if state.assigned == (command.assignee_id, command.group):
        return []
    return [RequestAssigned(*_ids(state), command.assignee_id, command.at, command.group)]


def start(command: StartRequest, state: Request) -> list[Event]:
    if state.status == IN_PROGRESS:
        return []
    if state.status != OPEN:
        _refuse(state)
    pricing.must_not_wait(state.price)
    return [RequestStarted(*_ids(state), command.at)]


def wait(command: WaitRequest, state: Request) -> list[Event]:
    if state.status == WAITING:
        return []
    if state.status not in (OPEN, IN_PROGRESS):
        _refuse(state)
    reason = command.reason if command.author_id else None
    return [RequestWaiting(*_ids(state), command.at, command.author_id, reason)]


def resume(command: ResumeRequest, state: Request) -> list[Event]:
    if state.status == IN_PROGRESS:
        return []
    if state.status != WAITING:
        _refuse(state)
    pricing.must_not_wait(state.price)
    return [RequestResumed(*_ids(state), command.at)]


def hold(command: HoldRequest, state: Request) -> list[Event]:
    if not state.active or state.held_since is not None:
        return []
    return [RequestHeld(*_ids(state), command.at, "suspension")]


def release(command: ReleaseRequest, state: Request) -> list[Event]:
    return [] if state.held_since is None else [RequestReleased(*_ids(state), command.at)]


def note(command: AddNote, state: Request) -> list[Event]:
    if command.note_id in state.notes:
        return []
    if not command.text.strip():
        raise Refused("request.note-empty")
    if command.side == "customer" and command.visibility == "internal":
        raise Refused("request.note-internal-by-customer")
    author = command.author_id or "unknown"
    noted = RequestNoted(
        *_ids(state), command.note_id, author, command.side, command.visibility, command.text, command.at
    )
    return [noted]


def attach(command: AttachDocument, state: Request) -> list[Event]:
    if command.document_id in state.documents:
        return []
    if state.status in (CLOSED, CANCELLED):
        _refuse(state)
    limit = command.most_bytes or MAX_DOCUMENT_BYTES
    if not 0 < command.size <= limit:
        raise Refused("request.document-size", size=command.size, limit=limit)
    if command.side == "customer" and command.visibility == "internal":
        raise Refused("request.note-internal-by-customer")
    if not command.media_type.startswith(MEDIA_TYPES):
        raise Refused("request.document-type", media_type=command.media_type)
    return [
        DocumentAttached(
            *_ids(state),
            document_id=command.document_id,
            kind=command.kind,
            sha256=command.sha256,
            name=command.name,
            size=command.size,
            media_type=command.media_type,
            at=command.at,
            author_id=command.author_id or "unknown",
            side=command.side,
            visibility=command.visibility,
        )
    ]


def work(command: RecordWork, state: Request) -> list[Event]:
    if command.work_id in state.works:
        return []
    if not state.active and state.status not in DONE:
        _refuse(state)
    if command.quantity <= Decimal(0):
        raise Refused("request.quantity-not-positive", quantity=command.quantity)
    if command.began_at and command.ended_at and command.ended_at <= command.began_at:
        raise Refused("request.work-ends-before-it-begins")
    allowance = command.allowance or Allowance()
    how = pricing.charging(
        state.price, command.agreement, allowance.unit_price, command.work_id, command.charged_by_visits
    )
    included, beyond = divide(command.quantity, allowance.remaining)
    return [
        WorkRecorded(
            *_ids(state),
            work_id=command.work_id,
            service_type_id=command.service_type_id or state.service_type_id or "",
            technician_id=command.technician_id or "unknown",
            performed_on=command.performed_on,
            quantity=command.quantity,
            unit=allowance.unit,
            included_quantity=included,
            beyond_quantity=beyond,
            unit_price=how.unit_price,
            description=command.description,
            at=command.at,
            clause=command.clause,
            charge=how.charge if beyond else "contract",
            charge_limit=how.limit if beyond else None,
            uncharged_because=how.why if beyond else None,
            began_at=command.began_at,
            ended_at=command.ended_at,
            protocol=state.document.protocol,
        )
    ]


def resolve(command: ResolveRequest, state: Request) -> list[Event]:
    if not state.active:
        _refuse(state)
    accepted = command.agreement.evidence if command.agreement else ()
    evidence, awaiting = accepted_evidence(command.evidence, state.documents, accepted)
    return [
        RequestResolved(
            *_ids(state),
            contact_id=state.opened_by,
            at=command.at,
            resolution=state.resolution + 1,
            resolved_by=command.resolved_by,
            evidence=evidence,
            summary=command.summary if command.resolved_by else None,
            awaiting_confirmation=awaiting,
            service_type_id=state.service_type_id,
            tacit_confirmation=command.agreement.tacit_confirmation if command.agreement else True,
        )
    ]


def close(command: CloseRequest, state: Request) -> list[Event]:
    if state.status == CLOSED:
        return []
    if state.status not in DONE:
        raise Refused("request.not-resolved", status=state.status)
    if command.resolution not in (None, state.resolution):
        raise Refused("request.other-resolution", resolution=state.resolution)
    proved = command.by == "confirmation" or (command.by == "tacit" and state.tacit_confirmation)
    if state.status == AWAITING and not proved:
        raise Refused("request.awaiting-confirmation")
    return [RequestClosed(*_ids(state), command.at, command.by)]


def reopen(command: ReopenRequest, state: Request) -> list[Event]:
    earlier = command.resolution is not None and command.resolution < state.resolution
    if command.cause in BY_VERDICT and (state.active or earlier):
        return []  # the same verdict again: the request is at work already
    if state.status not in (*DONE, CLOSED):
        raise Refused("request.not-resolved", status=state.status)
    days = command.agreement.reopen_days if command.agreement else None
    if command.cause == "customer" and days is not None and state.ended_at is not None:
        until = state.ended_at + timedelta(days=days)
        if command.at > until:  # a verdict has a window of its own, and the provider may always
            raise Refused("request.reopen-too-late", until=until.date(), days=days)
    reason = command.reason if command.author_id else None
    return [RequestReopened(*_ids(state), command.at, command.cause, command.author_id, reason)]


def cancel(command: CancelRequest, state: Request) -> list[Event]:
    if state.status == CANCELLED:
        return []
    if not state.active:
        _refuse(state)
    if not (command.reason or "").strip():
        raise Refused("request.reason-missing")
    author = command.author_id or "unknown"
    return [RequestCancelled(*_ids(state), command.at, command.by, author, command.reason)]


def _refuse(state: Request) -> NoReturn:
    raise Refused("request.not-open", status=state.status)


def _ids(state: Request) -> tuple[str, str, str]:
    return state.request_id, state.contract_id, state.customer_id
