"""When the levels of a receivable's ladder go out after its days have passed: one a day, in order, none skipped."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from billing_service.domain.localtime import local_date
from billing_service.tests.unit.given import day
from billing_service.views.deadlines import deadlines

ZONE = "America/Sao_Paulo"
STEPS = ({"level": 1, "days": -3}, {"level": 2, "days": 5}, {"level": 3, "days": 15}, {"level": 4, "days": 30})
LEVELS_AFTER_THE_DUE_DAY = [2, 3, 4]


def reminders(since: datetime | None, **changes: Any) -> list[tuple[int, datetime]]:
    row = {
        "account_id": "c1", "receivable_id": "R1", "due_on": day("2026-01-12"), "payable_on": day("2026-01-12"),
        "issued_on": day("2026-01-02"), "overdue_on": None, "reminder_level": None, **changes,
    }  # fmt: skip
    said = {"time_zone": ZONE, "default": {"days": None}, "dunning": list(STEPS)}
    found = [
        (int(key.rpartition(":")[2]), at) for key, at, _ in deadlines(row, said, since) if key.startswith("remind:")
    ]
    return sorted(found)


def days(since: datetime | None, **changes: Any) -> dict[int, str]:
    return {level: local_date(at, ZONE).isoformat() for level, at in reminders(since, **changes)}


def utc(month: int, of_month: int, hour: int) -> datetime:
    return datetime(2026, month, of_month, hour, tzinfo=UTC)


def test_in_time_each_level_has_its_own_day() -> None:
    assert days(None) == {1: "2026-01-09", 2: "2026-01-17", 3: "2026-01-27", 4: "2026-02-11"}


def test_levels_whose_days_have_passed_follow_one_a_day() -> None:
    """After a dispute of weeks: from that morning on, and what was to be said before the due day is not said."""
    assert days(utc(2, 20, 11)) == {2: "2026-02-20", 3: "2026-02-21", 4: "2026-02-22"}


def test_when_that_morning_is_over_they_begin_with_the_next() -> None:
    assert days(utc(2, 20, 13)) == {2: "2026-02-21", 3: "2026-02-22", 4: "2026-02-23"}


def test_a_level_whose_day_is_to_come_keeps_it() -> None:
    assert days(utc(1, 20, 11)) == {2: "2026-01-20", 3: "2026-01-27", 4: "2026-02-11"}


def test_what_was_sent_is_not_sent_again() -> None:
    assert days(utc(2, 20, 11), reminder_level=3) == {4: "2026-02-20"}


@given(st.datetimes(datetime(2026, 1, 2), datetime(2026, 6, 1)))
def test_never_two_levels_on_a_day_none_skipped_none_at_night_none_in_the_past(since: datetime) -> None:
    since = since.replace(tzinfo=UTC)
    found = reminders(since)
    assert [level for level, _ in found if level > 1] == LEVELS_AFTER_THE_DUE_DAY
    assert all(local_date(before, ZONE) < local_date(after, ZONE) for (_, before), (_, after) in pairwise(found))
    assert all(at >= since and at.hour == 12 for _, at in found)
