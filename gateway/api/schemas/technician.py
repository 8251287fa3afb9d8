"""A technician's day, and what his phone sends."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import Document, choice, day, id_field, instant, out_day, out_instant, out_text, text
from gateway.api.schemas.visits import Visit

FIELDS = {
    "start": (),
    "finish": ("note", "checklist", "signed_by"),
    "miss": ("reason",),
    "document": ("document_kind", "sha256", "name", "size", "media_type"),
    "part": ("description", "quantity", "unit", "line_id"),
}
NEEDED = {
    "start": (), "finish": (), "miss": ("reason",), "document": FIELDS["document"], "part": ("description", "quantity"),
}  # fmt: skip


class DayQuery(Schema):
    on = day(metadata={"description": "the day; default: today", "example": "2026-12-03"})


class DayVisit(Visit):
    """A visit with all that is needed on the spot."""

    started_at = out_instant(metadata={"description": "when it began, by the device's clock"})
    ended_at = out_instant(metadata={"description": "when it ended, by the device's clock"})
    site = fields.Nested(Document, allow_none=True)
    equipment = fields.List(fields.Nested(Document), metadata={"description": "what the visit is for"})
    terms = fields.List(
        fields.String(), metadata={"description": "what the contract says about the service; no prices"}
    )
    request = fields.Nested(Document, allow_none=True)
    checklist = fields.List(fields.String(), metadata={"description": "what was checked"})
    documents = fields.List(fields.Nested(Document), metadata={"description": "photos, signature, by content hash"})
    parts = fields.List(fields.Nested(Document), metadata={"description": "parts and material used"})
    note = out_text(metadata={"description": "what the technician noted at the end"})


class TechnicianDay(Schema):
    on = out_day(metadata={"description": "the day"})
    visits = fields.List(fields.Nested(DayVisit), metadata={"description": "by hour; cancelled ones are left out"})


class OutboxEntry(Schema):
    """One thing that a technician did on a visit. Which fields belong to it depends on its kind."""

    key = fields.String(
        required=True,
        validate=validate.Length(min=8, max=64),
        metadata={"description": "of the phone's own making, one for each entry", "example": "a1f3c2d4-0007"},
    )
    kind = choice(*FIELDS, required=True, metadata={"description": "what was done", "example": "finish"})
    visit_id = id_field(
        required=True, metadata={"description": "the visit", "example": "0193a1b2-0009-7d2e-9f00-5a6b7c8d9e0f"}
    )
    occurred_at = instant(
        required=True,
        metadata={"description": "when, by the phone's clock; at most 7 days ago", "example": "2026-12-03T13:05:00Z"},
    )
    note = text(4000, metadata={"description": "finish: what is to be told", "example": "Trocar a correia em breve"})
    checklist = fields.List(text(200), metadata={"description": "finish: what was checked", "example": ["Filtros"]})
    signed_by = id_field(
        metadata={"description": "finish: contact who signed", "example": "0193a1b2-0005-7d2e-9f00-5a6b7c8d9e0f"}
    )
    reason = choice(
        "nobody_there",
        "no_access",
        "technician",
        "other",
        metadata={"description": "miss: why", "example": "no_access"},
    )
    document_kind = choice(
        "photo", "signature", "other", metadata={"description": "document: what it is", "example": "signature"}
    )
    sha256 = fields.String(
        validate=validate.Regexp(r"^[0-9a-f]{64}$"),
        metadata={"description": "document: of the file, which was put before (POST /files)", "example": "ab" * 32},
    )
    name = text(200, metadata={"description": "document: name of the file", "example": "assinatura.png"})
    size = fields.Integer(validate=validate.Range(1), metadata={"description": "document: in bytes", "example": 4096})
    media_type = text(100, metadata={"description": "document: kind of file", "example": "image/png"})
    description = text(200, metadata={"description": "part: what; no personal data", "example": "Correia A-36"})
    line_id = text(64, metadata={"description": "part: the contract's per-use line that prices it", "example": "belt"})
    quantity = fields.Decimal(
        allow_nan=False,
        as_string=True,
        metadata={"type": "string", "description": "part: how many", "example": "1"},
    )
    unit = text(20, metadata={"description": "part: of what; default: piece", "example": "piece"})


class Outbox(Schema):
    entries = fields.List(
        fields.Nested(OutboxEntry),
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"description": "in any order; each is taken once"},
    )


class EntryAnswer(Schema):
    key = fields.String(metadata={"description": "the entry's"})
    status = fields.String(metadata={"description": "done | refused | later"})
    events = fields.List(fields.String(), metadata={"description": "what came of it; none: it was here already"})
    code = out_text(metadata={"description": "why not, for programs"})
    detail = out_text(metadata={"description": "why not, in the reader's language"})


class OutboxAnswer(Schema):
    entries = fields.List(fields.Nested(EntryAnswer), metadata={"description": "in the order of the question"})
