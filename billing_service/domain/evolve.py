"""``evolve``: what each event makes of an account. It cannot fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from . import boleto_life, boleto_messages
from . import events as e
from . import more_events as x
from .evolve_money import corrected, money, refunded, with_item
from .state import Account, Billed, Charge, Decision, Pending, Receivable, TermsVersion

Item = TypeVar("Item")


def _without(items: Mapping[str, Item], key: str) -> dict[str, Item]:
    return {name: item for name, item in items.items() if name != key}


def evolve(state: Account, event: Any) -> Account:
    match event:
        case e.AccountOpened(account_id, contract_id, customer_id, on, number):
            return replace(
                state,
                account_id=account_id,
                contract_id=contract_id,
                customer_id=customer_id,
                opened_on=on,
                contract_number=number,
            )
        case e.TermsTaken(_, effective_on, terms, cause):
            kept = tuple(version for version in state.versions if version.effective_on < effective_on)
            version = TermsVersion(effective_on, terms, cause)
            return replace(state, versions=(*kept, version), pending=_before(state.pending, effective_on))
        case e.ChargesPlanned(_, through, charges):
            planned = {charge.charge_id: charge for charge in charges}
            through = through if state.through is None else max(through, state.through)
            return replace(state, through=through, pending={**state.pending, **planned})
        case e.PlanningStopped(_, on, _):
            closed = tuple(_closed(stop, on) for stop in state.stops if stop[0] < on)
            return replace(state, stops=(*closed, (on, None)), pending=_before(state.pending, on))
        case e.PlanningResumed(_, on):
            stops = [(first, on if last is None else last) for first, last in state.stops]
            return replace(state, stops=tuple((f, t) for f, t in stops if f < t))
        case e.ChargeAdded():
            return replace(
                state,
                pending=with_item(state.pending, event.charge_id, _added(event)),
                withdrawn=state.withdrawn - {event.charge_id},
                regretted=_without(state.regretted, event.charge_id),
            )
        case e.ChargeHeld() | e.ChargeReleased() | e.ChargeMoved() | e.ChargeDueDayChanged():
            return _decided(state, event)
        case e.ReceivableIssued():
            return _issued(state, event)
        case e.PaymentReceived() | e.PaymentReversed() | e.CreditNoteIssued() | e.CreditAllocated():
            return money(state, event)
        case e.ReceivableCancelled():
            return _cancelled(state, event)
        case x.ChargeWithdrawn(charge_id=charge_id, reason=reason):
            regretted, charge = state.regretted, state.pending.get(charge_id)
            if reason == x.REGRET and isinstance(charge, Pending):
                regretted = with_item(regretted, charge_id, charge)
            pending, withdrawn = _without(state.pending, charge_id), state.withdrawn | {charge_id}
            return replace(state, pending=pending, withdrawn=withdrawn, regretted=regretted)
        case x.ChargeCorrected():
            return corrected(state, event)
        case x.CreditGranted(credit_id=credit_id, amount=amount):
            credits = with_item(state.credits, credit_id, amount)
            return replace(state, credits=credits, granted=with_item(state.granted, credit_id, event))
        case x.CreditRefunded():
            return refunded(state, event)
        case x.WorkContested(request_id=request_id):
            return replace(state, contested=with_item(state.contested, request_id, event))
        case x.WorkAccepted(request_id=request_id):
            return replace(state, contested=_without(state.contested, request_id))
        case e.AccountInDefault(since=since):
            return replace(state, in_default_since=since)
        case e.AccountRegularised():
            return replace(state, in_default_since=None)
        case _ if isinstance(event, boleto_messages.EVENTS):
            return replace(state, boletos=boleto_life.evolve(state.boletos, event))
        case _:
            return _on_receivable(state, event)


def _closed(stop: tuple[date, date | None], on: date) -> tuple[date, date | None]:
    """A stop that a later stop follows ends where that begins."""
    return (stop[0], on if stop[1] is None else min(stop[1], on))


def _before(pending: Mapping[str, Charge], day: date) -> dict[str, Charge]:
    """Without the planned charges whose period reaches ``day``."""
    return {k: p for k, p in pending.items() if not p.planned or p.period_end is None or p.period_end < day}


def _decided(state: Account, event: Any) -> Account:
    decision, pending = state.decisions.get(event.charge_id, Decision()), state.pending.get(event.charge_id)
    match event:
        case e.ChargeHeld() | e.ChargeReleased():
            held = isinstance(event, e.ChargeHeld)
            decision = replace(decision, held=held)
            pending = replace(pending, held=held) if pending else None
        case e.ChargeMoved(bill_on=bill_on, moved_from=moved_from):
            moved = bill_on != moved_from
            decision = replace(decision, bill_on=bill_on if moved else None)
            pending = replace(pending, bill_on=bill_on, moved_from=moved_from if moved else None) if pending else None
        case e.ChargeDueDayChanged(due_on=due_on):
            decision = replace(decision, due_on=due_on)
            pending = replace(pending, due_on=due_on) if pending else None
    decision = replace(decision, reason=event.reason)
    state = replace(state, decisions=with_item(state.decisions, event.charge_id, decision))
    if pending is None:
        return state
    return replace(state, pending=with_item(state.pending, event.charge_id, replace(pending, reason=event.reason)))


def _added(event: e.ChargeAdded) -> Pending:
    return Pending(
        charge_id=event.charge_id,
        line_id=event.line_id,
        clause=event.clause,
        description=event.description,
        period_start=None,
        period_end=None,
        bill_on=event.bill_on,
        quantity=event.quantity,
        unit_price=event.unit_price,
        amount=event.amount,
        explanation=event.explanation,
        planned=False,
    )


def _issued(state: Account, event: e.ReceivableIssued) -> Account:
    receivable = Receivable(
        receivable_id=event.receivable_id,
        number=event.number,
        issued_on=event.issued_on,
        due_on=event.due_on,
        payable_on=event.payable_on,
        net=event.net,
        month=event.month,
        imported=event.imported,
        external_ref=event.external_ref,
        withheld=event.withheld,
        renegotiation_id=event.renegotiation_id,
        taken_over=event.taken_over,
    )
    billed = {
        line.charge_id: Billed(line, event.receivable_id, line.period_start, line.period_end, line.amount)
        for line in event.lines
    }
    return replace(
        state,
        receivables=with_item(state.receivables, event.receivable_id, receivable),
        billed={**state.billed, **billed},
        pending={key: item for key, item in state.pending.items() if key not in billed},
    )


def _cancelled(state: Account, event: e.ReceivableCancelled) -> Account:
    """Its charges stand on the agenda again as they were billed; nothing of it is contested any more."""
    receivable = replace(
        state.receivables[event.receivable_id], cancelled=event.amount, disputed_whole=False, disputed_lines={}
    )
    state = replace(state, receivables=with_item(state.receivables, event.receivable_id, receivable))
    held, back = event.charges == "hold", {line.charge_id: line for line in event.lines}
    pending = {
        key: Pending(
            charge_id=key,
            line_id=line.line_id,
            clause=line.clause,
            description=line.description,
            period_start=line.period_start,
            period_end=line.period_end,
            bill_on=event.bill_on,
            quantity=line.quantity,
            unit_price=line.unit_price,
            amount=line.amount,
            explanation=line.explanation,
            planned=line.explanation.kind in ("period", "once"),
            held=held,
            reason=event.reason,
        )
        for key, line in back.items()
    }
    decisions = dict(state.decisions)
    if held:
        decisions |= {key: Decision(held=True, reason=event.reason) for key in back}
    billed = {key: item for key, item in state.billed.items() if key not in back}
    return replace(state, billed=billed, pending={**state.pending, **pending}, decisions=decisions)


def _on_receivable(state: Account, event: Any) -> Account:
    receivable = state.receivables.get(getattr(event, "receivable_id", ""))
    if receivable is None:
        return state
    match event:
        case e.ReceivableDisputed(lines=()):
            receivable = replace(receivable, disputed_whole=True)
        case e.ReceivableDisputed(lines=lines):
            contested = {line.charge_id: line.amount for line in lines}
            receivable = replace(receivable, disputed_lines={**receivable.disputed_lines, **contested})
        case e.DisputeResolved(charge_ids=()):
            receivable = replace(receivable, disputed_whole=False, disputed_lines={})
        case e.DisputeResolved(charge_ids=ids):
            left = {key: value for key, value in receivable.disputed_lines.items() if key not in ids}
            receivable = replace(receivable, disputed_lines=left)
        case e.ReceivableRenegotiated(amount=amount):
            receivable = replace(receivable, renegotiated=receivable.renegotiated + amount)
        case x.ReceivableDueDayChanged(due_on=due_on, payable_on=payable_on, was_due_on=was):
            receivable = replace(
                receivable,
                due_on=due_on,
                payable_on=payable_on,
                original_due_on=receivable.original_due_on or was,
                overdue=False,
                reminders=frozenset(),
            )
        case e.ReceivableOverdue():
            receivable = replace(receivable, overdue=True)
        case e.ReceivableSettled(on=on):
            receivable = replace(receivable, settled_on=on)
        case e.ReminderSent(level=level):
            receivable = replace(receivable, reminders=receivable.reminders | {level})
        case e.ReceivableWrittenOff(amount=amount):
            receivable = replace(receivable, written_off=receivable.written_off + amount)
        case e.NfseNoted(number=number, link=link, verification_code=code):
            receivable = replace(receivable, nfse=(number, link, code))
        case e.LateChargesAccrued(on=on, fine=fine, interest=interest, correction=correction):
            receivable = replace(
                receivable,
                fine=receivable.fine + fine,
                interest=receivable.interest + interest,
                correction=receivable.correction + correction,
                interest_through=on,
            )
    return replace(state, receivables=with_item(state.receivables, receivable.receivable_id, receivable))
