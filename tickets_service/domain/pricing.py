"""The price of what goes beyond coverage: when it must be accepted, by whom, and what may be charged without.

What a covered request needs beyond the included quantity is charged by the contract, whose price was signed (unless the
contract wants an acceptance for that, too). A request that was sent at a price, or opened by an override, is charged
only after an acceptance by name, up to its ceiling; or, while it is critical, by the contract's emergency clause, up to
its limit. An acceptance counts for work that is recorded after it (ADR 0021).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any

from services.errors import Refused
from tickets_service.domain import pricing_events as p
from tickets_service.domain.agreement import Agreement
from tickets_service.domain.coverage import COVERED, COVERED_AT_PRICE
from tickets_service.domain.deadlines import Pause
from tickets_service.domain.document_events import (
    FieldCorrected,
    MarkedDuplicate,
    PartCorrected,
    PartUsed,
    WorkCorrected,
)
from tickets_service.domain.events import (
    RequestCancelled,
    RequestClosed,
    RequestOpened,
    RequestReopened,
    RequestResolved,
    WorkRecorded,
)
from tickets_service.domain.price_words import CENT, price_text

ZERO = Decimal("0.00")
CRITICAL = "critical"
EMERGENCY_CLAUSE = "requests.emergency_limit"


@dataclass(frozen=True, slots=True)
class Offer:
    number: int
    unit_price: Decimal
    unit: str
    ceiling: Decimal | None
    clause: str
    text_sha256: str
    parts: tuple[p.OfferedPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    """What is known of a request's price."""

    coverage: str | None = None  # of the opening; None: imported history
    offer: Offer | None = None  # the latest
    answered: bool = True  # the latest offer was accepted, waived, or there is none
    declined: bool = False
    accepted: Offer | None = None
    waived: bool = False
    limit: Decimal | None = None  # of the emergency clause that was invoked
    waiting_since: datetime | None = None
    waits: tuple[Pause, ...] = ()
    offers: int = 0
    charged_by: Mapping[str, Decimal] = field(default_factory=dict)
    """Work id, or ``part_key`` → what is charged for it by acceptance or emergency."""

    def left(self, bound: Decimal | None, work_id: str, by_visits: Decimal = ZERO) -> Decimal | None:
        """What is left of a ceiling or limit for a piece of work."""
        others = sum((amount for work, amount in self.charged_by.items() if work != work_id), by_visits)
        return None if bound is None else max(ZERO, bound - others)

    @property
    def awaits(self) -> bool:
        """Work must not begin."""
        return self.waiting_since is not None

    @property
    def all_waits(self) -> tuple[Pause, ...]:
        """With the one that still lasts."""
        return self.waits if self.waiting_since is None else (*self.waits, Pause(self.waiting_since))


@dataclass(frozen=True, slots=True)
class Charging:
    """``charge``: contract | accepted | emergency | none; ``limit``: at most this in money; ``why``: of *none*."""

    charge: str
    unit_price: Decimal | None
    limit: Decimal | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class RequestPrice:
    """A fact for the visits of a request: how its price stands. ``bound``: ceiling or limit; ``charged`` of it so far."""

    state: str | None = None  # offered | accepted | declined | waived | emergency
    unit_price: Decimal | None = None
    bound: Decimal | None = None
    charged: Decimal = ZERO
    coverage: str | None = None

    def must_not_wait(self) -> None:
        if self.state in ("offered", "declined"):
            code = "request.price-declined" if self.state == "declined" else "request.price-not-accepted"
            raise Refused(code, clause="")

    def charging(self, contract_price: Decimal | None) -> Charging:
        match self.state:
            case "accepted" | "emergency":
                left = None if self.bound is None else max(ZERO, self.bound - self.charged)
                return Charging(self.state, self.unit_price or contract_price, left)
            case "offered" | "declined":
                why = "price-declined" if self.state == "declined" else "price-not-accepted"
                return Charging("none", self.unit_price, why=why)
            case "waived":
                return Charging("none", contract_price, why="waived")
        covered = self.coverage in (None, COVERED, COVERED_AT_PRICE)
        return Charging("contract", contract_price) if covered else Charging("none", contract_price, why="override")


# -- what follows from events


def price_after(price: Price, event: Any) -> Price:
    match event:
        case RequestOpened():
            return replace(price, coverage=event.coverage.status if event.coverage else None)
        case FieldCorrected(coverage=coverage) if coverage is not None:
            if coverage.status == COVERED and price.accepted is None:
                return replace(_waited(price, event.at), coverage=coverage.status, offer=None, answered=True)
            return replace(price, coverage=coverage.status)
        case p.PriceOffered():
            offer = Offer(
                event.offer,
                event.unit_price,
                event.unit,
                event.ceiling,
                event.clause,
                event.text_sha256,
                event.parts,
            )
            free_to_work = price.accepted is not None or price.limit is not None
            since = price.waiting_since or (None if free_to_work else event.at)
            return replace(
                price,
                offer=offer,
                answered=False,
                declined=False,
                waived=False,
                waiting_since=since,
                offers=event.offer,
            )
        case p.PriceAccepted():
            return replace(_waited(price, event.at), answered=True, declined=False, accepted=price.offer)
        case p.PriceDeclined():
            return replace(price, declined=True)
        case p.PriceWaived():
            return replace(_waited(price, event.at), answered=True, declined=False, waived=True)
        case p.EmergencyInvoked(limit=limit):
            return replace(_waited(price, event.at), limit=limit)
        case RequestResolved() | RequestClosed() | RequestCancelled() | MarkedDuplicate():
            return _waited(price, event.at)
        case RequestReopened():
            waits = price.offer is not None and not price.answered and price.accepted is None and price.limit is None
            return replace(price, waiting_since=event.at) if waits else price
        case WorkRecorded() | WorkCorrected():
            return replace(price, charged_by={**price.charged_by, event.work_id: _capped(event, event.beyond_quantity)})
        case PartUsed() | PartCorrected():
            key = part_key(event.part_id, event.name)
            return replace(price, charged_by={**price.charged_by, key: _capped(event, event.quantity)})
    return price


def _waited(price: Price, at: datetime) -> Price:
    if price.waiting_since is None:
        return price
    return replace(price, waiting_since=None, waits=(*price.waits, Pause(price.waiting_since, at)))


def part_key(part_id: str, name: str) -> str:
    """Under which a part stands among what was charged: parts of one name together."""
    return f"part:{' '.join(name.casefold().split())}:{part_id}"


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _capped(work: WorkRecorded | WorkCorrected | PartUsed | PartCorrected, quantity: Decimal) -> Decimal:
    if work.charge not in ("accepted", "emergency") or work.unit_price is None:
        return ZERO
    amount = cents(quantity * work.unit_price)
    return amount if work.charge_limit is None else min(amount, work.charge_limit)


# -- rules


def charging(
    price: Price,
    agreement: Agreement | None,
    contract_price: Decimal | None,
    work_id: str,
    by_visits: Decimal = ZERO,
) -> Charging:
    """By what a piece of work beyond the included quantity is charged, or why it is not. ``by_visits``: what the
    request's visits were charged by the same acceptance or clause."""
    if price.waived:
        return Charging("none", contract_price, why="waived")
    if price.accepted is not None:
        return Charging("accepted", price.accepted.unit_price, price.left(price.accepted.ceiling, work_id, by_visits))
    if price.limit is not None:
        unit_price = price.offer.unit_price if price.offer else contract_price
        return Charging("emergency", unit_price, price.left(price.limit, work_id, by_visits))
    if price.offer is not None:
        return Charging(
            "none", price.offer.unit_price, why="price-declined" if price.declined else "price-not-accepted"
        )
    if price.coverage in (None, COVERED):
        if price.coverage and agreement is not None and agreement.accept_excess:
            return Charging("none", contract_price, why="price-not-accepted")
        return Charging("contract", contract_price)
    return Charging(
        "none", contract_price, why="price-not-accepted" if price.coverage == COVERED_AT_PRICE else "override"
    )


def must_not_wait(price: Price) -> None:
    """Work begins only when nobody has to accept a price any more."""
    if price.awaits and price.offer is not None:
        code = "request.price-declined" if price.declined else "request.price-not-accepted"
        raise Refused(code, offer=price.offer.number, clause=price.offer.clause)  # no price: technicians read it


def at_opening(
    ids: tuple[str, str, str],
    coverage: Any,
    agreement: Agreement | None,
    *,
    protocol: str | None,
    contract_number: str | None,
    at: datetime,
    number: int = 1,
) -> list[Any]:
    """The contract's own price, offered at once to whom it covers at a price."""
    if coverage is None or coverage.status != COVERED_AT_PRICE or coverage.unit_price is None:
        return []
    name = agreement.name if agreement else ""
    return [
        offered(
            ids, number, coverage.unit_price, coverage.unit or "hour", coverage.ceiling, coverage.clause,
            protocol=protocol, service=name, contract_number=contract_number, offered_by=None, reason=None, at=at,
        )
    ]  # fmt: skip


def emergency(
    ids: tuple[str, str, str], price: Price, priority: str, agreement: Agreement | None, at: datetime
) -> list[Any]:
    """Critical requests are served first where the contract says so."""
    limit = agreement.emergency_limit if agreement else None
    if limit is None or priority != CRITICAL or not price.awaits or price.limit is not None:
        return []
    return [p.EmergencyInvoked(*ids, limit, EMERGENCY_CLAUSE, at)]


def offered(
    ids: tuple[str, str, str],
    number: int,
    unit_price: Decimal,
    unit: str,
    ceiling: Decimal | None,
    clause: str,
    *,
    protocol: str | None,
    service: str,
    contract_number: str | None,
    offered_by: str | None,
    reason: str | None,
    at: datetime,
    parts: tuple[p.OfferedPart, ...] = (),
) -> p.PriceOffered:
    text = price_text(protocol, service, contract_number, clause, unit_price, unit, ceiling, parts)
    return p.PriceOffered(
        *ids,
        offer=number,
        unit_price=unit_price,
        unit=unit,
        ceiling=ceiling,
        clause=clause,
        price_text=text,
        text_sha256=sha256(text.encode()).hexdigest(),
        offered_by=offered_by,
        at=at,
        reason=reason if offered_by else None,
        parts=parts,
    )
