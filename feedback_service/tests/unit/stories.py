"""A resolved request and its evaluation, for the tests: who, when, and the events of the usual beginning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from feedback_service.domain import evaluation
from feedback_service.domain.commands import RequestEvaluation, Rules
from feedback_service.domain.events import EvaluationConfirmed, EvaluationRated, EvaluationRequested
from services.testing.decider import DeciderSpec

ID = evaluation.evaluation_id("3f0c0d0e-0000-7000-8000-000000000001", 1)
REQUEST = "3f0c0d0e-0000-7000-8000-000000000001"
RESOLVED = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
ANA, BRUNO, TECHNICIAN = "contact-ana", "contact-bruno", "user-technician"
ABOUT: dict[str, Any] = {
    "evaluation_id": ID,
    "request_id": REQUEST,
    "resolution": 1,
    "contract_id": "contract-1",
    "customer_id": "customer-1",
}
SPEC = DeciderSpec(evaluation.DECIDER)


def hours(number: float) -> datetime:
    """So many hours after the resolution."""
    return RESOLVED + timedelta(hours=number)


def request(**rules: Any) -> RequestEvaluation:
    return RequestEvaluation(**ABOUT, contact_id=ANA, at=RESOLVED, resolved_by=TECHNICIAN, rules=Rules(**rules))


def asked(**changes: Any) -> EvaluationRequested:
    values: dict[str, Any] = {
        **ABOUT,
        "contact_id": ANA,
        "resolved_by": TECHNICIAN,
        "at": RESOLVED,
        "remind_at": hours(48),
        "tacit_at": hours(7 * 24),
        "tacit_days": 7,
        "score_limit": 3,
        "edit_hours": 12,
    }
    return EvaluationRequested(**{**values, **changes})


def confirmed(at: datetime, *, tacit: bool = False, by: str = ANA) -> EvaluationConfirmed:
    return EvaluationConfirmed(**ABOUT, contact_id=by, at=at, tacit=tacit, rate_until=at + timedelta(days=7))


def rated(score: int, at: datetime, comment: str | None = None, *, low: bool = False) -> EvaluationRated:
    until = at + timedelta(hours=12)
    return EvaluationRated(**ABOUT, contact_id=ANA, at=at, score=score, low=low, edit_until=until, comment=comment)
