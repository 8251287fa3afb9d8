"""Complaints of other systems' users about evaluations, each with the rule that spares ours the same."""

from __future__ import annotations

import pytest

from feedback_service.domain.commands import ConfirmService, ConfirmTacitly, EditRating, ExpireEvaluation, RateService
from feedback_service.domain.events import EvaluationExpired, FollowUpStarted
from feedback_service.tests.unit.stories import (
    ABOUT,
    ANA,
    ID,
    SPEC,
    TECHNICIAN,
    asked,
    confirmed,
    hours,
    rated,
    request,
)

WEEK = 7 * 24


@pytest.mark.parametrize("thread", ["glpi 4192", "glpi 6510", "glpi 7028", "glpi 7825"])
@pytest.mark.parametrize("tacit", [True, False])
def test_a_question_whose_time_is_over_does_not_stay_pending(thread: str, tacit: bool) -> None:
    """Surveys stayed open for ever. Ours ends by time, whether silence confirms or proves nothing."""
    given = SPEC.given(asked(tacit_counts=tacit)).when(ConfirmTacitly(ID, hours(WEEK)))
    if tacit:
        given.then(confirmed(hours(WEEK), tacit=True))
        SPEC.given(asked(), confirmed(hours(WEEK), tacit=True)).when(
            ExpireEvaluation(ID, "time", hours(2 * WEEK))
        ).then(EvaluationExpired(**ABOUT, at=hours(2 * WEEK), cause="time"))
    else:
        over = EvaluationExpired(**ABOUT, at=hours(WEEK), cause="unanswered")
        given.then(over, FollowUpStarted(**ABOUT, at=hours(WEEK), cause="unanswered"))


def test_glpi_474_the_resolver_does_not_rate_himself() -> None:
    """A technician who opened and solved a request was asked how good he was."""
    SPEC.given(asked()).when(RateService(ID, TECHNICIAN, 5, hours(1))).then_refused(
        "evaluation.resolver-may-not-answer"
    )
    SPEC.given(asked()).when(ConfirmService(ID, TECHNICIAN, hours(1))).then_refused(
        "evaluation.resolver-may-not-answer"
    )
    asked_himself = request().__class__(**ABOUT, contact_id=TECHNICIAN, at=hours(0), resolved_by=TECHNICIAN)
    SPEC.given().when(asked_himself).then_nothing()


def test_an_answer_is_changed_only_for_some_hours() -> None:
    """glpi lets it be changed for 12 hours, for mistakes; afterwards it stands."""
    given = (asked(), confirmed(hours(1)), rated(4, hours(1)))
    SPEC.given(*given).when(EditRating(ID, ANA, 5, hours(14))).then_refused("evaluation.edit-window-over")


def test_whoever_only_confirms_has_given_no_score() -> None:
    """glpi 3705 is in none of the sources that could be read. Nearest among its neighbours there (14919): a score that
    stands in the form by default is taken for the customer's. Ours is none until he gives one."""
    told = SPEC.given(asked()).when(ConfirmService(ID, ANA, hours(1)))
    told.then(confirmed(hours(1)))
    assert told.state().score is None
    SPEC.given(asked(), confirmed(hours(1))).when(RateService(ID, ANA, 0, hours(2))).then_refused(
        "evaluation.score-out-of-range"
    )
