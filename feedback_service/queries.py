"""Feedback's answers: one evaluation, lists of them, and how satisfied the customers are."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import case, func, select

from feedback_service.tables import evaluations
from services.component import Context
from services.errors import NotFound
from services.rows import Rows

PAGE = 50
_c = evaluations.c
_PERSONAL = ("comment", "reason", "outcome")


def evaluation(params: dict[str, Any], rows: Rows, ctx: Context) -> dict[str, Any]:
    """``{evaluation_id}`` or ``{request_id}`` (its latest) → the evaluation with the customer's words."""
    if params.get("evaluation_id"):
        found = rows.find(evaluations, evaluation_id=params["evaluation_id"])
    else:
        found = rows.find(evaluations, request_id=params["request_id"], order_by=(_c.resolution.desc(),), limit=1)
    if not found:
        raise NotFound("evaluation.not-found", **params)
    return found[0]


def evaluations_list(params: dict[str, Any], rows: Rows, ctx: Context) -> dict[str, Any]:
    """Newest first. Filters: contract_id, customer_id, request_id, status, follow_up, low. ``after`` is a cursor.

    → ``{items: […], next: cursor | None}``; items carry no texts of persons.
    """
    where = [
        evaluations.c[name] == params[name]
        for name in ("contract_id", "customer_id", "request_id", "status", "follow_up", "low")
        if params.get(name) is not None
    ]
    if params.get("after"):
        at, _, id_ = params["after"].partition("|")
        asked = datetime.fromisoformat(at)
        where.append((_c.asked_at < asked) | ((_c.asked_at == asked) & (_c.evaluation_id < id_)))
    limit = min(int(params.get("limit") or PAGE), 200)
    found = rows.find(evaluations, *where, order_by=(_c.asked_at.desc(), _c.evaluation_id.desc()), limit=limit + 1)
    page = [{name: value for name, value in row.items() if name not in _PERSONAL} for row in found[:limit]]
    more = len(found) > limit
    last = page[-1] if more else None
    return {"items": page, "next": f"{last['asked_at'].isoformat()}|{last['evaluation_id']}" if last else None}


def csat(params: dict[str, Any], rows: Rows, ctx: Context) -> dict[str, Any]:
    """How satisfied: by contract_id or customer_id, asked from ``since`` (incl.) to ``until`` (excl.), all optional.

    → counts; ``average`` of the scores; ``csat_percent``: share of scores 4 and 5 among all scores (the usual CSAT);
    ``response_percent``: share of the asked who answered themselves. A ratio over nothing is None.
    """
    where = [_c.status != "planned"]
    where += [evaluations.c[name] == params[name] for name in ("contract_id", "customer_id") if params.get(name)]
    if params.get("since"):
        where.append(_c.asked_at >= _instant(params["since"]))
    if params.get("until"):
        where.append(_c.asked_at < _instant(params["until"]))

    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    totals = rows.select(
        select(
            func.count().label("asked"),
            count(_c.answered_by.is_not(None)).label("answered"),
            count((_c.status == "confirmed") & (_c.tacit.is_(False))).label("confirmed"),
            count(_c.tacit.is_(True)).label("tacit"),
            count(_c.status == "contested").label("contested"),
            count(_c.low.is_(True)).label("low"),
            count(_c.follow_up == "open").label("follow_ups_open"),
        ).where(*where)
    )[0]
    by_score = rows.select(
        select(_c.score, func.count().label("count")).where(*where, _c.score.is_not(None)).group_by(_c.score)
    )
    scores = {int(row["score"]): int(row["count"]) for row in by_score}
    rated = sum(scores.values())
    return {
        **{name: int(value) for name, value in totals.items()},
        "rated": rated,
        "scores": {str(score): scores.get(score, 0) for score in range(1, 6)},
        "average": _ratio(sum(score * n for score, n in scores.items()), rated),
        "csat_percent": _ratio(100 * (scores.get(4, 0) + scores.get(5, 0)), rated),
        "response_percent": _ratio(100 * int(totals["answered"]), int(totals["asked"])),
    }


def _ratio(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None


def _instant(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
