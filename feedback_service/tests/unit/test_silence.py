"""Silence where the customer's confirmation is the only evidence: it proves something only if the contract says so."""

from __future__ import annotations

from feedback_service.domain.commands import (
    ConfirmService,
    ConfirmTacitly,
    ContestService,
    ExpireEvaluation,
    RateService,
)
from feedback_service.domain.events import EvaluationContested, EvaluationExpired, FollowUpStarted
from feedback_service.tests.unit.stories import ABOUT, ANA, ID, SPEC, asked, confirmed, hours, rated, request

WEEK = 7 * 24
ASKED = asked(tacit_counts=False)
UNANSWERED = EvaluationExpired(**ABOUT, at=hours(WEEK), cause="unanswered")
ASK_AGAIN = FollowUpStarted(**ABOUT, at=hours(WEEK), cause="unanswered")


def test_the_contract_s_word_on_silence_is_kept_with_the_question() -> None:
    SPEC.given().when(request(tacit=False)).then(ASKED)


def test_silence_that_proves_nothing_ends_the_question_and_staff_asks() -> None:
    SPEC.given(ASKED).when(ConfirmTacitly(ID, hours(WEEK))).then(UNANSWERED, ASK_AGAIN)


def test_an_answer_after_it_is_still_welcome() -> None:
    SPEC.given(ASKED, UNANSWERED, ASK_AGAIN).when(ConfirmService(ID, ANA, hours(200))).then(confirmed(hours(200)))
    SPEC.given(ASKED, UNANSWERED, ASK_AGAIN).when(RateService(ID, ANA, 5, hours(200))).then(
        confirmed(hours(200)), rated(5, hours(200))
    )
    contested = EvaluationContested(**ABOUT, contact_id=ANA, at=hours(200), reason="Não veio ninguém")
    SPEC.given(ASKED, UNANSWERED, ASK_AGAIN).when(ContestService(ID, ANA, "Não veio ninguém", hours(200))).then(
        contested
    )


def test_it_ends_for_good_when_the_request_moves_on() -> None:
    reopened = EvaluationExpired(**ABOUT, at=hours(200), cause="reopened")
    given = SPEC.given(ASKED, UNANSWERED, ASK_AGAIN)
    given.when(ExpireEvaluation(ID, "reopened", hours(200))).then(reopened)
    SPEC.given(ASKED, UNANSWERED, ASK_AGAIN, reopened).when(ConfirmService(ID, ANA, hours(201))).then_refused(
        "evaluation.expired"
    )


def test_after_an_answer_silence_is_over() -> None:
    SPEC.given(ASKED, confirmed(hours(1))).when(ConfirmTacitly(ID, hours(WEEK))).then_nothing()
