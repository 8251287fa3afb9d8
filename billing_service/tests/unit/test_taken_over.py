"""A contract that was taken over from another system: its first bill takes its own month only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing_service.domain.terms import BillingRules
from billing_service.tests.unit.given import SPEC, bill, day, given, issued, noon, open_account, planned

LONG_AGO = "2024-05-01"


def taken_over(on: str = "2026-01-20", first_bill: str = "month"):
    opened = open_account(starts_on=LONG_AGO, on=LONG_AGO, billing=BillingRules(first_bill=first_bill))
    return replace(opened, at=noon(on))


def test_the_agenda_begins_with_the_month_in_which_it_is_taken_over() -> None:
    charges = planned(SPEC.when(taken_over()).events())
    assert (charges[0][2], charges[-1][2]) == ("2026-01-01", "2027-01-01")


@pytest.mark.parametrize("month", ["2026-01", "2026-02", "2026-07"])
def test_the_first_bill_takes_its_own_month_whatever_month_that_is(month: str) -> None:
    (line,) = issued(given(taken_over()).when(bill(month)).events()).lines
    assert str(line.period_start) == f"{month}-01"


def test_later_bills_leave_nothing_out() -> None:
    billed = issued(given(taken_over(), bill("2026-02")).when(bill("2026-04")).events())
    assert [str(line.period_start) for line in billed.lines] == ["2026-03-01", "2026-04-01"]


def test_a_month_before_the_first_billed_one_may_be_billed_by_its_name() -> None:
    billed = issued(given(taken_over(), bill("2026-02")).when(bill("2026-01")).events())
    assert [line.period_start for line in billed.lines] == [day("2026-01-01")]


def test_the_same_month_again_bills_nothing() -> None:
    given(taken_over(), bill("2026-02")).when(bill("2026-02")).then_nothing()


def test_other_contracts_are_billed_from_their_start() -> None:
    billed = issued(given(taken_over(first_bill="all")).when(bill("2026-01")).events())
    assert len(billed.lines) == 21
