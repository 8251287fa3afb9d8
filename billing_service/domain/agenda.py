"""Finance's agenda: hold, release, move a planned charge, change its due day. Each with a reason; again: nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.errors import Refused

from . import commands as c
from . import events as e
from .draft import today
from .state import Account, Charge

Named = c.HoldCharge | c.ReleaseCharge | c.MoveCharge | c.ChangeChargeDueDay


def hold(command: c.HoldCharge, state: Account) -> Sequence[Any]:
    charge = _charge(command, state)
    return (
        []
        if charge.held
        else [e.ChargeHeld(*_identity(charge, state), today(state, command.on, command.at), _why(command))]
    )


def release(command: c.ReleaseCharge, state: Account) -> Sequence[Any]:
    charge = _charge(command, state)
    if not charge.held:
        return []
    return [e.ChargeReleased(*_identity(charge, state), today(state, command.on, command.at), _why(command))]


def move(command: c.MoveCharge, state: Account) -> Sequence[Any]:
    charge = _charge(command, state)
    if charge.bill_on == command.bill_on:
        return []
    agreed, on = charge.moved_from or charge.bill_on, today(state, command.on, command.at)
    return [e.ChargeMoved(*_identity(charge, state), command.bill_on, agreed, on, _why(command))]


def change_due_day(command: c.ChangeChargeDueDay, state: Account) -> Sequence[Any]:
    charge = _charge(command, state)
    if charge.due_on == command.due_on:
        return []
    on = today(state, command.on, command.at)
    if command.due_on is not None and command.due_on < on:
        raise Refused("charge.due-in-the-past", due_on=command.due_on, on=on)
    return [e.ChargeDueDayChanged(*_identity(charge, state), command.due_on, on, _why(command))]


def _charge(command: Named, state: Account) -> Charge:
    """The charge that is named by line and period, or by its id; it must still be on the agenda."""
    if command.charge_id is not None:
        found = state.pending.get(command.charge_id)
    else:
        named = (command.line_id, command.period_start)
        found = next((p for p in state.pending.values() if p.planned and (p.line_id, p.period_start) == named), None)
    if found is None:
        if command.charge_id in state.billed or _is_billed(command, state):
            raise Refused("charge.billed-already")
        raise Refused("charge.unknown")
    return found


def _is_billed(command: Named, state: Account) -> bool:
    named = (command.line_id, command.period_start)
    return command.line_id is not None and any(
        (b.line.line_id, b.line.period_start) == named for b in state.billed.values()
    )


def _identity(charge: Charge, state: Account) -> tuple[str, str, str | None, Any]:
    return state.account_id, charge.charge_id, charge.line_id, charge.period_start


def _why(command: Named) -> str:
    if not command.reason.strip():
        raise Refused("charge.no-reason")
    return command.reason
