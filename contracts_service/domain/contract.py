"""Contract: from draft to its end. Who asks twice changes nothing; who asks too late or too early hears why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from contracts_service.domain import adjusting, ending, paper_messages, papers, renewing, suspending, undoing
from contracts_service.domain import contract_terms as terms_rules
from contracts_service.domain.contract_commands import COMMANDS as LIFE_COMMANDS
from contracts_service.domain.contract_commands import (
    ActivateContract,
    AdjustByIndex,
    AdjustPrice,
    AmendContract,
    ApproveRenewal,
    ApproveSuspension,
    ChangeTerms,
    Command,
    DeclineRenewal,
    DraftContract,
    EndByNotice,
    ExpireContract,
    GiveNotice,
    NotifySuspension,
    OfferRenewal,
    RenewContract,
    RenewTacitly,
    ResumeContract,
    SuspendAfterNotice,
    SuspendContract,
    TakeOverSuspension,
    TerminateContract,
    UndoChange,
    WithdrawNotice,
    WithdrawSuspension,
)
from contracts_service.domain.contract_events import EVENTS as LIFE_EVENTS
from contracts_service.domain.contract_events import ContractActivated, Event
from contracts_service.domain.contract_state import Contract, Status
from contracts_service.domain.contract_state import evolve as evolve_life
from contracts_service.domain.copying import CopyContract, DraftFromTemplate
from contracts_service.domain.dating import past_day
from services.decider import Decider
from services.errors import NotFound, Refused

__all__ = ["COMMANDS", "DECIDER", "EVENTS"]


def decide(command: Command | paper_messages.Command, contract: Contract) -> Sequence[Event | paper_messages.Event]:
    if contract.status is Status.NEW and not isinstance(command, DraftContract):
        raise NotFound("contract.unknown", contract_id=command.contract_id)
    if isinstance(command, paper_messages.Command):
        return papers.decide(command, contract)
    return _decide(command, contract)


def _decide(command: Command, contract: Contract) -> list[Event]:
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
            return adjusting.adjust_price(command, contract)
        case AdjustByIndex():
            return adjusting.adjust_by_index(command, contract)
        case RenewContract():
            return terms_rules.renew(command, contract)
        case ApproveRenewal():
            return renewing.approve(command, contract)
        case RenewTacitly():
            return terms_rules.renew_tacitly(command, contract)
        case OfferRenewal():
            return renewing.offer(command, contract)
        case DeclineRenewal():
            return renewing.decline(command, contract)
        case NotifySuspension():
            return suspending.notify(command, contract)
        case WithdrawSuspension():
            return suspending.withdraw(command, contract)
        case SuspendContract():
            return suspending.suspend(command, contract)
        case TakeOverSuspension():
            return suspending.take_over(command, contract)
        case SuspendAfterNotice():
            return suspending.suspend_after_notice(command, contract)
        case ApproveSuspension():
            return suspending.approve(command, contract)
        case ResumeContract():
            return suspending.resume(command, contract)
        case GiveNotice():
            return ending.give_notice(command, contract)
        case WithdrawNotice():
            return ending.withdraw_notice(command, contract)
        case EndByNotice():
            return ending.end_by_notice(command, contract)
        case TerminateContract():
            return ending.terminate(command, contract)
        case ExpireContract():
            return ending.expire(command, contract)
        case UndoChange():
            return undoing.undo(command, contract)


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
    on = past_day(command.on, command.at, contract)
    if terms.ends_on is not None and terms.ends_on < on:
        raise Refused("contract.day-after-end", ends_on=terms.ends_on)
    return [
        ContractActivated(command.contract_id, contract.customer_id, contract.provider_id, command.number, on, terms)
    ]


def evolve(contract: Contract, event: Event | paper_messages.Event) -> Contract:
    if isinstance(event, paper_messages.Event):
        return papers.evolve(contract, event)
    return evolve_life(contract, event)


COMMANDS = (*LIFE_COMMANDS, *get_args(paper_messages.Command), CopyContract, DraftFromTemplate)
EVENTS = (*LIFE_EVENTS, *paper_messages.EVENTS)
DECIDER: Decider[Any, Contract, Any] = Decider(Contract(), decide, evolve)
