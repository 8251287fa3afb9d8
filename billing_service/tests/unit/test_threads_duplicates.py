"""Threads of the field about charges that came twice, or not at all: here each names itself, and cannot happen."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.account import DECIDER
from billing_service.domain.terms import BillingRules
from billing_service.tests.unit.given import (
    ACCOUNT,
    CUSTOMER,
    bill,
    day,
    given,
    line,
    noon,
    only,
    open_account,
    pay,
    terms,
)

AUTOMATIC = BillingRules(issue="automatic")


def hourly(opening: Any, first: datetime, hours: int) -> list[e.ReceivableIssued]:
    """What is issued when the job runs every hour, as the peers' jobs do."""
    history: list[Any] = list(DECIDER.decide(opening, DECIDER.initial))
    state = DECIDER.fold(history)
    for hour in range(hours):
        events = list(DECIDER.decide(c.IssueDue(ACCOUNT, at=first + timedelta(hours=hour)), state))
        history += events
        state = DECIDER.fold(events, state)
    return [event for event in history if isinstance(event, e.ReceivableIssued)]


@pytest.mark.parametrize(
    ("thread", "rule", "days", "expected"),
    [
        ("erpnext 28179: several invoices every hour", "monthly", 40, 2),
        ("erpnext 28236: in advance, one more with every run", "yearly", 40, 1),
        ("erpnext 28253: a monthly plan invoices hourly", "monthly", 58, 2),
        ("erpnext 28328: some 200 invoices of one month", "monthly", 30, 1),
        ("erpnext 28328: of each week", "weekly", 15, 3),
    ],
)
def test_a_job_that_runs_every_hour_issues_each_period_once(thread: str, rule: str, days: int, expected: int) -> None:
    opening = open_account(line(rule=rule), billing=AUTOMATIC)
    issued = hourly(opening, datetime(2026, 1, 1, 9, tzinfo=UTC), days * 24)
    assert len(issued) == expected, thread
    periods = Counter((item.line_id, item.period_start) for each in issued for item in each.lines)
    assert set(periods.values()) == {1}


def test_a_contract_that_goes_on_after_its_first_term_is_billed_once_a_month() -> None:
    """erpnext 33556: subscriptions that were not cancelled at their end were invoiced every hour from then on."""
    opening = open_account(ends_on="2025-12-31", starts_on="2025-01-01", billing=AUTOMATIC)
    renewed = terms(starts_on="2025-01-01", ends_on="2026-12-31", billing=AUTOMATIC)
    history = [opening, *(c.IssueDue(ACCOUNT, date(2025, month, 1)) for month in range(1, 13))]
    history += [c.TakeTerms(ACCOUNT, day("2026-01-01"), renewed, "renewal", noon("2025-12-01"))]
    history += [c.IssueDue(ACCOUNT, at=datetime(2026, 1, 1, hour, tzinfo=UTC)) for hour in range(9, 24)]
    months = Counter(r.month for r in given(*history).state().receivables.values())
    assert (len(months), set(months.values())) == (13, {1})


def test_after_skipped_periods_billing_goes_on_by_itself() -> None:
    """erpnext 46080: a subscription whose period was skipped was stuck until somebody reset it."""
    spec = given(open_account(billing=AUTOMATIC), c.IssueDue(ACCOUNT, day("2026-01-01")))
    caught_up = only(spec.when(c.IssueDue(ACCOUNT, day("2026-04-03"))).events(), e.ReceivableIssued)
    assert [str(item.period_start) for item in caught_up.lines] == ["2026-02-01", "2026-03-01", "2026-04-01"]


def test_a_paid_receivable_does_not_end_the_series() -> None:
    """erpnext 53308: after the first invoice was paid the job said it was complete, and made no second one."""
    first = c.IssueDue(ACCOUNT, day("2026-01-01"))
    spec = given(open_account(billing=AUTOMATIC), first, pay("300.00", "2026-01-05"))
    assert only(spec.when(c.IssueDue(ACCOUNT, day("2026-02-01"))).events(), e.ReceivableIssued).month == "2026-02"


def test_relaunched_or_by_hand_a_period_is_billed_once_and_again_only_when_it_was_cancelled() -> None:
    """OCA/contract 1473."""
    spec = given(open_account(), bill("2026-01"))
    spec.when(bill("2026-01")).then_nothing()
    (id_,) = spec.state().receivables
    cancel = c.CancelReceivable(ACCOUNT, id_, "tomador errado", on=day("2026-01-03"))
    again = given(open_account(), bill("2026-01"), cancel, bill("2026-01", "2026-01-04"))
    again.when(bill("2026-01")).then_nothing()
    billed = [item.line.period_start for item in again.state().billed.values()]
    assert billed == [day("2026-01-01")]


@pytest.mark.parametrize(
    ("thread", "zone"),
    [
        ("lago-api 662: billed twice on its creation or billing day", "America/Bogota"),
        ("lago-api 879: the protection looked at the day in UTC", "Pacific/Auckland"),
        ("lago-api 1074: 20:00 and 23:00 UTC are two days in Paris", "Europe/Paris"),
    ],
)
def test_runs_around_midnight_bill_once_in_every_time_zone(thread: str, zone: str) -> None:
    agreed = terms(line(rule="weekly"), starts_on="2026-05-23", time_zone=zone, billing=AUTOMATIC)
    opening = c.OpenAccount(ACCOUNT, ACCOUNT, CUSTOMER, day("2026-05-23"), agreed, at=noon("2026-05-22"))
    issued = hourly(opening, datetime(2026, 5, 22, 6, tzinfo=UTC), 9 * 24)
    assert [str(each.lines[0].period_start) for each in issued] == ["2026-05-23", "2026-05-30"], thread
    assert [each.issued_on for each in issued] == [day("2026-05-23"), day("2026-05-30")]


def test_two_receivables_never_have_the_same_line_with_the_same_boundaries() -> None:
    """lago-api 1086 had to look for an invoice with equal boundaries: here a charge's id is its line and period."""
    steps = [
        bill("2026-01"),
        bill("2026-02"),
        bill("2026-02", "2026-02-20"),
        c.BillThrough(ACCOUNT, day("2026-03-15"), at=noon("2026-03-15")),
    ]
    spec = given(open_account(line(), line("20.00", "L2", rule="weekly")), *steps)
    lines = [(b.line.line_id, b.line.period_start, b.line.period_end) for b in spec.state().billed.values()]
    assert len(lines) == len(set(lines)) == 3 + 11
