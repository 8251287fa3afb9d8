"""The rules of a boleto's life, and what its bank must be told when its receivable changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from services.errors import Refused

from . import boleto_messages as m
from .boleto import BANK, BankAccount, bar_code, free_field
from .localtime import local_date
from .money import ZERO

if TYPE_CHECKING:
    from .state import Account

LIVE = ("made", "remitted", "registered")


@dataclass(frozen=True, slots=True)
class Boleto:
    """``status``: made, remitted (the bank has been told), registered, rejected, paid, cancelled."""

    boleto_id: str
    receivable_id: str
    amount: Decimal
    due_on: date
    status: str = "made"
    abatement: Decimal = ZERO
    cancel_asked: bool = False
    payments: tuple[str, ...] = ()
    waiting: str = ""  # the movement that the bank has not answered yet
    before: tuple[Decimal, date] | None = None  # abatement and due day if it says no


def make(command: m.MakeBoleto, state: Account) -> Sequence[Any]:
    """For all that is open of the receivable, due on its agreed day."""
    if command.boleto_id in state.boletos:
        return []
    receivable = state.receivables.get(command.receivable_id)
    if receivable is None:
        raise Refused("receivable.unknown", receivable_id=command.receivable_id)
    on = _day(command, state)
    if not receivable.is_open or receivable.disputed:
        raise Refused("receivable.not-open", receivable_id=receivable.receivable_id, number=receivable.number)
    if receivable.payable_on < on:
        raise Refused("boleto.past-due", number=receivable.number, due_on=receivable.due_on)
    alive = [b for b in state.boletos.values() if b.receivable_id == command.receivable_id and b.status in LIVE]
    if alive:
        raise Refused("boleto.exists", number=receivable.number)
    bank = command.bank
    if bank.bank_code != BANK:
        raise Refused("boleto.bank-unknown", bank=bank.bank_code)
    free = free_field(BankAccount(bank.branch, bank.account, bank.wallet), command.our_number)
    return [
        m.BoletoMade(
            account_id=state.account_id,
            receivable_id=command.receivable_id,
            boleto_id=command.boleto_id,
            provider_id=command.provider_id,
            our_number=command.our_number,
            bank=bank,
            amount=receivable.balance,
            due_on=receivable.due_on,
            bar_code=bar_code(receivable.due_on, receivable.balance, free),
            on=on,
        )
    ]


def remit(command: m.RemitBoleto, state: Account) -> Sequence[Any]:
    boleto = _known(command, state)
    fits = boleto.status == "made" if command.movement == "register" else boleto.status == "registered"
    if not fits or boleto.waiting:
        raise Refused("boleto.state", status=boleto.status)
    said = (state.account_id, boleto.receivable_id, boleto.boleto_id, command.remittance_id, command.movement)
    return [m.BoletoRemitted(*said, command.abatement, command.due_on or boleto.due_on, _day(command, state))]


def confirm(command: m.ConfirmBoleto, state: Account) -> Sequence[Any]:
    """Also the bank's yes to an instruction. A second return changes nothing."""
    boleto = _known(command, state)
    if boleto.status not in ("made", "remitted", "registered") or (
        boleto.status == "registered" and not boleto.waiting
    ):
        return []
    return [m.BoletoRegistered(state.account_id, boleto.receivable_id, boleto.boleto_id, _day(command, state))]


def reject(command: m.RejectBoleto, state: Account) -> Sequence[Any]:
    boleto = _known(command, state)
    instruction = boleto.status == "registered"
    if boleto.status not in LIVE or (instruction and not boleto.waiting):
        return []
    said = (state.account_id, boleto.receivable_id, boleto.boleto_id, tuple(command.reasons), instruction)
    return [m.BoletoRejected(*said, _day(command, state))]


def paid(command: m.NoteBoletoPaid, state: Account) -> Sequence[Any]:
    """Whatever state it is in: the bank has the money. Each payment is noted once."""
    boleto = _known(command, state)
    if command.payment_id in boleto.payments:
        return []
    said = (state.account_id, boleto.receivable_id, boleto.boleto_id, command.amount, command.fee, command.payment_id)
    return [m.BoletoPaid(*said, command.credited_on, _day(command, state))]


def close(command: m.CloseBoleto, state: Account) -> Sequence[Any]:
    boleto = _known(command, state)
    if boleto.status not in LIVE:
        return []
    on = _day(command, state)
    return [m.BoletoCancelled(state.account_id, boleto.receivable_id, boleto.boleto_id, command.reason, on)]


def evolve(boletos: Mapping[str, Boleto], event: Any) -> Mapping[str, Boleto]:
    """What a boleto's event makes of an account's boletos. It cannot fail."""
    if isinstance(event, m.BoletoMade):
        new = Boleto(event.boleto_id, event.receivable_id, event.amount, event.due_on)
        return {**boletos, event.boleto_id: new}
    boleto = boletos.get(event.boleto_id)
    if boleto is None:
        return boletos
    match event:
        case m.BoletoRemitted(movement="register"):
            boleto = replace(boleto, status="remitted")
        case m.BoletoRemitted(movement="cancel"):
            boleto = replace(boleto, cancel_asked=True, waiting="cancel", before=(boleto.abatement, boleto.due_on))
        case m.BoletoRemitted(movement=movement, abatement=abatement, due_on=due_on):
            before = (boleto.abatement, boleto.due_on)
            boleto = replace(boleto, abatement=abatement, due_on=due_on, waiting=movement, before=before)
        case m.BoletoRegistered():
            boleto = replace(boleto, status="registered", waiting="", before=None)
        case m.BoletoRejected(instruction=True):
            abatement, due_on = boleto.before or (boleto.abatement, boleto.due_on)
            boleto = replace(boleto, abatement=abatement, due_on=due_on, waiting="", before=None)
        case m.BoletoRejected():
            boleto = replace(boleto, status="rejected")
        case m.BoletoPaid(payment_id=payment_id):
            boleto = replace(boleto, status="paid", waiting="", payments=(*boleto.payments, payment_id))
        case m.BoletoCancelled():
            boleto = replace(boleto, status="cancelled", waiting="")
    return {**boletos, event.boleto_id: boleto}


@dataclass(frozen=True, slots=True)
class Instruction:
    movement: str
    abatement: Decimal
    due_on: date


def wanted(
    *, amount: Decimal, due_on: date, abatement: Decimal, is_open: bool, principal: Decimal, agreed_due_on: date
) -> Instruction | None:
    """What the bank must be told about a registered boleto so that it asks for what is owed; None: nothing.

    ``amount``, ``due_on``, ``abatement``: the boleto as the bank knows it. ``principal``: what is open of the receivable
    without late charges, which the bank reckons itself. One instruction a remittance; the next follows its answer.
    """
    if not is_open:
        return Instruction("cancel", abatement, due_on)
    if agreed_due_on != due_on:
        return Instruction("due_day", abatement, agreed_due_on)
    less = max(ZERO, amount - principal)
    if less == abatement:
        return None
    return Instruction("abate" if less > abatement else "unabate", less if less > abatement else ZERO, due_on)


def _known(command: Any, state: Account) -> Boleto:
    boleto = state.boletos.get(command.boleto_id)
    if boleto is None:
        raise Refused("boleto.unknown", boleto_id=command.boleto_id)
    return boleto


def _day(command: Any, state: Account) -> date:
    """The day that the command names, else the contract's local day at its instant."""
    if command.on is not None:
        return command.on  # type: ignore[no-any-return]
    if command.at is None:
        raise Refused("account.no-day")
    return local_date(command.at, state.terms.time_zone)


RULES: dict[type, Callable[[Any, Any], Sequence[Any]]] = {
    m.MakeBoleto: make,
    m.RemitBoleto: remit,
    m.ConfirmBoleto: confirm,
    m.RejectBoleto: reject,
    m.NoteBoletoPaid: paid,
    m.CloseBoleto: close,
}
