"""Which periods a line has: rules, intervals, anchors that survive short months, alignment, bill days."""

from __future__ import annotations

from itertools import islice, pairwise

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from billing_service.domain import recurrence as r
from billing_service.tests.unit.given import day


def spans(cycle: r.Recurrence, count: int) -> list[tuple[str, str]]:
    return [(str(p.start), str(p.end)) for p in islice(cycle.periods(), count)]


def test_a_monthly_period_ends_the_day_before_the_next_begins() -> None:
    assert spans(r.Recurrence(day("2018-01-05"), end=day("2018-03-15")), 9) == [
        ("2018-01-05", "2018-02-04"),
        ("2018-02-05", "2018-03-04"),
        ("2018-03-05", "2018-03-15"),
    ]


def test_the_31st_survives_short_months() -> None:
    """OCA/contract 161, killbill 127: the anchor of the 31st becomes 28 in February and 31 again in March."""
    dates = [str(r.Recurrence(day("2011-01-31")).cycle_date(k)) for k in range(5)]
    assert dates == ["2011-01-31", "2011-02-28", "2011-03-31", "2011-04-30", "2011-05-31"]


def test_a_start_on_28_february_keeps_day_28() -> None:
    assert [str(r.Recurrence(day("2022-02-28")).cycle_date(k)) for k in (1, 2)] == ["2022-03-28", "2022-04-28"]


def test_29_february_is_28_in_common_years_and_29_again_in_leap_years() -> None:
    cycle = r.Recurrence(day("2020-02-29"), "yearly")
    assert [str(cycle.cycle_date(k)) for k in (1, 4)] == ["2021-02-28", "2024-02-29"]


def test_an_anchor_day_shortens_the_first_period() -> None:
    assert spans(r.Recurrence(day("2012-07-16"), anchor_day=17), 2) == [
        ("2012-07-16", "2012-07-16"),
        ("2012-07-17", "2012-08-16"),
    ]


def test_the_last_day_rule_follows_civil_months() -> None:
    cycle = r.Recurrence(day("2018-01-05"), "monthly_last_day", end=day("2018-03-15"))
    assert spans(cycle, 9) == [("2018-01-05", "2018-01-31"), ("2018-02-01", "2018-02-28"), ("2018-03-01", "2018-03-15")]
    assert spans(r.Recurrence(day("2018-01-05"), "monthly_last_day", 2), 1) == [("2018-01-05", "2018-02-28")]


def test_calendar_alignment_ends_the_first_period_with_the_civil_quarter_and_week() -> None:
    assert spans(r.Recurrence(day("2018-01-15"), "quarterly", align="calendar"), 1) == [("2018-01-15", "2018-03-31")]
    assert spans(r.Recurrence(day("2022-03-09"), "weekly", align="calendar"), 2)[1] == ("2022-03-14", "2022-03-20")


def test_five_january_to_four_january_are_twelve_months() -> None:
    """erpnext 32511 counted 13."""
    assert r.months_in(day("2022-01-05"), day("2023-01-04")) == 12


@pytest.mark.parametrize(
    ("start", "end_exclusive", "rule", "interval", "count"),
    [
        ("2012-07-16", "2012-09-15", "monthly", 1, 1),
        ("2012-07-16", "2012-09-16", "monthly", 1, 2),
        ("2012-07-16", "2012-09-13", "thirty_days", 1, 1),
        ("2012-07-16", "2012-07-30", "weekly", 2, 1),
        ("2023-01-31", "2023-02-28", "monthly", 1, 1),
        ("2023-01-31", "2023-02-27", "monthly", 1, 0),
        ("2020-02-29", "2021-02-28", "yearly", 1, 1),
        ("2020-02-29", "2020-02-01", "monthly", 1, 0),
    ],
)
def test_whole_periods_are_counted_from_the_start(
    start: str, end_exclusive: str, rule: str, interval: int, count: int
) -> None:
    assert r.whole_periods(day(start), day(end_exclusive), rule, interval) == count


def test_a_line_that_ends_before_it_starts_has_no_period() -> None:
    assert spans(r.Recurrence(day("2018-01-16"), end=day("2018-01-15")), 3) == []


@pytest.mark.parametrize(
    ("rule", "mode", "bill_day"),
    [
        ("monthly", "advance", "2026-01-01"),
        ("monthly", "arrears", "2026-02-01"),
        ("monthly_last_day", "arrears", "2026-01-31"),
    ],
)
def test_bill_day_is_the_start_in_advance_and_after_the_end_in_arrears(rule: str, mode: str, bill_day: str) -> None:
    assert str(r.bill_on(day("2026-01-01"), day("2026-01-31"), rule, mode)) == bill_day


def test_a_moved_bill_day_stretches_the_period_so_that_no_day_is_lost() -> None:
    moved = r.moved_period(
        day("2018-06-05"),
        "monthly",
        1,
        "arrears",
        start=day("2018-01-05"),
        billed_through=day("2018-02-04"),
        end=day("2018-08-15"),
    )
    assert moved is not None
    assert (str(moved.start), str(moved.end)) == ("2018-02-05", "2018-06-04")


def test_a_moved_bill_day_in_arrears_ends_the_period_where_it_says() -> None:
    """OCA/contract, monthly on the last day: moved to the 22nd, the days until the 22nd are billed, not the month."""
    moved = r.moved_period(day("2018-02-22"), "monthly_last_day", 1, "arrears", start=day("2018-01-01"))
    assert moved is not None
    assert (str(moved.start), str(moved.end), str(moved.full_end)) == ("2018-01-01", "2018-02-22", "2018-02-28")


def test_what_is_billed_by_a_day_are_the_periods_whose_bill_day_has_come() -> None:
    """killbill 2133: 30 May is no bill day of an anchor of 31."""
    cycle = r.Recurrence(day("2025-03-31"))
    in_arrears = [str(period.end) for period in r.billed_by(cycle, day("2025-05-30"), "arrears")]
    in_advance = [str(period.start) for period in r.billed_by(cycle, day("2025-05-30"), "advance")]
    assert (in_arrears, in_advance) == (["2025-04-29"], ["2025-03-31", "2025-04-30"])


def test_a_run_bills_the_current_period_in_advance_and_the_last_complete_one_in_arrears() -> None:
    cycle = r.Recurrence(day("2022-01-31"))
    current, last = cycle.period_containing(day("2022-02-28")), cycle.last_complete(day("2022-02-28"))
    assert current is not None
    assert last is not None
    assert (str(current.start), str(last.start), str(last.end)) == ("2022-02-28", "2022-01-31", "2022-02-27")


cycles = st.builds(
    r.Recurrence,
    start=st.dates(day("2000-01-01"), day("2060-12-31")),
    rule=st.sampled_from(r.RULES),
    interval=st.integers(1, 5),
    anchor_day=st.one_of(st.none(), st.integers(1, 31)),
    align=st.sampled_from(["anniversary", "calendar"]),
)


@forall(cycles)
def test_periods_tile_time_without_gap_or_overlap(cycle: r.Recurrence) -> None:
    periods = list(islice(cycle.periods(), 40))
    assert periods[0].start == cycle.start
    for before, after in pairwise(periods):
        assert after.start == before.end + r.ONE_DAY
        assert before.full_start <= before.start <= before.end <= before.full_end


@forall(cycles, st.integers(0, 4000))
def test_each_day_lies_in_exactly_the_period_that_is_found_for_it(cycle: r.Recurrence, offset: int) -> None:
    on = cycle.start + offset * r.ONE_DAY
    period = cycle.period_containing(on)
    assert period is not None
    assert period.start <= on <= period.end
    assert next(cycle.periods(on)) == period
    last = cycle.last_complete(on)
    assert last is None or last.end == period.start - r.ONE_DAY


@forall(cycles, st.integers(0, 900))
def test_an_end_cuts_the_last_period_and_nothing_follows(cycle: r.Recurrence, offset: int) -> None:
    end = cycle.start + offset * r.ONE_DAY
    ended = r.Recurrence(cycle.start, cycle.rule, cycle.interval, cycle.anchor_day, cycle.align, end)
    periods = list(ended.periods())
    assert periods[-1].end == end
    assert sum(p.days for p in periods) == offset + 1
