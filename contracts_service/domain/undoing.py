"""What was a mistake is undone by an event of its own: the contract stands as before, and both stay on record.

Only the last change of state can be undone (and then the one before it); a renewal, an addendum or a price adjustment
only while no other version of the terms builds on it, and an addendum only while the customer has not accepted it.
"""

from __future__ import annotations

from contracts_service.domain.contract_commands import Change, UndoChange
from contracts_service.domain.contract_events import (
    AddendumUndone,
    Event,
    ExpiryUndone,
    RenewalUndone,
    ResumptionUndone,
    SuspensionUndone,
    TerminationUndone,
)
from contracts_service.domain.contract_state import Contract
from contracts_service.domain.contract_terms import require_life
from services.errors import Refused


def undo(command: UndoChange, contract: Contract) -> list[Event]:
    reason = command.reason.strip()
    if not reason:
        raise Refused("contract.reason-missing")
    if command.change is Change.RENEWAL:
        return [_undo_renewal(command.contract_id, contract, reason)]
    if command.change in (Change.AMENDMENT, Change.ADJUSTMENT):
        return [_undo_addendum(command, contract, reason)]
    was = contract.before[-1] if contract.before else None
    if was is None or was.change is not command.change:
        raise Refused("contract.nothing-to-undo", last=was.change if was else "")
    ids = (command.contract_id, contract.customer_id)
    match command.change:
        case Change.SUSPENSION:
            assert contract.suspension is not None
            return [SuspensionUndone(*ids, contract.suspension.on, reason)]
        case Change.RESUMPTION:
            assert contract.resumed_on is not None
            return [ResumptionUndone(*ids, contract.resumed_on, reason)]
        case Change.TERMINATION:
            assert contract.ended_on is not None
            return [TerminationUndone(*ids, contract.ended_on, was.status, reason)]
        case Change.EXPIRY:
            assert contract.ended_on is not None
            return [ExpiryUndone(*ids, contract.ended_on, was.status, reason)]


def _undo_renewal(contract_id: str, contract: Contract, reason: str) -> RenewalUndone:
    require_life(contract)
    last = contract.versions[-1]
    if last.renewed is None:
        raise Refused("contract.nothing-to-undo", last="")
    before = contract.versions[-2]
    return RenewalUndone(contract_id, contract.customer_id, last.renewed, before.effective_on, before.terms, reason)


def _undo_addendum(command: UndoChange, contract: Contract, reason: str) -> AddendumUndone:
    require_life(contract)
    last = contract.versions[-1]
    was = last.addendum
    if was is None or was.change is not command.change:
        raise Refused("contract.nothing-to-undo", last=was.change if was else "")
    if any(addendum == was.number for _, addendum, _ in contract.papers.acceptances.values()):
        raise Refused("contract.addendum-accepted", addendum=was.number)
    adjusted_on, percent = was.adjusted or (None, None)
    before = contract.versions[-2].terms
    return AddendumUndone(
        contract_id=command.contract_id,
        customer_id=contract.customer_id,
        addendum=was.number,
        change=was.change,
        effective_on=last.effective_on,
        terms=before,
        price_base_on=was.price_base_on or before.starts_on,
        adjusted_on=adjusted_on,
        adjusted_percent=percent,
        reason=reason,
    )
