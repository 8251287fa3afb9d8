"""Who is asked, for how long, and what scores of other scales mean here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from feedback_service.domain.asking import may_be_asked, question_over
from feedback_service.domain.scale import scaled
from feedback_service.tests.unit.stories import ANA, RESOLVED, SPEC, hours, request
from services.errors import Refused


def test_who_resolved_the_request_is_not_asked_about_it() -> None:
    """glpi 474."""
    assert not may_be_asked(ANA, ANA)
    assert may_be_asked(ANA, None)
    SPEC.when(replace(request(), resolved_by=ANA)).then_nothing()
    assert SPEC.when(request()).events()


@pytest.mark.parametrize(("days", "after", "over"), [(10, 240, False), (10, 241, True), (0, 24_000, False)])
def test_a_question_stands_for_its_days_or_for_good(days: int, after: int, over: bool) -> None:
    assert question_over(RESOLVED, days, hours(after)) is over


@pytest.mark.parametrize(
    ("score", "highest", "ours"), [(8, 10, "4.0"), (3, 5, "3.0"), (7, 10, "3.5"), (1, 3, "1.67"), (3, 4, "3.75")]
)
def test_a_score_of_another_scale_is_scaled_to_ours(score: int, highest: int, ours: str) -> None:
    assert scaled(score, highest) == Decimal(ours)


@pytest.mark.parametrize(("score", "highest"), [(11, 10), (-1, 10), (1, 0)])
def test_a_score_beyond_its_scale_is_refused(score: int, highest: int) -> None:
    with pytest.raises(Refused) as refused:
        scaled(score, highest)
    assert refused.value.code == "evaluation.score-out-of-range"
