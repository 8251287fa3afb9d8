"""Suspension: its notice, what it does, a manager's approval where the contract asks for it, resumption."""

from __future__ import annotations

from datetime import date, timedelta

from contracts_service.domain.contract_commands import (
    ApproveSuspension,
    NotifySuspension,
    ResumeContract,
    SuspendAfterNotice,
    SuspendContract,
    SuspensionReason,
    TakeOverSuspension,
    WithdrawSuspension,
)
from contracts_service.domain.contract_events import (
    ContractAmended,
    ContractResumed,
    ContractSuspended,
    Event,
    SuspensionNotified,
    SuspensionProposed,
    SuspensionWithdrawn,
)
from contracts_service.domain.contract_state import Contract, Status
from contracts_service.domain.contract_terms import require_life
from contracts_service.domain.dating import past_day, today
from contracts_service.domain.terms import GiveBack
from contracts_service.domain.terms_changes import with_end
from services.errors import Refused

DEFAULT = SuspensionReason.DEFAULT


def notify(command: NotifySuspension, contract: Contract) -> list[Event]:
    if contract.notice is not None and contract.notice.reason is command.reason:
        return []  # one notice at a time: a second would only put the day off
    if contract.suspension is not None and contract.suspension.reason is command.reason:
        return []
    if contract.status is not Status.ACTIVE:
        raise Refused("contract.not-active", status=contract.status)
    if contract.notice is not None:
        raise Refused("contract.already-notified", suspend_on=contract.notice.suspend_on)
    on = past_day(command.on, command.at, contract)
    rules = contract.terms_on(on).default
    if command.reason is DEFAULT and not rules.suspend:
        raise Refused("contract.suspension-not-agreed")
    earliest = on + timedelta(days=rules.notice_days)
    suspend_on = command.suspend_on or earliest
    if suspend_on < earliest:
        raise Refused("contract.notice-too-short", earliest=earliest, notice_days=rules.notice_days)
    return [SuspensionNotified(command.contract_id, contract.customer_id, on, suspend_on, command.reason)]


def withdraw(command: WithdrawSuspension, contract: Contract) -> list[Event]:
    notice = contract.notice
    if notice is None or command.reason not in (None, notice.reason):
        return []
    on = command.on or max(today(command.at, contract), notice.on)
    return [SuspensionWithdrawn(command.contract_id, contract.customer_id, on)]


def suspend(command: SuspendContract, contract: Contract) -> list[Event]:
    if contract.status is Status.SUSPENDED:
        return []
    require_life(contract)
    on = past_day(command.on, command.at, contract)
    if command.reason is DEFAULT:
        _require_notice(contract, on)
        if contract.terms_on(on).default.approval:
            raise Refused("contract.suspension-needs-approval")
    return [_suspended(command.contract_id, contract, on, command.reason, command.note)]


def take_over(command: TakeOverSuspension, contract: Contract) -> list[Event]:
    """Once, before anything happened to it here; the same again changes nothing."""
    known = contract.taken_over
    if known is not None and (known.on, known.reason) == (command.on, command.reason):
        return []
    if known is not None:
        raise Refused("contract.suspended-otherwise", on=known.on, reason=known.reason)
    require_life(contract)
    if contract.before:
        raise Refused("contract.moved-on", on=contract.changed_on)
    on = past_day(command.on, command.at, contract)
    return [_suspended(command.contract_id, contract, on, command.reason, command.note, taken_over=True)]


def suspend_after_notice(command: SuspendAfterNotice, contract: Contract) -> list[Event]:
    """Nothing where the notice was withdrawn meanwhile; a proposal where a manager has the last word."""
    notice = contract.notice
    if notice is None or contract.status is not Status.ACTIVE:
        return []
    on = past_day(command.on, command.at, contract)
    if on < notice.suspend_on:
        raise Refused("contract.notice-running", suspend_on=notice.suspend_on)
    if notice.reason is DEFAULT and contract.terms_on(on).default.approval:
        proposal = SuspensionProposed(command.contract_id, contract.customer_id, on, notice.reason)
        return [] if contract.proposed else [proposal]
    return [_suspended(command.contract_id, contract, on, notice.reason, "")]


def approve(command: ApproveSuspension, contract: Contract) -> list[Event]:
    if contract.status is Status.SUSPENDED:
        return []
    require_life(contract)
    on = past_day(command.on, command.at, contract)
    notice = _require_notice(contract, on)
    return [_suspended(command.contract_id, contract, on, notice, command.note)]


def resume(command: ResumeContract, contract: Contract) -> list[Event]:
    if contract.status is Status.ACTIVE:
        return []
    require_life(contract)
    suspension = contract.suspension
    assert suspension is not None
    if command.reason not in (None, suspension.reason):
        return []
    on = past_day(command.on, command.at, contract)
    resumed = ContractResumed(command.contract_id, contract.customer_id, on)
    if suspension.give_back is GiveBack.EXTEND and contract.terms.ends_on is not None and on > suspension.on:
        return [resumed, _extended(command.contract_id, contract, on, (on - suspension.on).days)]
    return [resumed]


def _require_notice(contract: Contract, on: date) -> SuspensionReason:
    if contract.notice is None or contract.notice.reason is not DEFAULT:
        raise Refused("contract.notice-missing")
    if on < contract.notice.suspend_on:
        raise Refused("contract.notice-running", suspend_on=contract.notice.suspend_on)
    return DEFAULT


def _suspended(
    contract_id: str, contract: Contract, on: date, reason: SuspensionReason, note: str, *, taken_over: bool = False
) -> ContractSuspended:
    rules = contract.terms_on(on).suspension
    return ContractSuspended(
        contract_id,
        contract.customer_id,
        on,
        reason,
        note.strip(),
        rules.requests,
        rules.visits,
        rules.give_back,
        taken_over,
    )


def _extended(contract_id: str, contract: Contract, on: date, days: int) -> ContractAmended:
    """The days without services are given back at the end: an addendum that the contract itself demands."""
    last = contract.versions[-1]
    assert last.terms.ends_on is not None
    ends_on = last.terms.ends_on + timedelta(days=days)
    terms = with_end(last.terms, ends_on)
    number, reason = contract.addendum + 1, f"Suspensão de {days} dias: a vigência se estende até {ends_on:%d/%m/%Y}"
    return ContractAmended(contract_id, contract.customer_id, number, max(on, last.effective_on), terms, reason)
