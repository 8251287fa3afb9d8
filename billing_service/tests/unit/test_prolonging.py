"""Another due day for a receivable that was issued: 100.00, billed on 1 January, due on Sunday the 11th."""

from __future__ import annotations

from typing import Any

import pytest

from billing_service.domain import boleto_messages as b
from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.boleto_messages import BankDetails, MakeBoleto
from billing_service.domain.paying import charges_on
from billing_service.domain.prolonging import ChangeReceivableDueDay
from billing_service.domain.terms import DunningStep
from billing_service.tests.unit.given import (
    ACCOUNT,
    amount,
    bill,
    day,
    given,
    kinds,
    line,
    only,
    open_account,
    pay,
    receivable_of,
)
from services.testing.decider import DeciderSpec

BANK = BankDetails("341", "0057", "12345", "7", "110")


@pytest.fixture
def billed() -> DeciderSpec:
    return given(open_account(line("100.00"), dunning=(DunningStep(1, 5),)), bill("2026-01"))


def id_of(spec: DeciderSpec) -> str:
    return receivable_of(spec, "2026-01")


def change(spec: DeciderSpec, due_on: str, on: str, reason: str = "a pedido", **more: Any) -> ChangeReceivableDueDay:
    return ChangeReceivableDueDay(ACCOUNT, id_of(spec), day(due_on), reason, on=day(on), **more)


def boleto(spec: DeciderSpec, number: int = 1, on: str = "2026-01-05") -> MakeBoleto:
    return MakeBoleto(ACCOUNT, id_of(spec), f"B{number}", "p1", number, BANK, day(on))


def test_late_charges_run_from_the_new_day_and_the_first_one_is_kept(billed: DeciderSpec) -> None:
    """Due on Friday the 30th; on 9 February ten days late: 2.00 and 100.00 × 1 % × 10/30 = 0.33."""
    state = billed.when(change(billed, "2026-01-30", "2026-01-20")).state()
    found = state.receivables[id_of(billed)]
    assert (found.due_on, found.original_due_on) == (day("2026-01-30"), day("2026-01-11"))
    assert charges_on(found, state.terms.late, day("2026-01-30")).total == 0
    late = charges_on(found, state.terms.late, day("2026-02-09"))
    assert (late.days, late.fine, late.interest) == (10, amount("2.00"), amount("0.33"))


def test_a_second_copy_owes_the_late_charges_of_its_day_and_can_have_a_boleto(billed: DeciderSpec) -> None:
    """On 10 February thirty days late: 100.00 + 2.00 + 1.00, due on Monday the 16th."""
    billed.when(boleto(billed, on="2026-02-10")).then_refused("boleto.past-due")
    copied = billed.when(change(billed, "2026-02-16", "2026-02-10", late_charges=True))
    assert kinds(copied.events()) == ["LateChargesAccrued", "ReceivableDueDayChanged"]
    made = only(copied.when(boleto(billed, on="2026-02-10")).events(), b.BoletoMade)
    assert (made.amount, made.due_on) == (amount("103.00"), day("2026-02-16"))
    again = copied.when(c.AccrueLateCharges(ACCOUNT, id_of(billed), day("2026-02-26")))
    owed = only(again.events(), e.LateChargesAccrued)  # the fine once, interest on what is owed of the debt itself
    assert (owed.fine, owed.interest) == (amount("0.00"), amount("0.33"))


def test_reminders_and_the_overdue_mark_follow_the_new_day(billed: DeciderSpec) -> None:
    id_ = id_of(billed)
    said = billed.when(
        c.MarkOverdue(ACCOUNT, id_, day("2026-01-13")), c.SendReminder(ACCOUNT, id_, 1, day("2026-01-16"))
    )
    moved = said.when(change(billed, "2026-01-30", "2026-01-20"))
    assert not moved.state().receivables[id_].overdue
    moved.when(c.SendReminder(ACCOUNT, id_, 1, day("2026-01-31"))).then_nothing()
    assert kinds(moved.when(c.SendReminder(ACCOUNT, id_, 1, day("2026-02-04"))).events()) == ["ReminderSent"]
    assert kinds(moved.when(c.MarkOverdue(ACCOUNT, id_, day("2026-01-31"))).events()) == ["ReceivableOverdue"]


def test_an_account_in_default_is_regular_again(billed: DeciderSpec) -> None:
    late = billed.when(c.CheckDefault(ACCOUNT, day("2026-02-10")))
    assert kinds(late.when(change(billed, "2026-02-20", "2026-02-11")).events())[-1] == "AccountRegularised"


def test_a_boleto_that_no_bank_knows_is_dropped_and_one_that_it_knows_is_told_the_day(billed: DeciderSpec) -> None:
    made = billed.when(boleto(billed))
    assert kinds(made.when(change(billed, "2026-01-30", "2026-01-06")).events())[-1] == "BoletoCancelled"
    register = b.RemitBoleto(ACCOUNT, "B1", "R1", "register", on=day("2026-01-05"))
    known = made.when(register, b.ConfirmBoleto(ACCOUNT, "B1", day("2026-01-06")))
    assert kinds(known.when(change(billed, "2026-01-30", "2026-01-06")).events()) == ["ReceivableDueDayChanged"]


def test_what_is_refused_and_what_changes_nothing(billed: DeciderSpec) -> None:
    billed.when(change(billed, "2026-01-19", "2026-01-20")).then_refused("receivable.due-day-past")
    billed.when(change(billed, "2026-01-30", "2026-01-20", " ")).then_refused("charge.no-reason")
    billed.when(change(billed, "2026-01-11", "2026-01-20")).then_nothing()
    paid = billed.when(pay("100.00", "2026-01-10"))
    paid.when(change(billed, "2026-01-30", "2026-01-20")).then_refused("receivable.not-open")
