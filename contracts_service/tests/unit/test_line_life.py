"""The life of a charge line: what may end, follow or undo it, and what was billed already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts_service.domain import line_life as life
from contracts_service.domain.line_life import Billed, LineLife
from services.errors import Refused

day = date.fromisoformat
YEAR = LineLife(day("2024-01-10"), day("2024-08-10"), renews=True)
BILLED = replace(YEAR, billed_through=day("2024-03-09"))


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


def test_a_line_that_is_stopped_ends_then_and_is_not_renewed() -> None:
    line = life.stopped(YEAR, day("2024-06-10"))
    assert (line.ends_on, line.renews) == (day("2024-06-10"), False)


def test_a_line_without_end_gets_one() -> None:
    assert life.stopped(LineLife(day("2024-01-10")), day("2024-08-10")).ends_on == day("2024-08-10")


def test_a_line_that_has_ended_keeps_its_end() -> None:
    assert life.stopped(YEAR, day("2024-10-10")).ends_on == day("2024-08-10")


def test_a_line_stopped_before_it_begins_is_cancelled() -> None:
    line = life.stopped(YEAR, day("2024-01-09"))
    assert (line.cancelled, line.ends_on, line.renews) == (True, day("2024-08-10"), False)
    assert refused(lambda: life.stopped(line, day("2024-06-10"))) == "line.cancelled"


def test_an_end_before_the_last_billed_day_is_refused_unless_it_is_credited() -> None:
    early = day("2024-03-08")
    assert refused(lambda: life.stopped(BILLED, early)) == "line.billed-already"
    assert life.stopped(BILLED, early, Billed.CREDIT).ends_on == early
    assert life.stopped(BILLED, day("2024-03-09")).ends_on == day("2024-03-09")


def test_what_was_billed_can_neither_be_cancelled_nor_put_off() -> None:
    assert refused(lambda: life.cancelled(BILLED)) == "line.billed-already"
    assert refused(lambda: life.put_off(BILLED, timedelta(days=30))) == "line.billed-already"


def test_a_cancelled_line_may_come_back() -> None:
    line = life.cancelled(YEAR)
    assert (line.cancelled, line.renews) == (True, False)
    assert life.uncancelled(line, day("2024-02-01")).cancelled is False


def test_a_line_put_off_keeps_its_length() -> None:
    line = life.put_off(YEAR, timedelta(days=31))
    assert (line.starts_on, line.ends_on) == (day("2024-02-10"), day("2024-09-10"))
    assert life.put_off(LineLife(day("2024-01-10")), timedelta(days=1)).ends_on is None


def test_a_successor_begins_after_the_end_of_a_line_that_is_not_renewed() -> None:
    once = replace(YEAR, renews=False)
    first, second = life.followed(once, day("2024-08-11"), day("2024-12-31"), renews=True)
    assert (first.followed_on, second.starts_on, second.renews) == (day("2024-08-11"), day("2024-08-11"), True)
    assert refused(lambda: life.followed(YEAR, day("2024-08-11"), None)) == "line.successor-overlaps"
    assert refused(lambda: life.followed(once, day("2024-08-10"), None)) == "line.successor-overlaps"
    assert refused(lambda: life.followed(replace(once, ends_on=None), day("2024-09-01"), None)) == (
        "line.successor-overlaps"
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": day("2024-01-09")}, "line.ends-before-start"),
        ({"ends_on": None}, "line.renews-without-end"),
        ({"cancelled": True}, "line.cancelled"),
        ({"billed_through": day("2024-01-09")}, "line.billed-outside"),
        ({"billed_through": day("2024-08-11")}, "line.billed-outside"),
        ({"next_bill_on": day("2024-01-09")}, "line.next-bill-invalid"),
        ({"next_bill_on": day("2024-03-09"), "billed_through": day("2024-03-09")}, "line.next-bill-invalid"),
    ],
)
def test_facts_that_cannot_be_true_together_are_refused(changes: dict[str, object], code: str) -> None:
    assert refused(lambda: life.checked(replace(YEAR, **changes))) == code


def test_facts_that_can_be_true_together_stay() -> None:
    assert life.checked(BILLED) is BILLED
