"""Contract: from draft to its end. Who asks twice changes nothing; who asks too late or too early hears why."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from contracts_service.domain import contract_terms as terms_rules
from contracts_service.domain.contract_commands import (
    COMMANDS,
    ActivateContract,
    AdjustPrice,
    AmendContract,
    ChangeTerms,
    Command,
    DraftContract,
    ExpireContract,
    NotifySuspension,
    RenewContract,
    RenewTacitly,
    ResumeContract,
    SuspendContract,
    SuspensionReason,
    TerminateContract,
    WithdrawSuspension,
)
from contracts_service.domain.contract_events import (
    EVENTS,
    ContractActivated,
    ContractExpired,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    Event,
    SuspensionNotified,
    SuspensionWithdrawn,
)
from contracts_service.domain.contract_state import Contract, Status, evolve
from contracts_service.domain.contract_terms import require_life
from contracts_service.domain.days import local_day
from services.decider import Decider
from services.errors import NotFound, Refused

__all__ = ["COMMANDS", "DECIDER", "EVENTS"]


def decide(command: Command, contract: Contract) -> list[Event]:
    if contract.status is Status.NEW and not isinstance(command, DraftContract):
        raise NotFound("contract.unknown", contract_id=command.contract_id)
    match command:
        case DraftContract():
            return terms_rules.draft(command, contract)
        case ChangeTerms():
            return terms_rules.change_terms(command, contract)
        case ActivateContract():
            return _activate(command, contract)
        case AmendContract():
            return terms_rules.amend(command, contract)
        case AdjustPrice():
            return terms_rules.adjust_price(command, contract)
        case RenewContract():
            return terms_rules.renew(command, contract)
        case RenewTacitly():
            return terms_rules.renew_tacitly(command, contract)
        case NotifySuspension():
            return _notify(command, contract)
        case WithdrawSuspension():
            return _withdraw(command, contract)
        case SuspendContract():
            return _suspend(command, contract)
        case ResumeContract():
            return _resume(command, contract)
        case TerminateContract():
            return _terminate(command, contract)
        case ExpireContract():
            return _expire(command, contract)


def _activate(command: ActivateContract, contract: Contract) -> list[Event]:
    if contract.in_life:
        return []
    if contract.status is not Status.DRAFT:
        raise Refused("contract.not-draft", status=contract.status)
    terms = contract.terms
    if not terms.lines and not terms.services:
        raise Refused("contract.empty")
    if not command.number:
        raise Refused("contract.number-missing")
    on = _past_day(command.on, command.at, contract)
    if terms.ends_on is not None and terms.ends_on < on:
        raise Refused("contract.day-after-end", ends_on=terms.ends_on)
    return [
        ContractActivated(command.contract_id, contract.customer_id, contract.provider_id, command.number, on, terms)
    ]


def _notify(command: NotifySuspension, contract: Contract) -> list[Event]:
    if contract.notice is not None and contract.notice.reason is command.reason:
        return []  # one notice at a time: a second would only put the day off
    if contract.suspension is not None and contract.suspension.reason is command.reason:
        return []
    if contract.status is not Status.ACTIVE:
        raise Refused("contract.not-active", status=contract.status)
    if contract.notice is not None:
        raise Refused("contract.already-notified", suspend_on=contract.notice.suspend_on)
    on = _past_day(command.on, command.at, contract)
    rules = contract.terms_on(on).default
    if command.reason is SuspensionReason.DEFAULT and not rules.suspend:
        raise Refused("contract.suspension-not-agreed")
    earliest = on + timedelta(days=rules.notice_days)
    suspend_on = command.suspend_on or earliest
    if suspend_on < earliest:
        raise Refused("contract.notice-too-short", earliest=earliest, notice_days=rules.notice_days)
    return [SuspensionNotified(command.contract_id, contract.customer_id, on, suspend_on, command.reason)]


def _withdraw(command: WithdrawSuspension, contract: Contract) -> list[Event]:
    notice = contract.notice
    if notice is None or command.reason not in (None, notice.reason):
        return []
    on = command.on or max(local_day(command.at, contract.terms.time_zone), notice.on)
    return [SuspensionWithdrawn(command.contract_id, contract.customer_id, on)]


def _suspend(command: SuspendContract, contract: Contract) -> list[Event]:
    if contract.status is Status.SUSPENDED:
        return []
    require_life(contract)
    on = _past_day(command.on, command.at, contract)
    if command.reason is SuspensionReason.DEFAULT:
        if contract.notice is None or contract.notice.reason is not SuspensionReason.DEFAULT:
            raise Refused("contract.notice-missing")
        if on < contract.notice.suspend_on:
            raise Refused("contract.notice-running", suspend_on=contract.notice.suspend_on)
    return [ContractSuspended(command.contract_id, contract.customer_id, on, command.reason, command.note.strip())]


def _resume(command: ResumeContract, contract: Contract) -> list[Event]:
    if contract.status is Status.ACTIVE:
        return []
    require_life(contract)
    assert contract.suspension is not None
    if command.reason not in (None, contract.suspension.reason):
        return []
    on = _past_day(command.on, command.at, contract)
    return [ContractResumed(command.contract_id, contract.customer_id, on)]


def _terminate(command: TerminateContract, contract: Contract) -> list[Event]:
    if contract.status is Status.TERMINATED:
        return []
    require_life(contract)
    if not command.reason.strip():
        raise Refused("contract.reason-missing")
    on = _past_day(command.on, command.at, contract)
    ends_on = contract.terms.ends_on
    if ends_on is not None and on > ends_on:
        raise Refused("contract.day-after-end", ends_on=ends_on)
    return [ContractTerminated(command.contract_id, contract.customer_id, on, command.reason.strip())]


def _expire(command: ExpireContract, contract: Contract) -> list[Event]:
    if contract.status in (Status.EXPIRED, Status.TERMINATED):
        return []
    require_life(contract)
    ends_on = contract.terms.ends_on
    if ends_on is None or local_day(command.at, contract.terms.time_zone) <= ends_on:
        raise Refused("contract.still-in-force", ends_on=ends_on)
    return [ContractExpired(command.contract_id, contract.customer_id, ends_on)]


def _past_day(on: date | None, at: datetime, contract: Contract) -> date:
    """The day of what happens: a named one not in the future, none before what has happened already."""
    today = local_day(at, contract.terms.time_zone)
    last = contract.changed_on or date.min
    if on is None:
        return max(today, last)
    if on > today:
        raise Refused("contract.day-in-future", on=on, today=today)
    if on < last:
        raise Refused("contract.day-before-last", on=on, last=last)
    return on


DECIDER: Decider[Command, Contract, Event] = Decider(Contract(), decide, evolve)
