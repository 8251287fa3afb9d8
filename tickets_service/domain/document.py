"""The document that both sides fill in: every field has one owner, and a correction says what was there before.

The customer's part: service type, site, equipment, description, preferred times. The provider's: category, his own
description, impact, urgency and priority, assignee, checklist, work and parts. Only the customer's part is corrected by
either side; what the provider owns, the customer comments on in notes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from services.errors import Refused
from tickets_service.domain import document_commands as c
from tickets_service.domain import document_events as d
from tickets_service.domain import events as e
from tickets_service.domain.usage import Allowance, divide

OWNERS = {
    "service_type_id": "customer",
    "site_id": "customer",
    "equipment_id": "customer",
    "description": "customer",
    "preferred": "customer",
    "category": "provider",
    "description_provider": "provider",
    "priority": "provider",
    "assignee_id": "provider",
    "checklist": "provider",
}
"""Field → whose part it is."""

TEXTS = ("description",)
PREFERRED = re.compile(r"\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
SEPARATOR = "; "
MOST_PREFERRED = 5

Ids = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Work:
    service_type_id: str
    performed_on: Any
    unit: str
    quantity: Decimal
    included: Decimal
    beyond: Decimal
    unit_price: Decimal | None
    charge: str
    clause: str | None


@dataclass(frozen=True, slots=True)
class Part:
    quantity: Decimal
    name: str = ""
    line_id: str | None = None
    unit_price: Decimal | None = None
    charge: str = "none"
    used_on: Any = None


@dataclass(frozen=True, slots=True)
class Document:
    protocol: str | None = None
    values: Mapping[str, str | None] = field(default_factory=dict)
    """The customer's fields as they are now."""
    authors: Mapping[str, str | None] = field(default_factory=dict)
    checklist: Mapping[str, bool] = field(default_factory=dict)
    works: Mapping[str, Work] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    links: frozenset[str] = frozenset()
    duplicate_of: str | None = None


# -- what follows from events


def document_after(document: Document, event: Any) -> Document:
    match event:
        case e.RequestOpened():
            values: dict[str, str | None] = {
                "service_type_id": event.service_type_id,
                "site_id": event.site_id,
                "equipment_id": event.equipment_id,
                "description": event.description,
                "preferred": SEPARATOR.join(event.preferred) or None,
            }
            return replace(
                document, protocol=event.protocol, values=values, authors=dict.fromkeys(values, event.opened_by)
            )
        case d.FieldCorrected():
            value = event.text if event.field in TEXTS else event.value
            return replace(
                document,
                values={**document.values, event.field: value},
                authors={**document.authors, event.field: event.author_id},
            )
        case d.ChecklistSet(items=items):
            return replace(document, checklist={item: document.checklist.get(item, False) for item in items})
        case d.ItemChecked(item=item, done=done):
            return replace(document, checklist={**document.checklist, item: done})
        case e.WorkRecorded():
            work = Work(
                event.service_type_id, event.performed_on, event.unit, event.quantity, event.included_quantity,
                event.beyond_quantity, event.unit_price, event.charge, event.clause,
            )  # fmt: skip
            return replace(document, works={**document.works, event.work_id: work})
        case d.WorkCorrected() if event.work_id in document.works:
            work = replace(
                document.works[event.work_id],
                quantity=event.quantity,
                included=event.included_quantity,
                beyond=event.beyond_quantity,
            )
            return replace(document, works={**document.works, event.work_id: work})
        case d.PartUsed() | d.PartCorrected():
            part = Part(event.quantity, event.name, event.line_id, event.unit_price, event.charge, event.used_on)
            return replace(document, parts={**document.parts, event.part_id: part})
        case d.RequestLinked(other_id=other):
            return replace(document, links=document.links | {other})
        case d.RequestUnlinked(other_id=other):
            return replace(document, links=document.links - {other})
        case d.MarkedDuplicate(original_id=original):
            return replace(document, duplicate_of=original)
        case e.RequestReopened():
            return replace(document, duplicate_of=None)
    return document


# -- rules


def corrected(command: c.CorrectField, ids: Ids, document: Document) -> list[d.DocumentEvent]:
    name = command.field
    value = (command.value or "").strip() or None
    if name == "preferred":
        value = SEPARATOR.join(checked_times(tuple(part.strip() for part in (value or "").split(";") if part.strip())))
        value = value or None
    if value == document.values.get(name):
        return []
    if value is None and name in ("description", "service_type_id"):
        raise Refused("request.field-empty", field=name)
    coverage = command.coverage if name == "service_type_id" else None
    if coverage is not None and not coverage.opens and not command.override_reason:
        raise Refused(f"request.{coverage.status.replace('_', '-')}", reason=coverage.reason, clause=coverage.clause)
    text = name in TEXTS
    former = document.values.get(name)
    return [
        d.FieldCorrected(
            *ids,
            field=name,
            owner=OWNERS[name],
            side=command.side,
            author_id=command.author_id or "unknown",
            value=None if text else value,
            former=None if text else former,
            text=value if text else None,
            former_author_id=document.authors.get(name),
            former_text=former if text and document.authors.get(name) else None,
            at=command.at,
            coverage=coverage,
            reason=command.override_reason or command.reason,
        )
    ]


def checked_times(times: tuple[str, ...]) -> tuple[str, ...]:
    """Preferred times, if they are well formed, some, and end after they begin."""
    if len(times) > MOST_PREFERRED:
        raise Refused("request.preferred-too-many", most=MOST_PREFERRED)
    for each in times:
        if not PREFERRED.fullmatch(each) or each[11:16] >= each[17:22]:
            raise Refused("request.preferred-malformed", given=each)
    return times


def checklist_set(command: c.SetChecklist, ids: Ids, document: Document) -> list[d.DocumentEvent]:
    items = tuple(dict.fromkeys(item.strip() for item in command.items if item.strip()))
    if items == tuple(document.checklist):
        return []
    return [d.ChecklistSet(*ids, command.author_id or "unknown", items, command.at)]


def item_checked(command: c.CheckItem, ids: Ids, document: Document) -> list[d.DocumentEvent]:
    if command.item not in document.checklist:
        raise Refused("request.item-unknown", item=command.item)
    if document.checklist[command.item] == command.done:
        return []
    return [d.ItemChecked(*ids, command.author_id or "unknown", command.item, command.done, command.at)]


def work_corrected(
    command: c.CorrectWork, ids: Ids, document: Document, limit: Decimal | None
) -> list[d.DocumentEvent]:
    """Divided anew by what the month includes: what the work itself took of it is free again."""
    work = document.works.get(command.work_id)
    if work is None:
        raise Refused("request.work-unknown", work_id=command.work_id)
    if command.quantity < 0:
        raise Refused("request.quantity-not-positive", quantity=command.quantity)
    if not command.reason.strip():
        raise Refused("request.reason-missing")
    if command.quantity == work.quantity:
        return []
    left = (command.allowance or Allowance()).remaining
    included, beyond = divide(command.quantity, None if left is None else left + work.included)
    return [
        d.WorkCorrected(
            *ids,
            work_id=command.work_id,
            service_type_id=work.service_type_id,
            performed_on=work.performed_on,
            unit=work.unit,
            former_quantity=work.quantity,
            quantity=command.quantity,
            included_quantity=included,
            former_beyond_quantity=work.beyond,
            beyond_quantity=beyond,
            unit_price=work.unit_price,
            reason=command.reason.strip(),
            author_id=command.author_id or "unknown",
            at=command.at,
            charge=work.charge,
            charge_limit=limit,
            clause=work.clause,
        )
    ]


def linked(command: c.LinkRequest, ids: Ids, document: Document) -> list[d.DocumentEvent]:
    other = _other(command.other, command.other_id, ids)
    if other.request_id in document.links:
        return []
    return [d.RequestLinked(*ids, other.request_id, command.author_id or "unknown", command.at)]


def unlinked(command: c.UnlinkRequest, ids: Ids, document: Document) -> list[d.DocumentEvent]:
    if command.other_id not in document.links:
        return []
    return [d.RequestUnlinked(*ids, command.other_id, command.author_id or "unknown", command.at)]


def duplicate(command: c.MarkDuplicate, ids: Ids, document: Document) -> list[d.DocumentEvent]:
    """Points to the original, never to another duplicate: a chain of pointers would lead the customer astray."""
    other = _other(command.other, command.original_id, ids)
    if other.duplicate_of is not None:
        raise Refused("request.original-is-duplicate", original_id=other.duplicate_of)
    if any(work.quantity for work in document.works.values()):
        raise Refused("request.duplicate-has-work")
    return [d.MarkedDuplicate(*ids, other.request_id, command.author_id or "unknown", command.at)]


def _other(other: d.OtherRequest | None, other_id: str, ids: Ids) -> d.OtherRequest:
    """What is another customer's does not exist, also for a link."""
    if other is None or other.customer_id != ids[2]:
        raise Refused("request.other-unknown", other_id=other_id)
    if other_id == ids[0]:
        raise Refused("request.link-to-itself")
    return other
