"""Charges that issue themselves: on their bill day, once; held ones wait; with runs by hand never a double, never a hole."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.account import DECIDER
from billing_service.domain.terms import BillingRules
from billing_service.tests.unit.given import ACCOUNT, bill, day, given, issued, kinds, line, noon, open_account

AUTOMATIC = BillingRules(issue="automatic")
WEEKLY = line("10.00", "L2", rule="weekly")


def due(on: str) -> c.IssueDue:
    return c.IssueDue(ACCOUNT, day(on), noon(on))


def amounts(spec: Any) -> dict[str, str]:
    return {str(r.issued_on): str(r.net) for r in spec.state().receivables.values()}


def test_a_day_issues_what_is_to_be_billed_by_it_and_no_more() -> None:
    spec = given(open_account(line(), WEEKLY, billing=AUTOMATIC), due("2026-01-01"), due("2026-01-08"))
    assert amounts(spec) == {"2026-01-01": "310.00", "2026-01-08": "10.00"}


def test_the_same_day_again_issues_nothing() -> None:
    given(open_account(billing=AUTOMATIC), due("2026-01-01")).when(due("2026-01-01")).then_nothing()


def test_by_default_a_run_issues_and_the_day_does_not() -> None:
    given(open_account()).when(due("2026-01-01")).then_nothing()


def test_missed_days_are_caught_up_in_order_once_each() -> None:
    """erpnext 46080: stuck after a skipped period; 33556: one invoice for each hourly run."""
    days = [due("2026-01-01"), due("2026-02-01"), due("2026-02-01"), due("2026-03-01")]
    spec = given(open_account(billing=AUTOMATIC), *days)
    assert amounts(spec) == {"2026-01-01": "300.00", "2026-02-01": "300.00", "2026-03-01": "300.00"}


def test_what_the_month_run_issued_the_day_does_not_and_the_other_way_round() -> None:
    opening = open_account(line(), WEEKLY, billing=AUTOMATIC)
    spec = given(opening, due("2026-01-01"), bill("2026-01", "2026-01-10"), due("2026-01-15"))
    assert amounts(spec) == {"2026-01-01": "310.00", "2026-01-10": "40.00"}  # the 8th, 15th, 22nd and 29th


def test_a_held_charge_waits_and_is_issued_when_it_is_released() -> None:
    hold = c.HoldCharge(ACCOUNT, "em negociação", "L1", day("2026-01-01"), on=day("2026-01-01"))
    release = c.ReleaseCharge(ACCOUNT, "combinado", "L1", day("2026-01-01"), on=day("2026-01-20"))
    spec = given(open_account(billing=AUTOMATIC), hold)
    spec.when(due("2026-01-01")).then_nothing()
    spec = given(open_account(billing=AUTOMATIC), hold, due("2026-01-01"), release, due("2026-01-21"))
    assert amounts(spec) == {"2026-01-21": "300.00"}


def test_the_receivable_is_named_by_the_month_of_its_day() -> None:
    events = given(open_account(line(rule="weekly"), billing=AUTOMATIC)).when(due("2026-02-03")).events()
    assert (issued(events).month, issued(events).number) == ("2026-02", "C-7-2026-02")


def test_the_agenda_moves_on_where_nothing_is_billed() -> None:
    """A line of every second year lies beyond the twelve months that are planned."""
    spec = given(open_account(line(rule="yearly", interval=2), billing=AUTOMATIC), due("2026-01-01"))
    events = spec.when(due("2027-01-31")).events()
    assert kinds(events) == ["ChargesPlanned"]
    (planned,) = [charge for event in events for charge in event.charges]
    assert (planned.period_start, planned.bill_on) == (day("2028-01-01"), day("2028-01-01"))


def test_the_agenda_of_a_contract_that_ended_moves_no_further() -> None:
    spec = given(open_account(ends_on="2026-03-31", billing=AUTOMATIC), due("2026-03-01"))
    spec.when(due("2027-05-31")).then_nothing()


DAYS = st.integers(0, 210).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
ASKED = st.lists(st.tuples(st.sampled_from(["day", "month", "through"]), DAYS), max_size=25)


@settings(max_examples=150, deadline=None)
@forall(ASKED)
def test_runs_and_days_in_any_order_bill_each_charge_once_and_leave_none_that_is_due(
    asked: list[tuple[str, date]],
) -> None:
    history: list[Any] = list(DECIDER.decide(open_account(line(), WEEKLY, billing=AUTOMATIC), DECIDER.initial))
    reached = date(2025, 12, 31)
    for kind, on in asked:
        if kind == "month":
            command: Any = c.BillMonth(ACCOUNT, on.strftime("%Y-%m"), on)
            reached = max(reached, (on.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1))
        else:
            command = c.IssueDue(ACCOUNT, on) if kind == "day" else c.BillThrough(ACCOUNT, on, on)
            reached = max(reached, on)
        history += DECIDER.decide(command, DECIDER.fold(history))
    billed = [i.charge_id for event in history if isinstance(event, e.ReceivableIssued) for i in event.lines]
    assert len(billed) == len(set(billed))
    assert all(item.bill_on > reached for item in DECIDER.fold(history).pending.values())
