"""What terms may say: each problem has its path; adjustments and comparisons of terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts_service.domain.terms import (
    Billing,
    Calendar,
    CalendarKind,
    ContractTerms,
    DunningLevel,
    Evaluation,
    Interval,
    Late,
    LineKind,
    Priority,
    Renewal,
    Target,
)
from contracts_service.domain.terms_changes import adjusted, differences, with_end, with_prices_adjusted
from contracts_service.domain.terms_check import MESSAGES, check, problems
from contracts_service.tests.samples import line, service, terms
from services.errors import Invalid


def test_sensible_terms_have_no_problem() -> None:
    assert problems(terms()) == []
    assert problems(ContractTerms(starts_on=date(2026, 1, 1))) == []


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        (terms(ends_on=date(2025, 12, 31)), "ends_on", "terms.period"),
        (terms(ends_on=None, renewal=Renewal.TACIT), "renewal", "terms.renewal-without-end"),
        (terms(renewal_months=0), "renewal_months", "terms.not-positive"),
        (terms(notice_days=-1), "notice_days", "terms.negative"),
        (terms(time_zone="Brasilia"), "time_zone", "terms.time-zone"),
        (terms(state="XX"), "state", "terms.state"),
        (terms(services=(service(), service())), "services.1.service_type_id", "terms.duplicate"),
        (terms(services=(service(name=" "),)), "services.0.name", "terms.blank"),
        (terms(services=(service(channels=()),)), "services.0.channels", "terms.blank"),
        (
            terms(services=(service(targets=(Target(Priority.HIGH, 60, 30),)),)),
            "services.0.targets.0.resolution_minutes",
            "terms.resolution-before-response",
        ),
        (
            terms(services=(service(targets=(Target(Priority.HIGH, 1, 2), Target(Priority.HIGH, 3, 4))),)),
            "services.0.targets.1.priority",
            "terms.duplicate",
        ),
        (terms(services=(service(included_quantity=Decimal(-1)),)), "services.0.included_quantity", "terms.negative"),
        (terms(lines=(line(), line())), "lines.1.line_id", "terms.duplicate"),
        (terms(lines=(line(clause=""),)), "lines.0.clause", "terms.blank"),
        (terms(lines=(line(amount=Decimal("-0.01")),)), "lines.0.amount", "terms.negative"),
        (terms(lines=(line(amount=Decimal("10.005")),)), "lines.0.amount", "terms.cents"),
        (terms(lines=(line(interval=0),)), "lines.0.interval", "terms.not-positive"),
        (terms(lines=(line(anchor_day=32),)), "lines.0.anchor_day", "terms.day-of-month"),
        (terms(lines=(line(service_type_id="s9"),)), "lines.0.service_type_id", "terms.unknown-service"),
        (terms(lines=(line(starts_on=date(2025, 12, 1)),)), "lines.0.starts_on", "terms.outside-contract"),
        (terms(lines=(line(ends_on=date(2027, 1, 1)),)), "lines.0.ends_on", "terms.outside-contract"),
        (
            terms(lines=(line(starts_on=date(2026, 5, 1), ends_on=date(2026, 4, 1)),)),
            "lines.0.ends_on",
            "terms.period",
        ),
        (terms(calendar=Calendar((Interval(7, "08:00", "18:00"),))), "calendar.intervals.0.weekday", "terms.weekday"),
        (terms(calendar=Calendar((Interval(0, "8:00", "18:00"),))), "calendar.intervals.0.opens", "terms.clock"),
        (terms(billing=Billing(billed_through=date(2025, 12, 31))), "billing.billed_through", "terms.before-start"),
        (terms(billing=Billing(issue_hour="24:00")), "billing.issue_hour", "terms.clock"),
        (terms(calendar=Calendar((Interval(0, "18:00", "08:00"),))), "calendar.intervals.0.closes", "terms.period"),
        (
            terms(calendar=Calendar((Interval(0, "08:00", "12:00"), Interval(0, "11:00", "18:00")))),
            "calendar.intervals.1",
            "terms.overlap",
        ),
        (terms(calendar=Calendar(())), "calendar.intervals", "terms.no-open-hours"),
        (
            terms(calendar=Calendar(holidays=(date(2026, 4, 3), date(2026, 4, 3)))),
            "calendar.holidays.1",
            "terms.duplicate",
        ),
        (terms(late=Late(fine_percent=Decimal(-1))), "late.fine_percent", "terms.negative"),
        (terms(dunning=(DunningLevel(1, -3), DunningLevel(1, 5))), "dunning.1.level", "terms.duplicate"),
        (terms(evaluation=Evaluation(score_limit=9)), "evaluation.score_limit", "terms.score-limit"),
        (terms(evaluation=Evaluation(tacit_days=-1)), "evaluation.tacit_days", "terms.negative"),
    ],
)
def test_each_problem_is_named_with_its_path(wrong: ContractTerms, path: str, code: str) -> None:
    assert problems(wrong) == [(path, code)]
    assert code in MESSAGES


def test_a_calendar_without_hours_is_fine_where_services_run_around_the_clock() -> None:
    always = service(calendar=CalendarKind.ALWAYS)
    assert problems(terms(services=(always,), calendar=Calendar(()))) == []


def test_a_consumers_late_fine_is_two_percent_at_most_and_a_companys_as_agreed() -> None:
    ten = terms(late=Late(fine_percent=Decimal(10)))
    assert problems(ten, consumer=True) == [("late.fine_percent", "terms.consumer-fine")]
    assert problems(ten, consumer=False) == []


def test_all_problems_are_told_at_once() -> None:
    wrong = terms(state="XX", lines=(line(clause="", interval=0),))
    with pytest.raises(Invalid) as caught:
        check(wrong)
    assert caught.value.code == "contract.terms-invalid"
    assert [problem["path"] for problem in caught.value.problems] == [
        "terms.state",
        "terms.lines.0.clause",
        "terms.lines.0.interval",
    ]


def test_an_adjustment_is_rounded_half_up_to_cents() -> None:
    assert adjusted(Decimal("100.10"), Decimal("4.5")) == Decimal("104.60")
    assert adjusted(Decimal("0.10"), Decimal("5")) == Decimal("0.11")


@given(st.decimals("0", "99999999", places=2), st.decimals("-90", "1000", places=4))
def test_an_adjusted_price_is_within_half_a_cent_of_the_exact_one(amount: Decimal, percent: Decimal) -> None:
    exact = amount * (100 + percent) / 100
    assert abs(adjusted(amount, percent) - exact) <= Decimal("0.005")


def test_an_adjustment_leaves_one_off_lines_and_ended_lines_alone() -> None:
    before = terms(
        lines=(
            line(),
            line(line_id="l2", kind=LineKind.ONE_OFF),
            line(line_id="l3", ends_on=date(2026, 3, 31)),
            line(line_id="l4", kind=LineKind.PER_USE, service_type_id="s1"),
        )
    )
    after = with_prices_adjusted(before, Decimal(10), date(2026, 6, 1))
    assert [each.amount for each in after.lines] == [Decimal(n) for n in ("1650.00", "1500.00", "1500.00", "1650.00")]
    assert after.services[0].overage_unit_price == Decimal("198.00")


def test_lines_that_ended_with_the_term_go_on_with_it_and_others_end_when_they_did() -> None:
    before = terms(
        lines=(line(ends_on=date(2026, 12, 31)), line(line_id="l2", ends_on=date(2026, 6, 30)), line(line_id="l3"))
    )
    after = with_end(before, date(2027, 12, 31))
    assert [each.ends_on for each in after.lines] == [None, date(2026, 6, 30), None]
    assert after.ends_on == date(2027, 12, 31)


def test_differences_are_told_by_path() -> None:
    before = terms()
    after = replace(before, lines=(line(amount=Decimal(1)),), late=Late(fine_percent=Decimal(1)))
    assert list(differences(before, after)) == ["lines.0.amount", "late.fine_percent"]
    assert list(differences(before, terms(lines=()))) == ["lines"]
    assert list(differences(before, terms())) == []
