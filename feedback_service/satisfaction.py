"""How satisfied the customers are: counts, distribution, CSAT and response rate, in all or by group.

A tacit confirmation is shown as tacit. It is no answer: it has no score and does not count as a response.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import case, func, select

from feedback_service.tables import evaluations
from services.component import Context
from services.rows import Rows

_c = evaluations.c
GROUPS = {
    "contract": _c.contract_id,
    "customer": _c.customer_id,
    "service_type": _c.service_type_id,
    "technician": _c.resolved_by,
    "month": _c.month,
}
"""A trend is the figures by month. A technician is who said that the request was resolved."""

_FILTERS = {
    "contract_id": _c.contract_id,
    "customer_id": _c.customer_id,
    "service_type_id": _c.service_type_id,
    "technician_id": _c.resolved_by,
}


def csat(params: dict[str, Any], rows: Rows, ctx: Context) -> dict[str, Any]:
    """In all: by contract_id, customer_id, service_type_id, technician_id, asked from ``since`` (incl.) to ``until``
    (excl.), each optional.

    → counts; ``average`` of the scores; ``csat_percent``: share of scores 4 and 5 among all scores (the usual CSAT);
    ``response_percent``: share of the asked who answered themselves. A ratio over nothing is None.
    """
    totals = rows.select(select(*_counts()).where(*_where(params)))
    return _figures(totals[0])


def satisfaction(params: dict[str, Any], rows: Rows, ctx: Context) -> dict[str, Any]:
    """The same by group: ``{by: contract | customer | service_type | technician | month, …}`` → ``{items: [{key, …}]}``.

    By key; evaluations without one (imported, or resolved by nobody named) stand under ``null``.
    """
    group = GROUPS[params["by"]]
    statement = select(group.label("key"), *_counts()).where(*_where(params)).group_by(group)
    found = sorted(rows.select(statement), key=lambda row: row["key"] or "")
    return {"items": [{"key": row["key"], **_figures(row)} for row in found]}


def _where(params: Mapping[str, Any]) -> list[Any]:
    where: list[Any] = [_c.status != "planned"]
    where += [column == params[name] for name, column in _FILTERS.items() if params.get(name)]
    if params.get("since"):
        where.append(_c.asked_at >= _instant(params["since"]))
    if params.get("until"):
        where.append(_c.asked_at < _instant(params["until"]))
    return where


def _counts() -> list[Any]:
    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    return [
        func.count().label("asked"),
        count(_c.answered_by.is_not(None)).label("answered"),
        count((_c.status == "confirmed") & (_c.tacit.is_(False))).label("confirmed"),
        count(_c.tacit.is_(True)).label("tacit"),
        count(_c.status == "contested").label("contested"),
        count(_c.low.is_(True)).label("low"),
        count(_c.follow_up == "open").label("follow_ups_open"),
        *(count(_c.score == score).label(f"score_{score}") for score in range(1, 6)),
    ]


def _figures(row: Mapping[str, Any]) -> dict[str, Any]:
    scores = {score: int(row[f"score_{score}"]) for score in range(1, 6)}
    rated = sum(scores.values())
    names = ("asked", "answered", "confirmed", "tacit", "contested", "low", "follow_ups_open")
    return {
        **{name: int(row[name]) for name in names},
        "rated": rated,
        "scores": {str(score): number for score, number in scores.items()},
        "average": _ratio(sum(score * n for score, n in scores.items()), rated),
        "csat_percent": _ratio(100 * (scores[4] + scores[5]), rated),
        "response_percent": _ratio(100 * int(row["answered"]), int(row["asked"])),
    }


def _ratio(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None


def _instant(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
