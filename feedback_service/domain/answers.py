"""The customer's answers: who may speak, and what a confirmation, a contest, a score and its change mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from feedback_service.domain.commands import Answering, ConfirmService, ContestService, EditRating, RateService
from feedback_service.domain.events import (
    EvaluationConfirmed,
    EvaluationContested,
    EvaluationEdited,
    EvaluationRated,
    Event,
    FollowUpStarted,
)
from feedback_service.domain.state import Evaluation, subject
from services.errors import Invalid, Refused

MAX_TEXT = 4000


def check_speaker(command: Answering, state: Evaluation) -> None:
    """Who did the work has no say about it; the asked contact, the customer himself and who may speak for him have."""
    if command.by == state.resolved_by:
        raise Refused("evaluation.resolver-may-not-answer", by=command.by)
    if command.by not in (state.contact_id, state.customer_id) and not command.authorised:
        raise Refused("evaluation.not-authorised", by=command.by)


def answer(command: Answering, state: Evaluation) -> Sequence[Event]:
    open_ = state.awaits_answer
    match command:
        case EditRating() if state.score is not None:
            return _edit(command, state)
        case _ if state.status == "expired" and not state.unanswered:
            raise Refused("evaluation.expired")
        case ConfirmService(by=by, at=at):
            if state.status == "confirmed" and not state.tacit:
                return []
            if open_ or (state.status == "confirmed" and state.score is None):
                return [confirmed(state, by, at, tacit=False)]
        case ContestService(by=by, reason=reason, at=at):
            if state.status == "contested":
                return []
            if not reason.strip():
                raise Refused("evaluation.reason-required")
            if state.status == "confirmed" and not state.tacit:
                raise Refused("evaluation.already-confirmed")
            if open_ or (state.status == "confirmed" and state.score is None):
                contested = EvaluationContested(
                    **subject(state), contact_id=by, at=at, reason=text(reason, "reason") or ""
                )
                return [contested, *follow_up(state, at, "contested")]
        case RateService():
            return _rate(command, state)
        case EditRating():
            raise Refused("evaluation.not-rated")
    raise Refused("evaluation.already-answered", status=state.status)


def _rate(command: RateService, state: Evaluation) -> Sequence[Event]:
    score, comment, at = command.score, text(command.comment, "comment"), command.at
    if state.score is not None:
        if (score, comment) == (state.score, state.comment):
            return []
        raise Refused("evaluation.already-rated", score=state.score)
    if not (state.awaits_answer or state.status == "confirmed"):
        raise Refused("evaluation.already-answered", status=state.status)
    low = _check_score(score, comment, state)
    rated = EvaluationRated(
        **subject(state),
        contact_id=command.by,
        at=at,
        score=score,
        low=low,
        edit_until=at + timedelta(hours=state.edit_hours),
        comment=comment,
    )
    if low:
        return [rated, *follow_up(state, at, "low_score")]
    # A good score says that the service was done; that also makes a tacit confirmation an explicit one.
    explicit = state.status == "confirmed" and not state.tacit
    return [rated] if explicit else [confirmed(state, command.by, at, tacit=False), rated]


def _edit(command: EditRating, state: Evaluation) -> Sequence[Event]:
    comment = text(command.comment, "comment")
    if (command.score, comment) == (state.score, state.comment):
        return []
    if state.edit_until is None or command.at > state.edit_until:
        raise Refused("evaluation.edit-window-over", edit_until=state.edit_until)
    low = _check_score(command.score, comment, state)
    became_low = low and not state.low
    edited = EvaluationEdited(
        **subject(state),
        contact_id=command.by,
        at=command.at,
        score=command.score,
        low=low,
        became_low=became_low,
        comment=comment,
    )
    return [edited, *(follow_up(state, command.at, "low_score") if became_low else [])]


def _check_score(score: int, comment: str | None, state: Evaluation) -> bool:
    if not 1 <= score <= 5:
        raise Refused("evaluation.score-out-of-range", score=score)
    low = score < state.score_limit
    limit = max(state.score_limit, state.comment_below)
    if score < limit and comment is None:
        raise Refused("evaluation.comment-required", score_limit=limit)
    return low


def confirmed(state: Evaluation, by: str, at: datetime, *, tacit: bool) -> EvaluationConfirmed:
    days = state.tacit_days if state.expiry_days is None else state.expiry_days
    rate_until = at + timedelta(days=days)
    return EvaluationConfirmed(**subject(state), contact_id=by, at=at, tacit=tacit, rate_until=rate_until)


def follow_up(state: Evaluation, at: datetime, cause: str) -> list[FollowUpStarted]:
    return [] if state.follow_up == "open" else [FollowUpStarted(**subject(state), at=at, cause=cause)]


def text(text: str | None, path: str) -> str | None:
    clean = (text or "").strip()
    if len(clean) > MAX_TEXT:
        raise Invalid(problems=[{"path": path, "code": "too-long", "message": f"at most {MAX_TEXT} characters"}])
    return clean or None
