"""The rules of asking, answering, silence, scores and follow-ups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedback_service.domain.commands import (
    AskEvaluation,
    ConfirmService,
    ConfirmTacitly,
    ContestService,
    EditRating,
    EraseTexts,
    ExpireEvaluation,
    FinishFollowUp,
    RateService,
    RemindEvaluation,
    StartFollowUp,
)
from feedback_service.domain.events import (
    EvaluationContested,
    EvaluationEdited,
    EvaluationExpired,
    EvaluationFollowedUp,
    EvaluationPlanned,
    EvaluationRated,
    EvaluationReminded,
    EvaluationTextsErased,
    FollowUpStarted,
)
from feedback_service.domain.ids import evaluation_id
from feedback_service.tests.unit.stories import (
    ABOUT,
    ANA,
    BRUNO,
    ID,
    REQUEST,
    RESOLVED,
    SPEC,
    TECHNICIAN,
    asked,
    confirmed,
    hours,
    rated,
    request,
)
from services.errors import Invalid, NotFound


def test_a_resolution_is_asked_about_at_once_without_a_delay() -> None:
    SPEC.given().when(request()).then(asked())


def test_the_same_resolution_is_asked_about_once() -> None:
    SPEC.given(asked()).when(request()).then_nothing()
    assert evaluation_id(REQUEST, 1) == ID != evaluation_id(REQUEST, 2)
    assert evaluation_id("not-a-uuid", 1) == evaluation_id("not-a-uuid", 1)


def test_a_contract_that_asks_nobody_asks_nobody() -> None:
    SPEC.given().when(request(ask=False)).then_nothing()


def test_with_a_delay_the_question_is_planned_and_asked_later() -> None:
    planned = EvaluationPlanned(
        **ABOUT,
        contact_id=ANA,
        resolved_by=TECHNICIAN,
        at=RESOLVED,
        ask_at=hours(4),
        remind_hours=48,
        tacit_days=7,
        score_limit=3,
        edit_hours=12,
    )
    SPEC.given().when(request(delay_hours=4)).then(planned)
    late = asked(at=hours(4), remind_at=hours(52), tacit_at=hours(4 + 7 * 24))
    SPEC.given(planned).when(AskEvaluation(ID, hours(4))).then(late)
    SPEC.given(planned, late).when(AskEvaluation(ID, hours(5))).then_nothing()
    SPEC.given(planned).when(ConfirmService(ID, ANA, hours(1))).then(confirmed(hours(1)))


def test_a_reminder_after_the_tacit_confirmation_makes_no_sense_and_is_not_planned() -> None:
    SPEC.given().when(request(remind_hours=24 * 7)).then(asked(remind_at=None))
    SPEC.given().when(request(remind_hours=0)).then(asked(remind_at=None))


def test_the_contact_is_reminded_once() -> None:
    reminded = EvaluationReminded(**ABOUT, contact_id=ANA, at=hours(48))
    SPEC.given(asked()).when(RemindEvaluation(ID, hours(48))).then(reminded)
    SPEC.given(asked(), reminded).when(RemindEvaluation(ID, hours(49))).then_nothing()
    SPEC.given(asked(), confirmed(hours(2))).when(RemindEvaluation(ID, hours(48))).then_nothing()


def test_one_tap_confirms_and_a_second_one_changes_nothing() -> None:
    SPEC.given(asked()).when(ConfirmService(ID, ANA, hours(1))).then(confirmed(hours(1)))
    SPEC.given(asked(), confirmed(hours(1))).when(ConfirmService(ID, ANA, hours(2))).then_nothing()


def test_silence_confirms_when_its_time_has_come_and_not_before() -> None:
    SPEC.given(asked()).when(ConfirmTacitly(ID, hours(7 * 24 - 0.01))).then_nothing()
    SPEC.given(asked()).when(ConfirmTacitly(ID, hours(7 * 24))).then(confirmed(hours(7 * 24), tacit=True))
    SPEC.given(asked(), confirmed(hours(1))).when(ConfirmTacitly(ID, hours(7 * 24))).then_nothing()


def test_an_answer_after_the_tacit_time_counts_while_silence_was_not_yet_taken_for_a_yes() -> None:
    SPEC.given(asked()).when(ConfirmService(ID, ANA, hours(8 * 24))).then(confirmed(hours(8 * 24)))


def test_a_contest_needs_a_reason_and_starts_a_follow_up() -> None:
    contested = EvaluationContested(**ABOUT, contact_id=ANA, at=hours(1), reason="ainda vaza")
    follow_up = FollowUpStarted(**ABOUT, at=hours(1), cause="contested")
    SPEC.given(asked()).when(ContestService(ID, ANA, " ainda vaza ", hours(1))).then(contested, follow_up)
    SPEC.given(asked()).when(ContestService(ID, ANA, "  ", hours(1))).then_refused("evaluation.reason-required")
    SPEC.given(asked(), contested, follow_up).when(ContestService(ID, ANA, "x", hours(2))).then_nothing()
    SPEC.given(asked(), contested).when(ConfirmService(ID, ANA, hours(2))).then_refused(
        "evaluation.already-answered", status="contested"
    )
    SPEC.given(asked(), contested).when(RateService(ID, ANA, 1, hours(2), "ruim")).then_refused(
        "evaluation.already-answered"
    )


def test_silence_can_be_taken_back_but_an_explicit_confirmation_cannot() -> None:
    contest = ContestService(ID, ANA, "não foi feito", hours(24 * 8))
    events = SPEC.given(asked(), confirmed(hours(7 * 24), tacit=True)).when(contest).events()
    assert [type(each) for each in events] == [EvaluationContested, FollowUpStarted]
    SPEC.given(asked(), confirmed(hours(1))).when(contest).then_refused("evaluation.already-confirmed")
    SPEC.given(asked(), confirmed(hours(7 * 24), tacit=True)).when(ConfirmService(ID, ANA, hours(24 * 8))).then(
        confirmed(hours(24 * 8))
    )


def test_the_resolver_never_evaluates_himself_even_when_authorised() -> None:
    for command in (
        ConfirmService(ID, TECHNICIAN, hours(1), True),
        ContestService(ID, TECHNICIAN, "x", hours(1), True),
        RateService(ID, TECHNICIAN, 5, hours(1), None, True),
    ):
        SPEC.given(asked()).when(command).then_refused("evaluation.resolver-may-not-answer", by=TECHNICIAN)


def test_only_the_asked_contact_the_customer_himself_or_an_authorised_contact_answers() -> None:
    SPEC.given(asked()).when(ConfirmService(ID, BRUNO, hours(1))).then_refused("evaluation.not-authorised", by=BRUNO)
    SPEC.given(asked()).when(ConfirmService(ID, BRUNO, hours(1), True)).then(confirmed(hours(1), by=BRUNO))
    SPEC.given(asked()).when(ConfirmService(ID, "customer-1", hours(1))).then(confirmed(hours(1), by="customer-1"))


def test_a_good_score_confirms_too() -> None:
    SPEC.given(asked()).when(RateService(ID, ANA, 5, hours(1))).then(confirmed(hours(1)), rated(5, hours(1)))
    SPEC.given(asked(), confirmed(hours(1))).when(RateService(ID, ANA, 4, hours(2))).then(rated(4, hours(2)))
    SPEC.given(asked(), confirmed(hours(168), tacit=True)).when(RateService(ID, ANA, 3, hours(170))).then(
        confirmed(hours(170)), rated(3, hours(170))
    )


def test_a_score_under_the_limit_needs_a_comment_confirms_nothing_and_starts_a_follow_up() -> None:
    SPEC.given(asked()).when(RateService(ID, ANA, 2, hours(1), " ")).then_refused(
        "evaluation.comment-required", score_limit=3
    )
    low = rated(2, hours(1), "demorou", low=True)
    follow_up = FollowUpStarted(**ABOUT, at=hours(1), cause="low_score")
    SPEC.given(asked()).when(RateService(ID, ANA, 2, hours(1), "demorou")).then(low, follow_up)
    SPEC.given(asked(), low, follow_up).when(ConfirmTacitly(ID, hours(24 * 7))).then_nothing()
    SPEC.given(asked(), low).when(ConfirmService(ID, ANA, hours(2))).then_refused("evaluation.already-answered")


@pytest.mark.parametrize("score", [0, 6, -1])
def test_scores_are_from_1_to_5(score: int) -> None:
    SPEC.given(asked()).when(RateService(ID, ANA, score, hours(1), "x")).then_refused("evaluation.score-out-of-range")


def test_a_second_rating_is_refused_but_the_same_one_again_is_nothing() -> None:
    history = SPEC.given(asked(), confirmed(hours(1)), rated(4, hours(1), "bom"))
    history.when(RateService(ID, ANA, 4, hours(2), "bom")).then_nothing()
    history.when(RateService(ID, ANA, 5, hours(2))).then_refused("evaluation.already-rated", score=4)


def test_a_score_changes_within_its_window_and_may_become_low_once() -> None:
    history = SPEC.given(asked(), confirmed(hours(1)), rated(4, hours(1)))
    down = EvaluationEdited(**ABOUT, contact_id=ANA, at=hours(13), score=1, low=True, became_low=True, comment="voltou")
    follow_up = FollowUpStarted(**ABOUT, at=hours(13), cause="low_score")
    history.when(EditRating(ID, ANA, 1, hours(13), "voltou")).then(down, follow_up)
    lower = replace(down, score=2, became_low=False)
    history.given(down, follow_up).when(EditRating(ID, ANA, 2, hours(13), "voltou")).then(lower)
    history.given(down).when(EditRating(ID, ANA, 1, hours(13), "voltou")).then_nothing()
    history.when(EditRating(ID, ANA, 5, hours(13.01))).then_refused("evaluation.edit-window-over")
    history.when(EditRating(ID, ANA, 1, hours(2))).then_refused("evaluation.comment-required")
    SPEC.given(asked()).when(EditRating(ID, ANA, 5, hours(1))).then_refused("evaluation.not-rated")


def test_the_time_for_a_score_ends_and_a_pending_survey_does_not_stay_open_for_ever() -> None:
    history = SPEC.given(asked(), confirmed(hours(0)))
    expired = EvaluationExpired(**ABOUT, at=hours(24 * 7), cause="time")
    history.when(ExpireEvaluation(ID, "time", hours(24 * 7 - 1))).then_nothing()
    history.when(ExpireEvaluation(ID, "time", hours(24 * 7))).then(expired)
    history.given(rated(5, hours(1))).when(ExpireEvaluation(ID, "time", hours(24 * 7))).then_nothing()
    history.given(expired).when(RateService(ID, ANA, 5, hours(24 * 8))).then_refused("evaluation.expired")


@pytest.mark.parametrize("cause", ["reopened", "cancelled", "closed"])
def test_a_request_that_moves_on_ends_the_open_question_only(cause: str) -> None:
    expired = EvaluationExpired(**ABOUT, at=hours(1), cause=cause)
    SPEC.given(asked()).when(ExpireEvaluation(ID, cause, hours(1))).then(expired)
    SPEC.given(asked(), expired).when(ConfirmTacitly(ID, hours(24 * 7))).then_nothing()
    SPEC.given(asked(), confirmed(hours(0.5))).when(ExpireEvaluation(ID, cause, hours(1))).then_nothing()


def test_a_follow_up_is_finished_with_an_outcome_once() -> None:
    started = FollowUpStarted(**ABOUT, at=hours(2), cause="manual")
    history = SPEC.given(asked(), confirmed(hours(1)))
    history.when(StartFollowUp(ID, "user-1", hours(2))).then(started)
    history.given(started).when(StartFollowUp(ID, "user-1", hours(3))).then_nothing()
    done = EvaluationFollowedUp(**ABOUT, contact_id=ANA, at=hours(4), by="user-1", outcome="visita combinada")
    history.given(started).when(FinishFollowUp(ID, "user-1", "visita combinada", hours(4))).then(done)
    history.given(started).when(FinishFollowUp(ID, "user-1", " ", hours(4))).then_refused("evaluation.outcome-required")
    history.given(started, done).when(FinishFollowUp(ID, "user-1", "x", hours(5))).then_refused(
        "evaluation.no-follow-up"
    )


def test_an_erased_person_s_texts_are_forgotten_once() -> None:
    erased = EvaluationTextsErased(**ABOUT, at=hours(9))
    history = SPEC.given(asked(), confirmed(hours(1)), rated(4, hours(1), "bom"))
    history.when(EraseTexts(ID, hours(9))).then(erased)
    history.given(erased).when(EraseTexts(ID, hours(10))).then_nothing()
    SPEC.given(asked()).when(EraseTexts(ID, hours(9))).then_nothing()


def test_what_was_never_asked_is_not_found_and_a_novel_is_invalid() -> None:
    with pytest.raises(NotFound):
        SPEC.given().when(ConfirmService(ID, ANA, hours(1))).events()
    with pytest.raises(Invalid):
        SPEC.given(asked()).when(ContestService(ID, ANA, "x" * 4001, hours(1))).events()


def test_a_contract_may_want_a_comment_for_scores_that_are_not_low_either() -> None:
    wanting = asked(comment_below=5)
    SPEC.given(wanting).when(RateService(ID, ANA, 4, hours(1))).then_refused(
        "evaluation.comment-required", score_limit=5
    )
    events = SPEC.given(wanting).when(RateService(ID, ANA, 4, hours(1), "Demorou um pouco.")).events()
    assert [event.low for event in events if isinstance(event, EvaluationRated)] == [False]


def test_a_contract_says_how_long_a_score_may_be_given() -> None:
    (event,) = SPEC.given(asked(expiry_days=2)).when(ConfirmService(ID, ANA, hours(1))).events()
    assert event.rate_until == hours(1 + 48)
