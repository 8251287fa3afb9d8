"""What a termination costs whom, credit that is granted and paid back, charges that are withdrawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain import more_commands as m
from billing_service.domain import more_events as x
from billing_service.domain.explain import sentence
from billing_service.domain.ids import added_charge_id
from billing_service.tests.unit.given import (
    ACCOUNT,
    amount,
    bill,
    day,
    given,
    kinds,
    line,
    noon,
    only,
    open_account,
    pay,
)
from services.codec import to_json_values


def ended(on: str = "2026-03-31", **changes: Any) -> m.SettleTermination:
    values = {"fine": amount("270.00"), "fine_base": amount("2700.00"), "fine_percent": Decimal(10), **changes}
    return m.SettleTermination(ACCOUNT, "T1", day(on), at=noon(on), **values)


STOP = c.StopPlanning(ACCOUNT, day("2026-04-01"), "termination", noon("2026-03-31"))


def test_leaving_early_costs_a_fine_that_explains_itself() -> None:
    spec = given(open_account(ends_on="2026-12-31"), STOP).when(ended())
    added = only(spec.events(), e.ChargeAdded)
    assert (added.amount, added.bill_on, added.explanation.kind) == (amount("270.00"), day("2026-03-31"), "fine")
    said = sentence(to_json_values(added.explanation))
    assert said == (
        "Multa por rescisão antecipada em 31/03/2026: 10% de R$ 2.700,00, as cobranças até o fim do prazo = R$ 270,00."
    )
    assert sentence(to_json_values(added.explanation), "en").startswith("Fine for leaving early on 2026-03-31: 10% of")


def test_the_fine_stands_on_the_next_bill_and_once_only() -> None:
    spec = given(open_account(ends_on="2026-12-31"), bill("2026-03"), STOP, ended())
    spec.when(ended()).then_nothing()
    issued = only(spec.when(bill("2026-04")).events(), e.ReceivableIssued)
    assert [(item.description, str(item.amount)) for item in issued.lines] == [
        ("Multa por rescisão antecipada", "270.00")
    ]


def test_where_the_provider_leaves_the_fine_is_the_customers_credit() -> None:
    spec = given(open_account(ends_on="2026-12-31"), bill("2026-03", "2026-03-01"), STOP, ended(by="provider"))
    state = spec.state()
    assert (state.balance, state.credit) == (amount("630.00"), amount("0"))  # 900.00 − 270.00
    assert not [p for p in state.pending.values() if p.explanation.kind == "fine"]


def test_a_consumer_who_regrets_owes_nothing_and_gets_all_back() -> None:
    opening = open_account(line(), line("50.00", "L2", kind="one_off"), ends_on="2026-12-31")
    work = c.AddCharge(ACCOUNT, "work", "W1", Decimal(1), day("2026-01-03"), "Visita", amount("80.00"))
    later = c.AddCharge(ACCOUNT, "work", "W2", Decimal(1), day("2026-01-04"), "Visita", amount("80.00"))
    stop = c.StopPlanning(ACCOUNT, day("2026-01-06"), "termination", noon("2026-01-05"))
    history = (opening, work, bill("2026-01"), pay("430.00", "2026-01-02"), later, stop)
    spec = given(*history, ended("2026-01-05", fine=amount("0"), refund_all=True))
    state = spec.state()
    assert (state.balance, state.credit) == (amount("-430.00"), amount("430.00"))
    assert dict(state.pending) == {}
    refunded = only(
        spec.when(m.RefundCredit(ACCOUNT, "F1", "arrependimento", on=day("2026-01-06"))).events(), x.CreditRefunded
    )
    assert refunded.amount == amount("430.00")


def regret() -> m.SettleTermination:
    return ended("2026-01-05", fine=amount("0"), refund_all=True)


def test_a_discount_is_taken_back_with_what_it_was_taken_off() -> None:
    off = line("-50.00", "L2", kind="one_off", starts_on=day("2026-01-01"))
    unpaid = given(open_account(line(), off), bill("2026-01"), regret()).state()
    assert (unpaid.balance, unpaid.credit) == (amount("0"), amount("0"))
    paid = given(open_account(line(), off), bill("2026-01"), pay("250.00", "2026-01-02"), regret()).state()
    assert (paid.balance, paid.credit) == (amount("-250.00"), amount("250.00"))


def test_an_undone_regret_charges_every_day_and_what_is_charged_once_anew() -> None:
    once = line("50.00", "L2", kind="one_off", starts_on=day("2026-01-01"))
    undo = m.UndoTermination(ACCOUNT, day("2026-01-08"), noon("2026-01-08"))
    spec = given(open_account(line(), once), bill("2026-01"), regret(), undo, bill("2026-01", "2026-01-09"))
    assert spec.state().balance == amount("350.00")
    charged = sorted((str(b.line.line_id), str(b.start)) for b in spec.state().billed.values() if b.covers)
    assert charged == [("L1", "2026-01-01"), ("L2", "2026-01-01")]


def test_an_undone_termination_takes_its_fine_back_billed_or_not() -> None:
    undo = m.UndoTermination(ACCOUNT, day("2026-04-02"))
    spec = given(open_account(ends_on="2026-12-31"), STOP, ended())
    assert kinds(spec.when(undo).events()) == ["ChargeWithdrawn"]
    spec = given(open_account(ends_on="2026-12-31"), bill("2026-03"), STOP, ended(), bill("2026-04"), undo)
    assert spec.state().balance == amount("900.00")
    spec.when(undo).then_nothing()


def test_credit_that_an_undone_termination_gave_is_charged() -> None:
    undo = m.UndoTermination(ACCOUNT, day("2026-04-02"))
    spec = given(open_account(ends_on="2026-12-31"), bill("2026-03"), STOP, ended(by="provider"), undo)
    spec.when(undo).then_nothing()
    assert given(
        open_account(ends_on="2026-12-31"), bill("2026-03"), STOP, ended(by="provider"), undo, bill("2026-04")
    ).state().balance == amount("900.00")


def test_a_backdated_termination_credits_what_was_billed_beyond_it() -> None:
    """30 of March's 31 days are not owed; what was paid of them is credit."""
    stop = c.StopPlanning(ACCOUNT, day("2026-03-02"), "termination", noon("2026-03-20"))
    spec = given(open_account(), bill("2026-03", "2026-03-01"), pay("900.00", "2026-03-05")).when(stop)
    note = only(spec.events(), e.CreditNoteIssued)
    assert (note.amount, note.unallocated, note.period_start, note.explanation.factor) == (
        amount("290.32"),
        amount("290.32"),
        day("2026-03-02"),
        "1/31",
    )


def test_granted_credit_pays_the_oldest_and_the_rest_waits() -> None:
    spec = given(
        open_account(), bill("2026-01"), m.GrantCredit(ACCOUNT, "G1", amount("350.00"), "x", day("2026-01-05"))
    )
    assert (spec.state().balance, spec.state().credit) == (amount("-50.00"), amount("50.00"))
    spec.when(m.GrantCredit(ACCOUNT, "G1", amount("350.00"), "x", day("2026-01-05"))).then_nothing()
    refused = m.GrantCredit(ACCOUNT, "G2", amount("1.00"), " ", day("2026-01-05"))
    spec.when(refused).then_refused("charge.no-reason")


def test_no_more_is_paid_back_than_there_is_and_what_was_is_not_reversed() -> None:
    spec = given(open_account(), bill("2026-01"), pay("400.00", "2026-01-05"))
    too_much = m.RefundCredit(ACCOUNT, "F1", "x", amount("100.01"), on=day("2026-01-06"))
    spec.when(too_much).then_refused("credit.exceeds-credit", limit=amount("100.00"))
    back = m.RefundCredit(ACCOUNT, "F1", "x", amount("40.00"), on=day("2026-01-06"))
    spec = given(open_account(), bill("2026-01"), pay("400.00", "2026-01-05"), back)
    assert spec.state().credit == amount("60.00")
    spec.when(back).then_nothing()
    spec.when(c.ReversePayment(ACCOUNT, "P1", "x", day("2026-01-07"))).then_refused("payment.refunded")


def test_an_added_charge_is_withdrawn_or_credited_a_planned_one_is_not() -> None:
    work = c.AddCharge(ACCOUNT, "work", "W1", Decimal(1), day("2026-01-03"), "Visita", amount("80.00"))
    id_ = added_charge_id(ACCOUNT, "work", "W1")
    withdraw = m.WithdrawCharge(ACCOUNT, id_, "em dobro", day("2026-01-10"))
    gone = given(open_account(), work, withdraw)
    assert id_ not in gone.state().pending
    gone.when(work).then_nothing()
    spec = given(open_account(), work, bill("2026-01"), withdraw)
    assert spec.state().balance == amount("300.00")
    spec.when(withdraw).then_nothing()
    planned = next(iter(given(open_account()).state().pending))
    given(open_account()).when(m.WithdrawCharge(ACCOUNT, planned, "x", day("2026-01-10"))).then_refused(
        "charge.planned"
    )


@pytest.mark.parametrize("between", [(), (bill("2026-01", "2026-01-08"),)], ids=["pending", "billed"])
def test_an_undone_regret_charges_the_work_anew_that_it_gave_back(between: tuple[Any, ...]) -> None:
    """300.00 a month and work of 80.00: all is given back, and all is owed again, once."""
    work = c.AddCharge(ACCOUNT, "work", "W1", Decimal(1), day("2026-01-05"), "Visita", amount("80.00"), request_id="R1")
    undo = m.UndoTermination(ACCOUNT, at=noon("2026-01-09"))
    regretted = given(open_account(line()), work, *between, regret())
    assert regretted.state().balance == 0
    undone = given(open_account(line()), work, *between, regret(), undo, bill("2026-01", "2026-01-10"))
    assert undone.state().balance == amount("380.00")
    again = given(open_account(line()), work, *between, regret(), undo, undo, bill("2026-01", "2026-01-10"))
    assert again.state().balance == amount("380.00")
