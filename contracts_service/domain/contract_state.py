"""A contract as its events made it: the versions of its terms, and where it stands in its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from contracts_service.domain.contract_commands import Change, Party, SuspensionReason
from contracts_service.domain.contract_events import (
    AddendumUndone,
    ContractActivated,
    ContractAmended,
    ContractDrafted,
    ContractExpired,
    ContractRenewed,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    Event,
    ExpiryUndone,
    NoticeGiven,
    NoticeWithdrawn,
    PriceAdjusted,
    RenewalDeclined,
    RenewalOffered,
    RenewalUndone,
    ResumptionUndone,
    SuspensionNotified,
    SuspensionProposed,
    SuspensionUndone,
    SuspensionWithdrawn,
    TerminationUndone,
    TermsChanged,
)
from contracts_service.domain.terms import ContractTerms, GiveBack
from contracts_service.domain.terms_changes import prices, prices_revised


class Status(StrEnum):
    NEW = "new"
    DRAFT = "draft"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Addendum:
    """Which it is, and the prices' clock as it stood before it."""

    number: int
    change: Change
    price_base_on: date | None
    adjusted: tuple[date, Decimal] | None


@dataclass(frozen=True, slots=True)
class Version:
    """The terms from a day on, until the next version's."""

    effective_on: date
    terms: ContractTerms
    renewed: date | None = None
    """Made by a renewal: the end of the term that was renewed."""
    addendum: Addendum | None = None
    """Made by an addendum or an adjustment: what it changed besides."""


@dataclass(frozen=True, slots=True)
class Notice:
    on: date
    suspend_on: date
    reason: SuspensionReason


@dataclass(frozen=True, slots=True)
class Suspension:
    on: date
    reason: SuspensionReason
    give_back: GiveBack = GiveBack.PRORATE


@dataclass(frozen=True, slots=True)
class Leave:
    """A notice that the contract ends after ``last_day``."""

    on: date
    by: Party
    last_day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Before:
    """Where the contract stood before a change that may have to be undone."""

    change: Change
    status: Status
    suspension: Suspension | None
    resumed_on: date | None


@dataclass(frozen=True, slots=True)
class Papers:
    """Documents by id with their hash (None: removed); acceptances by id: who, up to which addendum, which text."""

    tags: tuple[str, ...] = ()
    documents: Mapping[str, str | None] = field(default_factory=dict)
    acceptances: Mapping[str, tuple[str, int, str | None]] = field(default_factory=dict)


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
    taken_over: Suspension | None = None
    """With which it came from another system; stays on record."""
    resumed_on: date | None = None
    ended_on: date | None = None
    leave: Leave | None = None
    offered: date | None = None
    """The end of the term for which a renewal was offered."""
    declined: date | None = None
    """The end of the term after which there will be no other."""
    proposed: bool = False
    """A suspension waits for a manager."""
    before: tuple[Before, ...] = ()
    papers: Papers = field(default_factory=Papers)

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
                price_base_on=terms.adjustment.last_on or terms.starts_on,
            )
        case ContractAmended(addendum=addendum, effective_on=day, terms=terms):
            base = day if prices_revised(prices(contract.terms), prices(terms)) else contract.price_base_on
            changed = _with_addendum(contract, day, terms, addendum, Change.AMENDMENT)
            return replace(changed, addendum=addendum, price_base_on=base)
        case PriceAdjusted(addendum=addendum, effective_on=day, percent=percent, terms=terms):
            changed = _with_addendum(contract, day, terms, addendum, Change.ADJUSTMENT)
            return replace(changed, addendum=addendum, price_base_on=day, adjusted=(day, percent))
        case ContractRenewed(effective_on=day, terms=terms):
            version = Version(day, terms, renewed=contract.terms.ends_on)
            return replace(contract, versions=(*contract.versions, version))
        case SuspensionNotified(on=on, suspend_on=suspend_on, reason=reason):
            return replace(contract, notice=Notice(on, suspend_on, reason))
        case SuspensionWithdrawn():
            return replace(contract, notice=None, proposed=False)
        case SuspensionProposed():
            return replace(contract, proposed=True)
        case ContractSuspended(on=on, reason=reason, give_back=give_back, taken_over=taken_over):
            changed = _changed(contract, Change.SUSPENSION, Status.SUSPENDED)
            suspension = Suspension(on, reason, give_back)
            return replace(changed, suspension=suspension, taken_over=suspension if taken_over else contract.taken_over)
        case ContractResumed(on=on):
            changed = _changed(contract, Change.RESUMPTION, Status.ACTIVE)
            return replace(changed, suspension=None, resumed_on=on)
        case ContractTerminated(on=on):
            return replace(_changed(contract, Change.TERMINATION, Status.TERMINATED), ended_on=on, leave=None)
        case ContractExpired(on=on):
            return replace(_changed(contract, Change.EXPIRY, Status.EXPIRED), ended_on=on, leave=None)
        case NoticeGiven(on=on, by=by, last_day=last_day, reason=why):
            return replace(contract, leave=Leave(on, by, last_day, why))
        case NoticeWithdrawn():
            return replace(contract, leave=None)
        case RenewalOffered(ends_on=ends_on):
            return replace(contract, offered=ends_on)
        case RenewalDeclined(ends_on=ends_on):
            return replace(contract, declined=ends_on)
        case RenewalUndone(ends_on=ends_on):
            return replace(contract, versions=contract.versions[:-1], declined=ends_on)
        case AddendumUndone(price_base_on=base, adjusted_on=adjusted_on, adjusted_percent=percent):
            adjusted = (adjusted_on, percent) if adjusted_on is not None and percent is not None else None
            return replace(contract, versions=contract.versions[:-1], price_base_on=base, adjusted=adjusted)
        case SuspensionUndone() | ResumptionUndone() | TerminationUndone() | ExpiryUndone():
            return _back(contract)


def _changed(contract: Contract, change: Change, status: Status) -> Contract:
    was = Before(change, contract.status, contract.suspension, contract.resumed_on)
    return replace(contract, status=status, notice=None, proposed=False, before=(*contract.before, was))


def _back(contract: Contract) -> Contract:
    """As before the last change of state; what the terms say meanwhile stays."""
    was = contract.before[-1]
    return replace(
        contract,
        status=was.status,
        suspension=was.suspension,
        resumed_on=was.resumed_on,
        ended_on=None,
        before=contract.before[:-1],
    )


def _with_addendum(contract: Contract, day: date, terms: ContractTerms, number: int, change: Change) -> Contract:
    made_by = Addendum(number, change, contract.price_base_on, contract.adjusted)
    return replace(contract, versions=(*contract.versions, Version(day, terms, addendum=made_by)))
