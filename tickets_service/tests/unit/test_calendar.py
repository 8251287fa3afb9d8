"""Business time: opening hours, holidays, time zones and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets_service.domain.calendar import BusinessCalendar, Holidays, Opening

H = timedelta(hours=1)
MON_FRI = range(5)
EVERY_DAY = range(7)


def calendar(
    opens: str = "08:00", closes: str = "18:00", days: range = MON_FRI, zone: str = "UTC", holidays: object = ()
) -> BusinessCalendar:
    return BusinessCalendar(zone, [Opening(d, opens, closes) for d in days], holidays)  # type: ignore[arg-type]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "answered", "seconds"),
    [
        ("2021-06-28T11:00", "2021-06-28T12:00", 3600),
        ("2021-06-28T06:00", "2021-06-28T12:00", 7200),
        ("2021-06-27T10:00", "2021-06-27T11:00", 0),
        ("2021-06-28T06:00", "2021-06-29T11:00", 32400),
        ("2021-06-25T20:00", "2021-06-26T11:00", 0),
        ("2021-06-28T12:00", "2021-07-01T11:00", 82800),
    ],
)
def test_only_business_time_counts(opened: str, answered: str, seconds: int) -> None:
    ten_to_six = calendar("10:00", "18:00")
    assert ten_to_six.elapsed(utc(opened), utc(answered)) == timedelta(seconds=seconds)


def test_nothing_elapses_backwards() -> None:
    assert calendar().elapsed(utc("2026-03-03T10:00"), utc("2026-03-02T10:00")) == timedelta(0)


def test_several_intervals_a_day_leave_lunch_out() -> None:
    lunch = BusinessCalendar("UTC", [Opening(0, "08:00", "12:00"), Opening(0, "13:00", "18:00")])
    assert lunch.elapsed(utc("2026-03-02T11:00"), utc("2026-03-02T14:00")) == 2 * H
    assert lunch.add(utc("2026-03-02T11:00"), 2 * H) == utc("2026-03-02T14:00")
    assert not lunch.is_open(utc("2026-03-02T12:30"))


def test_overlapping_intervals_count_once() -> None:
    twice = BusinessCalendar("UTC", [Opening(0, "08:00", "12:00"), Opening(0, "10:00", "14:00")])
    assert twice.elapsed(utc("2026-03-02T00:00"), utc("2026-03-03T00:00")) == 6 * H


def test_a_night_shift_belongs_to_the_day_on_which_it_opens() -> None:
    nights = calendar("22:00", "06:00", holidays=[date(2026, 3, 3)])
    assert nights.elapsed(utc("2026-03-02T20:00"), utc("2026-03-03T12:00")) == 8 * H
    assert nights.elapsed(utc("2026-03-03T20:00"), utc("2026-03-04T12:00")) == timedelta(0)


def test_round_the_clock_knows_no_holidays() -> None:
    always = BusinessCalendar("America/Sao_Paulo", holidays=[date(2026, 12, 25)], always=True)
    assert always.add(utc("2026-12-25T10:00"), 30 * H) == utc("2026-12-26T16:00")
    assert always.is_open(utc("2026-12-25T10:00"))
    assert always.elapsed(utc("2026-12-24T00:00"), utc("2026-12-26T00:00")) == 48 * H


def test_a_target_used_up_at_closing_time_is_due_at_closing_time() -> None:
    assert calendar().add(utc("2026-03-02T08:00"), 10 * H) == utc("2026-03-02T18:00")


def test_opened_before_hours_on_a_holiday_or_at_night_counts_from_the_next_opening() -> None:
    shop = calendar("10:00", "18:00", EVERY_DAY, holidays=[date(2019, 3, 5)])
    assert shop.add(utc("2019-03-04T07:00"), 4 * H) == utc("2019-03-04T14:00")
    assert shop.add(utc("2019-03-05T12:00"), H) == utc("2019-03-06T11:00")
    assert shop.add(utc("2019-03-04T14:00"), 6 * H) == utc("2019-03-06T12:00")


def test_business_time_goes_back_too() -> None:
    glpi = BusinessCalendar(
        "UTC", [Opening(0, "10:30", "19:00"), *(Opening(day, "08:30", "19:00") for day in range(1, 5))]
    )
    assert glpi.add(utc("2034-06-16T08:46:12"), -8 * H) == utc("2034-06-15T11:16:12")
    assert glpi.add(utc("2034-06-09T09:16:12"), timedelta(seconds=-600)) == utc("2034-06-09T09:06:12")


@pytest.mark.parametrize(
    ("days", "end_of_day", "expected"),
    [
        (7, False, "2018-11-28T10:00"),
        (7, True, "2018-11-28T20:00"),
        (-7, False, "2018-11-08T10:00"),
        (-7, True, "2018-11-08T20:00"),
    ],
)
def test_working_days_keep_the_time_of_day(days: int, end_of_day: bool, expected: str) -> None:
    shop = calendar("08:00", "20:00")
    assert shop.add_days(utc("2018-11-19T10:00"), days, end_of_day=end_of_day) == utc(expected)


def test_a_working_day_that_opens_later_moves_the_time_of_day_to_its_opening() -> None:
    glpi = BusinessCalendar("UTC", [Opening(0, "10:30", "19:00"), Opening(1, "08:30", "19:00")])
    assert glpi.add_days(utc("2034-06-06T08:46"), 1) == utc("2034-06-12T10:30")


def test_holidays_may_be_dates_days_of_every_year_or_periods() -> None:
    holidays = Holidays(every_year=("05-01",), periods=((date(2019, 7, 8), date(2019, 9, 1)),))
    shop = calendar(holidays=holidays)
    assert shop.is_holiday(date(2019, 5, 1))
    assert shop.is_holiday(date(2019, 9, 1))
    assert not shop.is_holiday(date(2019, 7, 1))
    assert not shop.is_working_day(date(2019, 7, 8))


def test_a_yearly_holiday_may_go_over_the_end_of_the_year() -> None:
    holidays = Holidays(periods_every_year=(("12-24", "01-02"), ("07-01", "07-15")))
    closed = [date(2025, 12, 24), date(2026, 1, 2), date(2030, 7, 15)]
    assert all(day in holidays for day in closed)
    assert not any(day in holidays for day in (date(2026, 1, 3), date(2026, 12, 23), date(2026, 7, 16)))


def test_the_opening_hours_are_wall_clock_of_the_contracts_zone() -> None:
    berlin = calendar("08:00", "20:00", zone="Europe/Berlin", holidays=[date(2016, 11, 1)])
    assert berlin.add(utc("2016-11-01T13:56:21"), 2 * H) == utc("2016-11-02T09:00")
    assert berlin.add(utc("2016-11-01T13:56:21"), 20 * H) == utc("2016-11-03T15:00")


def test_a_local_day_that_begins_at_one_o_clock_has_23_hours() -> None:
    """São Paulo's clock jumped from 00:00 to 01:00 on 2018-11-04."""
    round_the_clock = calendar("00:00", "24:00", EVERY_DAY, "America/Sao_Paulo")
    assert round_the_clock.elapsed(utc("2018-11-04T03:00"), utc("2018-11-05T02:00")) == 23 * H
    assert round_the_clock.elapsed(utc("2018-11-03T03:00"), utc("2018-11-05T02:00")) == 47 * H


def test_an_opening_time_that_does_not_exist_is_the_first_instant_after_it() -> None:
    early = calendar("00:30", "08:00", EVERY_DAY, "America/Sao_Paulo")
    assert early.next_open(utc("2018-11-04T02:30")) == utc("2018-11-04T03:00")
    assert early.elapsed(utc("2018-11-04T00:00"), utc("2018-11-04T12:00")) == 7 * H


def test_an_hour_that_comes_twice_counts_twice() -> None:
    """São Paulo's clock went back from 00:00 to 23:00 on 2018-02-18, so that Saturday had 25 hours."""
    evening = calendar("22:00", "24:00", range(5, 6), "America/Sao_Paulo")
    assert evening.elapsed(utc("2018-02-17T12:00"), utc("2018-02-18T12:00")) == 3 * H


def test_a_calendar_that_never_opens_elapses_nothing_and_says_so() -> None:
    never = BusinessCalendar("UTC")
    assert not never.ever_open
    assert never.elapsed(utc("2026-01-01T00:00"), utc("2027-01-01T00:00")) == timedelta(0)
    with pytest.raises(ValueError, match="never open"):
        never.add(utc("2026-01-01T00:00"), H)


def test_open_until_the_instant_of_closing() -> None:
    shop = calendar("08:00", "20:00")
    assert not shop.is_open(utc("2019-01-01T00:00"))
    assert shop.is_open(utc("2019-01-03T18:10"))
    assert not shop.is_open(utc("2019-01-05T08:30"))
    assert not shop.is_open(utc("2019-01-03T20:00"))


CALENDARS = st.sampled_from(
    [
        calendar(zone="America/Sao_Paulo", holidays=[date(2018, 11, 2), date(2018, 11, 15)]),
        calendar("00:00", "24:00", EVERY_DAY, "America/Sao_Paulo"),
        calendar("22:00", "06:00", EVERY_DAY, "Europe/Berlin"),
        BusinessCalendar(
            "America/New_York",
            [Opening(d, o, c) for d in range(6) for o, c in (("08:00", "12:00"), ("13:15", "17:45"))],
        ),
        BusinessCalendar("America/Sao_Paulo", always=True),
    ]
)
INSTANTS = st.datetimes(datetime(2018, 1, 1), datetime(2019, 12, 31), timezones=st.just(UTC))
AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=20))


@given(CALENDARS, INSTANTS, INSTANTS, INSTANTS)
def test_elapsed_business_time_is_additive(cal: BusinessCalendar, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted((a, b, c))
    assert cal.elapsed(a, b) + cal.elapsed(b, c) == cal.elapsed(a, c)


@given(CALENDARS, INSTANTS, INSTANTS, INSTANTS)
def test_elapsed_business_time_is_monotonic_and_no_more_than_real_time(
    cal: BusinessCalendar, a: datetime, b: datetime, c: datetime
) -> None:
    a, b, c = sorted((a, b, c))
    assert timedelta(0) <= cal.elapsed(a, b) <= cal.elapsed(a, c) <= c - a


@given(CALENDARS, INSTANTS, AMOUNTS)
def test_what_is_added_elapses(cal: BusinessCalendar, start: datetime, amount: timedelta) -> None:
    end = cal.add(start, amount)
    assert cal.elapsed(start, end) == amount
    assert cal.add(start, amount / 2) <= end


@given(CALENDARS, INSTANTS, AMOUNTS)
def test_what_is_taken_back_elapses_too(cal: BusinessCalendar, end: datetime, amount: timedelta) -> None:
    assert cal.elapsed(cal.add(end, -amount), end) == amount
