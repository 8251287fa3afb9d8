"""One payment for several contracts: which account gets how much. No receivable spans two contracts, money may.

Oldest first: what is owed and not contested, over all accounts by due day; then what is contested; then the late charges of
what this pays off late. What is left is the credit of one account, which is named or the one that is paid first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.errors import Refused

from .events import Allocation
from .money import ZERO, total


@dataclass(frozen=True, slots=True)
class Owed:
    """An open receivable: ``claimable`` + ``contested`` is its balance, ``late`` what comes on top when it is paid now."""

    account_id: str
    receivable_id: str
    due_on: date
    issued_on: date
    claimable: Decimal
    contested: Decimal = ZERO
    late: Decimal = ZERO

    @property
    def order(self) -> tuple[bool, date, date, str]:
        return self.claimable == 0, self.due_on, self.issued_on, self.receivable_id


@dataclass(frozen=True, slots=True)
class Part:
    """What one account gets. With ``chosen`` it pays these; else the oldest first, as the account's rules say."""

    account_id: str
    amount: Decimal
    chosen: tuple[Allocation, ...] = ()
    as_credit: bool = False


def split(
    amount: Decimal,
    owed: Sequence[Owed],
    *,
    credit_to: str | None = None,
    accounts: Sequence[str] = (),
    chosen: Sequence[Allocation] = (),
) -> list[Part]:
    """The parts, by account; together they are the amount. ``accounts``: those that may hold what is left."""
    given = _chosen(chosen, owed) if chosen else _oldest_first(amount, owed)
    left = amount - total(given.values())
    if left < 0:
        raise Refused("payment.allocation-exceeds-amount", amount=amount, allocated=total(given.values()))
    if left > 0:
        holder = credit_to or next(iter(given), None) or (accounts[0] if len(accounts) == 1 else None)
        if holder is None:
            raise Refused("payment.credit-account-missing", left=left)
        if holder not in accounts and holder not in given:
            raise Refused("payment.account-unknown", account_id=holder)
        given[holder] = given.get(holder, ZERO) + left
    of = {each.receivable_id: each.account_id for each in owed}
    by_account = {id_: tuple(a for a in chosen if of[a.receivable_id] == id_) for id_ in given}
    return [Part(id_, given[id_], by_account[id_], bool(chosen)) for id_ in sorted(given)]


def _oldest_first(amount: Decimal, owed: Sequence[Owed]) -> dict[str, Decimal]:
    ordered, left = sorted(owed, key=lambda each: each.order), amount
    given: dict[str, Decimal] = {}
    paid: dict[str, Decimal] = {}

    def give(each: Owed, most: Decimal) -> None:
        nonlocal left
        part = min(most, left)
        if part > 0:
            given[each.account_id] = given.get(each.account_id, ZERO) + part
            paid[each.receivable_id] = paid.get(each.receivable_id, ZERO) + part
            left -= part

    for each in ordered:
        give(each, each.claimable)
    for each in ordered:
        give(each, each.contested)
    for each in ordered:
        if paid.get(each.receivable_id, ZERO) == each.claimable + each.contested:
            give(each, each.late)
    return given


def _chosen(chosen: Sequence[Allocation], owed: Sequence[Owed]) -> dict[str, Decimal]:
    of = {each.receivable_id: each.account_id for each in owed}
    given: dict[str, Decimal] = {}
    for allocation in chosen:
        if allocation.receivable_id not in of:
            raise Refused("payment.receivable-not-open", receivable_id=allocation.receivable_id)
        account_id = of[allocation.receivable_id]
        given[account_id] = given.get(account_id, ZERO) + allocation.amount
    return given
