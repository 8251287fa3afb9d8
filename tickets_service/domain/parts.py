"""Parts and material of a request: what was used, what it costs whom, and corrections of both."""

from __future__ import annotations

from services.errors import Refused
from tickets_service.domain import document_commands as c
from tickets_service.domain import document_events as d
from tickets_service.domain.agreement import DEFAULT_TIME_ZONE, Agreement
from tickets_service.domain.calendar import local_date
from tickets_service.domain.document import Document, Ids
from tickets_service.domain.part_pricing import charging_of
from tickets_service.domain.pricing import Price


def part_used(command: c.RecordPart, ids: Ids, document: Document, price: Price) -> list[d.DocumentEvent]:
    if command.part_id in document.parts:
        return []
    if command.quantity <= 0:
        raise Refused("request.quantity-not-positive", quantity=command.quantity)
    if command.line_id is not None and command.listed is None:
        raise Refused("request.part-not-priced", line_id=command.line_id)
    part, used_at = (command.part_id, command.name), command.used_at or command.at
    how = charging_of(price, command.agreement, part, command.listed, command.unit_price, command.charged_by_visits)
    return [
        d.PartUsed(
            *ids,
            part_id=command.part_id,
            name=command.name,
            quantity=command.quantity,
            unit=command.unit,
            serial=command.serial,
            technician_id=command.technician_id or "unknown",
            used_at=used_at,
            at=command.at,
            line_id=command.line_id,
            clause=command.listed.clause if command.listed else None,
            unit_price=how.unit_price,
            charge=how.charge,
            charge_limit=how.limit,
            uncharged_because=how.why,
            used_on=local_date(used_at, _zone(command.agreement)),
            protocol=document.protocol,
        )
    ]


def part_corrected(command: c.CorrectPart, ids: Ids, document: Document, price: Price) -> list[d.DocumentEvent]:
    part = document.parts.get(command.part_id)
    if part is None:
        raise Refused("request.part-unknown", part_id=command.part_id)
    if command.quantity < 0:
        raise Refused("request.quantity-not-positive", quantity=command.quantity)
    if not command.reason.strip():
        raise Refused("request.reason-missing")
    asked = part.unit_price if command.unit_price is None else command.unit_price
    if part.charge != "none" and asked != part.unit_price:
        raise Refused("request.part-charged")
    if (part.quantity, part.unit_price) == (command.quantity, asked):
        return []
    known = (command.part_id, part.name)
    how = charging_of(price, command.agreement, known, command.listed, asked, command.charged_by_visits)
    return [
        d.PartCorrected(
            *ids,
            part_id=command.part_id,
            former_quantity=part.quantity,
            quantity=command.quantity,
            reason=command.reason.strip(),
            author_id=command.author_id or "unknown",
            at=command.at,
            name=part.name,
            line_id=part.line_id,
            clause=command.listed.clause if command.listed else None,
            unit_price=how.unit_price,
            charge=how.charge,
            charge_limit=how.limit,
            uncharged_because=how.why,
            used_on=part.used_on,
            protocol=document.protocol,
        )
    ]


def _zone(agreement: Agreement | None) -> str:
    return agreement.calendar.time_zone if agreement else DEFAULT_TIME_ZONE
