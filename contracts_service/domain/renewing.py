"""Renewal by approval: offered in time, answered by renewing or declining. (Renewal itself: ``contract_terms``.)"""

from __future__ import annotations

from contracts_service.domain.contract_commands import ApproveRenewal, DeclineRenewal, OfferRenewal, RenewContract
from contracts_service.domain.contract_events import Event, RenewalDeclined, RenewalOffered
from contracts_service.domain.contract_state import Contract
from contracts_service.domain.contract_terms import next_end, renew, renewal_day, require_life
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


def approve(command: ApproveRenewal, contract: Contract) -> list[Event]:
    """By the customer himself: only what was offered, and while the term that it prolongs still runs."""
    terms = contract.terms
    if contract.in_life and terms.ends_on is not None and command.ended_on < terms.ends_on:
        return []  # renewed already
    if contract.offered != command.ended_on:
        raise Refused("contract.renewal-not-offered")
    if contract.declined == command.ended_on:
        raise Refused("contract.renewal-declined")
    if today(command.at, contract) > command.ended_on:
        raise Refused("contract.renewal-too-late", ended_on=command.ended_on)
    return renew(RenewContract(command.contract_id, command.ended_on), contract)


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
