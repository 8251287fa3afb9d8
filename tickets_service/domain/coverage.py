"""Coverage: whether, and on which terms, a request is due under a contract, and the clause that says so.

A pure function of what the contract says and what was used of it. The first reason that says no is the answer:
unknown or ended contract, suspension, a contact without the right, a service that the contract does not name, a
channel that it does not take, an included quantity that is used up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickets_service.domain.agreement import Agreement

COVERED = "covered"
COVERED_AT_PRICE = "covered_at_price"
NOT_COVERED = "not_covered"
SUSPENDED = "suspended"
NOT_AUTHORISED = "not_authorised"
OPENS = (COVERED, COVERED_AT_PRICE)


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """How a contract stands on the day in question."""

    status: str  # active | suspended | terminated | expired | draft
    starts_on: date | None = None
    ends_on: date | None = None  # last day in force
    suspension_reason: str | None = None
    authorised_only: bool = True


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """Who asks: a contact with rights, or the customer in person."""

    contact_id: str
    rights: tuple[str, ...] = ()
    is_customer: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer. ``reason`` says why in one word; ``remaining`` is what is left of the period's included quantity."""

    status: str
    clause: str
    reason: str = ""
    remaining: Decimal | None = None  # None: without limit, or not asked
    unit: str | None = None
    unit_price: Decimal | None = None
    ceiling: Decimal | None = None  # of the per-use line: all uses of a period together

    @property
    def opens(self) -> bool:
        return self.status in OPENS


def assess(
    contract: ContractFacts | None,
    agreement: Agreement | None,
    contact: ContactFacts | None,
    *,
    on: date,
    used: Decimal = Decimal(0),
    channel: str | None = None,
) -> Coverage:
    """Coverage of one request on a day, when ``used`` of the period's included quantity is already used."""
    if contract is None:
        return Coverage(NOT_COVERED, "", "contract-unknown")
    if contract.status == "suspended":
        return Coverage(SUSPENDED, "default.suspend", contract.suspension_reason or "other")
    if contract.status != "active":
        return Coverage(NOT_COVERED, "period", f"contract-{contract.status}")
    if contract.starts_on is not None and on < contract.starts_on:
        return Coverage(NOT_COVERED, "period", "not-yet-in-force")
    if contract.ends_on is not None and on > contract.ends_on:
        return Coverage(NOT_COVERED, "period", "no-longer-in-force")
    if not _may_ask(contract, contact):
        return Coverage(NOT_AUTHORISED, "communication.authorised_only", "contact-without-right")
    if agreement is None:
        return Coverage(NOT_COVERED, "services", "service-not-in-contract")
    if channel is not None and agreement.channels and channel not in agreement.channels:
        return Coverage(NOT_COVERED, f"{agreement.clause}", "channel-not-in-contract", unit=agreement.unit)
    return _quantity(agreement, used)


def _may_ask(contract: ContractFacts, contact: ContactFacts | None) -> bool:
    if contact is None:
        return not contract.authorised_only
    if contact.is_customer or "requests" in contact.rights:
        return True
    return contact.known and not contract.authorised_only


def _quantity(agreement: Agreement, used: Decimal) -> Coverage:
    clause, unit, price = agreement.clause, agreement.unit, agreement.overage_unit_price
    if agreement.included_quantity is None:
        return Coverage(COVERED, clause, "no-limit", None, unit, None)
    remaining = max(Decimal(0), agreement.included_quantity - used)
    if remaining > 0:
        return Coverage(COVERED, clause, "included", remaining, unit, price)
    if price is not None:
        return Coverage(COVERED_AT_PRICE, clause, "beyond-included", remaining, unit, price, agreement.ceiling)
    return Coverage(NOT_COVERED, clause, "used-up", remaining, unit, None)
