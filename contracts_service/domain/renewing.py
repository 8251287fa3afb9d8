"""Renewal by approval: offered in time, answered by renewing or declining. (Renewal itself: ``contract_terms``.)"""

from __future__ import annotations

from contracts_service.domain.contract_commands import DeclineRenewal, OfferRenewal
from contracts_service.domain.contract_events import Event, RenewalDeclined, RenewalOffered
from contracts_service.domain.contract_state import Contract
from contracts_service.domain.contract_terms import next_end, renewal_day, require_life
from contracts_service.domain.dating import past_day, today
from contracts_service.domain.terms import Renewal
from services.errors import Refused


def offer(command: OfferRenewal, contract: Contract) -> list[Event]:
    """Nothing where it was offered or answered already, or the term is another one meanwhile."""
    terms = contract.terms
    if not contract.in_life or terms.renewal is not Renewal.APPROVAL or terms.ends_on != command.ended_on:
        return []
    if command.ended_on in (contract.offered, contract.declined) or contract.leave is not None:
        return []
    answer_by = renewal_day(terms)
    assert answer_by is not None
    on = today(command.at, contract)
    return [
        RenewalOffered(
            command.contract_id, contract.customer_id, on, command.ended_on, next_end(terms), max(on, answer_by)
        )
    ]


def decline(command: DeclineRenewal, contract: Contract) -> list[Event]:
    require_life(contract)
    terms = contract.terms
    if terms.ends_on is None:
        raise Refused("contract.without-end")
    if terms.ends_on != command.ended_on:
        raise Refused("contract.other-term", ends_on=terms.ends_on)
    if contract.declined == command.ended_on:
        return []
    on = past_day(command.on, command.at, contract)
    reason = command.reason.strip()
    return [RenewalDeclined(command.contract_id, contract.customer_id, on, terms.ends_on, command.by, reason)]
