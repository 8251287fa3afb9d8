"""Recurring revenue a month and its movements, reckoned by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from billing_service.domain.recurring_revenue import Step, movements, resumed, steps, stopped, with_steps
from billing_service.domain.terms import BillingTerms, ChargeLine, Discount

JAN, MAY = date(2026, 1, 1), date(2026, 5, 1)


def terms(*lines: ChargeLine) -> BillingTerms:
    return BillingTerms(starts_on=JAN, lines=lines)


def line(amount: str = "300.00", **changes: Any) -> ChargeLine:
    return ChargeLine("L1", "4.1", "Manutenção", Decimal(amount), **changes)


def shown(found: list[Step]) -> list[tuple[str, str]]:
    return [(step.on.isoformat(), str(step.monthly)) for step in found]


def moved(known: list[Step], stops: Any = ()) -> list[tuple[str, str, str]]:
    return [(each.on.isoformat(), each.kind, str(each.amount)) for each in movements(known, stops)]


def test_a_running_discount_is_off_and_its_end_is_an_expansion() -> None:
    """300.00 − 10 % − 20.00 = 250.00 until June's end."""
    off = Discount(percent=Decimal("10"), amount=Decimal("20.00"), ends_on=date(2026, 6, 30))
    found = steps(terms(line(discounts=(off,))), JAN)
    assert shown(found) == [("2026-01-01", "250.00"), ("2026-07-01", "300.00")]
    assert moved(found) == [("2026-01-01", "new", "250.00"), ("2026-07-01", "expansion", "50.00")]


def test_a_discount_that_begins_is_a_contraction() -> None:
    off = Discount(percent=Decimal("50"), starts_on=date(2026, 3, 10), ends_on=date(2026, 5, 9))
    assert moved(steps(terms(line(discounts=(off,))), JAN))[1:] == [
        ("2026-03-10", "contraction", "-150.00"),
        ("2026-05-10", "expansion", "150.00"),
    ]


def test_a_discount_of_one_period_is_no_movement() -> None:
    once = Discount(percent=Decimal("50"), starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31))
    yearly = Discount(amount=Decimal("120.00"), ends_on=date(2026, 12, 31))
    assert shown(steps(terms(line(discounts=(once,))), JAN)) == [("2026-01-01", "300.00")]
    assert shown(steps(terms(line("1200.00", rule="yearly", discounts=(yearly,))), JAN)) == [("2026-01-01", "100.00")]


def test_the_minimum_holds_for_the_discounted_price() -> None:
    off = Discount(percent=Decimal("90"))
    assert shown(steps(terms(line(minimum=Decimal("100.00"), discounts=(off,))), JAN)) == [("2026-01-01", "100.00")]


def test_a_line_counts_on_its_own_days_and_the_contract_s_end_is_no_movement() -> None:
    """A weekly line of 12.00 comes to 12 × 365 / 12 / 7 = 52.142857… a month."""
    weekly = ChargeLine(
        "L2", "4.2", "Limpeza", Decimal("12.00"), rule="weekly", starts_on=date(2026, 2, 1), ends_on=date(2026, 3, 31)
    )
    ending = BillingTerms(starts_on=JAN, ends_on=date(2026, 12, 31), lines=(line(), weekly))
    assert shown(steps(ending, JAN)) == [
        ("2026-01-01", "300.00"),
        ("2026-02-01", "352.14"),
        ("2026-04-01", "300.00"),
    ]


def test_new_terms_replace_what_was_foreseen_from_their_day_on() -> None:
    off = Discount(percent=Decimal("10"), ends_on=date(2026, 6, 30))
    known = with_steps([], terms(line(discounts=(off,))), JAN)
    assert shown(with_steps(known, terms(line("400.00")), MAY)) == [("2026-01-01", "270.00"), ("2026-05-01", "400.00")]


def test_an_end_is_churn_and_one_that_is_undone_never_was() -> None:
    known = with_steps([], terms(line()), JAN)
    ended = stopped([], MAY)
    assert moved(known, ended)[1:] == [("2026-05-01", "churn", "-300.00")]
    assert moved(known, resumed(ended, MAY))[1:] == []
    assert moved(known, resumed(ended, date(2026, 6, 1)))[1:] == [
        ("2026-05-01", "churn", "-300.00"),
        ("2026-06-01", "reactivation", "300.00"),
    ]


def test_terms_taken_while_it_is_ended_count_when_it_comes_back() -> None:
    known = with_steps(with_steps([], terms(line()), JAN), terms(line("400.00")), date(2026, 5, 15))
    assert moved(known, resumed(stopped([], MAY), date(2026, 6, 1)))[1:] == [
        ("2026-05-01", "churn", "-300.00"),
        ("2026-06-01", "reactivation", "400.00"),
    ]
