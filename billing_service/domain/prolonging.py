"""Another due day for a receivable that was issued: a delay that finance grants, or a second copy of what is past due.

What was agreed first is kept. Late charges, reminders, default and the bank follow the new day; what was accrued stays owed.
A second copy («segunda via») is the same with the late charges of today: banks take no boleto whose due day is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from services.decider import command, doc
from services.errors import Refused

from . import boleto_messages as b
from . import events as e
from . import more_events as x
from .business_days import payable_on
from .draft import Draft, today
from .late import IndexMonth
from .paying import charges_on, receivable_of
from .state import Account

CAUSE = "due-day"


@command
class ChangeReceivableDueDay:
    account_id: str
    receivable_id: str
    due_on: date
    reason: str
    late_charges: bool = doc("add fine and interest until today first: a second copy", default=False)
    on: date | None = None
    at: datetime | None = None
    published: tuple[IndexMonth, ...] = doc("index values; filled in by billing", default=())
    closed: tuple[date, ...] = doc("days on which no bank is open; filled in by billing", default=())


def change_due_day(command: ChangeReceivableDueDay, state: Account) -> Sequence[Any]:
    receivable = receivable_of(state, command.receivable_id)
    on = today(state, command.on, command.at)
    if receivable.due_on == command.due_on:
        return []
    if not command.reason.strip():
        raise Refused("charge.no-reason")
    if not receivable.is_open or receivable.written_off:
        raise Refused("receivable.not-open", receivable_id=receivable.receivable_id, number=receivable.number)
    if command.due_on < on:
        raise Refused("receivable.due-day-past", number=receivable.number, due_on=command.due_on)
    draft, id_ = Draft(state), receivable.receivable_id
    late = charges_on(receivable, state.terms.late, on, command.published)
    if command.late_charges and late.total > 0:
        parts = (late.days, late.fine, late.interest, late.correction)
        draft.add(e.LateChargesAccrued(state.account_id, id_, on, *parts))
    until = payable_on(state.terms, command.due_on, command.closed)
    draft.add(
        x.ReceivableDueDayChanged(
            account_id=state.account_id,
            receivable_id=id_,
            due_on=command.due_on,
            payable_on=until,
            was_due_on=receivable.due_on,
            was_payable_on=receivable.payable_on,
            on=on,
            reason=command.reason,
        )
    )
    for boleto in state.boletos.values():  # one that no bank knows yet would ask for the old day
        if boleto.receivable_id == id_ and boleto.status == "made":
            draft.add(b.BoletoCancelled(state.account_id, id_, boleto.boleto_id, CAUSE, on))
    return draft.regularise(on).events


COMMANDS: tuple[type, ...] = (ChangeReceivableDueDay,)
