"""Kinds about the customer's verdict: the evaluation's real decider, and the rules of asking and of scales."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from feedback_service.domain.asking import question_over
from feedback_service.domain.commands import EditRating, RateService, RequestEvaluation, Rules
from feedback_service.domain.evaluation import DECIDER, Evaluation, evaluation_id
from feedback_service.domain.events import EvaluationRequested
from feedback_service.domain.scale import scaled
from services.errors import Refused
from tests.conformance.reading import Prose, decimal, offset
from tests.conformance.runner import adapts

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
ID = evaluation_id("request", 1)
ANA = "contact-ana"


def moment(text: str) -> datetime:
    """An instant told from t0, or told as it is."""
    return datetime.fromisoformat(text) if text[:1].isdigit() else T0 + offset(text)


def asked(at: datetime = T0, *, by: str = ANA, resolved_by: str = "technician", **rules: Any) -> Evaluation:
    command = RequestEvaluation(
        evaluation_id=ID,
        request_id="request",
        resolution=1,
        contract_id="contract",
        customer_id="customer",
        contact_id=by,
        at=at,
        resolved_by=resolved_by,
        rules=Rules(**rules),
    )
    return DECIDER.fold(DECIDER.decide(command, DECIDER.initial))


def refused(command: Any, state: Evaluation) -> bool:
    try:
        DECIDER.decide(command, state)
    except Refused:
        return True
    return False


@adapts("satisfaction_rule")
def satisfaction(given: Mapping[str, Any]) -> dict[str, Any]:
    if "edit_at" in given:
        return _edited(given)
    if "mandatory_comment_when_score_at_most" in given:
        # our contracts name the score *below* which a comment is demanded
        state = asked(score_limit=given["mandatory_comment_when_score_at_most"] + 1)
        comment = given.get("comment") or None
        no = refused(RateService(ID, ANA, given["score"], T0, comment), state)
        return {"rejected": no, "allowed": not no}
    if "max_rate" in given:
        return {"score_scaled_to_5": scaled(decimal(given["score"]), given["max_rate"])}
    if "duration_days" in given:
        sent, at = (
            moment(given["sent"]),
            moment(next(given[key] for key in ("open_at", "opened", "at") if key in given)),
        )
        over = question_over(sent, given["duration_days"], at)
        return {"expired": over, "allowed": not over}
    if "resolved_by" in given:
        asker = given.get("requester") or given["contact"]
        events = DECIDER.decide(_request(asker, given["resolved_by"]), DECIDER.initial)
        return {"survey_sent": any(isinstance(event, EvaluationRequested) for event in events)}
    raise Prose(str(dict(given)))


def _request(asker: str, resolver: str) -> RequestEvaluation:
    return RequestEvaluation(
        evaluation_id=ID,
        request_id="request",
        resolution=1,
        contract_id="contract",
        customer_id="customer",
        contact_id=asker,
        at=T0,
        resolved_by=resolver,
    )


def _edited(given: Mapping[str, Any]) -> dict[str, Any]:
    """A score given at ``answered`` and changed at ``edit_at``; the window is the contract's, 12 hours by default."""
    answered = moment(given["answered"])
    rules = {"edit_hours": given["edit_hours"]} if "edit_hours" in given else {}
    state = asked(answered, **rules)
    state = DECIDER.fold(DECIDER.decide(RateService(ID, ANA, 5, answered), state), state)
    no = refused(EditRating(ID, ANA, 4, moment(given["edit_at"])), state)
    return {"allowed": not no, "rejected": no}
