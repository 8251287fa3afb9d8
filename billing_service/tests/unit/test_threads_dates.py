"""Threads of the field about dates: the day that drifts, the end that errs, the month too much."""

from __future__ import annotations

from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.domain import recurrence as r
from billing_service.domain.planning import month_end
from billing_service.tests.unit.given import (
    ACCOUNT,
    bill,
    day,
    given,
    line,
    noon,
    open_account,
    planned,
    terms,
)


def bill_days(*lines: Any, count: int, **options: Any) -> list[str]:
    """The first bill days of an account with these lines."""
    spec = given(open_account(*lines, **options))
    return sorted(str(item.bill_on) for item in spec.state().pending.values())[:count]


@pytest.mark.parametrize(
    ("thread", "start", "expected"),
    [
        (
            "OCA/contract 161: after a month of 30 days the 31st became the 30th",
            "2026-03-31",
            ["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"],
        ),
        (
            "killbill 127: with an anchor of 31 no third invoice came after February",
            "2017-01-31",
            ["2017-01-31", "2017-02-28", "2017-03-31", "2017-04-30", "2017-05-31"],
        ),
        (
            "glpi 11660: dates shifted by a day after each month of 30 days",
            "2026-04-05",
            ["2026-04-05", "2026-05-05", "2026-06-05", "2026-07-05", "2026-08-05"],
        ),
    ],
)
def test_the_day_of_the_month_does_not_drift(thread: str, start: str, expected: list[str]) -> None:
    assert bill_days(line(), count=5, starts_on=start) == expected, thread


def test_the_last_day_rule_holds_from_the_first_bill_on() -> None:
    """OCA/contract 198: begun on the 25th, the first invoice came on the 25th and only the second on the last day."""
    rule = line("310.00", rule="monthly_last_day", mode="arrears")
    events = list(given(open_account(rule, starts_on="2026-10-25")).history)
    assert planned(events)[:2] == [
        ("2026-10-25", "2026-10-31", "2026-10-31", "70.00"),
        ("2026-11-01", "2026-11-30", "2026-11-30", "310.00"),
    ]


def test_another_rule_changes_the_next_bill_day_at_once() -> None:
    """OCA/contract 832: from monthly to the month's last day, the next invoice date stayed as it was."""
    changed = terms(line(rule="monthly_last_day", mode="arrears"), starts_on="2026-06-01")
    take = c.TakeTerms(ACCOUNT, day("2026-07-01"), changed, "addendum 1", noon("2026-06-10"))
    spec = given(open_account(starts_on="2026-06-01"), bill("2026-06"), take)
    assert min(str(item.bill_on) for item in spec.state().pending.values()) == "2026-07-31"


def test_a_contract_with_an_end_is_billed_until_then_and_no_further() -> None:
    """OCA/contract 712: three months, and the third invoice raised an error."""
    steps = [bill(f"2021-{month:02}") for month in (6, 7, 8, 9, 10)]
    history: tuple[Any, ...] = (open_account(starts_on="2021-06-01", ends_on="2021-08-31"), *steps)
    assert [(r.month, str(r.net)) for r in given(*history).state().receivables.values()] == [
        ("2021-06", "300.00"),
        ("2021-07", "300.00"),
        ("2021-08", "300.00"),
    ]
    shorter = given(open_account(starts_on="2021-06-01", ends_on="2021-08-01"), *steps).state()
    assert [str(r.net) for r in shorter.receivables.values()] == ["300.00", "300.00", "9.68"]  # one day of 31


def test_a_renewed_line_has_its_next_bill_day() -> None:
    """OCA/contract 803: renewed after all was invoiced, the line had no next date, and nothing came any more."""
    first = open_account(starts_on="2021-01-01", ends_on="2021-03-31")
    renewed = terms(starts_on="2021-01-01", ends_on="2021-06-30")
    take = c.TakeTerms(ACCOUNT, day("2021-04-01"), renewed, "renewal", noon("2021-03-20"))
    spec = given(first, bill("2021-01"), bill("2021-02"), bill("2021-03"), take)
    assert sorted(str(item.bill_on) for item in spec.state().pending.values()) == [
        "2021-04-01",
        "2021-05-01",
        "2021-06-01",
    ]


def test_nothing_is_invoiced_after_a_termination() -> None:
    """OCA/contract 1086."""
    stop = c.StopPlanning(ACCOUNT, day("2026-03-16"), "termination", noon("2026-03-10"))
    spec = given(open_account(), bill("2026-01"), bill("2026-02"), stop, bill("2026-03"))
    assert [str(r.net) for r in spec.state().receivables.values()] == ["300.00", "300.00", "145.16"]
    for month in ("2026-04", "2026-05", "2027-01"):
        spec.when(bill(month)).then_nothing()


@pytest.mark.parametrize("rules", [("monthly", "monthly"), ("monthly", "quarterly"), ("weekly", "monthly")])
def test_each_line_is_billed_through_its_own_period(rules: tuple[str, str]) -> None:
    """OCA/contract 1214: of several lines in arrears all but the first were noted a period too far."""
    lines = [line(f"{n}0.00", f"L{n}", rule=rule, mode="arrears") for n, rule in enumerate(rules, start=1)]
    spec = given(open_account(*lines, starts_on="2025-01-01"), bill("2025-02", "2025-02-01"))
    through = {}
    for billed in spec.state().billed.values():
        through[billed.line.line_id] = max(through.get(billed.line.line_id, day("2000-01-01")), billed.end)
    waits = {item.line_id: item.period_start for item in reversed(list(spec.state().pending.values()))}
    for line_id, last in through.items():
        assert waits[line_id] == last + r.ONE_DAY
    assert all(last <= month_end(day("2025-02-01")) for last in through.values())


def test_in_arrears_the_days_before_an_end_are_billed_as_a_part_of_their_period() -> None:
    """killbill 1907: a change on the 20th, with a period that began on the 11th."""
    arrears = line("310.00", mode="arrears", anchor_day=11)
    events = list(given(open_account(arrears, starts_on="2023-08-11", ends_on="2023-08-20")).history)
    assert planned(events) == [("2023-08-11", "2023-08-20", "2023-08-21", "100.00")]


def test_an_anchor_of_31_in_arrears_is_billed_after_the_30th_of_a_short_month() -> None:
    """killbill 2133: a run on 30 May found the wrong end of the period."""
    spec = given(open_account(line(mode="arrears", anchor_day=31), starts_on="2025-03-31"))
    events = spec.when(c.BillThrough(ACCOUNT, day("2025-05-30"), day("2025-05-30"))).events()
    lines = [(str(i.period_start), str(i.period_end)) for each in events if hasattr(each, "lines") for i in each.lines]
    assert lines == [("2025-03-31", "2025-04-29")]


def test_from_5_january_to_4_january_there_are_twelve_charges() -> None:
    """erpnext 32511: thirteen months in a year."""
    assert r.months_in(day("2022-01-05"), day("2023-01-04")) == 12
    agreed = open_account(starts_on="2022-01-05", ends_on="2023-01-04")
    assert len(given(agreed).state().pending) == 12


def test_a_line_that_began_in_the_past_has_its_next_bill_day_at_once() -> None:
    """OCA/contract 985, whose text we could not read, and 988 beside it: made with a start in the past, a contract had
    no next date, and no run invoiced it."""
    spec = given(open_account(line("100.00"), starts_on="2025-09-14", on="2026-01-20"))
    waits = sorted(item.bill_on for item in spec.state().pending.values())
    assert waits[0] == day("2025-09-14")
    billed = spec.when(bill("2026-01", "2026-01-20")).state()
    assert sorted(each.start for each in billed.billed.values()) == [
        day(f"{month}-14") for month in ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01")
    ]


@pytest.mark.parametrize("mode", ["advance", "arrears"])
def test_all_lines_of_one_rule_are_billed_through_the_same_day(mode: str) -> None:
    """OCA/contract 989, 1065 and 1448: of several lines the first was noted right, the others a period further."""
    lines = [line(f"{n}0.00", f"L{n}", mode=mode) for n in (1, 2, 3)]
    spec = given(open_account(*lines), bill("2026-01"), bill("2026-02"))
    ends = {each.line.line_id: each.end for each in spec.state().billed.values()}
    assert set(ends) == {"L1", "L2", "L3"}
    assert len(set(ends.values())) == 1
