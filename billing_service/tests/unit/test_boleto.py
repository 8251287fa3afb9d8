"""Boleto: bar code and typeable line as Itaú's manual shows them; the due factor before and after its rollover."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from billing_service.domain.boleto import (
    BankAccount,
    bar_code,
    due_day,
    due_factor,
    free_field,
    read_line,
    typeable_line,
)
from services.errors import Refused

ACCOUNT = BankAccount("0057", "12345", "110")


@pytest.mark.parametrize(
    ("day", "factor"),
    [
        ("2000-07-03", 1000),
        ("2002-05-01", 1667),
        ("2025-02-21", 9999),
        ("2025-02-22", 1000),
        ("2025-02-23", 1001),
        ("2049-10-13", 9999),
        ("2049-10-14", 1000),
    ],
)
def test_the_due_factor_begins_again_at_1000_after_9999(day: str, factor: int) -> None:
    assert due_factor(date.fromisoformat(day)) == factor


@forall(st.dates(date(2000, 7, 3), date(2070, 1, 1)), st.integers(-1000, 1000))
def test_a_factor_is_read_back_as_the_day_that_is_near(day: date, away: int) -> None:
    near = max(day + timedelta(days=away), date(2000, 7, 3))
    assert due_day(due_factor(day), near) == day


def test_the_example_of_the_bank_s_manual_comes_out_digit_by_digit() -> None:
    free = free_field(ACCOUNT, 12345678)
    assert free == "1101234567880057123457000"
    code = bar_code(date(2002, 5, 1), Decimal("123.45"), free)
    assert code == "34196166700000123451101234567880057123457000"
    assert typeable_line(code) == "34191.10121 34567.880058 71234.570001 6 16670000012345"


@forall(
    st.dates(date(2000, 7, 3), date(2070, 1, 1)),
    st.decimals(Decimal("0.01"), Decimal("99999999.99"), places=2),
    st.integers(1, 99_999_999),
)
def test_a_typeable_line_says_its_bar_code(due_on: date, amount: Decimal, number: int) -> None:
    code = bar_code(due_on, amount, free_field(ACCOUNT, number))
    assert len(code) == 44
    assert read_line(typeable_line(code)) == code


def test_a_wrong_digit_is_noticed() -> None:
    line = "34191.10121 34567.880058 71234.570001 6 16670000012345"
    for wrong in (line.replace("34567", "34568"), line.replace("12345", "12346"), line[:-1]):
        with pytest.raises(ValueError, match="digit"):
            read_line(wrong)


def test_what_no_boleto_can_say_is_refused() -> None:
    with pytest.raises(Refused):
        due_factor(date(1999, 1, 1))
    with pytest.raises(Refused):
        bar_code(date(2026, 1, 1), Decimal("0.00"), free_field(ACCOUNT, 1))
    with pytest.raises(Refused):
        free_field(ACCOUNT, 100_000_000)
