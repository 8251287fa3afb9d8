"""The price of a request beyond what the contract includes: offered, accepted by name, declined, waived, or an emergency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.decider import doc, event, personal


@dataclass(frozen=True, slots=True)
class OfferedPart:
    """A part that the contract does not price, with what it costs."""

    name: str  # no personal data
    quantity: Decimal
    unit_price: Decimal
    unit: str = "piece"


@event("tickets.request.price_offered")
class PriceOffered:
    """What a service beyond the contract's coverage costs. Until it is accepted by name, work and both clocks wait."""

    request_id: str
    contract_id: str
    customer_id: str
    offer: int = doc("1, 2, … within the request; a later offer takes the place of an earlier one")
    unit_price: Decimal = doc("per unit", unit="BRL")
    unit: str = doc("hour | visit | request")
    ceiling: Decimal | None = doc("at most this in all, whatever the quantity; none: no ceiling", unit="BRL")
    clause: str = doc("the contract's clause that sets the price")
    price_text: str = doc("the sentence that is accepted: no personal data")
    text_sha256: str = doc("SHA-256 of the sentence in UTF-8")
    offered_by: str | None = doc("user; none: the contract's price, offered at the opening")
    at: datetime
    reason: str | None = personal(of="offered_by", default=None)
    parts: tuple[OfferedPart, ...] = doc("parts that the contract does not price", default=())


@event("tickets.request.price_accepted")
class PriceAccepted:
    """A contact with the right to money or approval accepted an offer by name. Work may begin; the clocks run."""

    request_id: str
    contract_id: str
    customer_id: str
    offer: int
    contact_id: str = doc("who accepted")
    name: str = personal(of="contact_id")
    unit_price: Decimal = doc("per unit", unit="BRL")
    ceiling: Decimal | None = doc("at most this in all", unit="BRL")
    clause: str
    text_sha256: str = doc("of the sentence that was accepted")
    at: datetime
    recorded_by: str | None = doc("user who recorded an acceptance given outside the portal", default=None)
    document_id: str | None = doc("the attached document that proves it", default=None)


@event("tickets.request.price_declined")
class PriceDeclined:
    """The customer does not accept the offer. The request goes on waiting for another offer, or is cancelled."""

    request_id: str
    contract_id: str
    customer_id: str
    offer: int
    contact_id: str
    at: datetime
    reason: str | None = personal(of="contact_id", default=None)


@event("tickets.request.price_waived")
class PriceWaived:
    """The provider does it without a charge, with a reason. Work may begin; nothing beyond coverage is charged."""

    request_id: str
    contract_id: str
    customer_id: str
    author_id: str
    reason: str = personal(of="author_id")
    at: datetime = doc("instant of the step")


@event("tickets.request.emergency_invoked")
class EmergencyInvoked:
    """The contract's emergency clause: a critical request is served before the price is accepted, up to a limit."""

    request_id: str
    contract_id: str
    customer_id: str
    limit: Decimal = doc("without an acceptance, at most this is charged in all", unit="BRL")
    clause: str
    at: datetime


PRICING_EVENTS = (PriceOffered, PriceAccepted, PriceDeclined, PriceWaived, EmergencyInvoked)

PricingEvent = PriceOffered | PriceAccepted | PriceDeclined | PriceWaived | EmergencyInvoked
