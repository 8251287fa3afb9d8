"""The account's decider: one account per contract, one stream per account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from services.decider import Decider
from services.errors import Refused

from . import (
    agenda,
    boleto_life,
    changing,
    charging,
    collecting,
    contesting,
    correcting,
    giving_back,
    importing,
    issuing,
    paying,
    prolonging,
    taking_over,
)
from . import commands as c
from . import events as e
from . import more_commands as m
from .evolve import evolve
from .more_events import MORE_EVENTS
from .state import Account

COMMANDS = (*c.COMMANDS, *m.MORE_COMMANDS, *taking_over.COMMANDS, *prolonging.COMMANDS)
EVENTS = (*e.EVENTS, *MORE_EVENTS)
RULES: dict[type, Callable[[Any, Account], Sequence[Any]]] = {
    c.OpenAccount: charging.open_account,
    c.TakeTerms: charging.take_terms,
    c.StopPlanning: charging.stop_planning,
    c.ResumePlanning: charging.resume_planning,
    c.AddCharge: charging.add_charge,
    c.HoldCharge: agenda.hold,
    c.ReleaseCharge: agenda.release,
    c.MoveCharge: agenda.move,
    c.ChangeChargeDueDay: agenda.change_due_day,
    c.BillMonth: issuing.bill_month,
    c.BillThrough: issuing.bill_through,
    c.IssueDue: issuing.issue_due,
    c.NoteNfse: collecting.note_nfse,
    c.RecordPayment: paying.record_payment,
    c.ReversePayment: paying.reverse_payment,
    c.AllocateCredit: paying.allocate_credit,
    c.IssueCreditNote: paying.issue_credit_note,
    c.MarkOverdue: collecting.mark_overdue,
    c.SendReminder: collecting.send_reminder,
    c.CheckDefault: collecting.check_default,
    c.AccrueLateCharges: collecting.accrue_late_charges,
    c.WriteOffReceivable: collecting.write_off,
    c.DisputeReceivable: collecting.dispute,
    c.ResolveDispute: collecting.resolve_dispute,
    c.CancelReceivable: changing.cancel,
    c.RenegotiateReceivables: changing.renegotiate,
    c.ImportReceivable: importing.import_receivable,
    taking_over.TakeOverReceivable: taking_over.take_over,
    taking_over.TakeOverCredit: taking_over.take_over_credit,
    prolonging.ChangeReceivableDueDay: prolonging.change_due_day,
    m.WithdrawCharge: giving_back.withdraw,
    m.CorrectUse: correcting.correct,
    m.CorrectWork: correcting.correct_work,
    m.GrantCredit: giving_back.grant,
    m.RefundCredit: giving_back.refund,
    m.SettleTermination: giving_back.settle_termination,
    m.UndoTermination: giving_back.undo_termination,
    m.ContestWork: contesting.contest,
    m.AcceptWork: contesting.accept,
    **boleto_life.RULES,
}


def decide(command: Any, state: Account) -> Sequence[Any]:
    # work may be told before the contract's activation is: between services there is no order, and no charge is lost
    if not state.is_open and not isinstance(command, c.OpenAccount | c.AddCharge):
        raise Refused("account.not-open", account_id=command.account_id)
    return RULES[type(command)](command, state)


DECIDER: Decider[Any, Account, Any] = Decider(initial=Account(), decide=decide, evolve=evolve)

__all__ = ["COMMANDS", "DECIDER", "EVENTS", "decide"]
