"""What may have happened to a contract. Events that change terms carry the whole terms from their day on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

from contracts_service.domain.contract_commands import Party, Right, SuspensionReason
from contracts_service.domain.price_index import IndexValue
from contracts_service.domain.terms import ContractTerms, GiveBack, Index, OpenRequests, PlannedVisits
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
    index: Index | None = doc("none: by agreement", default=None)
    published: tuple[IndexValue, ...] = doc("the twelve months' values, of which percent is made", default=())


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
    requests: OpenRequests = doc("what happens to open requests", default=OpenRequests.PAUSE)
    visits: PlannedVisits = doc("what happens to planned visits", default=PlannedVisits.CANCEL)
    give_back: GiveBack = doc("what the customer gets for the days without services", default=GiveBack.PRORATE)
    taken_over: bool = doc("another system suspended it: the customer was told there", default=False)


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
    by: Party = Party.BOTH
    right: Right = Right.AGREEMENT
    fine: Decimal = doc("what the side that leaves owes for leaving early", default=Decimal("0.00"))
    fine_base: Decimal = doc(
        "the charges of the rest of the term, of which the fine is a part", default=Decimal("0.00")
    )
    fine_percent: Decimal = Decimal("0")
    refund_all: bool = doc("everything that was paid is given back (regret)", default=False)


@event("contracts.contract.expired")
class ContractExpired:
    contract_id: str
    customer_id: str
    on: date = doc("last day in force")


@event("contracts.contract.notice_given")
class NoticeGiven:
    contract_id: str
    customer_id: str
    on: date
    by: Party
    last_day: date = doc("last day in force; the end of the term, or an earlier day")
    reason: str


@event("contracts.contract.notice_withdrawn")
class NoticeWithdrawn:
    contract_id: str
    customer_id: str
    on: date


@event("contracts.contract.renewal_offered")
class RenewalOffered:
    contract_id: str
    customer_id: str
    on: date
    ends_on: date = doc("last day of the present term")
    next_ends_on: date = doc("last day of the term that is offered")
    answer_by: date = doc("last day on which notice could be given")


@event("contracts.contract.renewal_declined")
class RenewalDeclined:
    contract_id: str
    customer_id: str
    on: date
    ends_on: date = doc("last day of the present term, and of the contract")
    by: Party
    reason: str


@event("contracts.contract.suspension_proposed")
class SuspensionProposed:
    contract_id: str
    customer_id: str
    on: date = doc("the notice has run; a manager decides")
    reason: SuspensionReason


@event("contracts.contract.suspension_undone")
class SuspensionUndone:
    contract_id: str
    customer_id: str
    on: date = doc("first day of the suspension that was a mistake; services and charges go on from it")
    reason: str


@event("contracts.contract.resumption_undone")
class ResumptionUndone:
    contract_id: str
    customer_id: str
    on: date = doc("day of the resumption that was a mistake; without services and charges from it")
    reason: str


@event("contracts.contract.termination_undone")
class TerminationUndone:
    contract_id: str
    customer_id: str
    on: date = doc("last day in force of the termination that was a mistake; in force again from the day after")
    status: str = doc("active, or suspended if it was when it was terminated")
    reason: str


@event("contracts.contract.expiry_undone")
class ExpiryUndone:
    contract_id: str
    customer_id: str
    on: date = doc("last day in force of the expiry that was a mistake; in force again from the day after")
    status: str
    reason: str


@event("contracts.contract.renewal_undone")
class RenewalUndone:
    contract_id: str
    customer_id: str
    ends_on: date = doc("last day of the term that was renewed by mistake, and of the contract")
    effective_on: date = doc("the day of the version that holds again, with its end")
    terms: ContractTerms
    reason: str


@event("contracts.contract.addendum_undone")
class AddendumUndone:
    """An addendum or a price adjustment was a mistake. Its number is not given again."""

    contract_id: str
    customer_id: str
    addendum: int
    change: str = doc("amendment or adjustment")
    effective_on: date = doc("the day from which it held: the terms before it hold again from then on")
    terms: ContractTerms = doc("the terms that hold again")
    price_base_on: date = doc("the day of the last price that is left")
    adjusted_on: date | None
    adjusted_percent: Decimal | None
    reason: str


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
    | NoticeGiven
    | NoticeWithdrawn
    | RenewalOffered
    | RenewalDeclined
    | SuspensionProposed
    | SuspensionUndone
    | ResumptionUndone
    | TerminationUndone
    | ExpiryUndone
    | RenewalUndone
    | AddendumUndone
)
EVENTS: tuple[type, ...] = get_args(Event)
