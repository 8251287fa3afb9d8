"""Service requests: the customer's part, the provider's part, and the lists."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import (
    MONTH,
    PageQuery,
    amount,
    choice,
    day,
    id_field,
    instant,
    out_instant,
    out_text,
    text,
)
from gateway.api.schemas.terms import EVIDENCE, LEVELS, PRIORITIES

STATUSES = ("open", "in_progress", "waiting", "resolved", "awaiting_confirmation", "closed", "cancelled")


class NewRequest(Schema):
    contract_id = id_field(required=True)
    service_type_id = id_field(required=True)
    description = text(8000, required=True)
    priority = choice(
        *PRIORITIES, metadata={"description": "staff only; default: from impact and urgency, else medium"}
    )
    impact = choice(*LEVELS, metadata={"description": "how many are hit"})
    urgency = choice(*LEVELS, metadata={"description": "how long it can wait"})
    preferred = fields.List(
        fields.String(validate=validate.Regexp(r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}-\d{2}:\d{2}$")),
        validate=validate.Length(max=5),
        metadata={"description": "preferred times, local to the contract", "example": ["2026-03-04 08:00-12:00"]},
    )
    site_id = id_field()
    equipment_id = id_field()
    equipment_label = text(
        120, metadata={"description": "instead of the id: what stands on its QR label", "example": "SP24-0001"}
    )
    opened_by = id_field(metadata={"description": "contact for whom staff opens it; a customer is it himself"})
    channel = choice(
        "portal", "phone", "email", "other", metadata={"description": "staff only; a customer's is the portal"}
    )
    override_reason = text(400, metadata={"description": "staff only: why it is opened though it is not covered"})
    external_ref = text(120)


class Completion(Schema):
    category = text(120)
    description_provider = text(8000)


class Classification(Schema):
    """A priority, or impact and urgency, from which it follows by the contract's matrix."""

    priority = choice(*PRIORITIES, load_default=None, allow_none=True)
    impact = choice(*LEVELS, metadata={"description": "how many are hit"})
    urgency = choice(*LEVELS, metadata={"description": "how long it can wait"})


class Assignment(Schema):
    assignee_id = id_field(required=True, allow_none=True, metadata={"description": "user; null: nobody"})
    group = text(120)


class Waiting(Schema):
    reason = text(2000, metadata={"description": "what the customer is asked"})


class NewNote(Schema):
    text = text(8000, required=True)
    visibility = choice("public", "internal", metadata={"description": "default public; a customer's always is"})


class NewDocument(Schema):
    """What is known of a document. Its bytes are stored under their hash."""

    kind = choice(*EVIDENCE, "other", required=True)
    sha256 = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}$"))
    name = text(200, required=True)
    size = fields.Integer(
        validate=validate.Range(0, 50_000_000),
        metadata={"description": "is taken from the file itself", "example": 182000},
    )
    visibility = choice("public", "internal", metadata={"description": "default public; a customer's always is"})
    media_type = text(120, required=True, metadata={"example": "image/jpeg"})


class NewWork(Schema):
    performed_on = day(required=True)
    quantity = amount(required=True, metadata={"example": "1.5"})
    description = text(400, metadata={"description": "stands on the charge: no personal data"})
    began_at = instant(metadata={"description": "when the work began"})
    ended_at = instant(metadata={"description": "when it ended"})
    technician_id = id_field(metadata={"description": "default: the caller"})


class EvidencePart(Schema):
    kind = choice(*EVIDENCE, required=True)
    document_id = id_field(allow_none=True)


class Resolution(Schema):
    evidence = fields.List(
        fields.Nested(EvidencePart), metadata={"description": "default: all attached documents that count"}
    )
    summary = text(8000)


class ReasonGiven(Schema):
    reason = text(2000)


class ServiceRequest(Schema):
    request_id = fields.String()
    protocol = out_text()
    contract_id = out_text()
    customer_id = out_text()
    customer_name = out_text()
    service_type_id = out_text()
    service_name = out_text()
    site_id = out_text()
    equipment_id = out_text()
    opened_by = out_text()
    opened_by_name = out_text()
    assignee_id = out_text()
    assignee_name = out_text(metadata={"description": "staff only: who has taken it", "example": "Rita Nunes"})
    site_name = out_text(metadata={"description": "staff only: where", "example": "Matriz"})
    contract_number = out_text(
        metadata={"description": "staff only: number of the contract", "example": "HZ-2026/000042"}
    )
    next_due_at = out_instant(metadata={"description": "the clock that runs out next: answer, else resolution"})
    group = out_text()
    channel = out_text()
    category = out_text()
    priority = out_text()
    status = out_text(metadata={"description": " | ".join(STATUSES)})
    coverage = out_text()
    opened_at = out_instant()
    changed_at = out_instant()
    resolved_at = out_instant()
    closed_at = out_instant()
    closed_by = out_text()
    resolution = fields.Integer(allow_none=True)
    reopened = fields.Integer(allow_none=True)
    documents = fields.Integer(allow_none=True)
    notes = fields.Integer(allow_none=True, metadata={"description": "public notes"})
    internal_notes = fields.Integer(allow_none=True, metadata={"description": "for staff only"})
    price_state = out_text(metadata={"description": "offered | accepted | declined | waived | emergency"})
    duplicate_of = out_text(metadata={"description": "the original, of which this is a duplicate"})
    response_due_at = out_instant()
    response_state = out_text(metadata={"description": "running | paused | warned | breached | met"})
    resolution_due_at = out_instant()
    resolution_state = out_text()
    external_ref = out_text()


class ChannelsQuery(Schema):
    since = fields.String(validate=MONTH, metadata={"description": "first month", "example": "2026-01"})
    until = fields.String(validate=MONTH, metadata={"description": "last month", "example": "2026-12"})
    contract_id = fields.String()


class ChannelMonth(Schema):
    month = fields.String(metadata={"example": "2026-03"})
    requests = fields.Integer(metadata={"description": "opened in the month", "example": 40})
    portal = fields.Integer(metadata={"description": "by the customer in the portal", "example": 25})
    phone = fields.Integer(metadata={"description": "by a phone call", "example": 10})
    email = fields.Integer(metadata={"description": "by e-mail", "example": 5})
    other = fields.Integer(metadata={"description": "another way", "example": 0})
    phone_share = fields.String(metadata={"description": "percent of all that came by phone", "example": "25.0"})


class Channels(Schema):
    items = fields.List(fields.Nested(ChannelMonth))


class StatisticsQuery(Schema):
    contract_id = fields.String()
    customer_id = fields.String()
    service_type_id = fields.String()
    opened_from = instant()
    opened_before = instant()


class FiguresQuery(Schema):
    by = choice(
        *("contract", "customer", "month", "person", "priority", "service_type"),
        metadata={"description": "one row for each of these (default: month of the opening)"},
    )
    contract_id = fields.String()
    customer_id = fields.String()
    service_type_id = fields.String()
    assignee_id = fields.String()
    priority = choice(*PRIORITIES)
    since = fields.String(
        validate=MONTH, metadata={"description": "opened in this month or later", "example": "2026-01"}
    )
    until = fields.String(
        validate=MONTH, metadata={"description": "opened in this month or earlier", "example": "2026-12"}
    )


def _number(description: str, example: float) -> fields.Float:
    return fields.Float(allow_none=True, metadata={"description": description, "example": example})


class DeadlineFigures(Schema):
    """Duplicates and cancelled requests count in `left_out` alone. Times are business time of the contract's calendar."""

    key = fields.String(
        allow_none=True,
        metadata={
            "description": "the contract, customer, service type, person, priority or month",
            "example": "2026-03",
        },
    )
    name = fields.String(allow_none=True, metadata={"description": "as people call it", "example": "CT-2026-0042"})
    requests = fields.Integer(metadata={"description": "requests that count", "example": 42})
    left_out = fields.Integer(metadata={"description": "duplicates and cancelled requests", "example": 3})
    active = fields.Integer(metadata={"description": "of those that count: not resolved yet", "example": 5})
    reopened = fields.Integer(metadata={"description": "ever reopened", "example": 2})
    waited = fields.Integer(metadata={"description": "ever waited for the customer", "example": 7})
    response_met = fields.Integer(metadata={"description": "answered in time", "example": 38})
    response_breached = fields.Integer(
        metadata={"description": "answered too late, or not yet and too late", "example": 2}
    )
    response_running = fields.Integer(metadata={"description": "not answered, and still in time", "example": 2})
    response_met_percent = _number("met of met and breached, in percent; null: none", 95.0)
    response_average_minutes = _number("mean time to the first answer", 42.5)
    response_longest_minutes = _number("longest time to the first answer", 180.0)
    resolution_met = fields.Integer(metadata={"description": "resolved in time", "example": 35})
    resolution_breached = fields.Integer(
        metadata={"description": "resolved too late, or not yet and too late", "example": 3}
    )
    resolution_running = fields.Integer(
        metadata={"description": "not resolved, and still in time or paused", "example": 4}
    )
    resolution_met_percent = _number("met of met and breached, in percent; null: none", 92.1)
    resolution_average_minutes = _number("mean time to the resolution, without waiting", 310.0)
    resolution_longest_minutes = _number("longest time to the resolution, without waiting", 1440.0)
    waited_minutes = _number("business time in which customers were waited for, of resolved requests", 960.0)


class FiguresAnswer(Schema):
    by = fields.String(metadata={"description": "what there is one row for", "example": "month"})
    items = fields.List(fields.Nested(DeadlineFigures))


class RequestsQuery(PageQuery):
    contract_id = fields.String()
    customer_id = fields.String()
    status = choice(*STATUSES)
    priority = choice(*PRIORITIES)
    assignee_id = fields.String(metadata={"description": "user; `none`: nobody has taken it"})
    opened_by = fields.String()
    channel = fields.String()
    protocol = fields.String()
    service_type_id = fields.String()
    external_ref = fields.String()
    equipment_id = fields.String()
    search = fields.String(
        validate=validate.Length(max=200),
        metadata={"description": "part of protocol, customer, who asked, equipment or site; accents do not matter"},
    )
    due = choice(
        *("late", "soon", "today", "week"),
        metadata={"description": "unfinished: late, due within 4 hours, by midnight or within 7 days"},
    )
    sort = choice(
        *("opened", "oldest", "due", "changed", "priority"),
        metadata={"description": "default: the latest first; `due`: what runs out next"},
    )
    priced = fields.Boolean(metadata={"description": "true: waits for the acceptance of a price"})
    breached = fields.Boolean(metadata={"description": "a deadline was missed"})
    reopened = fields.Boolean()
