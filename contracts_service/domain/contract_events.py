"""What may have happened to a contract. Events that change terms carry the whole terms from their day on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_service.domain.contract_commands import SuspensionReason
from contracts_service.domain.terms import ContractTerms
from services.decider import doc, event


@event("contracts.contract.drafted")
class ContractDrafted:
    contract_id: str
    customer_id: str
    provider_id: str
    terms: ContractTerms
    external_ref: str | None


@event("contracts.contract.terms_changed")
class TermsChanged:
    contract_id: str
    terms: ContractTerms


@event("contracts.contract.activated")
class ContractActivated:
    contract_id: str
    customer_id: str
    provider_id: str
    number: str
    on: date = doc("day of the signature; the terms are in force from their own starts_on")
    terms: ContractTerms


@event("contracts.contract.amended")
class ContractAmended:
    contract_id: str
    customer_id: str
    addendum: int
    effective_on: date
    terms: ContractTerms
    reason: str


@event("contracts.contract.price_adjusted")
class PriceAdjusted:
    contract_id: str
    customer_id: str
    addendum: int
    effective_on: date
    percent: Decimal
    terms: ContractTerms


@event("contracts.contract.renewed")
class ContractRenewed:
    contract_id: str
    customer_id: str
    ends_on: date = doc("last day of the new term")
    effective_on: date = doc("the day of the version that is prolonged; its terms hold from it, with the new end")
    terms: ContractTerms


@event("contracts.contract.suspension_notified")
class SuspensionNotified:
    contract_id: str
    customer_id: str
    on: date
    suspend_on: date
    reason: SuspensionReason


@event("contracts.contract.suspension_withdrawn")
class SuspensionWithdrawn:
    contract_id: str
    customer_id: str
    on: date


@event("contracts.contract.suspended")
class ContractSuspended:
    contract_id: str
    customer_id: str
    on: date = doc("first day without services and charges")
    reason: SuspensionReason
    note: str


@event("contracts.contract.resumed")
class ContractResumed:
    contract_id: str
    customer_id: str
    on: date = doc("first day with services and charges again")


@event("contracts.contract.terminated")
class ContractTerminated:
    contract_id: str
    customer_id: str
    on: date = doc("last day in force")
    reason: str


@event("contracts.contract.expired")
class ContractExpired:
    contract_id: str
    customer_id: str
    on: date = doc("last day in force")


Event = (
    ContractDrafted
    | TermsChanged
    | ContractActivated
    | ContractAmended
    | PriceAdjusted
    | ContractRenewed
    | SuspensionNotified
    | SuspensionWithdrawn
    | ContractSuspended
    | ContractResumed
    | ContractTerminated
    | ContractExpired
)
EVENTS = (
    ContractDrafted,
    TermsChanged,
    ContractActivated,
    ContractAmended,
    PriceAdjusted,
    ContractRenewed,
    SuspensionNotified,
    SuspensionWithdrawn,
    ContractSuspended,
    ContractResumed,
    ContractTerminated,
    ContractExpired,
)
