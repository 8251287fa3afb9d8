"""Statistics of deadlines from the view: met, breached, times to respond and to resolve, waiting; by whatever is asked.

What is left out: duplicates, cancelled requests and imported history without deadlines count in ``left_out`` alone. Times
are business time of the contract's calendar, measured when the clock was reached; the mean is over the requests that were.
The month is that of the opening, by the contract's local day.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from services.component import Context
from services.rows import Rows
from tickets_service.domain.state import ACTIVE, CANCELLED
from tickets_service.tables import requests

r = requests.c
GROUPS: dict[str, Any] = {
    "contract": r.contract_id,
    "service_type": r.service_type_id,
    "person": r.assignee_id,
    "priority": r.priority,
    "customer": r.customer_id,
    "month": r.month,
}
FILTERS = ("contract_id", "service_type_id", "assignee_id", "priority")
OUT = or_(r.status == CANCELLED, r.duplicate_of.is_not(None))
IN = ~func.coalesce(OUT, False)


def figures(params: dict[str, Any], rows: Rows, ctx: Context) -> dict[str, Any]:
    """``{"by", "items": [{"key", "requests", "left_out", "response": …}]}``: one a group, in the order of the keys."""
    column = GROUPS[params["by"]]
    found = rows.select(_asked(params, ctx, column))
    return {"by": params["by"], "items": [_shown(row) for row in found]}


def _asked(params: dict[str, Any], ctx: Context, column: Any) -> Select[Any]:
    where = [r[name] == params[name] for name in FILTERS if params[name] is not None]
    if params["customer_id"] is not None:
        where.append(r.customer_id.in_(params["customer_id"]))
    if params["since"] is not None:
        where.append(r.month >= params["since"])
    if params["until"] is not None:
        where.append(r.month <= params["until"])
    columns = [column.label("key"), _count(IN, "requests"), _count(OUT, "left_out")]
    columns += [_count(and_(IN, r.status.in_(ACTIVE)), "active"), _count(and_(IN, r.reopenings > 0), "reopened")]
    for clock in ("response", "resolution"):
        outcome, due_at, seconds = r[f"{clock}_outcome"], r[f"{clock}_due_at"], r[f"{clock}_seconds"]
        late = and_(outcome == "running", due_at < ctx.now)
        columns += [
            _count(and_(IN, outcome == "met"), f"{clock}_met"),
            _count(and_(IN, or_(outcome == "breached", late)), f"{clock}_breached"),
            _count(
                and_(IN, or_(and_(outcome == "running", due_at >= ctx.now), outcome == "paused")), f"{clock}_running"
            ),
            *_times(seconds, clock),
        ]
    waited = and_(IN, r.waited_seconds.is_not(None))
    columns += [
        func.coalesce(func.sum(case((waited, r.waited_seconds), else_=0)), 0).label("waited_seconds"),
        _count(and_(IN, r.waitings > 0), "waited"),
    ]
    return select(*columns).where(*where).group_by(column).order_by(column)


def _times(seconds: Any, clock: str) -> list[Any]:
    known = and_(IN, seconds.is_not(None))
    return [
        _count(known, f"{clock}_measured"),
        func.coalesce(func.sum(case((known, seconds), else_=0)), 0).label(f"{clock}_sum"),
        func.max(case((known, seconds))).label(f"{clock}_longest"),
    ]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        name: row[name] for name in ("key", "requests", "left_out", "active", "reopened", "waited")
    }
    for clock in ("response", "resolution"):
        met, breached = int(row[f"{clock}_met"]), int(row[f"{clock}_breached"])
        measured = int(row[f"{clock}_measured"])
        shown |= {
            f"{clock}_met": met,
            f"{clock}_breached": breached,
            f"{clock}_running": row[f"{clock}_running"],
            f"{clock}_met_percent": round(100 * met / (met + breached), 1) if met + breached else None,
            f"{clock}_average_minutes": _minutes(int(row[f"{clock}_sum"]) / measured) if measured else None,
            f"{clock}_longest_minutes": _minutes(row[f"{clock}_longest"]),
        }
    return {**shown, "waited_minutes": _minutes(row["waited_seconds"])}


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(float(seconds) / 60, 1)


def _count(condition: Any, name: str) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)
