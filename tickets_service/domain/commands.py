"""What may be asked of a service request. Fields marked as facts come from our own read models, not from callers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from services.decider import command, doc
from tickets_service.domain.agreement import Agreement
from tickets_service.domain.coverage import Coverage
from tickets_service.domain.document_commands import DOCUMENT_COMMANDS, DocumentCommand
from tickets_service.domain.events import Evidence
from tickets_service.domain.usage import Allowance

Priority = Literal["critical", "high", "medium", "low"]
Channel = Literal["portal", "phone", "email", "other"]
Level = Literal["high", "medium", "low"]
Visibility = Literal["public", "internal"]
Kind = Literal["response", "resolution"]
StepKind = Literal["new", "active", "waiting", "resolved", "closed", "reopened", "cancelled"]


@command
class OpenRequest:
    """Open a request: the customer himself, or staff for a customer who phoned or wrote."""

    request_id: str
    contract_id: str
    service_type_id: str
    opened_by: str = doc("contact for whom it is opened")
    description: str
    at: datetime
    channel: Channel = "portal"
    priority: Priority | None = doc("default: from impact and urgency, else medium", default=None)
    site_id: str | None = None
    equipment_id: str | None = None
    impact: Level | None = None
    urgency: Level | None = None
    preferred: tuple[str, ...] = doc("preferred times, local: 2026-03-04 08:00-12:00", default=())
    external_ref: str | None = None
    override_reason: str | None = doc("staff: why it is opened although it is not covered", default=None)
    # facts
    entered_by: str | None = None
    customer_id: str | None = None
    protocol: str | None = None
    coverage: Coverage | None = None
    agreement: Agreement | None = None
    contract_number: str | None = None
    opened_on: date | None = None


@command
class CompleteRequest:
    """The provider fills in his part."""

    request_id: str
    at: datetime
    category: str | None = None
    description_provider: str | None = None
    author_id: str | None = None


@command
class ClassifyRequest:
    """How urgent it is: from impact and urgency by the contract's matrix, or as the provider says."""

    request_id: str
    priority: Priority | None = doc("none: from impact and urgency")
    at: datetime
    agreement: Agreement | None = None
    impact: Level | None = None
    urgency: Level | None = None
    author_id: str | None = None


@command
class AssignRequest:
    request_id: str
    assignee_id: str | None
    at: datetime
    group: str | None = None


@command
class StartRequest:
    request_id: str
    at: datetime
    agreement: Agreement | None = None


@command
class WaitRequest:
    """Wait for the customer: the clocks stand still until the request is resumed."""

    request_id: str
    at: datetime
    reason: str | None = None
    author_id: str | None = None
    agreement: Agreement | None = None


@command
class ResumeRequest:
    request_id: str
    at: datetime
    agreement: Agreement | None = None


@command
class AddNote:
    request_id: str
    note_id: str
    text: str
    at: datetime
    visibility: Visibility = "public"
    author_id: str | None = None
    # facts
    side: str = "provider"
    agreement: Agreement | None = None


@command
class AttachDocument:
    """Attach a document that was stored under its hash."""

    request_id: str
    document_id: str
    kind: str
    sha256: str
    name: str
    size: int
    media_type: str
    at: datetime
    author_id: str | None = None
    visibility: Visibility = "public"
    # facts
    side: str = "provider"
    most_bytes: int | None = None


@command
class RecordWork:
    request_id: str
    work_id: str
    performed_on: date
    quantity: Decimal
    at: datetime
    description: str = doc("stands on the charge: no personal data", default="")
    technician_id: str | None = None
    # facts
    service_type_id: str | None = None
    allowance: Allowance | None = None
    clause: str | None = None
    agreement: Agreement | None = None
    charged_by_visits: Decimal = Decimal(0)
    # said by the caller
    began_at: datetime | None = None
    ended_at: datetime | None = None


@command
class ResolveRequest:
    """Say that the service is done, with evidence; without any named, all attached documents that count are taken."""

    request_id: str
    at: datetime
    evidence: tuple[Evidence, ...] = ()
    summary: str | None = None
    resolved_by: str | None = None
    agreement: Agreement | None = None


@command
class CloseRequest:
    request_id: str
    at: datetime
    by: Literal["confirmation", "tacit", "provider"] = "provider"
    resolution: int | None = doc("the resolution that was confirmed; none: the latest", default=None)


@command
class ReopenRequest:
    request_id: str
    at: datetime
    cause: Literal["contested", "low_score", "customer", "provider"] = "provider"
    reason: str | None = None
    author_id: str | None = None
    resolution: int | None = doc("the resolution that was contested; none: the latest", default=None)
    agreement: Agreement | None = None


@command
class CancelRequest:
    request_id: str
    at: datetime
    reason: str | None = None
    author_id: str | None = None
    by: str = "provider"  # a fact
    agreement: Agreement | None = None


@command
class WarnDeadline:
    """A deadline's warning may be due. Computed again: what is no longer true decides nothing."""

    request_id: str
    kind: Kind
    due_at: datetime
    at: datetime
    agreement: Agreement | None = None


@command
class BreachDeadline:
    """A deadline may have passed. Computed again: what is no longer true decides nothing."""

    request_id: str
    kind: Kind
    due_at: datetime
    at: datetime
    agreement: Agreement | None = None


@command
class EscalateDeadline:
    """It is time for a step of the contract's ladder; computed again when the time has come."""

    request_id: str
    kind: Kind
    at: datetime
    agreement: Agreement | None = None


@command
class RecomputeDeadlines:
    """The contract's terms or the calendar changed: what are the deadlines now?"""

    request_id: str
    at: datetime
    agreement: Agreement | None = None
    cause: Literal["terms", "calendar"] = "terms"
    why: str | None = None


@command
class HoldRequest:
    """The contract is suspended: the clocks stand still."""

    request_id: str
    at: datetime
    agreement: Agreement | None = None


@command
class ReleaseRequest:
    """The clocks run again."""

    request_id: str
    at: datetime
    agreement: Agreement | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of imported history."""

    at: datetime
    kind: StepKind
    assignee: str | None = None
    group: str | None = None


@command
class ImportRequest:
    """Record a request's history as it was elsewhere: facts, so no order of steps is refused. Again: only new steps."""

    request_id: str
    contract_id: str
    external_ref: str
    opened_at: datetime
    at: datetime
    steps: tuple[Step, ...] = ()
    channel: Channel = "other"
    priority: Priority = "medium"
    service_type_id: str | None = None
    customer_id: str | None = doc("found by the contract when left out", default=None)


Deadlined = (
    OpenRequest
    | ClassifyRequest
    | StartRequest
    | WaitRequest
    | ResumeRequest
    | AddNote
    | ResolveRequest
    | ReopenRequest
    | CancelRequest
    | WarnDeadline
    | BreachDeadline
    | EscalateDeadline
    | RecomputeDeadlines
    | HoldRequest
    | ReleaseRequest
)
"""Commands that may move a deadline: they carry the agreement as a fact."""

Command = (
    Deadlined
    | CompleteRequest
    | AssignRequest
    | AttachDocument
    | RecordWork
    | CloseRequest
    | ImportRequest
    | DocumentCommand
)

COMMANDS = (
    OpenRequest,
    CompleteRequest,
    ClassifyRequest,
    AssignRequest,
    StartRequest,
    WaitRequest,
    ResumeRequest,
    AddNote,
    AttachDocument,
    RecordWork,
    ResolveRequest,
    CloseRequest,
    ReopenRequest,
    CancelRequest,
    WarnDeadline,
    BreachDeadline,
    EscalateDeadline,
    RecomputeDeadlines,
    HoldRequest,
    ReleaseRequest,
    ImportRequest,
    *DOCUMENT_COMMANDS,
)
