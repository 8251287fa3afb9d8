"""Receivables and credits of another system that are taken over: owed here, no revenue, and once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain import more_events as x
from billing_service.domain.explain import sentences
from billing_service.domain.paying import charges_on
from billing_service.domain.taking_over import TakeOverCredit, TakeOverReceivable
from billing_service.domain.terms import BillingRules, DefaultRule, DunningStep
from billing_service.tests.unit.given import (
    ACCOUNT,
    amount,
    bill,
    day,
    given,
    issued,
    kinds,
    noon,
    only,
    open_account,
    pay,
)
from billing_service.tests.unit.test_views import agree, folded
from billing_service.views.ledger import ledger
from billing_service.views.months import contract_months
from services.codec import to_json_values
from services.testing.decider import DeciderSpec

TODAY = "2026-01-20"
LADDER = (DunningStep(1, 5), DunningStep(2, 15))


def opened() -> c.OpenAccount:
    """Billed elsewhere until the end of the year, which ended late for somebody."""
    return open_account(
        dunning=LADDER, default=DefaultRule(days=30), billing=BillingRules(billed_through=day("2026-01-31"))
    )


def left(**changes: Any) -> TakeOverReceivable:
    """1,000.00 billed, 50.00 withheld, 400.00 paid before."""
    wish = TakeOverReceivable(
        ACCOUNT,
        external_ref="FAT-9",
        issued_on=day("2025-11-20"),
        due_on=day("2025-11-30"),
        amount=amount("1000.00"),
        withheld=amount("50.00"),
        left=amount("550.00"),
        description="Manutenção de novembro",
        source="Antigo",
        at=noon(TODAY),
    )
    return replace(wish, **changes)


def debt(spec: DeciderSpec) -> str:
    (id_,) = spec.state().receivables
    return id_


def test_what_is_owed_is_what_was_left_and_the_rest_is_told() -> None:
    event = issued(given(opened()).when(left()).events())
    assert (event.gross, event.withheld, event.net, event.number) == (
        *map(amount, ("550.00", "0.00", "550.00")),
        "FAT-9",
    )
    assert (event.due_on, event.payable_on) == (day("2025-11-30"), day("2025-12-01"))  # a Sunday
    assert event.taken_over == e.TakenOver(
        day(TODAY), "Antigo", amount("1000.00"), amount("50.00"), paid=amount("400.00")
    )


def test_why_this_amount_says_where_it_comes_from() -> None:
    (line,) = issued(given(opened()).when(left()).events()).lines
    assert sentences(to_json_values(line.explanation)) == {
        "pt-BR": "Título FAT-9 do sistema anterior, Antigo, emitido em 20/11/2025 por R$ 1.000,00; retido na fonte R$ 50,00; "
        "pago antes R$ 400,00; restam R$ 550,00.",
        "en": "Receivable FAT-9 of the former system, Antigo, issued on 2025-11-20 for R$ 1,000.00; withheld at source "
        "R$ 50.00; paid before R$ 400.00; R$ 550.00 is left.",
    }
    whole = left(withheld=amount("0.00"), left=amount("1000.00"), source="")
    (line,) = issued(given(opened()).when(whole).events()).lines
    assert sentences(to_json_values(line.explanation))["en"].endswith(
        "issued on 2025-11-20 for R$ 1,000.00; R$ 1,000.00 is left."
    )


def test_the_same_again_changes_nothing_and_another_one_is_refused_with_what_differs() -> None:
    spec = given(opened(), left())
    spec.when(left(at=noon("2026-03-01"))).then_nothing()
    spec.when(left(left=amount("500.00"), due_on=day("2025-12-01"))).then_refused(
        "receivable.taken-over-differently", external_ref="FAT-9", where="due_on, left"
    )
    paid = given(opened(), left(), pay("550.00", "2026-01-25"))
    paid.when(left()).then_nothing()


def test_a_mistake_is_cancelled_and_taken_over_rightly() -> None:
    spec = given(opened(), left())
    cancel = c.CancelReceivable(ACCOUNT, debt(spec), "errado", "return", day(TODAY), noon(TODAY))
    cancelled = only(spec.when(cancel).events(), e.ReceivableCancelled)
    assert (cancelled.lines, cancelled.taken_over) == ((), True)
    right = left(left=amount("500.00"))
    given(opened(), left(), cancel).when(left()).then_nothing()
    again = given(opened(), left(), cancel, right)
    assert again.state().balance == amount("500.00")
    again.when(right).then_nothing()
    again.when(left()).then_nothing()  # that one was cancelled
    again.when(left(left=amount("1.00"))).then_refused("receivable.taken-over-differently")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": amount("0.00")}, "receivable.amount-invalid"),
        ({"left": amount("950.01")}, "receivable.left-invalid"),
        ({"left": amount("0.00")}, "receivable.left-invalid"),
        ({"left": amount("100.005")}, "receivable.cents"),
        ({"withheld": amount("1000.00")}, "receivable.withheld-invalid"),
        ({"due_on": day("2025-11-19")}, "receivable.due-before-issue"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any], code: str) -> None:
    given(opened()).when(left(**wrong)).then_refused(code)


def test_what_is_here_as_history_is_not_owed_twice() -> None:
    history = c.ImportReceivable(ACCOUNT, "FAT-9", "FAT-9", day("2025-11-20"), day("2025-11-30"), amount("10.00"))
    given(opened(), history).when(left()).then_refused("receivable.is-history")


def test_it_is_overdue_reminded_of_and_a_default() -> None:
    spec = given(opened(), left())
    id_ = debt(spec)
    assert kinds(spec.when(c.MarkOverdue(ACCOUNT, id_, at=noon(TODAY))).events()) == ["ReceivableOverdue"]
    assert kinds(spec.when(c.SendReminder(ACCOUNT, id_, 2, at=noon(TODAY))).events()) == ["ReminderSent"]
    default = only(spec.when(c.CheckDefault(ACCOUNT, at=noon(TODAY))).events(), e.AccountInDefault)
    assert (default.days, default.amount) == (51, amount("550.00"))
    lapsed = given(opened(), left(), c.CheckDefault(ACCOUNT, at=noon(TODAY)))
    settled = lapsed.when(pay("700.00", "2026-01-25")).events()
    assert "ReceivableSettled" in kinds(settled)
    assert "AccountRegularised" in kinds(settled)


def test_late_charges_run_from_its_own_due_day_on_what_is_left() -> None:
    state = given(opened(), left()).state()
    (receivable,) = state.receivables.values()
    owed = charges_on(receivable, state.terms.late, day(TODAY))
    assert (owed.days, owed.fine, owed.interest) == (51, amount("11.00"), amount("9.35"))  # 2 %; 1 % × 51/30


def test_numbers_and_the_first_bill_do_not_count_it() -> None:
    spec = given(opened(), left(issued_on=day("2026-02-01"), due_on=day("2026-02-10")))
    assert issued(spec.when(bill("2026-02")).events()).number == "C-7-2026-02"
    month = open_account(billing=BillingRules(first_bill="month"))
    billed = issued(given(month, left()).when(bill("2026-01")).events())
    assert [line.period_start for line in billed.lines] == [day("2026-01-01")]


def test_it_is_no_revenue_of_its_month_and_stands_in_the_ledger_on_the_day_of_the_opening_balance() -> None:
    spec = given(opened(), left())
    cancel = c.CancelReceivable(ACCOUNT, debt(spec), "errado", "drop", day(TODAY), noon(TODAY))
    rows = folded([*spec.history, *spec.when(cancel).events()])
    assert rows.find(contract_months) == []
    assert [(row["on"], row["kind"], row["amount"]) for row in rows.find(ledger)] == [
        (day(TODAY), "receivable", amount("550.00")),
        (day(TODAY), "cancellation", amount("-550.00")),
    ]


def test_a_credit_paid_before_pays_what_is_open_and_is_taken_over_once() -> None:
    credit = TakeOverCredit(ACCOUNT, "ADI-1", amount("600.00"), "Adiantamento", "Antigo", at=noon(TODAY))
    spec = given(opened(), left())
    events = spec.when(credit).events()
    assert kinds(events) == ["CreditGranted", "CreditAllocated", "ReceivableSettled"]
    granted = only(events, x.CreditGranted)
    assert sentences(to_json_values(granted.explanation))["pt-BR"] == (
        "Crédito de R$ 600,00 pago antes a Antigo (ADI-1)."
    )
    after = given(opened(), left(), credit)
    assert after.state().balance == amount("-50.00")
    after.when(credit).then_nothing()
    after.when(replace(credit, amount=amount("601.00"))).then_refused("credit.taken-over-differently")
    given(opened()).when(replace(credit, amount=amount("0.00"))).then_refused("credit.amount-invalid")
    assert given(opened(), credit, left()).state().balance == amount("-50.00")
    assert folded([*after.history]).find(contract_months) == []


def test_views_and_state_agree() -> None:
    credit = TakeOverCredit(ACCOUNT, "ADI-1", Decimal("100.00"), at=noon(TODAY))
    agree([*given(opened(), left(), credit, pay("60.00", "2026-01-25"), bill("2026-02")).history])
