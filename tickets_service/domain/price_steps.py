"""The steps about a request's price, and those that move it: offered, accepted, declined, waived; what was corrected."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from services.errors import Refused
from tickets_service.domain import document, pricing
from tickets_service.domain.agreement import Agreement
from tickets_service.domain.document_commands import (
    AcceptPrice,
    CorrectField,
    CorrectWork,
    DeclinePrice,
    OfferPrice,
    WaivePrice,
)
from tickets_service.domain.events import Event
from tickets_service.domain.pricing_events import PriceAccepted, PriceDeclined, PriceWaived
from tickets_service.domain.state import CANCELLED, Request, evolve


def with_emergency(
    events: list[Event], state: Request, priority: str, agreement: Agreement | None, at: datetime
) -> list[Event]:
    """A critical request that waits for its price is served by the contract's emergency clause."""
    after = state
    for each in events:
        after = evolve(after, each)
    return [*events, *pricing.emergency(_ids(after), after.price, priority, agreement, at)]


def correct_work(command: CorrectWork, state: Request) -> list[Event]:
    if state.status == CANCELLED:
        _refuse(state)
    recorded = state.document.works.get(command.work_id)
    bound = None
    if recorded is not None and recorded.charge == "accepted" and state.price.accepted is not None:
        bound = state.price.left(state.price.accepted.ceiling, command.work_id, command.charged_by_visits)
    elif recorded is not None and recorded.charge == "emergency":
        bound = state.price.left(state.price.limit, command.work_id, command.charged_by_visits)
    return list(document.work_corrected(command, _ids(state), state.document, bound))


def correct_field(command: CorrectField, state: Request) -> list[Event]:
    """Another service type is covered in its own way: its price, where it has one, is offered anew."""
    if not state.active:
        _refuse(state)
    events: list[Event] = list(document.corrected(command, _ids(state), state.document))
    if events and command.coverage is not None:
        events += pricing.at_opening(
            _ids(state),
            command.coverage,
            command.agreement,
            protocol=state.document.protocol,
            contract_number=command.contract_number,
            at=command.at,
            number=state.price.offers + 1,
        )
        return with_emergency(events, state, state.priority, command.agreement, command.at)
    return events


def offer_price(command: OfferPrice, state: Request) -> list[Event]:
    if not state.active:
        _refuse(state)
    last, agreement = state.price.offer, command.agreement
    unit_price = command.unit_price or (
        last.unit_price if last else agreement.overage_unit_price if agreement else None
    )
    if unit_price is None or unit_price <= 0 or (command.ceiling is not None and command.ceiling <= 0):
        raise Refused("request.price-missing")
    if any(part.quantity <= 0 or part.unit_price <= 0 or not part.name.strip() for part in command.parts):
        raise Refused("request.price-missing")
    if (
        last is not None
        and not state.price.declined
        and (unit_price, command.ceiling, command.parts) == (last.unit_price, last.ceiling, last.parts)
    ):
        return []
    offered = pricing.offered(
        _ids(state),
        state.price.offers + 1,
        unit_price,
        last.unit if last else agreement.unit if agreement else "hour",
        command.ceiling,
        last.clause if last else agreement.clause if agreement else "services",
        protocol=state.document.protocol,
        service=agreement.name if agreement else "",
        contract_number=command.contract_number,
        offered_by=command.author_id or "unknown",
        reason=command.reason,
        at=command.at,
        parts=command.parts,
    )
    return with_emergency([offered], state, state.priority, agreement, command.at)


def accept_price(command: AcceptPrice, state: Request) -> list[Event]:
    """By name, of the very sentence that was read. What staff records was given elsewhere, and a document proves it."""
    if not command.may_accept:
        raise Refused("request.price-right-missing")
    offer = _offer(command.offer, state)
    if state.price.accepted == offer:
        return []
    if command.text_sha256 != offer.text_sha256:
        raise Refused("request.price-changed", offer=offer.number)
    if not command.name.strip():
        raise Refused("request.name-missing")
    if command.recorded_by is not None and command.document_id not in state.documents:
        raise Refused("request.acceptance-needs-document")
    return [
        PriceAccepted(
            *_ids(state),
            offer=offer.number,
            contact_id=command.contact_id or "unknown",
            name=command.name.strip(),
            unit_price=offer.unit_price,
            ceiling=offer.ceiling,
            clause=offer.clause,
            text_sha256=offer.text_sha256,
            at=command.at,
            recorded_by=command.recorded_by,
            document_id=command.document_id,
        )
    ]


def decline_price(command: DeclinePrice, state: Request) -> list[Event]:
    if not command.may_accept:
        raise Refused("request.price-right-missing")
    offer = _offer(command.offer, state)
    if state.price.declined:
        return []
    if state.price.answered:
        raise Refused("request.price-answered")
    return [PriceDeclined(*_ids(state), offer.number, command.contact_id or "unknown", command.at, command.reason)]


def waive_price(command: WaivePrice, state: Request) -> list[Event]:
    if not state.active:
        _refuse(state)
    if state.price.offer is None:
        raise Refused("request.no-price")
    if state.price.waived:
        return []
    if not command.reason.strip():
        raise Refused("request.reason-missing")
    return [PriceWaived(*_ids(state), command.author_id or "unknown", command.reason, command.at)]


def _offer(number: int, state: Request) -> pricing.Offer:
    """The offer that is spoken of, if it still stands."""
    if not state.active:
        _refuse(state)
    offer = state.price.offer
    if offer is None:
        raise Refused("request.no-price")
    if offer.number != number or state.price.waived:
        raise Refused("request.price-changed", offer=offer.number)
    return offer


def _refuse(state: Request) -> NoReturn:
    raise Refused("request.not-open", status=state.status)


def _ids(state: Request) -> tuple[str, str, str]:
    return state.request_id, state.contract_id, state.customer_id
