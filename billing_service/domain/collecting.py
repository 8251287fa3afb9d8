"""Rules of collecting: overdue, reminders, default, late charges, disputes, write-off.

All may be asked again at any time: what is noted already, or no longer holds, gives nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.errors import Refused

from . import commands as c
from . import events as e
from .draft import Draft, in_default, late_total, today
from .late import days_late
from .paying import charges_on, receivable_of
from .state import Account


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
    owed = charges_on(receivable, state.terms.late, on)
    if owed.total == 0:
        return []
    accrued = e.LateChargesAccrued(state.account_id, receivable.receivable_id, on, owed.days, owed.fine, owed.interest)
    return [accrued]


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
    if receivable.disputed:
        return []
    if not receivable.is_open:
        raise Refused("receivable.not-open", receivable_id=receivable.receivable_id, number=receivable.number)
    on = today(state, command.on, command.at)
    draft = Draft(state).add(e.ReceivableDisputed(state.account_id, receivable.receivable_id, on, command.reason))
    return draft.regularise(on).events


def resolve_dispute(command: c.ResolveDispute, state: Account) -> Sequence[Any]:
    receivable = receivable_of(state, command.receivable_id)
    if not receivable.disputed:
        return []
    on = today(state, command.on, command.at)
    return [e.DisputeResolved(state.account_id, receivable.receivable_id, on, command.note)]
