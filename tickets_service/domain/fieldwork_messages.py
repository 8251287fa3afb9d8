"""What a technician records on a visit besides its start and end: documents (photo, drawn signature) and parts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from services.decider import command, doc, event


@command
class AddVisitDocument:
    """A photo, a drawn signature or another document of the visit, stored under its hash."""

    contract_id: str
    visit_id: str
    document_id: str
    kind: Literal["photo", "signature", "other"]
    sha256: str
    name: str
    size: int
    media_type: str
    at: datetime
    occurred_at: datetime | None = None
    technician_id: str | None = None


@command
class UseVisitPart:
    """A part or material was used."""

    contract_id: str
    visit_id: str
    part_id: str
    description: str
    quantity: Decimal
    at: datetime
    unit: str = "piece"
    occurred_at: datetime | None = None
    technician_id: str | None = None


@event("tickets.visit.document_added")
class VisitDocumentAdded:
    """A photo, a drawn signature or another document was taken on a visit; its content is known by its hash."""

    contract_id: str
    customer_id: str
    visit_id: str
    document_id: str
    kind: str = doc("photo | signature | other")
    sha256: str
    name: str
    size: int = doc("length", unit="byte")
    media_type: str
    technician_id: str
    at: datetime = doc("when it was recorded here")
    occurred_at: datetime = doc("when it happened, by the device's clock within limits")


@event("tickets.visit.part_used")
class VisitPartUsed:
    """A part or material was used on a visit."""

    contract_id: str
    customer_id: str
    visit_id: str
    part_id: str
    description: str = doc("no personal data")
    quantity: Decimal
    unit: str
    technician_id: str
    at: datetime = doc("when it was recorded here")
    occurred_at: datetime = doc("when it happened, by the device's clock within limits")
