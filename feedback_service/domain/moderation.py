"""What the provider does with a customer's words: hide them with a reason, show them again, reply to them."""

from __future__ import annotations

from collections.abc import Sequence

from feedback_service.domain.answers import text
from feedback_service.domain.commands import ModerateEvaluation, ReplyToEvaluation
from feedback_service.domain.events import EvaluationModerated, EvaluationReplied, Event
from feedback_service.domain.state import Evaluation, subject
from services.errors import Refused


def moderated(command: ModerateEvaluation, state: Evaluation) -> Sequence[Event]:
    if state.hidden == command.hidden:
        return []
    if not state.has_texts:
        raise Refused("evaluation.nothing-written")
    reason = reason_of(command.reason)
    about = subject(state)
    return [EvaluationModerated(**about, at=command.at, hidden=command.hidden, by=command.by, reason=reason)]


def replied(command: ReplyToEvaluation, state: Evaluation) -> Sequence[Event]:
    if command.reply_id in state.replies:
        return []
    if state.score is None and not state.has_texts:
        raise Refused("evaluation.nothing-written")
    said = said_of(command.text)
    return [
        EvaluationReplied(
            **subject(state),
            contact_id=state.contact_id,
            at=command.at,
            reply_id=command.reply_id,
            by=command.by,
            text=said,
        )
    ]


def reason_of(reason: str) -> str:
    """Nothing is hidden without saying why."""
    clean = text(reason, "reason")
    if clean is None:
        raise Refused("evaluation.moderation-reason-required")
    return clean


def said_of(words: str) -> str:
    clean = text(words, "text")
    if clean is None:
        raise Refused("evaluation.text-required")
    return clean
