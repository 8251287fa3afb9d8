"""Work that the customer contests: what is charged for it waits until it is accepted.

One source decides: the request's own stream tells that it was reopened (whatever the verdict was) and closed (whoever
accepted it), in order. So a contest that is heard late can never hold what was accepted since.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import commands as c
from . import events as e
from . import more_commands as m
from . import more_events as x
from .collecting import dispute, resolve_dispute
from .draft import Draft, today
from .state import Account, Charge

CONTESTED = "atendimento contestado"


def contest(command: m.ContestWork, state: Account) -> Sequence[Any]:
    """Charges that are not billed are held; billed lines that are still owed are disputed."""
    if command.request_id in state.contested:
        return []
    on = today(state, command.on, command.at)
    waiting = [p for p in _of(state, command.request_id) if not p.held]
    owed = _billed(state, command.request_id)
    draft = Draft(state).add(
        x.WorkContested(
            account_id=state.account_id,
            request_id=command.request_id,
            on=on,
            reason=command.reason,
            held=tuple(charge.charge_id for charge in waiting),
            disputed=tuple(id_ for _, ids in owed for id_ in ids),
        )
    )
    for charge in waiting:
        draft.add(_held(state, charge, on))
    for receivable_id, ids in owed:
        asked = c.DisputeReceivable(state.account_id, receivable_id, CONTESTED, on, charge_ids=tuple(ids))
        draft.add(*dispute(asked, draft.state))
    return draft.events


def accept(command: m.AcceptWork, state: Account) -> Sequence[Any]:
    """What waited because of this goes on; what finance held or disputed for a reason of its own stays."""
    contested = state.contested.get(command.request_id)
    if contested is None:
        return []
    on = today(state, command.on, command.at)
    draft = Draft(state).add(x.WorkAccepted(state.account_id, command.request_id, on))
    for charge in _of(state, command.request_id):
        if charge.held and charge.reason == CONTESTED:
            identity = (state.account_id, charge.charge_id, charge.line_id, charge.period_start)
            draft.add(e.ChargeReleased(*identity, on, "atendimento aceito"))
    for receivable_id, ids in _disputed(state, contested.disputed):
        asked = c.ResolveDispute(state.account_id, receivable_id, "atendimento aceito", on, charge_ids=tuple(ids))
        draft.add(*resolve_dispute(asked, draft.state))
    return draft.events


def held_if_contested(state: Account, added: e.ChargeAdded) -> list[Any]:
    """A charge for work that is contested already is held as it comes."""
    if added.request_id is None or added.request_id not in state.contested:
        return [added]
    on = state.contested[added.request_id].on
    return [
        added,
        e.ChargeHeld(state.account_id or added.account_id, added.charge_id, added.line_id, None, on, CONTESTED),
    ]


def _of(state: Account, request_id: str) -> list[Charge]:
    return [p for p in state.pending.values() if p.explanation.request_id == request_id]


def _held(state: Account, charge: Charge, on: Any) -> e.ChargeHeld:
    return e.ChargeHeld(state.account_id, charge.charge_id, charge.line_id, charge.period_start, on, CONTESTED)


def _billed(state: Account, request_id: str) -> list[tuple[str, list[str]]]:
    """Lines of the request on receivables that are open and not contested as a whole."""
    found: dict[str, list[str]] = {}
    for id_, billed in state.billed.items():
        receivable = state.receivables[billed.receivable_id]
        contestable = receivable.is_open and not receivable.disputed_whole and id_ not in receivable.disputed_lines
        if billed.line.explanation.request_id == request_id and contestable and billed.kept > 0:
            found.setdefault(billed.receivable_id, []).append(id_)
    return list(found.items())


def _disputed(state: Account, charge_ids: Sequence[str]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for id_ in charge_ids:
        billed = state.billed.get(id_)
        if billed is not None and id_ in state.receivables[billed.receivable_id].disputed_lines:
            found.setdefault(billed.receivable_id, []).append(id_)
    return list(found.items())
