"""Rules of collecting: overdue, reminders, default, late charges, disputes, write-off.

All may be asked again at any time: what is noted already, or no longer holds, gives nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.errors import Refused

from . import commands as c
from . import events as e
from .draft import Draft, in_default, late_total, today
from .late import days_late
from .money import ZERO, half_up, total
from .paying import charges_on, give_back, receivable_of
from .state import Account, Receivable


def mark_overdue(command: c.MarkOverdue, state: Account) -> Sequence[Any]:
    receivable = receivable_of(state, command.receivable_id)
    on = today(state, command.on, command.at)
    days = days_late(receivable.due_on, receivable.payable_on, on)
    if receivable.overdue or receivable.disputed or receivable.imported or not receivable.is_open or days == 0:
        return []
    return [e.ReceivableOverdue(state.account_id, receivable.receivable_id, on, days)]


def send_reminder(command: c.SendReminder, state: Account) -> Sequence[Any]:
    receivable = receivable_of(state, command.receivable_id)
    step = state.terms.step(command.level)
    if step is None or command.level in receivable.reminders:
        return []
    if receivable.disputed or receivable.imported or not receivable.is_open:
        return []
    on = today(state, command.on, command.at)
    if (on - receivable.due_on).days < step.days or (step.days > 0 and on <= receivable.payable_on):
        return []
    return [
        e.ReminderSent(
            account_id=state.account_id,
            contract_id=state.contract_id,
            customer_id=state.customer_id,
            receivable_id=receivable.receivable_id,
            level=step.level,
            channel=step.channel,
            on=on,
        )
    ]


def check_default(command: c.CheckDefault, state: Account) -> Sequence[Any]:
    on = today(state, command.on, command.at)
    late = in_default(state, on)
    if not late or state.in_default_since is not None:
        return []
    oldest = min(late, key=lambda r: r.due_on)
    return [
        e.AccountInDefault(
            account_id=state.account_id,
            contract_id=state.contract_id,
            customer_id=state.customer_id,
            since=oldest.due_on,
            days=days_late(oldest.due_on, oldest.payable_on, on),
            amount=late_total(state, on),
        )
    ]


def accrue_late_charges(command: c.AccrueLateCharges, state: Account) -> Sequence[Any]:
    receivable = receivable_of(state, command.receivable_id)
    if not receivable.is_open:
        raise Refused("receivable.not-open", receivable_id=receivable.receivable_id, number=receivable.number)
    on = today(state, command.on, command.at)
    owed = charges_on(receivable, state.terms.late, on, command.published)
    if owed.total == 0:
        return []
    parts = (owed.days, owed.fine, owed.interest, owed.correction)
    return [e.LateChargesAccrued(state.account_id, receivable.receivable_id, on, *parts)]


def write_off(command: c.WriteOffReceivable, state: Account) -> Sequence[Any]:
    """A loss, by decision: the debt is no longer pursued. It does not make the account regular."""
    receivable = receivable_of(state, command.receivable_id)
    if receivable.written_off > 0:
        return []
    if not receivable.is_open:
        raise Refused("receivable.not-open", receivable_id=receivable.receivable_id, number=receivable.number)
    on = today(state, command.on, command.at)
    return [e.ReceivableWrittenOff(state.account_id, receivable.receivable_id, on, receivable.balance, command.reason)]


def note_nfse(command: c.NoteNfse, state: Account) -> Sequence[Any]:
    receivable = receivable_of(state, command.receivable_id)
    noted = (command.number, command.link, command.verification_code)
    if receivable.nfse == noted:
        return []
    return [e.NfseNoted(state.account_id, receivable.receivable_id, *noted, today(state, command.on, command.at))]


def dispute(command: c.DisputeReceivable, state: Account) -> Sequence[Any]:
    receivable = receivable_of(state, command.receivable_id)
    named = [id_ for id_ in dict.fromkeys(command.charge_ids) if id_ not in receivable.disputed_lines]
    if receivable.disputed_whole or (command.charge_ids and not named):
        return []
    if not receivable.is_open:
        raise Refused("receivable.not-open", receivable_id=receivable.receivable_id, number=receivable.number)
    lines = tuple(e.DisputedLine(id_, _owed_for(state, receivable, id_)) for id_ in named)
    on = today(state, command.on, command.at)
    draft = Draft(state).add(
        e.ReceivableDisputed(state.account_id, receivable.receivable_id, on, command.reason, lines)
    )
    return draft.regularise(on).events


def resolve_dispute(command: c.ResolveDispute, state: Account) -> Sequence[Any]:
    receivable = receivable_of(state, command.receivable_id)
    lines = tuple(id_ for id_ in command.charge_ids or receivable.disputed_lines if id_ in receivable.disputed_lines)
    if not lines and not (receivable.disputed_whole and not command.charge_ids):
        return []
    on = today(state, command.on, command.at)
    draft, id_ = Draft(state), receivable.receivable_id
    if command.credit:
        for charge_id in lines:
            give_back(draft, id_, charge_id, state.billed[charge_id].kept, on, command.note or "contestação aceita")
        if not lines:
            given = total(n.amount for n in state.credit_notes.values() if n.receivable_id == id_)
            give_back(draft, id_, None, receivable.gross - given, on, command.note or "contestação aceita")
    all_of_it = not receivable.disputed_whole and set(lines) == set(receivable.disputed_lines)
    named = lines if command.charge_ids and not all_of_it else ()
    draft.add(e.DisputeResolved(state.account_id, id_, on, command.note, named))
    return draft.settle([id_], on).regularise(on).events if command.credit else draft.events


def _owed_for(state: Account, receivable: Receivable, charge_id: str) -> Decimal:
    """What is still owed for a line of a receivable, without the taxes that the customer keeps back."""
    billed = state.billed.get(charge_id)
    if billed is None or billed.receivable_id != receivable.receivable_id:
        raise Refused("credit.charge-unknown", charge_id=charge_id)
    share = Fraction(receivable.net) / Fraction(receivable.gross) if receivable.gross else Fraction(1)
    return max(ZERO, half_up(Fraction(billed.kept) * share))
