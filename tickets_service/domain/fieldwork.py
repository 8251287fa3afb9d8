"""Work without a signal: what a phone sends later, twice, or in another order is kept as it happened.

Two times: ``occurred_at`` is the device's, ``at`` is when we recorded it. A device may be a little ahead (its clock is
not ours) and some days behind (there was no signal); beyond that nobody can say what it means, and people decide.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from services.errors import Refused
from tickets_service.domain import visit_messages as m
from tickets_service.domain.calendar import local_date
from tickets_service.domain.fieldwork_messages import AddVisitDocument, UseVisitPart, VisitDocumentAdded, VisitPartUsed
from tickets_service.domain.pricing import Charging, RequestPrice
from tickets_service.domain.visit_state import DONE, MISSED, OPEN, STARTED, Visit, Visits

AHEAD = timedelta(minutes=10)
BEHIND = timedelta(days=7)
MAX_DOCUMENT_BYTES = 25 * 1024 * 1024


def occurred(device: datetime | None, recorded: datetime) -> datetime:
    """When it happened: the device's word within limits, never after it was recorded; without a word, just now."""
    if device is None:
        return recorded
    if device > recorded + AHEAD:
        raise Refused("visit.device-clock-ahead", occurred_at=device, at=recorded)
    if device < recorded - BEHIND:
        raise Refused("visit.entered-too-late", occurred_at=device, days=BEHIND.days)
    return min(device, recorded)


def started(command: m.StartVisit, ids: tuple[str, str, str], visit: Visit) -> list[Any]:
    """A start that comes after its end is still the start; a second one, by whichever way, is nothing new."""
    if visit.started or visit.status == STARTED:
        return []
    happened = occurred(command.occurred_at, command.at)
    if visit.status == DONE:
        late = visit.ended_at is not None and command.occurred_at is not None and happened <= visit.ended_at
        if not late:
            raise Refused("visit.not-open", status=visit.status)
    elif command.price is not None:
        command.price.must_not_wait()
    technician = command.technician_id or visit.technician_id
    return [m.VisitStarted(*ids, technician, command.at, happened)]


def takes_end(command: m.FinishVisit, visit: Visit) -> bool:
    """Done by the device's word, though the office had noted that it did not take place: the one who was there knows."""
    return visit.status in OPEN or (visit.status == MISSED and command.occurred_at is not None)


def document(command: AddVisitDocument, state: Visits, visit: Visit) -> list[Any]:
    if command.document_id in visit.documents:
        return []
    _takes_records(visit)
    if not 0 < command.size <= MAX_DOCUMENT_BYTES:
        raise Refused("request.document-size", size=command.size, limit=MAX_DOCUMENT_BYTES)
    if command.kind in ("photo", "signature") and not command.media_type.startswith("image/"):
        raise Refused("visit.not-an-image", media_type=command.media_type)
    return [
        VisitDocumentAdded(
            contract_id=state.contract_id,
            customer_id=state.customer_id,
            visit_id=visit.visit_id,
            document_id=command.document_id,
            kind=command.kind,
            sha256=command.sha256,
            name=command.name,
            size=command.size,
            media_type=command.media_type,
            technician_id=command.technician_id or visit.technician_id or "unknown",
            at=command.at,
            occurred_at=occurred(command.occurred_at, command.at),
        )
    ]


def part(command: UseVisitPart, state: Visits, visit: Visit) -> list[Any]:
    if command.part_id in visit.parts:
        return []
    _takes_records(visit)
    if command.quantity <= Decimal(0):
        raise Refused("request.quantity-not-positive", quantity=command.quantity)
    listed = (
        command.listed
    )  # a line that the contract has not (any more) prices nothing: what was used is kept all the same
    how = (command.price or RequestPrice()).charging(listed.unit_price) if listed else Charging("none", None)
    when = occurred(command.occurred_at, command.at)
    return [
        VisitPartUsed(
            contract_id=state.contract_id,
            customer_id=state.customer_id,
            visit_id=visit.visit_id,
            part_id=command.part_id,
            description=command.description,
            quantity=command.quantity,
            unit=command.unit,
            technician_id=command.technician_id or visit.technician_id or "unknown",
            at=command.at,
            occurred_at=when,
            request_id=visit.request_id,
            line_id=command.line_id,
            clause=listed.clause if listed else None,
            unit_price=listed.unit_price if listed else None,
            charge=how.charge,
            charge_limit=how.limit,
            uncharged_because=how.why,
            used_on=local_date(when, state.time_zone),
        )
    ]


def _takes_records(visit: Visit) -> None:
    """Before its start, during it, and after its end: a photo may be sent last, or first."""
    if visit.status not in (*OPEN, DONE):
        raise Refused("visit.not-open", status=visit.status)
