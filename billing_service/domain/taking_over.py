"""What a contract brings along from another system: receivables that are still open there, and money paid in advance.

Unlike imported history (``importing.py``) a receivable that is taken over lives on here: it is reminded of, leads to default and
bears late charges from its own due day. What is owed is what was left of it; it is an opening balance, no revenue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.decider import command, doc
from services.errors import Refused

from . import events as e
from . import more_events as x
from .business_days import payable_on
from .credits import apply_credit
from .draft import Draft, today
from .explanation import Explanation
from .ids import opening_credit_id, taken_over_id
from .money import ZERO, half_up
from .state import Account, Receivable


@command
class TakeOverReceivable:
    """``amount`` is the original gross amount, of which ``withheld`` is kept back by the customer; ``left`` is still to be
    paid. The same again: nothing; different: refused, unless the first one was cancelled here."""

    account_id: str
    external_ref: str
    issued_on: date
    due_on: date
    amount: Decimal
    left: Decimal
    withheld: Decimal = Decimal("0.00")
    number: str = doc("its number there; default: the reference", default="")
    description: str = ""
    source: str = doc("the other system, in words for people", default="")
    on: date | None = doc("the day of the opening balance; default: today", default=None)
    at: datetime | None = None
    closed: tuple[date, ...] = doc("days on which no bank is open; filled in by billing", default=())


@command
class TakeOverCredit:
    """Money that the customer paid in advance there. It pays what is open, and what comes, as any credit does."""

    account_id: str
    external_ref: str
    amount: Decimal
    description: str = ""
    source: str = ""
    on: date | None = None
    at: datetime | None = None


COMMANDS: tuple[type, ...] = (TakeOverReceivable, TakeOverCredit)


def take_over(command: TakeOverReceivable, state: Account) -> Sequence[Any]:
    wish = replace(
        command,
        amount=_cents(command.amount),
        withheld=_cents(command.withheld),
        left=_cents(command.left),
        number=command.number or command.external_ref,
    )
    _check(wish)
    for receivable in state.receivables.values():
        if receivable.imported and receivable.external_ref == wish.external_ref:
            raise Refused("receivable.is-history", external_ref=wish.external_ref)
    revision = 0
    while (known := state.receivables.get(taken_over_id(state.account_id, wish.external_ref, revision))) is not None:
        differing = list(_differing(wish, known, state))
        if not differing:
            return []
        if known.cancelled is None:
            raise Refused(
                "receivable.taken-over-differently", external_ref=wish.external_ref, where=", ".join(differing)
            )
        revision += 1
    on = today(state, wish.on, wish.at)
    draft = Draft(state).add(_issued(wish, state, taken_over_id(state.account_id, wish.external_ref, revision), on))
    apply_credit(draft, on)
    return draft.events


def take_over_credit(command: TakeOverCredit, state: Account) -> Sequence[Any]:
    amount = half_up(command.amount)
    if amount <= 0 or amount != command.amount:
        raise Refused("credit.amount-invalid", amount=command.amount)
    id_ = opening_credit_id(state.account_id, command.external_ref)
    if (known := state.granted.get(id_)) is not None:
        if (known.amount, known.reason) != (amount, command.description):
            raise Refused("credit.taken-over-differently", external_ref=command.external_ref)
        return []
    on = today(state, command.on, command.at)
    why = Explanation(
        kind="opening_credit",
        amount=amount,
        source_type="taken_over",
        source_ref=command.external_ref,
        reason=command.source,
    )
    draft = Draft(state).add(
        x.CreditGranted(
            account_id=state.account_id,
            contract_id=state.contract_id,
            customer_id=state.customer_id,
            credit_id=id_,
            on=on,
            amount=amount,
            reason=command.description,
            explanation=why,
            taken_over=True,
        )
    )
    apply_credit(draft, on)
    return draft.events


def _cents(amount: Decimal) -> Decimal:
    """Nothing is rounded: another system's amounts are taken as they are, or not at all."""
    if half_up(amount) != amount:
        raise Refused("receivable.cents", amount=amount)
    return half_up(amount)


def _check(wish: TakeOverReceivable) -> None:
    if wish.amount <= 0:
        raise Refused("receivable.amount-invalid", amount=wish.amount)
    if not ZERO <= wish.withheld < wish.amount:
        raise Refused("receivable.withheld-invalid", withheld=wish.withheld, amount=wish.amount)
    if not ZERO < wish.left <= wish.amount - wish.withheld:
        raise Refused("receivable.left-invalid", left=wish.left, net=wish.amount - wish.withheld)
    if wish.due_on < wish.issued_on:
        raise Refused("receivable.due-before-issue", issued_on=wish.issued_on, due_on=wish.due_on)


def _differing(wish: TakeOverReceivable, known: Receivable, state: Account) -> Iterator[str]:
    """What this receivable says otherwise than the one that was taken over under its reference."""
    was = known.taken_over
    line = state.billed[known.receivable_id].line
    told = {
        "number": (wish.number, known.number),
        "issued_on": (wish.issued_on, known.issued_on),
        "due_on": (wish.due_on, known.due_on),
        "amount": (wish.amount, was.gross if was else None),
        "withheld": (wish.withheld, was.withheld if was else None),
        "left": (wish.left, known.net),
        "description": (wish.description, line.description),
    }
    return (name for name, (now, then) in told.items() if now != then)


def _issued(wish: TakeOverReceivable, state: Account, receivable_id: str, on: date) -> e.ReceivableIssued:
    net = wish.amount - wish.withheld
    line = e.ReceivableLine(
        charge_id=receivable_id,
        line_id=None,
        clause="",
        description=wish.description,
        period_start=None,
        period_end=None,
        quantity=Decimal(1),
        unit_price=wish.left,
        amount=wish.left,
        explanation=Explanation(
            kind="taken_over",
            amount=wish.left,
            unit_price=wish.amount,
            billed=net,
            kept=wish.left,
            occurred_on=wish.issued_on,
            source_type="taken_over",
            source_ref=wish.number,
            reason=wish.source,
        ),
    )
    return e.ReceivableIssued(
        account_id=state.account_id,
        contract_id=state.contract_id,
        customer_id=state.customer_id,
        receivable_id=receivable_id,
        number=wish.number,
        issued_on=wish.issued_on,
        due_on=wish.due_on,
        payable_on=payable_on(state.terms, wish.due_on, wish.closed),
        gross=wish.left,
        withheld=ZERO,
        net=wish.left,
        lines=(line,),
        month=wish.issued_on.strftime("%Y-%m"),
        sequence=0,
        external_ref=wish.external_ref,
        taken_over=e.TakenOver(
            on=on, source=wish.source, gross=wish.amount, withheld=wish.withheld, paid=net - wish.left
        ),
    )
