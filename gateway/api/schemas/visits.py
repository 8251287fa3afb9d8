"""Visits: what is asked of them, and what lists show."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import PageQuery, choice, day, id_field, out_day, out_instant, out_text, text

STATUSES = ("planned", "started", "done", "missed", "cancelled")


def _clock(**options: object) -> fields.String:
    said = {"description": "wall clock of the contract's time zone", "example": "08:00"}
    return fields.String(validate=validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d$"), metadata=said, **options)  # type: ignore[arg-type]


class NewVisit(Schema):
    on = day(required=True, metadata={"example": "2026-12-03"})
    opens = _clock()
    closes = _clock()
    request_id = id_field(metadata={"description": "the request that it is for"})
    service_type_id = id_field()
    site_id = id_field()
    equipment_ids = fields.List(id_field())
    technician_id = id_field(metadata={"description": "user"})
    description = text(200, metadata={"description": "stands on the charge, if there is one: no personal data"})


class Move(Schema):
    on = day(required=True)
    reason = text(200, required=True, metadata={"description": "no personal data", "example": "Feira no local"})
    opens = _clock()
    closes = _clock()


class VisitAssignment(Schema):
    technician_id = id_field(required=True, allow_none=True, metadata={"description": "user; null: nobody"})


class Finish(Schema):
    performed_on = day(metadata={"description": "default: today"})
    note = text(4000)
    checklist = fields.List(text(200), metadata={"description": "what was checked"})
    signed_by = id_field(metadata={"description": "contact who signed"})


class Miss(Schema):
    reason = choice("nobody_there", "no_access", "technician", "other", required=True)


class VisitCancellation(Schema):
    reason = text(200, required=True, metadata={"description": "no personal data"})


class VisitsQuery(PageQuery):
    contract_id = id_field()
    customer_id = id_field()
    technician_id = id_field()
    request_id = id_field()
    status = choice(*STATUSES)
    kind = choice("preventive", "request")
    since = day(metadata={"description": "first day"})
    until = day(metadata={"description": "last day"})


class Visit(Schema):
    """A visit. Its hours are the wall clock of ``time_zone``."""

    visit_id = out_text()
    contract_id = out_text()
    customer_id = out_text()
    customer_name = out_text()
    kind = out_text(metadata={"description": "preventive (of the contract's plan) | request"})
    status = out_text(metadata={"description": " | ".join(STATUSES)})
    on = out_day()
    opens = out_text()
    closes = out_text()
    time_zone = out_text()
    description = out_text()
    service_type_id = out_text()
    service_name = out_text()
    site_id = out_text()
    site_name = out_text()
    site_city = out_text()
    equipment_ids = fields.List(fields.String(), allow_none=True)
    request_id = out_text()
    technician_id = out_text()
    former_on = out_day()
    reason = out_text()
    moved_by = out_text(
        metadata={
            "description": "customer | provider | contract: by rule, since its day became a closed one (`reason` names it)",
            "example": "contract",
        }
    )
    changed_at = out_instant()


class CalendarLink(Schema):
    url = fields.String(metadata={"description": "address for a calendar program; whoever has it can read it"})
