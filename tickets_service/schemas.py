"""The shapes that cross the border: commands with more checked than their types, and the questions' parameters."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from services.schemas import InstantField, schema_of
from tickets_service.domain.commands import (
    AddNote,
    AttachDocument,
    CompleteRequest,
    ImportRequest,
    OpenRequest,
    RecordWork,
)
from tickets_service.domain.document_commands import AcceptPrice, CorrectField, RecordPart, SetChecklist
from tickets_service.domain.state import ACTIVE, CANCELLED, CLOSED, DONE
from tickets_service.figures import GROUPS

STATUSES = (*ACTIVE, *DONE, CLOSED, CANCELLED)
PRIORITIES = ("critical", "high", "medium", "low")
CHANNELS = ("portal", "phone", "email", "other")
MONTH = validate.Regexp(r"^[12]\d{3}-(0[1-9]|1[0-2])$")


def _id(*, required: bool = False) -> fields.String:
    return fields.String(required=required, allow_none=not required, validate=validate.Length(min=1, max=64))


def _text(length: int, *, required: bool = False) -> fields.String:
    return fields.String(required=required, allow_none=not required, validate=validate.Length(max=length))


COMMANDS: dict[str, type[Schema]] = {
    "open_request": schema_of(
        OpenRequest,
        request_id=_id(required=True),
        contract_id=_id(required=True),
        service_type_id=_id(required=True),
        opened_by=_id(required=True),
        description=fields.String(required=True, validate=validate.Length(min=1, max=10_000)),
    ),
    "complete_request": schema_of(CompleteRequest, category=_text(120), description_provider=_text(10_000)),
    "add_note": schema_of(AddNote, note_id=_id(required=True), text=_text(10_000, required=True)),
    "attach_document": schema_of(
        AttachDocument,
        document_id=_id(required=True),
        sha256=fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}$")),
        name=fields.String(required=True, validate=validate.Length(min=1, max=255)),
    ),
    "correct_field": schema_of(CorrectField, value=_text(10_000)),
    "set_checklist": schema_of(
        SetChecklist,
        items=fields.List(fields.String(validate=validate.Length(min=1, max=200)), validate=validate.Length(max=100)),
    ),
    "record_part": schema_of(
        RecordPart,
        part_id=_id(required=True),
        name=fields.String(required=True, validate=validate.Length(min=1, max=200)),
    ),
    "accept_price": schema_of(
        AcceptPrice,
        name=fields.String(required=True, validate=validate.Length(min=1, max=200)),
        text_sha256=fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}$")),
    ),
    "record_work": schema_of(RecordWork, work_id=_id(required=True), description=fields.String(load_default="")),
}
IMPORT = schema_of(ImportRequest, request_id=_id(required=True), contract_id=_id(required=True))


class _Params(Schema):
    class Meta:
        unknown = EXCLUDE


class RequestQuery(_Params):
    """One request with its document, timeline, notes, documents and work; an audience "customer" sees its part."""

    request_id = fields.String(required=True)
    audience = fields.String(load_default="provider", validate=validate.OneOf(["provider", "customer"]))


class RequestsQuery(_Params):
    """The list: newest first, or by deadline; ``next`` of the answer is the ``after`` of the next page."""

    status = fields.List(fields.String(validate=validate.OneOf(STATUSES)), load_default=None, allow_none=True)
    contract_id = fields.String(load_default=None, allow_none=True)
    customer_id = fields.List(fields.String(), load_default=None, allow_none=True)
    assignee_id = fields.String(load_default=None, allow_none=True)
    service_type_id = fields.String(load_default=None, allow_none=True)
    equipment_id = fields.String(load_default=None, allow_none=True)
    priority = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(PRIORITIES))
    channel = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CHANNELS))
    protocol = fields.String(load_default=None, allow_none=True)
    external_ref = fields.String(load_default=None, allow_none=True)
    opened_from = InstantField(load_default=None, allow_none=True)
    opened_before = InstantField(load_default=None, allow_none=True)
    overdue = fields.Boolean(load_default=None, allow_none=True)
    order = fields.String(load_default="opened", validate=validate.OneOf(["opened", "due"]))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))
    after = fields.String(load_default=None, allow_none=True)


class CoverageQuery(_Params):
    """Would a request be covered? Asked before it is opened."""

    contract_id = fields.String(required=True)
    service_type_id = fields.String(required=True)
    contact_id = fields.String(load_default=None, allow_none=True)
    channel = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CHANNELS))
    at = InstantField(load_default=None, allow_none=True)
    prices = fields.Boolean(load_default=True)


class ChannelsQuery(_Params):
    """By which channels requests came, month by month (``YYYY-MM``, both included)."""

    since = fields.String(load_default=None, allow_none=True, validate=MONTH)
    until = fields.String(load_default=None, allow_none=True, validate=MONTH)
    contract_id = fields.String(load_default=None, allow_none=True)
    customer_id = fields.List(fields.String(), load_default=None, allow_none=True)


class FiguresQuery(_Params):
    """Deadlines of the requests opened in some months, by one thing."""

    by = fields.String(load_default="month", validate=validate.OneOf(sorted(GROUPS)))
    contract_id = fields.String(load_default=None, allow_none=True)
    customer_id = fields.List(fields.String(), load_default=None, allow_none=True)
    service_type_id = fields.String(load_default=None, allow_none=True)
    assignee_id = fields.String(load_default=None, allow_none=True)
    priority = fields.String(load_default=None, allow_none=True)
    since = fields.String(load_default=None, allow_none=True)
    until = fields.String(load_default=None, allow_none=True)


class StatisticsQuery(_Params):
    """Figures of the requests opened in a time."""

    contract_id = fields.String(load_default=None, allow_none=True)
    customer_id = fields.List(fields.String(), load_default=None, allow_none=True)
    service_type_id = fields.String(load_default=None, allow_none=True)
    opened_from = InstantField(load_default=None, allow_none=True)
    opened_before = InstantField(load_default=None, allow_none=True)


Params = dict[str, Any]
