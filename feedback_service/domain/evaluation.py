"""The evaluation of one resolution of one request: who may answer, what an answer means, when silence counts.

    none ─▶ planned ─▶ asked ─▶ confirmed ─▶ (rated) ─▶ expired when nobody rates in time
              │          ├────▶ unsatisfied   a low score instead of a confirmation
              │          ├────▶ contested
              └──────────┴────▶ expired       the request moved on before the answer, or silence proves nothing here

A customer may answer before he is asked. A tacit confirmation can still be contested or rated until its window
closes: the customer has the last word, silence is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from feedback_service.domain.answers import answer, check_speaker, confirmed, follow_up, text
from feedback_service.domain.asking import may_be_asked
from feedback_service.domain.commands import (
    COMMANDS,
    AskEvaluation,
    Command,
    ConfirmService,
    ConfirmTacitly,
    ContestService,
    EditRating,
    EraseTexts,
    ExpireEvaluation,
    FinishFollowUp,
    ModerateEvaluation,
    RateService,
    RemindEvaluation,
    ReplyToEvaluation,
    RequestEvaluation,
    StartFollowUp,
)
from feedback_service.domain.events import (
    EVENTS,
    EvaluationExpired,
    EvaluationFollowedUp,
    EvaluationPlanned,
    EvaluationReminded,
    EvaluationRequested,
    EvaluationTextsErased,
    Event,
    FollowUpStarted,
)
from feedback_service.domain.ids import evaluation_id
from feedback_service.domain.moderation import moderated, replied
from feedback_service.domain.state import INITIAL, Evaluation, evolve, subject
from services.decider import Decider
from services.errors import NotFound, Refused

__all__ = ["COMMANDS", "DECIDER", "EVENTS", "INITIAL", "Evaluation", "evaluation_id"]


def decide(command: Command, state: Evaluation) -> Sequence[Event]:
    match command:
        case RequestEvaluation():
            return _request(command, state)
        case _ if state.status == "none":
            raise NotFound("evaluation.not-found", evaluation_id=command.evaluation_id)
        case AskEvaluation(at=at):
            return [_asked(state, at)] if state.status == "planned" else []
        case RemindEvaluation(at=at):
            return _remind(state, at)
        case ConfirmTacitly(at=at):
            return _silence(state, at)
        case ConfirmService() | ContestService() | RateService() | EditRating():
            check_speaker(command, state)
            return answer(command, state)
        case ExpireEvaluation():
            return _expire(command, state)
        case StartFollowUp(at=at):
            return [] if state.follow_up == "open" else [FollowUpStarted(**subject(state), at=at, cause="manual")]
        case FinishFollowUp():
            return _finish(command, state)
        case ModerateEvaluation():
            return moderated(command, state)
        case ReplyToEvaluation():
            return replied(command, state)
        case EraseTexts(at=at):
            return [EvaluationTextsErased(**subject(state), at=at)] if state.has_texts else []


def _request(command: RequestEvaluation, state: Evaluation) -> Sequence[Event]:
    rules = command.rules
    if state.status != "none" or not rules.ask or not may_be_asked(command.contact_id, command.resolved_by):
        return []
    planned = EvaluationPlanned(
        evaluation_id=command.evaluation_id,
        request_id=command.request_id,
        resolution=command.resolution,
        contract_id=command.contract_id,
        customer_id=command.customer_id,
        contact_id=command.contact_id,
        resolved_by=command.resolved_by,
        at=command.at,
        ask_at=command.at + timedelta(hours=rules.delay_hours),
        remind_hours=rules.remind_hours,
        tacit_days=rules.tacit_days,
        score_limit=rules.score_limit,
        edit_hours=rules.edit_hours,
        comment_below=rules.comment_below,
        expiry_days=rules.expiry_days,
        service_type_id=command.service_type_id,
        tacit_counts=rules.tacit,
    )
    return [planned] if rules.delay_hours > 0 else [_asked(evolve(state, planned), command.at)]


def _asked(state: Evaluation, at: datetime) -> EvaluationRequested:
    tacit_at = at + timedelta(days=state.tacit_days)
    remind_at = at + timedelta(hours=state.remind_hours)
    return EvaluationRequested(
        **subject(state),
        contact_id=state.contact_id,
        resolved_by=state.resolved_by,
        at=at,
        remind_at=remind_at if at < remind_at < tacit_at else None,
        tacit_at=tacit_at,
        tacit_days=state.tacit_days,
        score_limit=state.score_limit,
        edit_hours=state.edit_hours,
        comment_below=state.comment_below,
        expiry_days=state.expiry_days,
        service_type_id=state.service_type_id,
        tacit_counts=state.tacit_counts,
    )


def _silence(state: Evaluation, at: datetime) -> Sequence[Event]:
    """Nobody answered in time: that confirms where the contract says so; else the question ends, and staff asks."""
    if state.status != "asked" or state.tacit_at is None or at < state.tacit_at:
        return []
    if state.tacit_counts:
        return [confirmed(state, state.contact_id, at, tacit=True)]
    expired = EvaluationExpired(**subject(state), at=at, cause="unanswered")
    return [expired, *follow_up(state, at, "unanswered")]


def _remind(state: Evaluation, at: datetime) -> Sequence[Event]:
    if state.status != "asked" or state.reminded:
        return []
    return [EvaluationReminded(**subject(state), contact_id=state.contact_id, at=at)]


def _expire(command: ExpireEvaluation, state: Evaluation) -> Sequence[Event]:
    if command.cause == "time":
        over = state.rate_until is not None and command.at >= state.rate_until
        ends = state.status == "confirmed" and state.score is None and over
    else:
        ends = state.awaits_answer
    return [EvaluationExpired(**subject(state), at=command.at, cause=command.cause)] if ends else []


def _finish(command: FinishFollowUp, state: Evaluation) -> Sequence[Event]:
    if state.follow_up != "open":
        raise Refused("evaluation.no-follow-up")
    outcome = text(command.outcome, "outcome")
    if outcome is None:
        raise Refused("evaluation.outcome-required")
    return [
        EvaluationFollowedUp(
            **subject(state), contact_id=state.contact_id, at=command.at, by=command.by, outcome=outcome
        )
    ]


DECIDER: Decider[Any, Evaluation, Any] = Decider(INITIAL, decide, evolve)
