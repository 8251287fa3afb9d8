"""Evaluations as screens and policies need them: one row an evaluation, with the customer's words while he exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feedback_service.tables import evaluations
from services.component import View
from services.events import Incoming
from services.rows import Rows


class EvaluationsView(View):
    name = "evaluations"
    source = "feedback"
    tables = (evaluations,)

    def fold(self, event: Incoming, rows: Rows) -> None:
        data = event.data

        def put(**values: Any) -> None:
            rows.put(evaluations, evaluation_id=data["evaluation_id"], **values)

        match event.type:
            case "feedback.evaluation.planned":
                put(**_about(data), status="planned", asked_at=_at(data, "ask_at"), follow_up="none")
            case "feedback.evaluation.requested":
                put(
                    **_about(data), status="asked", asked_at=_at(data), tacit_at=_at(data, "tacit_at"), follow_up="none"
                )
            case "feedback.evaluation.reminded":
                put(reminded_at=_at(data))
            case "feedback.evaluation.confirmed":
                put(
                    status="confirmed",
                    answered_at=_at(data),
                    answered_by=None if data["tacit"] else data["contact_id"],
                    tacit=data["tacit"],
                    rate_until=_at(data, "rate_until"),
                )
            case "feedback.evaluation.contested":
                put(
                    status="contested",
                    answered_at=_at(data),
                    answered_by=data["contact_id"],
                    tacit=False,
                    reason=data["reason"],
                )
            case "feedback.evaluation.rated":
                row = rows.get(evaluations, evaluation_id=data["evaluation_id"]) or {}
                if row.get("status") in ("planned", "asked"):
                    put(status="unsatisfied", answered_at=_at(data), answered_by=data["contact_id"], tacit=False)
                put(**_score(data), rated_at=_at(data), edit_until=_at(data, "edit_until"))
            case "feedback.evaluation.edited":
                put(**_score(data))
            case "feedback.evaluation.expired":
                put(status="expired")
            case "feedback.evaluation.follow_up_started":
                put(follow_up="open", follow_up_cause=data["cause"], follow_up_at=_at(data))
            case "feedback.evaluation.followed_up":
                put(follow_up="done", followed_up_by=data["by"], outcome=data["outcome"])
            case "feedback.evaluation.texts_erased":
                put(comment=None, reason=None, outcome=None)


def _about(data: Mapping[str, Any]) -> dict[str, Any]:
    names = ("request_id", "resolution", "contract_id", "customer_id", "contact_id", "resolved_by", "score_limit")
    return {name: data[name] for name in names}


def _score(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"score": data["score"], "low": data["low"], "comment": data.get("comment")}


def _at(data: Mapping[str, Any], name: str = "at") -> datetime:
    return datetime.fromisoformat(data[name])
