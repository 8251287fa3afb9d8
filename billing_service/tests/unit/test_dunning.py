"""Reminders by level, and campaigns over several currencies."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from billing_service.domain.campaign import Campaign, Progress, attempt
from billing_service.domain.dunning import ReminderRule, check_run_day, next_level, reminder_day, reminder_days
from billing_service.tests.unit.given import day
from services.errors import Refused

LADDER = (
    ReminderRule(1, 10),
    ReminderRule(2, 30, at_month_end=True),
    ReminderRule(3, 10, counts_from="previous"),
)
DUE = day("2025-01-15")
CAMPAIGN = Campaign(2, 2, {"EUR": Decimal(150), "USD": Decimal(100)})


def noon(on: str) -> datetime:
    return datetime.combine(day(on), datetime.min.time(), tzinfo=UTC).replace(hour=12)


def test_each_level_has_its_first_day() -> None:
    days = {level: str(on) for level, on in reminder_days(LADDER, DUE).items()}
    assert days == {1: "2025-01-25", 2: "2025-02-28", 3: "2025-03-10"}


def test_no_level_is_skipped_however_late_the_first_run_is() -> None:
    late = day("2025-06-01")
    assert next_level(LADDER, DUE, {}, late) == 1
    assert next_level(LADDER, DUE, {1: late}, late) == 2
    assert next_level(LADDER, DUE, {1: late, 2: late}, late) is None
    assert next_level(LADDER, DUE, {1: late, 2: late}, day("2025-06-11")) == 3
    assert next_level(LADDER, DUE, dict.fromkeys((1, 2, 3), late), day("2026-01-01")) is None


def test_a_reminder_waits_for_its_day() -> None:
    assert next_level(LADDER, DUE, {}, day("2025-01-24")) is None
    assert next_level((ReminderRule(1, -3),), DUE, {}, day("2025-01-12")) == 1


def test_a_level_that_counts_from_the_one_before_needs_it() -> None:
    assert reminder_day(LADDER[2], DUE) is None
    assert reminder_days(LADDER[2:], DUE) == {}


def test_a_run_is_not_dated_before_the_last_one() -> None:
    check_run_day(DUE, DUE)
    check_run_day(DUE, None)
    with pytest.raises(Refused) as refused:
        check_run_day(day("2025-01-14"), DUE)
    assert refused.value.code == "dunning.run-before-last"


def test_a_campaign_reminds_only_above_the_threshold_and_not_before_its_pause_is_over() -> None:
    owed = {"EUR": Decimal(149), "USD": Decimal(120)}
    first = attempt(CAMPAIGN, Progress(), owed, noon("2025-01-03"))
    again = attempt(CAMPAIGN, first.progress, owed, noon("2025-01-05"))
    later = attempt(CAMPAIGN, again.progress, owed, noon("2025-01-06"))
    assert [run.currencies for run in (first, again, later)] == [("USD",), (), ("USD",)]


def test_a_campaign_is_finished_once_when_no_currency_has_an_attempt_left() -> None:
    progress, finished = Progress(), []
    for run in ("2025-01-01", "2025-01-04", "2025-01-07", "2025-01-10"):
        owed = {"USD": Decimal(100), "EUR": Decimal(200 if run > "2025-01-02" else 0)}
        done = attempt(CAMPAIGN, progress, owed, noon(run))
        progress = done.progress
        finished.append(done.finished)
    assert progress.attempts == {"USD": 2, "EUR": 2}
    assert finished == [False, False, True, False]


def test_nothing_owed_is_no_finished_campaign() -> None:
    assert attempt(CAMPAIGN, Progress(), {}, noon("2025-01-01")).finished is False
