"""The simulated year's own books, reckoned by hand: 300.00 a month, January of 31 days, February of 28."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from vigencia.tests.unit.test_expected import DATA
from vigencia.year_books import Books
from vigencia.year_lives import lives, months_until

JAN, FEB, NOW = date(2026, 1, 1), date(2026, 2, 1), date(2026, 11, 24)


@pytest.fixture
def books() -> Books:
    return Books(JAN, NOW, [(JAN, Decimal("300.00"))])


def money(text: str) -> Decimal:
    return Decimal(text)


def test_a_month_is_billed_once(books):
    assert (books.bill(JAN), books.bill(JAN), books.open) == (money("300.00"), money("0.00"), money("300.00"))


def test_a_suspension_gives_back_its_days_and_the_rest_is_billed_after_it(books):
    """1st to 10th: 300 × 10/31 = 96.77; 21st to 31st: 300 × 11/31 = 106.45."""
    books.bill(JAN)
    books.stop(date(2026, 1, 11))
    books.resume(date(2026, 1, 21))
    assert books.open == money("96.77")
    assert books.bill(JAN) == money("106.45")


def test_an_addendum_in_a_suspension_counts_from_its_own_day(books):
    """Back on the 13th at 300.00 for two days (19.35), at 99.90 from the 15th for 17 (54.78)."""
    books.bill(JAN)
    books.prices.append((date(2026, 1, 15), money("99.90")))
    books.reprice(date(2026, 1, 15))
    books.stop(date(2026, 1, 11))
    books.resume(date(2026, 1, 13))
    assert books.bill(JAN) == money("74.13")
    assert books.open == money("96.77") + money("74.13")


def test_what_was_paid_of_days_given_back_is_credit_that_the_next_bill_takes(books):
    """Until the 20th: 300 × 20/31 = 193.55; 106.45 comes back."""
    books.bill(JAN)
    books.pay(money("300.00"), date(2026, 1, 5))
    books.stop(date(2026, 1, 21))
    books.resume(FEB)
    assert (books.open, books.credit) == (money("0.00"), money("106.45"))
    books.bill(FEB)
    assert (books.open, books.credit) == (money("193.55"), money("0.00"))


def test_a_late_payment_of_more_than_the_debt_owes_fine_and_interest(books):
    """Due on the 11th; 20 days late: 6.00 and 300 × 1 % × 20/30 = 2.00; the rest is credit."""
    books.bill(JAN)
    books.pay(money("310.00"), date(2026, 1, 31))
    assert (books.open, books.credit, books.debts[0].late, books.debts[0].days_late) == (
        money("0.00"),
        money("2.00"),
        money("8.00"),
        20,
    )


def test_half_of_a_debt_pays_no_late_charges_and_ages(books):
    books.bill(JAN)
    books.pay(money("150.00"), date(2026, 1, 31))
    assert books.aging(date(2026, 1, 31)) == {"days_1_30": money("150.00")}
    assert books.aging(date(2026, 1, 11)) == {"not_due": money("150.00")}
    assert books.balance_on(date(2026, 1, 30)) == money("300.00")


def test_recurring_revenue_of_a_discount_and_an_end(books):
    books.discount = (FEB, date(2026, 3, 15), money("10"))
    books.end(date(2026, 4, 9))
    assert [(str(day), kind, str(amount)) for day, kind, amount in books.recurring(date(2026, 5, 1))] == [
        ("2026-01-01", "new", "300.00"),
        ("2026-02-01", "contraction", "-30.00"),
        ("2026-03-16", "expansion", "30.00"),
        ("2026-04-10", "churn", "-300.00"),
    ]


def test_the_same_seed_tells_the_same_lives():
    path = DATA / "telco.csv"
    assert lives(path, 5) == lives(path, 5)
    assert lives(path, 5) != lives(path, 6)
    assert len(lives(path, 5, 2)) == 2


def test_thirteen_whole_months_before_this_one():
    months = months_until(NOW)
    assert (months[0], months[-1], len(months)) == (date(2025, 10, 1), date(2026, 10, 1), 13)
