"""Threads of the field about time zones and daylight saving time: a day is the contract's day, everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.account import DECIDER
from billing_service.domain.localtime import at_local, local_date
from billing_service.domain.terms import BillingRules
from billing_service.tests.unit.given import ACCOUNT, CUSTOMER, day, given, kinds, line, terms
from billing_service.views.deadlines import deadlines

AUTOMATIC = BillingRules(issue="automatic")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def opened(at: str, zone: str, *lines: Any, **options: Any) -> c.OpenAccount:
    """An account whose contract begins on the local day of an instant."""
    on = local_date(utc(at), zone)
    agreed = terms(*lines, starts_on=on.isoformat(), time_zone=zone, billing=AUTOMATIC, **options)
    return c.OpenAccount(ACCOUNT, ACCOUNT, CUSTOMER, on, agreed, at=utc(at))


def test_the_end_of_a_yearly_term_gives_no_day_back() -> None:
    """killbill 139: 07:30 UTC is the day before in UTC−8; the term's end was a day off, and a day was credited."""
    opening = opened("2013-01-20T07:30:42", "America/Los_Angeles", line("39.90", rule="yearly"))
    stop = c.StopPlanning(ACCOUNT, day("2014-01-19"), "termination", utc("2013-12-04T19:00"))
    spec = given(opening, c.IssueDue(ACCOUNT, at=utc("2013-01-20T07:30:42")))
    (billed,) = spec.state().billed.values()
    assert (billed.start, billed.end) == (day("2013-01-19"), day("2014-01-18"))
    assert kinds(spec.when(stop).events()) == ["PlanningStopped"]


def test_a_run_at_the_same_instant_of_each_month_goes_on_across_the_change_of_the_clocks() -> None:
    """killbill 445: with the change of the offset the next bill day was never reached, and the invoice loop never ended."""
    opening = opened("2015-10-01T08:09:02", "America/Juneau", line())
    history: list[Any] = list(DECIDER.decide(opening, DECIDER.initial))
    for hours in range(0, 24 * 120, 6):
        at = utc("2015-10-01T08:09:02") + timedelta(hours=hours)
        history += DECIDER.decide(c.IssueDue(ACCOUNT, at=at), DECIDER.fold(history))
    issued = [event for event in history if isinstance(event, e.ReceivableIssued)]
    assert [str(each.issued_on) for each in issued] == ["2015-10-01", "2015-11-01", "2015-12-01", "2016-01-01"]


@pytest.mark.parametrize(
    ("zone", "issued_on"), [("America/Sao_Paulo", "2026-01-31"), ("UTC", "2026-02-01"), ("Asia/Tokyo", "2026-02-01")]
)
def test_what_is_due_is_decided_by_the_contracts_day(zone: str, issued_on: str) -> None:
    """killbill 1074: the target date of accounts outside UTC was wrong. At 01:00 UTC it is still January in São Paulo."""
    agreed = terms(starts_on="2026-01-01", time_zone=zone, billing=AUTOMATIC)
    opening = c.OpenAccount(ACCOUNT, ACCOUNT, CUSTOMER, day("2026-01-01"), agreed, at=utc("2026-01-01T12:00"))
    spec = given(opening).when(c.IssueDue(ACCOUNT, at=utc("2026-02-01T01:00")))
    (receivable,) = [event for event in spec.events() if isinstance(event, e.ReceivableIssued)]
    assert str(receivable.issued_on) == issued_on
    assert len(receivable.lines) == (1 if issued_on < "2026-02-01" else 2)


@pytest.mark.parametrize(("at", "on"), [("2023-04-01T03:59:59", "2023-03-31"), ("2023-04-01T04:00:00", "2023-04-01")])
def test_a_use_belongs_to_the_day_of_its_own_instant_whenever_the_account_was_made(at: str, on: str) -> None:
    """killbill 1934: the offset of the day on which the account was made decided, with or without daylight saving."""
    assert str(local_date(utc(at), "America/New_York")) == on


def test_recurring_lines_and_uses_begin_on_the_same_local_day() -> None:
    """killbill 1966: for an account in PST the usage began a day after the recurring item."""
    lines = (line(), line("5.00", "U1", kind="per_use", included_quantity=None, ceiling=None))
    opening = opened("2024-02-01T06:30", "America/Los_Angeles", *lines)
    use = c.AddCharge(ACCOUNT, "manual", "W1", 3, opening.terms.starts_on, "Uso", line_id="U1")  # type: ignore[arg-type]
    spec = given(opening, use, c.IssueDue(ACCOUNT, at=utc("2024-02-01T06:30")))
    (receivable,) = [event for event in spec.history if isinstance(event, e.ReceivableIssued)]
    days = {item.period_start or item.explanation.occurred_on for item in receivable.lines}
    assert days == {day("2024-01-31")}


def test_the_hour_at_which_charges_issue_themselves_keeps_its_wall_clock() -> None:
    """OCA/field-service 919: weekly at 15:00 became 16:00 when the clocks changed."""
    instants = [at_local(day(on), time(6), "Europe/Paris") for on in ("2022-03-21", "2022-03-28")]
    assert [instant.hour for instant in instants] == [5, 4]


@pytest.mark.parametrize(("zone", "hour"), [("America/Sao_Paulo", 3), ("Asia/Riyadh", 21), ("Asia/Kolkata", 18)])
def test_a_deadline_is_an_instant_not_a_text_that_each_reader_takes_as_his_own(zone: str, hour: int) -> None:
    """frappe/helpdesk 3776: deadlines without a zone were overdue for agents to the east of the company."""
    row = {
        "account_id": ACCOUNT, "receivable_id": "R1", "due_on": day("2026-01-12"), "payable_on": day("2026-01-12"),
        "issued_on": day("2026-01-02"), "overdue_on": None, "reminder_level": None,
    }  # fmt: skip
    said = {"time_zone": zone, "default": {"days": None}, "dunning": []}
    ((_, at, _),) = list(deadlines(row, said))
    assert (at.utcoffset(), at.hour) == (timedelta(0), hour)
    assert local_date(at, zone) == day("2026-01-13")
