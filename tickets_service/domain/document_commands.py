"""What may be asked of a request's document and its price. Fields marked as facts come from our own read models."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from services.decider import command, doc
from tickets_service.domain.agreement import Agreement
from tickets_service.domain.coverage import Coverage
from tickets_service.domain.document_events import OtherRequest
from tickets_service.domain.part_pricing import ListedPart
from tickets_service.domain.pricing_events import OfferedPart
from tickets_service.domain.usage import Allowance

FieldName = Literal["service_type_id", "site_id", "equipment_id", "description", "preferred"]


@command
class CorrectField:
    """Another value for a field of the customer's part: by himself, or by the provider, who then shows as its author."""

    request_id: str
    field: FieldName
    at: datetime
    value: str | None = doc('preferred times: separated by "; "', default=None)
    reason: str | None = None
    override_reason: str | None = doc("staff: why, although the service is not covered", default=None)
    author_id: str | None = None
    # facts
    side: str = "provider"
    coverage: Coverage | None = None
    agreement: Agreement | None = None
    contract_number: str | None = None


@command
class SetChecklist:
    request_id: str
    items: tuple[str, ...]
    at: datetime
    author_id: str | None = None


@command
class CheckItem:
    request_id: str
    item: str
    at: datetime
    done: bool = True
    author_id: str | None = None


@command
class CorrectWork:
    """The quantity of work that was recorded was another."""

    request_id: str
    work_id: str
    quantity: Decimal = doc("all of it; 0: there was none")
    reason: str = doc("stands on the charge: no personal data")
    at: datetime
    author_id: str | None = None
    # facts
    allowance: Allowance | None = None
    charged_by_visits: Decimal = Decimal(0)


@command
class RecordPart:
    request_id: str
    part_id: str
    name: str
    quantity: Decimal
    at: datetime
    unit: str = "piece"
    serial: str | None = None
    used_at: datetime | None = doc("default: now", default=None)
    technician_id: str | None = None
    line_id: str | None = doc("the contract's per-use line that prices it", default=None)
    unit_price: Decimal | None = doc("what staff asks for it, where the contract does not price it", default=None)
    # facts
    listed: ListedPart | None = None
    agreement: Agreement | None = None
    charged_by_visits: Decimal = Decimal("0.00")


@command
class CorrectPart:
    request_id: str
    part_id: str
    quantity: Decimal = doc("0: it was not used")
    reason: str
    at: datetime
    author_id: str | None = None
    unit_price: Decimal | None = doc("what staff asks for it, where it has no price yet", default=None)
    # facts
    listed: ListedPart | None = None
    agreement: Agreement | None = None
    charged_by_visits: Decimal = Decimal("0.00")


@command
class LinkRequest:
    """It has to do with another request of the same customer."""

    request_id: str
    other_id: str
    at: datetime
    author_id: str | None = None
    other: OtherRequest | None = None  # a fact


@command
class UnlinkRequest:
    request_id: str
    other_id: str
    at: datetime
    author_id: str | None = None


@command
class MarkDuplicate:
    """The same was asked before, in another request of this customer: this one is closed and points there."""

    request_id: str
    original_id: str
    at: datetime
    author_id: str | None = None
    # facts
    other: OtherRequest | None = None
    agreement: Agreement | None = None


@command
class OfferPrice:
    """Another price or ceiling than was offered so far. What is not named stays as it is."""

    request_id: str
    at: datetime
    unit_price: Decimal | None = doc("default: as offered, or as the contract says", default=None)
    ceiling: Decimal | None = doc("at most this in all; none: no ceiling", default=None)
    reason: str | None = None
    author_id: str | None = None
    # facts
    agreement: Agreement | None = None
    contract_number: str | None = None
    parts: tuple[OfferedPart, ...] = doc(
        "parts that the contract does not price; named anew with each offer", default=()
    )


@command
class AcceptPrice:
    """A contact accepts an offer by name; staff may record what was accepted outside the portal, with a document."""

    request_id: str
    offer: int
    name: str
    text_sha256: str
    at: datetime
    contact_id: str | None = doc("default: the caller", default=None)
    document_id: str | None = doc("staff: the attached document that proves it", default=None)
    # facts
    recorded_by: str | None = None
    may_accept: bool = False
    agreement: Agreement | None = None


@command
class DeclinePrice:
    request_id: str
    offer: int
    at: datetime
    reason: str | None = None
    contact_id: str | None = doc("default: the caller", default=None)
    may_accept: bool = False  # a fact


@command
class WaivePrice:
    """The provider does it without a charge."""

    request_id: str
    reason: str
    at: datetime
    author_id: str | None = None
    agreement: Agreement | None = None


DOCUMENT_COMMANDS = (
    CorrectField,
    SetChecklist,
    CheckItem,
    CorrectWork,
    RecordPart,
    CorrectPart,
    LinkRequest,
    UnlinkRequest,
    MarkDuplicate,
    OfferPrice,
    AcceptPrice,
    DeclinePrice,
    WaivePrice,
)

DocumentDeadlined = CorrectField | MarkDuplicate | OfferPrice | AcceptPrice | WaivePrice
"""Those that may move a deadline."""

DocumentCommand = (
    DocumentDeadlined
    | SetChecklist
    | CheckItem
    | CorrectWork
    | RecordPart
    | CorrectPart
    | LinkRequest
    | UnlinkRequest
    | DeclinePrice
)
