"""How a contract ends: notice and its days, termination by a right and what it costs, expiry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from contracts_service.domain.contract_commands import (
    EndByNotice,
    ExpireContract,
    GiveNotice,
    Party,
    Right,
    TerminateContract,
    WithdrawNotice,
)
from contracts_service.domain.contract_events import (
    ContractExpired,
    ContractTerminated,
    Event,
    NoticeGiven,
    NoticeWithdrawn,
)
from contracts_service.domain.contract_state import Contract, Status
from contracts_service.domain.contract_terms import require_life
from contracts_service.domain.dating import past_day, today
from contracts_service.domain.days import months_after
from contracts_service.domain.terms import ContractTerms
from contracts_service.domain.worth import half_up, monthly_amount, months_between
from services.errors import Refused

REGRET_DAYS = 7
"""Código de Defesa do Consumidor, art. 49."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fine:
    """What leaving early costs: a percentage of the charges of the rest of the term."""

    amount: Decimal = Decimal("0.00")
    base: Decimal = Decimal("0.00")
    percent: Decimal = Decimal("0")


def give_notice(command: GiveNotice, contract: Contract) -> list[Event]:
    require_life(contract)
    on = past_day(command.on, command.at, contract)
    earliest = earliest_last_day(contract.terms_on(on), on)
    ends_on = contract.terms.ends_on
    last_day = command.last_day or (ends_on if ends_on is not None and ends_on >= earliest else earliest)
    leave = contract.leave
    if leave is not None:
        if leave.by is command.by and command.last_day in (None, leave.last_day):
            return []
        raise Refused("contract.leaving", last_day=leave.last_day)
    if last_day < earliest and last_day != ends_on:
        raise Refused("contract.leaves-too-soon", earliest=earliest, notice_days=contract.terms.notice_days)
    if ends_on is not None and last_day > ends_on:
        raise Refused("contract.day-after-end", ends_on=ends_on)
    return [
        NoticeGiven(command.contract_id, contract.customer_id, on, command.by, last_day, command.reason.strip()),
    ]


def withdraw_notice(command: WithdrawNotice, contract: Contract) -> list[Event]:
    if contract.leave is None:
        return []
    on = command.on or max(today(command.at, contract), contract.leave.on)
    return [NoticeWithdrawn(command.contract_id, contract.customer_id, on)]


def end_by_notice(command: EndByNotice, contract: Contract) -> list[Event]:
    """Nothing where the notice was withdrawn, or the contract has ended otherwise."""
    leave = contract.leave
    if leave is None or not contract.in_life:
        return []
    if today(command.at, contract) <= leave.last_day:
        raise Refused("contract.still-in-force", ends_on=leave.last_day)
    if leave.last_day == contract.terms.ends_on:
        return [ContractExpired(command.contract_id, contract.customer_id, leave.last_day)]
    fine = early_fine(contract.terms_on(leave.last_day), contract.terms.ends_on, leave.last_day)
    return [
        ContractTerminated(
            command.contract_id,
            contract.customer_id,
            leave.last_day,
            leave.reason or Right.NOTICE,
            leave.by,
            Right.NOTICE,
            fine.amount,
            fine.base,
            fine.percent,
        )
    ]


def terminate(command: TerminateContract, contract: Contract) -> list[Event]:
    if contract.status is Status.TERMINATED:
        return []
    require_life(contract)
    if not command.reason.strip():
        raise Refused("contract.reason-missing")
    on = past_day(command.on, command.at, contract)
    ends_on = contract.terms.ends_on
    if ends_on is not None and on > ends_on:
        raise Refused("contract.day-after-end", ends_on=ends_on)
    _require_right(command, contract, on)
    fine = Fine()
    if command.right is Right.NOTICE and not command.without_fine:
        fine = early_fine(contract.terms_on(on), ends_on, on)
    return [
        ContractTerminated(
            command.contract_id,
            contract.customer_id,
            on,
            command.reason.strip(),
            command.by,
            command.right,
            fine.amount,
            fine.base,
            fine.percent,
            refund_all=command.right is Right.REGRET,
        )
    ]


def expire(command: ExpireContract, contract: Contract) -> list[Event]:
    if contract.status in (Status.EXPIRED, Status.TERMINATED):
        return []
    require_life(contract)
    ends_on = contract.terms.ends_on
    if ends_on is None or today(command.at, contract) <= ends_on:
        raise Refused("contract.still-in-force", ends_on=ends_on)
    return [ContractExpired(command.contract_id, contract.customer_id, ends_on)]


def earliest_last_day(terms: ContractTerms, on: date) -> date:
    """The last day in force of who gives notice on ``on``: the days that the contract demands, counted from the next."""
    return on + timedelta(days=terms.notice_days)


def early_fine(terms: ContractTerms, ends_on: date | None, last_day: date) -> Fine:
    """What it costs to leave after ``last_day``: for the rest of the term, or of the minimum that was agreed.

    Recurring charges per month × months from the day after (a rest of days as thirtieths) × the fine's percentage.
    """
    rules = terms.leaving
    until = ends_on
    if rules.minimum_months is not None:
        until = months_after(terms.starts_on, rules.minimum_months) - ONE_DAY
    if rules.fine_percent == 0 or until is None or last_day >= until:
        return Fine()
    base = monthly_amount(terms, last_day) * months_between(last_day + ONE_DAY, until)
    return Fine(half_up(base * rules.fine_percent / 100), half_up(base), rules.fine_percent)


def _require_right(command: TerminateContract, contract: Contract, on: date) -> None:
    match command.right:
        case Right.NOTICE:
            if contract.leave is None:
                raise Refused("contract.unannounced", notice_days=contract.terms.notice_days)
            if on < contract.leave.last_day:
                earliest = contract.leave.last_day
                raise Refused("contract.leaves-too-soon", earliest=earliest, notice_days=contract.terms.notice_days)
        case Right.BREACH:
            if command.by is Party.BOTH:
                raise Refused("contract.party-missing")
        case Right.REGRET:
            if not command.consumer:
                raise Refused("contract.regret-of-consumers")
            assert contract.activated_on is not None
            until = contract.activated_on + timedelta(days=REGRET_DAYS)
            if on > until:
                raise Refused("contract.regret-over", until=until, days=REGRET_DAYS)
        case Right.AGREEMENT:
            pass
