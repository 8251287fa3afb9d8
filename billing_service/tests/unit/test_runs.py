"""Runs: a local day's bills, each once, whenever and however often a run is started."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from billing_service.domain.localtime import bounds, day_length
from billing_service.domain.money import is_charged
from billing_service.domain.recurrence import Recurrence
from billing_service.domain.runs import periods_due
from billing_service.tests.unit.given import day

BOGOTA = "America/Bogota"
MONTHLY = Recurrence(day("2023-02-02"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def starts(at: str, *billed: str) -> list[str]:
    due = periods_due(MONTHLY, "arrears", utc(at), BOGOTA, {day(each) for each in billed})
    return [str(period.start) for period in due]


def test_a_run_looks_at_the_local_day_not_at_the_day_in_utc() -> None:
    """lago 662: at 04:00 UTC of the 2nd it is still the 1st in Bogotá."""
    assert starts("2023-03-02T04:59") == []
    assert starts("2023-03-02T05:00") == ["2023-02-02"]


def test_a_second_run_bills_nothing_again() -> None:
    assert starts("2023-03-02T23:00", "2023-02-02") == []


def test_missed_periods_are_caught_up_one_by_one() -> None:
    """erpnext 46080: the job was down for three periods."""
    assert starts("2023-05-02T12:00") == ["2023-02-02", "2023-03-02", "2023-04-02"]


def test_after_a_change_of_time_zone_the_next_interval_begins_where_the_last_one_ended() -> None:
    first, last = bounds(day("2022-02-01"), day("2022-02-28"), "America/Los_Angeles", utc("2022-01-31T14:59:59"))
    assert (first, last) == (utc("2022-01-31T15:00:00"), utc("2022-03-01T07:59:59"))
    assert bounds(day("2022-02-01"), day("2022-02-28"), "Asia/Tokyo")[0] == utc("2022-01-31T15:00:00")


@pytest.mark.parametrize(("on", "hours"), [("2018-11-04", 23), ("2019-02-16", 25), ("2026-01-01", 24)])
def test_a_local_day_is_not_always_24_hours_long(on: str, hours: int) -> None:
    assert day_length(day(on), "America/Sao_Paulo").total_seconds() == hours * 3600


def test_nothing_is_charged_for_nothing_unless_it_shall_be_seen() -> None:
    assert (is_charged(0), is_charged(0, skip_zero=False), is_charged(1)) == (False, True, True)
