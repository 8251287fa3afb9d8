"""How long a contract runs: expiry, notice, renewal, and what a suspension adds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from contracts_service.domain.contract_state import Status
from contracts_service.domain.expiry import expiry_day, has_expired, next_term, notice_day, renews_by
from contracts_service.domain.extension import ONE_DAY, Later, Span, prolonged
from contracts_service.domain.phase import Phase, phase
from contracts_service.domain.terms import ContractTerms, Line, Renewal
from contracts_service.domain.terms_changes import with_prices_adjusted

day = date.fromisoformat
TODAY = day("2024-04-22")


@pytest.mark.parametrize(
    ("begins", "months", "renewal", "period", "expires"),
    [
        ("2020-01-01", 6, Renewal.NONE, 0, "2020-07-01"),
        ("2020-01-01", 6, Renewal.APPROVAL, 12, "2020-07-01"),
        ("2020-01-01", 6, Renewal.TACIT, 0, "2024-07-01"),
        ("2019-01-01", 60, Renewal.TACIT, 12, "2025-01-01"),
        ("2023-08-31", 6, Renewal.TACIT, 1, "2024-04-30"),
        ("2023-10-22", 6, Renewal.TACIT, 6, "2024-10-22"),
        ("2020-01-01", 0, Renewal.TACIT, 0, "2020-01-01"),
    ],
)
def test_the_expiry_is_the_first_day_not_covered(
    begins: str, months: int, renewal: Renewal, period: int, expires: str
) -> None:
    assert str(expiry_day(day(begins), months, renewal, period, TODAY)) == expires


def test_a_renewal_by_approval_counts_when_it_was_approved() -> None:
    found = expiry_day(day("2025-01-01"), 6, Renewal.APPROVAL, 3, TODAY, approved_renewals=1)
    assert found == day("2025-10-01")


def test_a_contract_has_expired_on_its_first_day_not_covered() -> None:
    assert (has_expired(TODAY, TODAY), has_expired(TODAY + ONE_DAY, TODAY)) == (True, False)


def test_tacit_renewal_happens_from_the_day_of_notice_on() -> None:
    def renewed(ends_on: str, renewal: Renewal = Renewal.TACIT) -> bool:
        return renews_by(day(ends_on), renewal, day("2024-01-10"), months=1)

    assert [renewed("2024-02-10"), renewed("2023-12-10"), renewed("2024-02-11")] == [True, True, False]
    assert renewed("2023-12-10", Renewal.APPROVAL) is False
    assert renews_by(None, Renewal.TACIT, TODAY) is False


def test_the_day_of_notice_counts_months_or_days() -> None:
    assert (notice_day(day("2024-03-31"), months=1), notice_day(day("2024-03-31"), days=30)) == (
        day("2024-02-29"),
        day("2024-03-01"),
    )


def test_the_next_term_begins_the_day_after() -> None:
    assert next_term(day("2022-01-01"), day("2022-12-31"), 12) == (day("2023-01-01"), day("2023-12-31"))


def test_a_term_that_is_not_renewed_is_ending_when_its_notice_is_over() -> None:
    def at(today: str, renewal: Renewal = Renewal.NONE) -> Phase:
        return phase(Status.ACTIVE, day("2023-08-10"), day("2024-01-30"), renewal, day(today), notice_days=30)

    assert [at("2023-08-09"), at("2023-12-31"), at("2024-01-01"), at("2024-01-30"), at("2024-01-31")] == [
        Phase.UPCOMING,
        Phase.IN_FORCE,
        Phase.ENDING,
        Phase.ENDING,
        Phase.CLOSED,
    ]
    assert at("2024-01-01", Renewal.TACIT) is Phase.IN_FORCE


SUSPENDED = Span(day("2024-04-10"), day("2024-06-10"))


@pytest.mark.parametrize(
    ("line", "own", "after"),
    [
        (("2024-01-10", "2024-03-10"), ("2024-01-10", "2024-03-10"), None),
        (("2024-01-10", "2024-05-10"), ("2024-01-10", "2024-04-09"), ("2024-06-11", "2024-07-11")),
        (("2024-01-10", "2024-07-10"), ("2024-01-10", "2024-04-09"), ("2024-06-11", "2024-09-10")),
        (("2024-01-10", None), ("2024-01-10", "2024-04-09"), ("2024-06-11", None)),
        (("2024-04-20", "2024-05-20"), ("2024-06-11", "2024-07-11"), None),
        (("2024-07-10", "2024-09-10"), ("2024-09-10", "2024-11-11"), None),
        (("2024-07-10", None), ("2024-09-10", None), None),
    ],
)
def test_days_of_a_suspension_follow_at_the_end(
    line: tuple[str, str | None], own: tuple[str, str | None], after: tuple[str, str | None] | None
) -> None:
    def span(ends: tuple[str, str | None]) -> Span:
        return Span(day(ends[0]), day(ends[1]) if ends[1] else None)

    assert prolonged(span(line), SUSPENDED) == (span(own), span(after) if after else None)


def test_a_line_that_begins_later_may_stay_where_it_is() -> None:
    line = Span(day("2024-07-10"), day("2024-09-10"))
    assert prolonged(line, SUSPENDED, Later.UNTOUCHED) == (line, None)


days = st.dates(day("2020-01-01"), day("2030-12-31"))


@forall(days, st.integers(0, 800), days, st.integers(0, 200))
def test_no_day_of_a_line_is_lost_in_a_suspension_or_falls_into_it(
    starts: date, length: int, first: date, lasts: int
) -> None:
    line, suspended = Span(starts, starts + ONE_DAY * length), Span(first, first + ONE_DAY * lasts)
    spans = [span for span in prolonged(line, suspended) if span is not None]
    assert sum((span.ends_on - span.starts_on).days + 1 for span in spans if span.ends_on) == length + 1
    assert all(span.ends_on < first or span.starts_on > first + ONE_DAY * lasts for span in spans if span.ends_on)


def test_a_revision_leaves_prices_that_come_from_elsewhere() -> None:
    lines = tuple(Line(key, "4.1", key, Decimal(100)) for key in ("agreed", "listed"))
    terms = ContractTerms(day("2018-01-15"), lines=lines)
    after = with_prices_adjusted(terms, Decimal(100), day("2018-02-15"), priced_elsewhere=("listed",))
    assert [line.amount for line in after.lines] == [Decimal("200.00"), Decimal(100)]
