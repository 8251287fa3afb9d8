"""Local days: which day it is there, when it begins, and where the next term ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts_service.domain.days import day_begins, end_after, is_time_zone, local_day, months_after

SAO_PAULO = "America/Sao_Paulo"


def test_the_day_is_the_contracts_not_utcs() -> None:
    assert local_day(datetime(2026, 1, 1, 2, 59, tzinfo=UTC), SAO_PAULO) == date(2025, 12, 31)
    assert local_day(datetime(2026, 1, 1, 3, 0, tzinfo=UTC), SAO_PAULO) == date(2026, 1, 1)


def test_a_day_begins_when_daylight_saving_skips_midnight() -> None:
    begins = day_begins(date(2018, 11, 4), SAO_PAULO)
    assert begins == datetime(2018, 11, 4, 3, 0, tzinfo=UTC)
    assert local_day(begins, SAO_PAULO) == date(2018, 11, 4)
    assert local_day(begins - timedelta(seconds=1), SAO_PAULO) == date(2018, 11, 3)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.sampled_from([SAO_PAULO, "America/Manaus", "Europe/Lisbon"]))
def test_the_first_instant_of_a_day_is_in_it_and_the_one_before_is_not(day: date, zone: str) -> None:
    begins = day_begins(day, zone)
    assert local_day(begins, zone) == day
    assert local_day(begins - timedelta(microseconds=1), zone) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "months", "next_end"),
    [
        ("2022-01-01", "2022-12-31", 12, "2023-12-31"),
        ("2024-02-29", "2025-02-27", 12, "2026-02-27"),
        ("2026-01-31", "2026-02-27", 1, "2026-03-30"),  # the 31st survives February
        ("2026-01-31", "2026-04-29", 1, "2026-05-30"),
        ("2026-01-15", "2026-07-03", 6, "2027-01-03"),  # no whole months: counted from the end
        ("2025-03-01", "2026-02-28", 24, "2028-02-29"),
    ],
)
def test_the_next_term_ends_where_the_calendar_says(starts: str, ends: str, months: int, next_end: str) -> None:
    given_days = date.fromisoformat(starts), date.fromisoformat(ends)
    assert end_after(*given_days, months) == date.fromisoformat(next_end)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 60), st.integers(1, 60))
def test_terms_of_whole_months_tile_time(start: date, first: int, second: int) -> None:
    end = months_after(start, first) - timedelta(days=1)
    assert end_after(start, end, second) == months_after(start, first + second) - timedelta(days=1)


def test_only_known_time_zones_are_time_zones() -> None:
    assert is_time_zone(SAO_PAULO)
    assert not any(map(is_time_zone, ["Brasilia", "", "../etc/passwd", "America"]))
