"""Of a contract that was taken over, nothing is charged for the days that the former system billed, whatever follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.account import DECIDER
from billing_service.domain.planning import plan
from billing_service.domain.recurring_revenue import steps
from billing_service.domain.state import Account
from billing_service.domain.terms import BillingRules, BillingTerms
from billing_service.tests.unit.given import (
    ACCOUNT,
    SPEC,
    bill,
    day,
    given,
    issued,
    kinds,
    line,
    noon,
    open_account,
    planned,
)
from billing_service.tests.unit.test_properties import some_terms

LONG_AGO = "2024-05-01"


def taken_over(*lines: Any, through: str, on: str = "2026-01-20", **rules: Any) -> c.OpenAccount:
    billing = BillingRules(billed_through=day(through), **rules)
    return replace(open_account(*lines, starts_on=LONG_AGO, on=LONG_AGO, billing=billing), at=noon(on))


def first(opened: c.OpenAccount) -> tuple[str, str, str, str]:
    return planned(SPEC.when(opened).events())[0]


def take(opened: c.OpenAccount, on: str, **changes: Any) -> c.TakeTerms:
    return c.TakeTerms(ACCOUNT, day(on), replace(opened.terms, **changes), "addendum 1", noon(on))


@pytest.mark.parametrize(
    ("mode", "through", "expected"),
    [
        # a period's end: what follows are whole periods
        ("advance", "2026-01-31", ("2026-02-01", "2026-02-28", "2026-02-01", "300.00")),
        ("arrears", "2026-01-31", ("2026-02-01", "2026-02-28", "2026-03-01", "300.00")),
        # within a period: its rest, by days
        ("advance", "2026-01-20", ("2026-01-21", "2026-01-31", "2026-01-21", "106.45")),
        ("arrears", "2026-01-20", ("2026-01-21", "2026-01-31", "2026-02-01", "106.45")),
        # before today: what the former system left unbilled is billed here
        ("advance", "2025-11-30", ("2025-12-01", "2025-12-31", "2025-12-01", "300.00")),
        # far ahead: nothing until then
        ("advance", "2026-12-31", ("2027-01-01", "2027-01-31", "2027-01-01", "300.00")),
    ],
)
def test_the_agenda_begins_on_the_day_after(mode: str, through: str, expected: tuple[str, ...]) -> None:
    assert first(taken_over(line(mode=mode), through=through)) == expected


def test_the_rest_of_a_period_is_prorated_by_the_lines_own_rule() -> None:
    half = first(taken_over(line(proration="commercial_30"), through="2026-02-15"))
    assert half == ("2026-02-16", "2026-02-28", "2026-02-16", "150.00")  # 16 to 30


def test_periods_stay_on_the_contracts_days() -> None:
    yearly = first(taken_over(line("1200.00", rule="yearly"), through="2026-04-30"))
    assert yearly[:2] == ("2026-05-01", "2027-04-30")


def test_a_line_that_was_billed_further_begins_later_and_one_billed_less_not_sooner() -> None:
    lines = (line(), line("1200.00", "L2", rule="yearly", billed_through=day("2026-04-30")))
    lines += (line("10.00", "L3", billed_through=day("2025-06-30")),)
    found = planned(SPEC.when(taken_over(*lines, through="2026-01-31")).events())
    assert min(start for start, _, _, amount in found if amount == "300.00") == "2026-02-01"
    assert min(start for start, _, _, amount in found if amount == "1200.00") == "2026-05-01"
    assert min(start for start, _, _, amount in found if amount == "10.00") == "2026-02-01"


def test_it_says_more_than_the_first_bill() -> None:
    opened = taken_over(through="2025-11-30", first_bill="month")
    billed = issued(given(opened).when(bill("2026-01")).events())
    assert [str(each.period_start) for each in billed.lines] == ["2025-12-01", "2026-01-01"]


def test_bills_take_exactly_what_follows_and_nothing_twice() -> None:
    opened = taken_over(line(), line("70.00", "L2", mode="arrears"), through="2025-12-31")
    billed = issued(given(opened).when(bill("2026-01")).events())
    assert [(str(each.line_id), str(each.period_start)) for each in billed.lines] == [("L1", "2026-01-01")]
    later = issued(given(opened, bill("2026-01")).when(bill("2026-02")).events())
    starts = [(str(each.line_id), str(each.period_start)) for each in later.lines]
    assert starts == [("L2", "2026-01-01"), ("L1", "2026-02-01")]


def test_an_addendum_of_a_day_that_was_billed_elsewhere_charges_and_credits_nothing_of_it() -> None:
    opened = taken_over(through="2026-02-28")
    dearer = take(opened, "2026-02-10", lines=(line("400.00"),))
    events = given(opened).when(dearer).events()
    assert "CreditNoteIssued" not in kinds(events)
    assert planned(events)[0] == ("2026-03-01", "2026-03-31", "2026-03-01", "400.00")


def test_a_line_of_an_addendum_begins_after_it_too() -> None:
    opened = taken_over(through="2026-02-28")
    more = take(opened, "2026-02-10", lines=(*opened.terms.lines, line("50.00", "L2")))
    assert planned(given(opened).when(more).events())[-1][0] > "2026-02-28"
    assert min(start for start, *_ in planned(given(opened).when(more).events())) == "2026-03-01"


def test_a_suspension_and_a_termination_within_it_give_nothing_back() -> None:
    opened = taken_over(through="2026-02-28")
    for reason in ("suspension", "termination"):
        stopped = c.StopPlanning(ACCOUNT, day("2026-02-10"), reason, noon("2026-02-10"))
        assert kinds(given(opened).when(stopped).events()) == ["PlanningStopped"]
    resumed = c.ResumePlanning(ACCOUNT, day("2026-02-20"), noon("2026-02-20"))
    stop = c.StopPlanning(ACCOUNT, day("2026-02-10"), "suspension", noon("2026-02-10"))
    assert planned(given(opened, stop).when(resumed).events())[0][0] == "2026-03-01"


def test_one_off_lines_of_the_contract_were_charged_elsewhere_and_those_of_addenda_are_charged_here() -> None:
    old = line("900.00", "L9", kind="one_off")
    opened = taken_over(line(), old, through="2026-02-28")
    assert "900.00" not in [amount for *_, amount in planned(SPEC.when(opened).events())]
    more = take(opened, "2026-02-10", lines=(*opened.terms.lines, line("80.00", "L10", kind="one_off")))
    amounts = [amount for *_, amount in planned(given(opened).when(more).events())]
    assert (amounts.count("900.00"), amounts.count("80.00")) == (0, 1)
    coming = line("700.00", "L11", kind="one_off", starts_on=day("2026-03-15"))
    later = planned(SPEC.when(taken_over(coming, through="2026-02-28")).events())
    assert later == [("2026-03-15", "2026-03-15", "2026-03-15", "700.00")]


def test_recurring_revenue_does_not_care() -> None:
    agreed = taken_over(through="2026-12-31").terms
    whole = replace(agreed, billing=BillingRules())
    assert steps(agreed, agreed.starts_on) == steps(whole, whole.starts_on) != []


def _state(agreed: BillingTerms, later: BillingTerms | None, from_: date, stop: date | None) -> Account:
    events: list[Any] = [
        e.AccountOpened(ACCOUNT, ACCOUNT, "customer-1", agreed.starts_on, "C-7"),
        e.TermsTaken(ACCOUNT, agreed.starts_on, agreed, "activation"),
    ]
    events += [e.TermsTaken(ACCOUNT, from_, later, "addendum 1")] if later else []
    events += [e.PlanningStopped(ACCOUNT, stop, "suspension")] if stop else []
    events += [e.PlanningResumed(ACCOUNT, stop + timedelta(days=20))] if stop else []
    return DECIDER.fold(events)


DAYS = st.dates(date(2026, 1, 1), date(2026, 9, 30))


@forall(some_terms(), st.none() | some_terms(), DAYS, st.none() | DAYS, DAYS)
def test_what_comes_after_the_cut_is_charged_as_without_it(
    agreed: BillingTerms, later: BillingTerms | None, from_: date, stop: date | None, cut: date
) -> None:
    def cut_off(said: BillingTerms) -> BillingTerms:
        return replace(said, billing=replace(said.billing, billed_through=cut))

    through = date(2026, 12, 31)
    whole = plan(_state(agreed, later, from_, stop), agreed.starts_on, through)
    state = _state(cut_off(agreed), cut_off(later) if later else None, from_, stop)
    rest = plan(state, agreed.starts_on, through)

    def shown(charges: list[e.PlannedCharge]) -> list[tuple[Any, ...]]:
        return sorted((x.charge_id, x.period_start, x.period_end, x.bill_on, x.amount) for x in charges)

    expected = [each for each in whole if each.period_start > cut]
    spanning = {(each.line_id, each.period_end) for each in whole if each.period_start <= cut < each.period_end}
    new = [x for x in rest if x.period_start == cut + timedelta(days=1) and (x.line_id, x.period_end) in spanning]
    assert shown([each for each in rest if each not in new]) == shown(expected)
    assert all(each.period_start > cut for each in rest)
    assert len(new) <= len(spanning)
