"""Which receivables a bank row probably pays: suggestions with a score and its reasons. Pure; people decide.

What is certain (the bank's own number of a boleto, the txid of our Pix code) is not a matter of scores: ``certain``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from .money import ZERO, total

AMONG = 12  # open receivables of one customer looked at for sums
MOST = 4  # receivables in one sum
SUGGESTIONS = 5
LEAST = 40
NEAR = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Target:
    """An open receivable. ``payable``: its balance with the late charges of the row's day; ``gross``: before taxes that
    the customer keeps back."""

    receivable_id: str
    account_id: str
    customer_id: str
    number: str
    balance: Decimal
    payable: Decimal
    gross: Decimal
    net: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``score`` 0–100; ``reasons``: codes of what fits; ``parts``: (receivable id, amount)."""

    score: int
    reasons: tuple[str, ...]
    parts: tuple[tuple[str, Decimal], ...]


def suggest(
    amount: Decimal, on: date, text: str, customer_id: str | None, targets: Sequence[Target]
) -> list[Suggestion]:
    """The best ones, best first. ``customer_id``: whose name or document the row bears, where that is known."""
    found = [s for target in targets if (s := _single(amount, on, text, customer_id, target)).score >= LEAST]
    found += _sums(amount, customer_id, targets)
    return sorted(found, key=lambda s: (-s.score, len(s.parts), s.parts))[:SUGGESTIONS]


def _single(amount: Decimal, on: date, text: str, customer_id: str | None, target: Target) -> Suggestion:
    reasons = [*_amount(amount, target)]
    score = {"amount": 50, "late_charges": 50, "gross": 35, "near": 25}.get(reasons[0], 0) if reasons else 0
    if customer_id == target.customer_id:
        reasons.append("payer")
        score += 30
    elif customer_id is not None:
        score -= 20  # another customer is known to have paid
    if target.number and target.number.casefold() in text.casefold():
        reasons.append("number")
        score += 25
    days = abs((on - target.due_on).days)
    if score and days <= 10:
        reasons.append("date")
        score += 10 if days <= 3 else 5
    if target.net < target.gross and "amount" in reasons:
        reasons.append("net")
    part = min(amount, target.payable)
    return Suggestion(max(0, min(score, 99)), tuple(reasons), ((target.receivable_id, part),))


def _amount(amount: Decimal, target: Target) -> Iterator[str]:
    if amount == target.balance:
        yield "amount"
    elif amount == target.payable:
        yield "late_charges"
    elif amount == target.gross and target.gross != target.net:
        yield "gross"
    elif abs(amount - target.balance) <= NEAR or abs(amount - target.payable) <= NEAR:
        yield "near"


def _sums(amount: Decimal, customer_id: str | None, targets: Sequence[Target]) -> Iterator[Suggestion]:
    """Several receivables of one customer that add up, oldest first; with or without that day's late charges."""
    for owner, mine in _by_customer(targets):
        oldest = sorted(mine, key=lambda t: (t.due_on, t.receivable_id))[:AMONG]
        for size in range(2, min(MOST, len(oldest)) + 1):
            for chosen in combinations(oldest, size):
                exact = total(t.balance for t in chosen) == amount
                if exact or total(t.payable for t in chosen) == amount:
                    known = owner == customer_id
                    score = 45 + (35 if known else 0) - 5 * (size - 2) - (20 if customer_id and not known else 0)
                    parts = tuple((t.receivable_id, t.balance if exact else t.payable) for t in chosen)
                    reasons = ("sum", *(() if exact else ("late_charges",)), *(("payer",) if known else ()))
                    if score >= LEAST:
                        yield Suggestion(score, reasons, parts)


def _by_customer(targets: Iterable[Target]) -> Iterator[tuple[str, list[Target]]]:
    groups: dict[str, list[Target]] = {}
    for target in targets:
        groups.setdefault(target.customer_id, []).append(target)
    yield from groups.items()


@dataclass(frozen=True, slots=True)
class KnownPayment:
    """A payment that is on the books: by hand, or by another row."""

    payment_id: str
    account_id: str
    customer_id: str
    amount: Decimal
    on: date
    method: str
    of_row: bool


@dataclass(frozen=True, slots=True)
class PaymentSuggestion:
    score: int
    reasons: tuple[str, ...]
    payment_id: str
    kind: str  # linked: it is this row; reversed: this row takes it back


def suggest_payments(
    amount: Decimal, on: date, customer_id: str | None, payments: Iterable[KnownPayment]
) -> list[PaymentSuggestion]:
    """For money in: payments recorded by hand that this row may be. For money out: payments that it may take back."""
    found = []
    for payment in payments:
        if abs(amount) != payment.amount or (amount > 0 and payment.of_row):
            continue
        days = (on - payment.on).days
        if (amount > 0 and abs(days) > 5) or (amount < 0 and not 0 <= days <= 90):
            continue
        known = customer_id == payment.customer_id
        score = 50 + (35 if known else 0) + (10 if abs(days) <= 3 else 0)
        reasons = ("amount", *(("payer",) if known else ()), *(("date",) if abs(days) <= 3 else ()))
        found.append(PaymentSuggestion(score, reasons, payment.payment_id, "linked" if amount > 0 else "reversed"))
    return sorted(found, key=lambda s: (-s.score, s.payment_id))[:SUGGESTIONS]


def is_certain(*, is_open: bool, amount: Decimal) -> bool:
    """A row that bears the bank's or our own number settles by itself, in whatever amount, while that receivable is
    open; paid, cancelled or written off, somebody must look."""
    return is_open and amount > ZERO
