"""What may be asked of a contract. ``at`` is the instant of the command (UTC), filled in where it is left out.

Days (``on``) are local to the contract's time zone; left out, they are the local day of ``at``.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import get_args

from contracts_service.domain.price_index import IndexValue
from contracts_service.domain.terms import ContractTerms, Index
from services.decider import command, doc


class SuspensionReason(StrEnum):
    DEFAULT = "default"  # of payment
    AGREEMENT = "agreement"
    OTHER = "other"


class Party(StrEnum):
    CUSTOMER = "customer"
    PROVIDER = "provider"
    BOTH = "both"


class Right(StrEnum):
    """By which right a contract is ended before its time."""

    AGREEMENT = "agreement"  # both sides want it (distrato; Código Civil, art. 472)
    NOTICE = "notice"  # one side gave notice in time (art. 473)
    BREACH = "breach"  # the other side did not keep it (art. 475)
    REGRET = "regret"  # a consumer within 7 days of a signature away from the premises (CDC, art. 49)


class Change(StrEnum):
    """What may have been a mistake."""

    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    TERMINATION = "termination"
    EXPIRY = "expiry"
    RENEWAL = "renewal"
    AMENDMENT = "amendment"
    ADJUSTMENT = "adjustment"


@command
class DraftContract:
    """Write a contract down. It binds nobody until it is activated."""

    contract_id: str
    customer_id: str
    provider_id: str
    terms: ContractTerms
    external_ref: str | None = None
    consumer: bool = doc("the customer is a person; found out by the service, whatever was sent", default=False)


@command
class ChangeTerms:
    """Other terms for a draft. An active contract is changed by an addendum only."""

    contract_id: str
    terms: ContractTerms
    consumer: bool = doc("the customer is a person; found out by the service, whatever was sent", default=False)


@command
class ActivateContract:
    """The contract is signed. ``number`` comes from the provider's series where it is left out."""

    contract_id: str
    at: datetime
    on: date | None = doc("day of the signature", default=None)
    number: str | None = None


@command
class AmendContract:
    """An addendum: other terms from a day on. What was in force before stays known."""

    contract_id: str
    effective_on: date
    terms: ContractTerms
    reason: str
    consumer: bool = doc("the customer is a person; found out by the service, whatever was sent", default=False)


@command
class AdjustPrice:
    """Raise recurring and per-use prices by a percentage, 12 months after the last time at the earliest."""

    contract_id: str
    effective_on: date
    percent: Decimal


@command
class AdjustByIndex:
    """Raise prices by an index, accumulated over the contract's twelve months."""

    contract_id: str
    effective_on: date
    index: Index | None = doc("left out: the contract's own", default=None)
    published: tuple[IndexValue, ...] = doc("found out by the service, whatever was sent", default=())


@command
class RenewContract:
    """Another term after the one that ends on ``ended_on``. ``ends_on`` left out: as many months as the contract says.

    Naming the term that is renewed makes a second call harmless.
    """

    contract_id: str
    ended_on: date
    ends_on: date | None = doc("last day of the new term", default=None)


@command
class ApproveRenewal:
    """The customer accepts the term that was offered to him, as it was offered."""

    contract_id: str
    ended_on: date
    at: datetime


@command
class RenewTacitly:
    """Nobody gave notice in time: the contract goes on after ``ended_on``."""

    contract_id: str
    ended_on: date


@command
class NotifySuspension:
    """Tell the customer that services will be suspended on a day, unless the cause is gone by then."""

    contract_id: str
    reason: SuspensionReason
    at: datetime
    on: date | None = None
    suspend_on: date | None = doc("left out: as early as the contract's notice allows", default=None)


@command
class WithdrawSuspension:
    """The cause is gone: the notice is void. ``reason``: only if the notice was given for it."""

    contract_id: str
    at: datetime
    on: date | None = None
    reason: SuspensionReason | None = None


@command
class SuspendContract:
    """From ``on`` no services are due and nothing is charged. For default of payment only after its notice."""

    contract_id: str
    reason: SuspensionReason
    at: datetime
    on: date | None = None
    note: str = ""


@command
class TakeOverSuspension:
    """The contract comes from another system, where it is suspended since ``on``; what notice it takes was given there.
    What a suspension does, and whether charges go on, the terms say."""

    contract_id: str
    reason: SuspensionReason
    on: date
    at: datetime
    note: str = ""


@command
class ResumeContract:
    """Services are due again from ``on``. ``reason``: only if the contract was suspended for it."""

    contract_id: str
    at: datetime
    on: date | None = None
    reason: SuspensionReason | None = None


@command
class TerminateContract:
    """The contract ends before its time; ``on`` is the last day in force."""

    contract_id: str
    reason: str
    at: datetime
    on: date | None = None
    by: Party = Party.BOTH
    right: Right = Right.AGREEMENT
    without_fine: bool = doc("the other side forgoes the fine", default=False)
    consumer: bool = doc("the customer is a person; found out by the service, whatever was sent", default=False)


@command
class ExpireContract:
    """The contract's last day is over."""

    contract_id: str
    at: datetime


@command
class GiveNotice:
    """One side says that it leaves: at the end of the term, or after the days of notice that the contract demands."""

    contract_id: str
    by: Party
    at: datetime
    on: date | None = doc("day on which the notice reached the other side", default=None)
    last_day: date | None = doc(
        "last day in force; left out: the end of the term, or as early as allowed", default=None
    )
    reason: str = ""


@command
class WithdrawNotice:
    """Who gave notice stays after all."""

    contract_id: str
    at: datetime
    on: date | None = None


@command
class EndByNotice:
    """The last day that the notice named is over."""

    contract_id: str
    at: datetime


@command
class OfferRenewal:
    """Ask for approval of another term after the one that ends on ``ended_on``."""

    contract_id: str
    ended_on: date
    at: datetime


@command
class DeclineRenewal:
    """There will be no term after the one that ends on ``ended_on``."""

    contract_id: str
    ended_on: date
    by: Party
    at: datetime
    on: date | None = None
    reason: str = ""


@command
class SuspendAfterNotice:
    """The notice's days have run: suspend, or ask a manager where the contract says so."""

    contract_id: str
    at: datetime
    on: date | None = None


@command
class ApproveSuspension:
    """A manager approves the suspension that waits for it."""

    contract_id: str
    at: datetime
    on: date | None = None
    note: str = ""


@command
class UndoChange:
    """The last change of this kind was a mistake: everything is as if it had not been, and both stay on record."""

    contract_id: str
    change: Change
    reason: str
    at: datetime


Command = (
    DraftContract
    | ChangeTerms
    | ActivateContract
    | AmendContract
    | AdjustPrice
    | AdjustByIndex
    | RenewContract
    | ApproveRenewal
    | RenewTacitly
    | NotifySuspension
    | WithdrawSuspension
    | SuspendContract
    | TakeOverSuspension
    | ResumeContract
    | TerminateContract
    | ExpireContract
    | GiveNotice
    | WithdrawNotice
    | EndByNotice
    | OfferRenewal
    | DeclineRenewal
    | SuspendAfterNotice
    | ApproveSuspension
    | UndoChange
)
COMMANDS: tuple[type, ...] = get_args(Command)
