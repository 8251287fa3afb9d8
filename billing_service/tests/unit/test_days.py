"""Local days, business days, due days and late charges."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal

from billing_service.domain import business_days as b
from billing_service.domain import localtime as t
from billing_service.domain.late import days_late, late_charges
from billing_service.tests.unit.given import day

SAO_PAULO = "America/Sao_Paulo"


def test_between_midnight_utc_and_three_it_is_still_yesterday_in_brasilia() -> None:
    assert t.local_date(datetime(2026, 11, 24, 2, 30, tzinfo=UTC), SAO_PAULO) == day("2026-11-23")


def test_a_day_may_not_begin_at_midnight() -> None:
    """Daylight saving time in São Paulo began at 00:00 until 2018."""
    assert t.first_instant(day("2018-11-04"), SAO_PAULO) == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert t.last_instant(day("2018-11-03"), SAO_PAULO) == datetime(2018, 11, 4, 2, 59, 59, tzinfo=UTC)


def test_a_wall_clock_hour_keeps_across_daylight_saving_time() -> None:
    """OCA/field-service 919."""
    before, after = (t.at_local(day(on), time(15), "Europe/Paris") for on in ("2022-03-21", "2022-03-28"))
    assert (before.hour, after.hour) == (14, 13)


def test_a_due_day_on_a_weekend_or_holiday_may_be_paid_on_the_next_business_day() -> None:
    assert b.payable_day(day("2026-11-28"), "next") == day("2026-11-30")
    assert b.payable_day(day("2026-12-25"), "next", {day("2026-12-25")}) == day("2026-12-28")
    assert b.payable_day(day("2026-11-28"), "none") == day("2026-11-28")
    assert b.add_business_days(day("2026-11-27"), 2) == day("2026-12-01")


def test_the_payable_day_itself_is_not_overdue() -> None:
    assert b.overdue_from(day("2025-01-03")) == day("2025-01-04")


def test_paid_on_the_payable_day_owes_nothing_later_from_the_original_day() -> None:
    """STJ REsp 1.954.924: due on Saturday, payable on Monday; on Tuesday it is three days late."""
    due, payable = day("2026-11-28"), day("2026-11-30")
    assert [days_late(due, payable, day(on)) for on in ("2026-11-30", "2026-12-01")] == [0, 3]


def test_the_fine_is_owed_once_and_interest_for_each_day() -> None:
    charges = late_charges(Decimal("1000.00"), 10, Decimal("2"), Decimal("1"))
    assert (charges.fine, charges.interest, charges.total) == (Decimal("20.00"), Decimal("3.33"), Decimal("23.33"))
    assert late_charges(Decimal("1000.00"), 0, Decimal("2"), Decimal("1")).total == 0
