"""Rules of changing what was issued: cancellation, and renegotiation into instalments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from services.errors import Refused

from . import commands as c
from . import events as e
from .business_days import payable_on
from .draft import Draft, today
from .explanation import Explanation
from .ids import instalment_id
from .money import half_up, total
from .paying import charges_on, receivable_of
from .recurrence import months_after
from .state import Account, Receivable


def cancel(command: c.CancelReceivable, state: Account) -> Sequence[Any]:
    """It was issued by mistake. Its charges go back to the agenda, so that they can be billed rightly, or are dropped."""
    receivable = receivable_of(state, command.receivable_id)
    if receivable.cancelled is not None:
        return []
    if receivable.paid or receivable.credited or receivable.written_off or receivable.renegotiated:
        raise Refused("receivable.not-cancellable", number=receivable.number)
    if command.charges not in ("return", "hold", "drop"):
        raise Refused("receivable.charges-unknown", charges=command.charges)
    on = today(state, command.on, command.at)
    lines = tuple(b.line for b in state.billed.values() if b.receivable_id == receivable.receivable_id)
    own = receivable.is_own
    draft = Draft(state).add(
        e.ReceivableCancelled(
            account_id=state.account_id,
            receivable_id=receivable.receivable_id,
            on=on,
            reason=command.reason,
            amount=receivable.balance,
            gross=receivable.gross,
            month=receivable.month,
            charges=command.charges if own else "drop",
            bill_on=min(receivable.issued_on, date.fromisoformat(f"{receivable.month}-01")),
            lines=lines if own and command.charges != "drop" else (),
            renegotiation_id=receivable.renegotiation_id,
            withheld=receivable.withheld,
            taken_over=receivable.taken_over is not None,
        )
    )
    return draft.regularise(on).events


def renegotiate(command: c.RenegotiateReceivables, state: Account) -> Sequence[Any]:
    """What is open of these receivables, with their late charges of today, is owed in instalments instead."""
    if any(r.renegotiation_id == command.renegotiation_id for r in state.receivables.values()):
        return []
    on = today(state, command.on, command.at)
    draft = Draft(state)
    ids = tuple(dict.fromkeys(command.receivable_ids))
    for id_ in ids:
        receivable = receivable_of(state, id_)
        if not receivable.is_open:
            raise Refused("receivable.not-open", receivable_id=id_, number=receivable.number)
        if receivable.disputed_whole or receivable.disputed_lines:
            raise Refused("receivable.disputed", number=receivable.number)
        late = charges_on(receivable, state.terms.late, on, command.published)
        if command.late_charges and late.total > 0:
            parts = (late.days, late.fine, late.interest, late.correction)
            draft.add(e.LateChargesAccrued(state.account_id, id_, on, *parts))
    owed = total(draft.state.receivables[id_].balance for id_ in ids)
    instalments = command.instalments or equal(owed, command.count, command.first_due_on or on)
    _check(instalments, owed, on)
    for id_ in ids:
        amount = draft.state.receivables[id_].balance
        draft.add(e.ReceivableRenegotiated(state.account_id, id_, command.renegotiation_id, on, amount, command.reason))
    names = ", ".join(state.receivables[id_].number for id_ in ids)
    for position, instalment in enumerate(instalments, start=1):
        draft.add(_instalment(command, state, instalment, (position, len(instalments)), on, names))
    return draft.regularise(on).events


def equal(owed: Decimal, count: int, first_due_on: date) -> tuple[c.Instalment, ...]:
    """Equal monthly instalments; the cents that remain are on the first."""
    if count < 1:
        return ()
    each = Decimal(int(owed * 100) // count).scaleb(-2)
    rest = owed - each * count
    return tuple(
        c.Instalment(months_after(first_due_on, n), each + (rest if n == 0 else Decimal(0))) for n in range(count)
    )


def _check(instalments: Sequence[c.Instalment], owed: Decimal, on: date) -> None:
    said = total(half_up(each.amount) for each in instalments)
    if not instalments or said != owed or any(each.amount <= 0 for each in instalments):
        raise Refused("renegotiation.sum-differs", owed=owed, instalments=said)
    if any(each.due_on < on for each in instalments):
        raise Refused("renegotiation.due-in-the-past", on=on)


def _instalment(
    command: c.RenegotiateReceivables,
    state: Account,
    instalment: c.Instalment,
    part: tuple[int, int],
    on: date,
    names: str,
) -> e.ReceivableIssued:
    position, count = part
    amount = half_up(instalment.amount)
    id_ = instalment_id(state.account_id, command.renegotiation_id, position)
    line = e.ReceivableLine(
        charge_id=id_,
        line_id=None,
        clause="",
        description=f"Parcela {position}/{count}: {names}",
        period_start=None,
        period_end=None,
        quantity=Decimal(1),
        unit_price=amount,
        amount=amount,
        explanation=Explanation(
            kind="instalment",
            amount=amount,
            factor=f"{position}/{count}",
            unit_price=amount,
            source_type="renegotiation",
            source_ref=names,
            occurred_on=on,
            reason=command.reason,
        ),
    )
    first = state.receivables[command.receivable_ids[0]]
    return e.ReceivableIssued(
        account_id=state.account_id,
        contract_id=state.contract_id,
        customer_id=state.customer_id,
        receivable_id=id_,
        number=f"{first.number}-R{_sequence(state, first)}-{position}/{count}",
        issued_on=on,
        due_on=instalment.due_on,
        payable_on=payable_on(state.terms, instalment.due_on, command.closed),
        gross=amount,
        withheld=half_up(0),
        net=amount,
        lines=(line,),
        month=on.strftime("%Y-%m"),
        sequence=position,
        renegotiation_id=command.renegotiation_id,
    )


def _sequence(state: Account, first: Receivable) -> int:
    """Which renegotiation it is of this receivable's number."""
    others = {r.renegotiation_id for r in state.receivables.values() if r.number.startswith(f"{first.number}-R")}
    return len(others) + 1
