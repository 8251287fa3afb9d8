"""A boleto's life: one at a time, numbers that are not used again, and what the bank must be told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain import bank_remittances as r
from billing_service.domain import boleto_messages as b
from billing_service.domain.account import DECIDER
from billing_service.domain.boleto_life import Instruction, wanted
from billing_service.tests.unit.given import ACCOUNT, SPEC, day, kinds, noon
from billing_service.tests.unit.samples_bank import BANK, account_with, entry, make
from services.errors import Conflict
from services.testing.decider import DeciderSpec

HISTORY, (ID, *_) = account_with("2026-01")
SAID: dict[str, Any] = {"account_id": ACCOUNT, "boleto_id": "B1", "on": day("2026-01-03")}


def after(*commands: Any) -> DeciderSpec:
    history = list(HISTORY)
    for command in commands:
        history += DECIDER.decide(command, DECIDER.fold(history))
    return SPEC.given(*history)


REMIT = b.RemitBoleto(ACCOUNT, "B1", "R1", "register", on=day("2026-01-02"))
REGISTERED = (make(ID, 1), REMIT, b.ConfirmBoleto(**SAID))


def status(*commands: Any) -> str:
    return str(after(*commands).state().boletos["B1"].status)


def test_a_receivable_has_one_live_boleto() -> None:
    after(make(ID, 1)).when(make(ID, 2)).then_refused("boleto.exists")
    after(make(ID, 1)).when(make(ID, 1)).then()


def test_no_boleto_is_made_of_what_is_past_due() -> None:
    after().when(make(ID, 1, on="2026-02-01")).then_refused("boleto.past-due")


def test_only_the_bank_s_own_digits_are_made() -> None:
    other = replace(make(ID, 1), bank=replace(BANK, bank_code="001"))
    after().when(other).then_refused("boleto.bank-unknown")


def test_the_bank_s_answer_comes_twice_and_counts_once() -> None:
    after(*REGISTERED).when(b.ConfirmBoleto(**SAID)).then()
    paid = b.NoteBoletoPaid(amount=Decimal("300.00"), payment_id="P1", **SAID)
    after(*REGISTERED, paid).when(paid).then()
    assert status(*REGISTERED, paid) == "paid"


def test_after_a_rejection_another_one_is_made() -> None:
    rejected = b.RejectBoleto(reasons=("08",), **SAID)
    assert status(make(ID, 1), REMIT, rejected) == "rejected"
    assert kinds(list(DECIDER.decide(make(ID, 2), after(make(ID, 1), REMIT, rejected).state()))) == ["BoletoMade"]


def test_an_instruction_waits_for_its_answer_and_is_taken_back_when_refused() -> None:
    abate = b.RemitBoleto(ACCOUNT, "B1", "R2", "abate", Decimal("50.00"), on=day("2026-01-04"))
    spec = after(*REGISTERED, abate)
    spec.when(replace(abate, remittance_id="R3")).then_refused("boleto.state")
    assert spec.state().boletos["B1"].abatement == Decimal("50.00")
    boleto = after(*REGISTERED, abate, b.RejectBoleto(**SAID)).state().boletos["B1"]
    assert (boleto.status, boleto.abatement, boleto.waiting) == ("registered", Decimal("0.00"), "")


@pytest.mark.parametrize(
    ("is_open", "principal", "due", "abatement", "told"),
    [
        (True, "300.00", "2026-01-11", "0.00", None),
        (True, "250.00", "2026-01-11", "0.00", Instruction("abate", Decimal("50.00"), day("2026-01-11"))),
        (True, "250.00", "2026-01-11", "50.00", None),
        (True, "300.00", "2026-01-11", "50.00", Instruction("unabate", Decimal("0.00"), day("2026-01-11"))),
        (True, "310.00", "2026-01-11", "0.00", None),
        (True, "300.00", "2026-01-20", "0.00", Instruction("due_day", Decimal("0.00"), day("2026-01-20"))),
        (False, "0.00", "2026-01-11", "0.00", Instruction("cancel", Decimal("0.00"), day("2026-01-11"))),
    ],
)
def test_what_the_bank_must_be_told(is_open: bool, principal: str, due: str, abatement: str, told: Any) -> None:
    said = wanted(
        amount=Decimal("300.00"),
        due_on=day("2026-01-11"),
        abatement=Decimal(abatement),
        is_open=is_open,
        principal=Decimal(principal),
        agreed_due_on=day(due),
    )
    assert said == told


def remittance(id_: str, sequence: int, *numbers: int) -> r.MakeRemittance:
    entries = tuple(entry(our_number=number) for number in numbers)
    return r.MakeRemittance("p1", id_, sequence, BANK, entries, "0" * 64, at=noon("2026-01-02"))


def test_a_series_is_never_given_twice_nor_left_out() -> None:
    state = r.DECIDER.fold(r.DECIDER.decide(remittance("R1", 1, 1, 2), r.Remittances()))
    assert (state.sequence, state.last_number) == (1, 2)
    assert r.DECIDER.decide(remittance("R1", 1, 1, 2), state) == []
    for wrong in (remittance("R2", 1, 3), remittance("R2", 3, 3), remittance("R2", 2, 2), remittance("R2", 2, 4, 3)):
        with pytest.raises(Conflict):
            r.DECIDER.decide(wrong, state)
    SERIES = DeciderSpec(r.DECIDER)
    SERIES.given().when(remittance("R1", 1)).then_refused("remittance.empty")
