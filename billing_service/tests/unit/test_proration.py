"""What a part of a period is worth; money is exact until the cent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from billing_service.domain import proration as p
from billing_service.domain.money import half_up, plain
from billing_service.domain.recurrence import RULES, Period, Recurrence
from billing_service.tests.unit.given import day

JANUARY = Period(day("2018-01-01"), day("2018-01-10"), day("2018-01-01"), day("2018-01-31"))


def test_actual_days_count_the_last_day_and_divide_by_the_whole_period() -> None:
    assert p.factor(JANUARY) == Fraction(10, 31)
    assert p.prorate(Decimal("900.00"), JANUARY) == Decimal("290.32")


def test_the_commercial_month_has_30_days_whatever_the_month() -> None:
    assert p.fixed_month(day("2023-05-23"), day("2023-06-15")) == Fraction(22, 30)
    assert p.fixed_month(day("2023-02-23"), day("2023-03-15")) == Fraction(22, 30)
    assert p.factor(JANUARY, "commercial_30") == Fraction(10, 30)


def test_a_fixed_month_may_have_another_length() -> None:
    assert p.fixed_month(day("2023-05-23"), day("2023-06-15"), days_in_month=28) == Fraction(20, 28)
    assert p.fixed_month(day("2023-01-01"), day("2023-02-16"), months=3) == Fraction(45, 90)


def test_periods_together_are_worth_the_sum_of_their_factors() -> None:
    """killbill: a shortened first month, a whole one and a shortened last."""
    line = Recurrence(day("2011-01-01"), anchor_day=15, end=day("2011-02-26"))
    assert p.cycles(line.periods()) == Fraction(14, 31) + 1 + Fraction(12, 28)


def test_a_whole_period_costs_its_price_in_both_bases() -> None:
    whole = Period(day("2018-02-01"), day("2018-02-28"), day("2018-02-01"), day("2018-02-28"))
    assert p.prorate(Decimal("99.99"), whole) == p.prorate(Decimal("99.99"), whole, "commercial_30") == Decimal("99.99")


def test_credit_note_rounds_the_credit_and_the_tax_on_the_unrounded_base() -> None:
    assert p.credit_note(Decimal("29.99"), 6, 7, Decimal("23.33")) == (
        Decimal("25.71"),
        Decimal("6.00"),
        Decimal("31.71"),
    )


@pytest.mark.parametrize(("value", "cents"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1", "1.00")])
def test_halves_round_away_from_zero(value: str, cents: str) -> None:
    assert half_up(Decimal(value)) == half_up(Fraction(value)) == Decimal(cents)
    assert str(half_up(Fraction(value))) == cents


def test_numbers_are_written_plainly() -> None:
    assert [plain(Decimal("1E+2")), plain(Fraction(4, 2)), plain(Fraction(14, 28))] == ["100", "2", "1/2"]


@forall(
    st.builds(Recurrence, start=st.dates(day("2000-01-01"), day("2050-12-31")), rule=st.sampled_from(RULES)),
    st.sampled_from(["actual", "commercial_30"]),
    st.data(),
    st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2),
)
def test_parts_of_a_period_add_up_to_it(cycle: Recurrence, basis: str, data: st.DataObject, price: Decimal) -> None:
    """Factors add up exactly; amounts within half a cent for each part."""
    whole = next(cycle.periods())
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, whole.days - 1)), max_size=4)))
    starts = [whole.start, *(whole.start + timedelta(days=cut) for cut in cuts if cut < whole.days)]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), whole.end]
    parts = [Period(a, b, whole.full_start, whole.full_end) for a, b in zip(starts, ends, strict=True)]
    if len(parts) > 1:
        assert sum(p.factor(part, basis) for part in parts) == p.factor(whole, basis)
    total = sum(p.prorate(price, part, basis) for part in parts)
    assert abs(total - p.prorate(price, whole, basis)) <= Decimal("0.005") * (len(parts) + 1)
