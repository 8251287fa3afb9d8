"""A request's document after its opening: corrected fields, checklist, corrected work, parts, links and duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.decider import doc, event, personal
from tickets_service.domain.coverage import Coverage


@event("tickets.request.field_corrected")
class FieldCorrected:
    """A field has another value. Ids and times stand in ``value``, words that a person wrote in ``text``."""

    request_id: str
    contract_id: str
    customer_id: str
    field: str = doc("service_type_id | site_id | equipment_id | description | preferred")
    owner: str = doc("whose part the field is: customer | provider")
    side: str = doc("who corrected: customer | provider")
    author_id: str
    value: str | None
    former: str | None
    text: str | None = personal(of="author_id")
    former_author_id: str | None = doc("who wrote the former text")
    former_text: str | None = personal(of="former_author_id")
    at: datetime = doc("instant of the step")
    coverage: Coverage | None = doc("answered anew, where the service type is another", default=None)
    reason: str | None = personal(of="author_id", default=None)


@event("tickets.request.checklist_set")
class ChecklistSet:
    """The provider's list of what is to be done. Items that stay keep their marks."""

    request_id: str
    contract_id: str
    customer_id: str
    author_id: str
    items: tuple[str, ...] = doc("no personal data")
    at: datetime


@event("tickets.request.item_checked")
class ItemChecked:
    request_id: str
    contract_id: str
    customer_id: str
    author_id: str
    item: str
    done: bool
    at: datetime


@event("tickets.request.work_corrected")
class WorkCorrected:
    """The quantity of recorded work was another. What is charged follows."""

    request_id: str
    contract_id: str
    customer_id: str
    work_id: str
    service_type_id: str
    performed_on: date
    unit: str = doc("hour | visit | request")
    former_quantity: Decimal
    quantity: Decimal = doc("all of it, with what is included; 0: there was none")
    included_quantity: Decimal
    former_beyond_quantity: Decimal
    beyond_quantity: Decimal
    unit_price: Decimal | None
    reason: str = doc("stands on the charge: no personal data")
    author_id: str
    at: datetime
    charge: str = doc("contract | accepted | emergency | none, as when it was recorded", default="contract")
    charge_limit: Decimal | None = doc("at most this for the work, by a ceiling or limit", unit="BRL", default=None)
    clause: str | None = None


@event("tickets.request.part_used")
class PartUsed:
    """A part or material that was used."""

    request_id: str
    contract_id: str
    customer_id: str
    part_id: str
    name: str = doc("no personal data")
    quantity: Decimal
    unit: str = doc("piece, m, kg …")
    serial: str | None
    technician_id: str
    used_at: datetime
    at: datetime
    line_id: str | None = doc("the contract's per-use line that prices it", default=None)
    clause: str | None = doc("of that line", default=None)
    unit_price: Decimal | None = doc("of the contract, as accepted, or as staff asks", unit="BRL", default=None)
    charge: str = doc("by what it is charged: contract | accepted | emergency | none", default="none")
    charge_limit: Decimal | None = doc("at most this for it, by what was accepted or a limit", unit="BRL", default=None)
    uncharged_because: str | None = doc("price-not-accepted | price-declined | waived | override", default=None)
    used_on: date | None = doc("the contract's local day of its use", default=None)
    protocol: str | None = doc("of the request, as its customer knows it", default=None)


@event("tickets.request.part_corrected")
class PartCorrected:
    request_id: str
    contract_id: str
    customer_id: str
    part_id: str
    former_quantity: Decimal
    quantity: Decimal = doc("0: it was not used")
    reason: str = doc("no personal data")
    author_id: str
    at: datetime
    name: str = doc("no personal data", default="")
    line_id: str | None = doc("the contract's per-use line that prices it", default=None)
    clause: str | None = doc("of that line", default=None)
    unit_price: Decimal | None = doc("of the contract, as accepted, or as staff asks", unit="BRL", default=None)
    charge: str = doc("by what it is charged: contract | accepted | emergency | none", default="none")
    charge_limit: Decimal | None = doc("at most this for it, by what was accepted or a limit", unit="BRL", default=None)
    uncharged_because: str | None = doc("price-not-accepted | price-declined | waived | override", default=None)
    used_on: date | None = doc("the contract's local day of its use", default=None)
    protocol: str | None = doc("of the request, as its customer knows it", default=None)


@event("tickets.request.linked")
class RequestLinked:
    """Two requests of the same customer have to do with each other. One event says it for both."""

    request_id: str
    contract_id: str
    customer_id: str
    other_id: str
    author_id: str
    at: datetime


@event("tickets.request.unlinked")
class RequestUnlinked:
    request_id: str
    contract_id: str
    customer_id: str
    other_id: str
    author_id: str
    at: datetime


@event("tickets.request.marked_duplicate")
class MarkedDuplicate:
    """The same was asked before: it is closed, and points to the original. Figures leave it out."""

    request_id: str
    contract_id: str
    customer_id: str
    original_id: str
    author_id: str
    at: datetime


DOCUMENT_EVENTS = (
    FieldCorrected,
    ChecklistSet,
    ItemChecked,
    WorkCorrected,
    PartUsed,
    PartCorrected,
    RequestLinked,
    RequestUnlinked,
    MarkedDuplicate,
)

DocumentEvent = (
    FieldCorrected
    | ChecklistSet
    | ItemChecked
    | WorkCorrected
    | PartUsed
    | PartCorrected
    | RequestLinked
    | RequestUnlinked
    | MarkedDuplicate
)


@dataclass(frozen=True, slots=True)
class OtherRequest:
    """A fact: the request to which another is linked."""

    request_id: str
    customer_id: str
    duplicate_of: str | None = None
