"""What is known of an evaluation, folded from its events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypedDict

from feedback_service.domain.events import (
    EvaluationConfirmed,
    EvaluationContested,
    EvaluationEdited,
    EvaluationExpired,
    EvaluationFollowedUp,
    EvaluationModerated,
    EvaluationPlanned,
    EvaluationRated,
    EvaluationReminded,
    EvaluationReplied,
    EvaluationRequested,
    EvaluationTextsErased,
    Event,
    FollowUpStarted,
)

Status = Literal["none", "planned", "asked", "confirmed", "contested", "unsatisfied", "expired"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    status: Status = "none"
    evaluation_id: str = ""
    request_id: str = ""
    resolution: int = 0
    contract_id: str = ""
    customer_id: str = ""
    contact_id: str = ""
    resolved_by: str | None = None
    remind_hours: int = 0
    tacit_days: int = 0
    score_limit: int = 0
    edit_hours: int = 0
    comment_below: int = 0
    expiry_days: int | None = None
    service_type_id: str | None = None
    tacit_counts: bool = True
    unanswered: bool = False  # expired by silence that proves nothing: an answer is still welcome
    tacit_at: datetime | None = None
    tacit: bool = False
    reminded: bool = False
    rate_until: datetime | None = None
    score: int | None = None
    comment: str | None = None
    low: bool = False
    edit_until: datetime | None = None
    follow_up: Literal["none", "open", "done"] = "none"
    has_texts: bool = False
    hidden: bool = False
    replies: frozenset[str] = frozenset()

    @property
    def awaits_answer(self) -> bool:
        return self.status in ("planned", "asked") or self.unanswered


INITIAL = Evaluation()


class Subject(TypedDict):
    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str


def subject(state: Evaluation) -> Subject:
    return {
        "evaluation_id": state.evaluation_id,
        "request_id": state.request_id,
        "resolution": state.resolution,
        "contract_id": state.contract_id,
        "customer_id": state.customer_id,
    }


def evolve(state: Evaluation, event: Event) -> Evaluation:
    match event:
        case EvaluationPlanned():
            return replace(_about(state, event), status="planned", remind_hours=event.remind_hours)
        case EvaluationRequested():
            return replace(_about(state, event), status="asked", tacit_at=event.tacit_at)
        case EvaluationReminded():
            return replace(state, reminded=True)
        case EvaluationConfirmed():
            return replace(state, status="confirmed", unanswered=False, tacit=event.tacit, rate_until=event.rate_until)
        case EvaluationContested():
            return replace(state, status="contested", unanswered=False, has_texts=True)
        case EvaluationRated():
            status: Status = "unsatisfied" if state.awaits_answer else state.status
            rated = _scored(state, event)
            return replace(rated, status=status, unanswered=False, edit_until=event.edit_until)
        case EvaluationEdited():
            return _scored(state, event)
        case EvaluationExpired(cause=cause):
            return replace(state, status="expired", unanswered=cause == "unanswered")
        case FollowUpStarted():
            return replace(state, follow_up="open")
        case EvaluationFollowedUp():
            return replace(state, follow_up="done", has_texts=True)
        case EvaluationModerated(hidden=hidden):
            return replace(state, hidden=hidden)
        case EvaluationReplied(reply_id=reply):
            return replace(state, replies=state.replies | {reply}, has_texts=True)
        case EvaluationTextsErased():
            return replace(state, comment=None, has_texts=False)
    return state


def _scored(state: Evaluation, event: EvaluationRated | EvaluationEdited) -> Evaluation:
    return replace(
        state,
        score=event.score,
        comment=event.comment,
        low=event.low,
        has_texts=state.has_texts or event.comment is not None,
    )


def _about(state: Evaluation, event: EvaluationPlanned | EvaluationRequested) -> Evaluation:
    return replace(
        state,
        evaluation_id=event.evaluation_id,
        request_id=event.request_id,
        resolution=event.resolution,
        contract_id=event.contract_id,
        customer_id=event.customer_id,
        contact_id=event.contact_id,
        resolved_by=event.resolved_by,
        tacit_days=event.tacit_days,
        score_limit=event.score_limit,
        comment_below=event.comment_below,
        expiry_days=event.expiry_days,
        edit_hours=event.edit_hours,
        service_type_id=event.service_type_id,
        tacit_counts=event.tacit_counts,
    )
