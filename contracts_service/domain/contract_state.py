"""A contract as its events made it: the versions of its terms, and where it stands in its life."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from contracts_service.domain.contract_commands import SuspensionReason
from contracts_service.domain.contract_events import (
    ContractActivated,
    ContractAmended,
    ContractDrafted,
    ContractExpired,
    ContractRenewed,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    Event,
    PriceAdjusted,
    SuspensionNotified,
    SuspensionWithdrawn,
    TermsChanged,
)
from contracts_service.domain.terms import ContractTerms
from contracts_service.domain.terms_changes import prices_revised


class Status(StrEnum):
    NEW = "new"
    DRAFT = "draft"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Version:
    """The terms from a day on, until the next version's."""

    effective_on: date
    terms: ContractTerms


@dataclass(frozen=True, slots=True)
class Notice:
    on: date
    suspend_on: date
    reason: SuspensionReason


@dataclass(frozen=True, slots=True)
class Suspension:
    on: date
    reason: SuspensionReason


@dataclass(frozen=True, slots=True)
class Contract:
    status: Status = Status.NEW
    customer_id: str = ""
    provider_id: str = ""
    external_ref: str | None = None
    number: str | None = None
    activated_on: date | None = None
    versions: tuple[Version, ...] = ()
    addendum: int = 0
    price_base_on: date | None = None
    """The day of the last price: of the beginning, of an adjustment or of a revision."""
    adjusted: tuple[date, Decimal] | None = None
    notice: Notice | None = None
    suspension: Suspension | None = None
    resumed_on: date | None = None
    ended_on: date | None = None

    @property
    def terms(self) -> ContractTerms:
        """The last agreed terms, be they in force already or not."""
        return self.versions[-1].terms

    @property
    def in_life(self) -> bool:
        return self.status in (Status.ACTIVE, Status.SUSPENDED)

    def terms_on(self, day: date) -> ContractTerms:
        """The terms in force on a day; before the first version, the first."""
        in_force = [version for version in self.versions if version.effective_on <= day]
        return (in_force or [self.versions[0]])[-1].terms

    @property
    def changed_on(self) -> date | None:
        """The day of the last change of state: nothing can be dated before it."""
        days = [day for day in (self.activated_on, self.resumed_on) if day]
        return max([*days, *([self.suspension.on] if self.suspension else [])], default=None)


def evolve(contract: Contract, event: Event) -> Contract:
    match event:
        case ContractDrafted(customer_id=customer, provider_id=provider, terms=terms, external_ref=ref):
            first = (Version(terms.starts_on, terms),)
            return Contract(Status.DRAFT, customer, provider, external_ref=ref, versions=first)
        case TermsChanged(terms=terms):
            return replace(contract, versions=(Version(terms.starts_on, terms),))
        case ContractActivated(number=number, on=on, terms=terms):
            return replace(
                contract,
                status=Status.ACTIVE,
                number=number,
                activated_on=on,
                versions=(Version(terms.starts_on, terms),),
                price_base_on=terms.starts_on,
            )
        case ContractAmended(addendum=addendum, effective_on=day, terms=terms):
            base = day if prices_revised(contract.terms, terms) else contract.price_base_on
            return replace(_with_version(contract, day, terms), addendum=addendum, price_base_on=base)
        case PriceAdjusted(addendum=addendum, effective_on=day, percent=percent, terms=terms):
            changed = _with_version(contract, day, terms)
            return replace(changed, addendum=addendum, price_base_on=day, adjusted=(day, percent))
        case ContractRenewed(effective_on=day, terms=terms):
            return _with_version(contract, day, terms)
        case SuspensionNotified(on=on, suspend_on=suspend_on, reason=reason):
            return replace(contract, notice=Notice(on, suspend_on, reason))
        case SuspensionWithdrawn():
            return replace(contract, notice=None)
        case ContractSuspended(on=on, reason=reason):
            return replace(contract, status=Status.SUSPENDED, notice=None, suspension=Suspension(on, reason))
        case ContractResumed(on=on):
            return replace(contract, status=Status.ACTIVE, suspension=None, resumed_on=on)
        case ContractTerminated(on=on):
            return replace(contract, status=Status.TERMINATED, notice=None, ended_on=on)
        case ContractExpired(on=on):
            return replace(contract, status=Status.EXPIRED, notice=None, ended_on=on)


def _with_version(contract: Contract, effective_on: date, terms: ContractTerms) -> Contract:
    return replace(contract, versions=(*contract.versions, Version(effective_on, terms)))
