"""What was a mistake is undone by an event of its own: the contract stands as before, and both stay on record.

Only the last change of state can be undone (and then the one before it); a renewal only while no addendum builds on it.
"""

from __future__ import annotations

from contracts_service.domain.contract_commands import Change, UndoChange
from contracts_service.domain.contract_events import (
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
