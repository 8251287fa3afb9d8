"""Finance's agenda: what it decides about a charge holds by the charge's identity, whatever is planned anew."""

from __future__ import annotations

from typing import Any

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.tests.unit.given import (
    ACCOUNT,
    amount,
    bill,
    day,
    given,
    issued,
    kinds,
    line,
    noon,
    open_account,
    terms,
)

MARCH = {"line_id": "L1", "period_start": day("2026-03-01")}


def hold(**named: Any) -> c.HoldCharge:
    return c.HoldCharge(ACCOUNT, "em disputa", **{**MARCH, **named}, on=day("2026-02-01"))


def release(**named: Any) -> c.ReleaseCharge:
    return c.ReleaseCharge(ACCOUNT, "resolvido", **{**MARCH, **named}, on=day("2026-04-15"))


def move(to: str, **named: Any) -> c.MoveCharge:
    return c.MoveCharge(ACCOUNT, day(to), "a pedido", **{**MARCH, **named}, on=day("2026-02-01"))


def due(on: str | None, **named: Any) -> c.ChangeChargeDueDay:
    to = day(on) if on else None
    return c.ChangeChargeDueDay(ACCOUNT, to, "a pedido", **{**MARCH, **named}, on=day("2026-02-01"))


def lines(events: list[Any]) -> list[str]:
    return [str(item.period_start) for item in issued(events).lines]


def test_a_held_charge_is_on_no_bill_until_it_is_released() -> None:
    opened = given(open_account(), bill("2026-01"), bill("2026-02"), hold())
    assert "ReceivableIssued" not in kinds(opened.when(bill("2026-03")).events())
    assert lines(opened.when(bill("2026-03"), bill("2026-04"), release(), bill("2026-05")).events()) == [
        "2026-03-01",
        "2026-05-01",
    ]


def test_holding_twice_or_releasing_what_is_not_held_changes_nothing() -> None:
    given(open_account(), hold()).when(hold()).then_nothing()
    given(open_account()).when(release()).then_nothing()


def test_a_held_charge_stays_held_when_new_terms_plan_it_anew() -> None:
    taken = c.TakeTerms(ACCOUNT, day("2026-02-10"), terms(line("330.00")), "addendum 1", noon("2026-02-01"))
    spec = given(open_account(), hold(), taken)
    (march,) = [p for p in spec.state().pending.values() if p.period_start == day("2026-03-01")]
    assert (march.held, march.amount, march.reason) == (True, amount("330.00"), "em disputa")


def test_a_moved_charge_is_billed_on_its_new_day_for_the_same_period() -> None:
    opened = given(open_account(), bill("2026-01"), bill("2026-02"), move("2026-05-20"))
    assert "ReceivableIssued" not in kinds(opened.when(bill("2026-03")).events())
    assert lines(opened.when(bill("2026-03"), bill("2026-04"), bill("2026-05")).events()) == [
        "2026-05-01",
        "2026-03-01",
    ]


def test_a_charge_that_is_moved_back_stands_as_the_terms_say() -> None:
    (back,) = given(open_account(), move("2026-05-20")).when(move("2026-03-01")).events()
    assert (back.bill_on, back.moved_from) == (day("2026-03-01"), day("2026-03-01"))
    state = given(open_account(), move("2026-05-20"), move("2026-03-01")).state()
    assert not any(p.changed for p in state.pending.values())


def test_a_charge_of_another_due_day_stands_on_a_receivable_of_its_own() -> None:
    two = open_account(line("300.00"), line("50.00", "L2"))
    opened = given(two, bill("2026-01"), bill("2026-02"), due("2026-04-20", line_id="L2"))
    found = [x for x in opened.when(bill("2026-03")).events() if isinstance(x, e.ReceivableIssued)]
    assert [(str(x.net), str(x.due_on), x.number) for x in found] == [
        ("300.00", "2026-03-11", "C-7-2026-03"),
        ("50.00", "2026-04-20", "C-7-2026-03.2"),
    ]
    opened.when(bill("2026-03"), bill("2026-03")).then_nothing()


def test_an_added_charge_is_held_by_its_id() -> None:
    added = c.AddCharge(ACCOUNT, "manual", "M1", amount("1"), day("2026-01-10"), "Visita", amount("80.00"), reason="x")
    opened = given(open_account(), added)
    (id_,) = [p.charge_id for p in opened.state().pending.values() if not p.planned]
    held = opened.when(hold(charge_id=id_, line_id=None, period_start=None), bill("2026-01"))
    assert issued(held.events()).net == amount("300.00")


def test_what_was_billed_or_is_not_there_or_has_no_reason_is_refused() -> None:
    opened = given(open_account(), bill("2026-01"))
    opened.when(hold(period_start=day("2026-01-01"))).then_refused("charge.billed-already")
    opened.when(hold(line_id="L9")).then_refused("charge.unknown")
    opened.when(c.HoldCharge(ACCOUNT, " ", **MARCH, on=day("2026-02-01"))).then_refused("charge.no-reason")
    opened.when(due("2026-01-31")).then_refused("charge.due-in-the-past")
