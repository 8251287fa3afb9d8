"""The rules about what a contract says: draft, terms of a draft, addendum, renewal."""

from __future__ import annotations

from datetime import date, timedelta

from contracts_service.domain.contract_commands import (
    AmendContract,
    ChangeTerms,
    DraftContract,
    RenewContract,
    RenewTacitly,
)
from contracts_service.domain.contract_events import (
    ContractAmended,
    ContractDrafted,
    ContractRenewed,
    Event,
    TermsChanged,
)
from contracts_service.domain.contract_state import Contract, Status
from contracts_service.domain.days import end_after
from contracts_service.domain.terms import ContractTerms, Renewal
from contracts_service.domain.terms_changes import differences, with_end
from contracts_service.domain.terms_check import check
from services.errors import Refused


def draft(command: DraftContract, contract: Contract) -> list[Event]:
    check(command.terms, consumer=command.consumer)
    if contract.status is Status.NEW:
        return [
            ContractDrafted(
                command.contract_id, command.customer_id, command.provider_id, command.terms, command.external_ref
            )
        ]
    differing = [
        name
        for name in ("customer_id", "provider_id", "external_ref")
        if getattr(command, name) != getattr(contract, name)
    ]
    differing += list(differences(contract.versions[0].terms, command.terms, "terms"))
    if differing:
        raise Refused("contract.exists", status=contract.status, where=", ".join(differing))
    return []


def change_terms(command: ChangeTerms, contract: Contract) -> list[Event]:
    if contract.status is not Status.DRAFT:
        raise Refused("contract.not-draft", status=contract.status)
    check(command.terms, consumer=command.consumer)
    return [] if command.terms == contract.terms else [TermsChanged(command.contract_id, command.terms)]


def amend(command: AmendContract, contract: Contract) -> list[Event]:
    require_life(contract)
    check(command.terms, consumer=command.consumer)
    last = contract.versions[-1]
    if command.terms == last.terms and command.effective_on >= last.effective_on:
        return []
    for fixed in ("starts_on", "time_zone"):
        if getattr(command.terms, fixed) != getattr(contract.terms, fixed):
            raise Refused("contract.term-fixed", where=f"terms.{fixed}")
    require_billed_through(command.terms, contract.terms)
    if not command.reason.strip():
        raise Refused("contract.reason-missing")
    require_effective(command.effective_on, contract, command.terms)
    return [
        ContractAmended(
            command.contract_id,
            contract.customer_id,
            contract.addendum + 1,
            command.effective_on,
            command.terms,
            command.reason.strip(),
        )
    ]


def renew(command: RenewContract, contract: Contract) -> list[Event]:
    require_life(contract)
    terms = contract.terms
    if terms.ends_on is None:
        raise Refused("contract.without-end")
    ends_on = command.ends_on
    if contract.leave is not None:
        raise Refused("contract.leaving", last_day=contract.leave.last_day)
    if terms.ends_on != command.ended_on:
        if command.ended_on < terms.ends_on and ends_on in (None, terms.ends_on):
            return []  # renewed already
        raise Refused("contract.other-term", ends_on=terms.ends_on)
    if ends_on is not None and ends_on < terms.ends_on:
        raise Refused("contract.renewal-shortens", ends_on=terms.ends_on)
    if ends_on == terms.ends_on:
        return []
    return [_renewed(command.contract_id, contract, ends_on or next_end(terms))]


def renew_tacitly(command: RenewTacitly, contract: Contract) -> list[Event]:
    """Nothing where the term that would go on has changed meanwhile, or does not go on by itself."""
    goes_on = contract.status is Status.ACTIVE and contract.terms.renewal is Renewal.TACIT
    if not goes_on or contract.terms.ends_on != command.ended_on:
        return []
    if contract.leave is not None or contract.declined == command.ended_on:
        return []
    return [_renewed(command.contract_id, contract, next_end(contract.terms))]


def next_end(terms: ContractTerms) -> date:
    """The last day of the term after the present one."""
    assert terms.ends_on is not None
    return end_after(terms.starts_on, terms.ends_on, terms.renewal_months)


def renewal_day(terms: ContractTerms) -> date | None:
    """The first day on which a tacit renewal can no longer be stopped by notice."""
    return terms.ends_on - timedelta(days=terms.notice_days) if terms.ends_on else None


def require_life(contract: Contract) -> None:
    if not contract.in_life:
        raise Refused("contract.not-active", status=contract.status)


def _renewed(contract_id: str, contract: Contract, ends_on: date) -> ContractRenewed:
    last = contract.versions[-1]
    return ContractRenewed(contract_id, contract.customer_id, ends_on, last.effective_on, with_end(last.terms, ends_on))


def require_billed_through(terms: ContractTerms, before: ContractTerms) -> None:
    """What another system billed is a fact: no addendum changes it, neither for the contract nor for a line."""
    if terms.billing.billed_through != before.billing.billed_through:
        raise Refused("contract.term-fixed", where="terms.billing.billed_through")
    known = {line.line_id: line.billed_through for line in before.lines}
    for at, line in enumerate(terms.lines):
        if line.billed_through != known.get(line.line_id):
            raise Refused("contract.term-fixed", where=f"terms.lines.{at}.billed_through")


def require_effective(day: date, contract: Contract, terms: ContractTerms) -> None:
    last = contract.versions[-1].effective_on
    if day < last:
        raise Refused("contract.effective-before-last", last=last)
    if terms.ends_on is not None and day > terms.ends_on:
        raise Refused("contract.day-after-end", ends_on=terms.ends_on)
