"""Evaluations as screens and policies need them: one row an evaluation, with the customer's words while he exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from feedback_service.tables import evaluations
from services.component import View
from services.events import Incoming
from services.rows import Rows

MONTHS_OF = ZoneInfo("America/Sao_Paulo")
"""Figures by month are of months there, whatever a single contract's zone is: months must be the same for all."""


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
                put(**_about(data, "ask_at"), status="planned", asked_at=_at(data, "ask_at"), follow_up="none")
            case "feedback.evaluation.requested":
                put(
                    **_about(data), status="asked", asked_at=_at(data), tacit_at=_at(data, "tacit_at"), follow_up="none"
                )
            case "feedback.evaluation.reminded":
                put(reminded_at=_at(data))
            case "feedback.evaluation.confirmed":
                put(
                    status="confirmed",
                    expired_cause=None,
                    answered_at=_at(data),
                    answered_by=None if data["tacit"] else data["contact_id"],
                    tacit=data["tacit"],
                    rate_until=_at(data, "rate_until"),
                )
            case "feedback.evaluation.contested":
                put(
                    status="contested",
                    expired_cause=None,
                    answered_at=_at(data),
                    answered_by=data["contact_id"],
                    tacit=False,
                    reason=data["reason"],
                )
            case "feedback.evaluation.rated":
                row = rows.get(evaluations, evaluation_id=data["evaluation_id"]) or {}
                if row.get("status") in ("planned", "asked") or row.get("expired_cause") == "unanswered":
                    put(
                        status="unsatisfied",
                        expired_cause=None,
                        answered_at=_at(data),
                        answered_by=data["contact_id"],
                        tacit=False,
                    )
                put(**_score(data), rated_at=_at(data), edit_until=_at(data, "edit_until"))
            case "feedback.evaluation.edited":
                put(**_score(data))
            case "feedback.evaluation.expired":
                put(status="expired", expired_cause=data["cause"])
            case "feedback.evaluation.follow_up_started":
                put(follow_up="open", follow_up_cause=data["cause"], follow_up_at=_at(data))
            case "feedback.evaluation.followed_up":
                put(follow_up="done", followed_up_by=data["by"], outcome=data["outcome"])
            case "feedback.evaluation.texts_erased":
                put(comment=None, reason=None, outcome=None, replies=[])
            case "feedback.evaluation.moderated":
                hidden = data["hidden"]
                put(hidden=hidden, hidden_by=data["by"], hidden_reason=data["reason"] if hidden else None)
            case "feedback.evaluation.replied":
                row = rows.get(evaluations, evaluation_id=data["evaluation_id"]) or {}
                put(replies=with_reply(row, data))


def _about(data: Mapping[str, Any], asked: str = "at") -> dict[str, Any]:
    names = ("request_id", "resolution", "contract_id", "customer_id", "contact_id", "resolved_by", "score_limit")
    about = {name: data[name] for name in names} | {"service_type_id": data.get("service_type_id")}
    return about | {"month": _at(data, asked).astimezone(MONTHS_OF).strftime("%Y-%m")}


def with_reply(row: Mapping[str, Any], data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The replies with one more."""
    before = [each for each in row.get("replies") or () if each["reply_id"] != data["reply_id"]]
    return [*before, {name: data[name] for name in ("reply_id", "by", "at", "text")}]


def _score(data: Mapping[str, Any]) -> dict[str, Any]:
    said = {"score": data["score"], "low": data["low"], "comment": data.get("comment")}
    return said | {"rated_by": data.get("contact_id")}


def _at(data: Mapping[str, Any], name: str = "at") -> datetime:
    return datetime.fromisoformat(data[name])
