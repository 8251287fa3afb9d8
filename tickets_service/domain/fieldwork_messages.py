"""What a technician records on a visit besides its start and end: documents (photo, drawn signature) and parts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from services.decider import command, doc, event
from tickets_service.domain.part_pricing import ListedPart
from tickets_service.domain.pricing import RequestPrice


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
    line_id: str | None = doc("the contract's per-use line that prices it", default=None)
    # facts
    listed: ListedPart | None = None
    price: RequestPrice | None = None


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
    request_id: str | None = None
    line_id: str | None = doc("the contract's per-use line that prices it", default=None)
    clause: str | None = doc("of that line", default=None)
    unit_price: Decimal | None = doc("of that line", unit="BRL", default=None)
    charge: str = doc("by what it is charged: contract | accepted | emergency | none", default="none")
    charge_limit: Decimal | None = doc("at most this for it, by a ceiling or limit", unit="BRL", default=None)
    uncharged_because: str | None = doc("price-not-accepted | price-declined | waived | override", default=None)
    used_on: date | None = doc("the contract's local day of its use", default=None)
