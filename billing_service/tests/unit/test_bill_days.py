"""A line's bill day apart from its period, and periods that follow the calendar, as the contract's terms say."""

from __future__ import annotations

from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.tests.unit.given import ACCOUNT, SPEC, day, given, line, noon, open_account, planned, terms


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ({"offset_days": 5}, ("2026-01-15", "2026-02-14", "2026-01-20", "300.00")),
        ({"offset_days": -3}, ("2026-01-15", "2026-02-14", "2026-01-12", "300.00")),
        ({"mode": "arrears", "offset_days": 0}, ("2026-01-15", "2026-02-14", "2026-02-14", "300.00")),
        ({"mode": "arrears"}, ("2026-01-15", "2026-02-14", "2026-02-15", "300.00")),
        ({"align": "calendar"}, ("2026-01-15", "2026-01-31", "2026-01-15", "164.52")),
        ({"align": "calendar", "rule": "weekly"}, ("2026-01-15", "2026-01-18", "2026-01-15", "171.43")),
        ({"align": "calendar", "rule": "yearly"}, ("2026-01-15", "2026-12-31", "2026-01-15", "288.49")),
    ],
)
def test_the_first_period_and_its_bill_day(said: dict[str, Any], first: tuple[str, ...]) -> None:
    """300.00; 15 January 2026 is a Thursday: 17 of 31, 4 of 7, 351 of 365 days."""
    assert planned(SPEC.when(open_account(line(**said), starts_on="2026-01-15")).events())[0] == first


def test_another_bill_day_moves_what_is_planned_and_charges_nothing_anew() -> None:
    later = c.TakeTerms(ACCOUNT, day("2026-03-01"), terms(line(offset_days=9)), "addendum 1", noon("2026-02-10"))
    before = given(open_account(line()))
    assert planned(before.when(later).events())[0] == ("2026-03-01", "2026-03-31", "2026-03-10", "300.00")
