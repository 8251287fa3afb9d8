"""Visits leave a closed day that is entered late, and return when it is taken off: in chunks, as often as is needed.

A visit knows the day of its plan, so the same chunk twice (a crash, two instances) moves nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from services import logs
from services.application import Application, Request
from services.component import Context, Execute
from services.rows import Rows
from services.store.database import Database
from tickets_service.domain.visit_messages import AvoidClosedDays
from tickets_service.tables import closed_days, coverage_contracts, recalculations, visits

CHUNK = 200
NEAR = timedelta(days=14)
"""How far after a closed day a visit may stand that left it: longer rows of closed days are none of a firm with visits."""
r, v = recalculations.c, visits.c
log = logs.get("avoiding")


def run(app: Application) -> int:
    """Whatever is waiting; how many visits were moved."""
    return sum(_do(app, change) for change in _waiting(app.db))


def _waiting(db: Database) -> list[Mapping[str, Any]]:
    """Changes that our own table knows already."""
    known = select(closed_days.c.version).where(closed_days.c.holiday_id == r.holiday_id).scalar_subquery()
    with db.read() as conn:
        statement = select(recalculations).where(r.visits_at.is_(None), known >= r.version).order_by(r.asked_at)
        return [dict(row) for row in conn.execute(statement).mappings()]


def _do(app: Application, change: Mapping[str, Any]) -> int:
    moved, id_, contracts = 0, change["recalculation_id"], _contracts(app, change)
    for start in range(0, len(contracts), CHUNK):
        records = [
            {"id": f"avoid/{id_}/{each}", "contract_id": each, "why": change["why"]}
            for each in contracts[start : start + CHUNK]
        ]
        call = Request(f"avoid/{id_}/{start}", "avoid_closed_days", {}, actor="system:calendar")
        answers = app.batch("avoid_closed_days", records, call)
        failed = [answer for answer in answers if answer["status"] in ("failed", "rejected")]
        if failed:
            log.error("visits not moved", recalculation=id_, failed=len(failed))
        moved += sum(answer.get("moved", 0) for answer in answers)
    with app.db.write() as conn:
        done = update(recalculations).where(r.recalculation_id == id_, r.visits_at.is_(None))
        conn.execute(done.values(visits_at=app.clock(), visits=moved))
    return moved


def _contracts(app: Application, change: Mapping[str, Any]) -> list[str]:
    """Those with a planned visit on the day, or a little after it."""
    today = app.clock().date() - timedelta(days=1)  # of every time zone
    near = [v["on"].between(day, day + NEAR) for day in _days(change, today)]
    if not near:
        return []
    where = [v.status == "planned", v.plan_id.is_not(None), v["on"] >= today, or_(*near)]
    kind, _, whose = str(change["scope"]).partition(":")
    if kind == "contract":
        where.append(v.contract_id == whose)
    if kind == "provider":
        theirs = select(coverage_contracts.c.contract_id).where(coverage_contracts.c.provider_id == whose)
        where.append(v.contract_id.in_(theirs))
    with app.db.read() as conn:
        found = select(v.contract_id).where(*where).group_by(v.contract_id).order_by(func.min(v["on"]), v.contract_id)
        return list(conn.execute(found).scalars())


def _days(change: Mapping[str, Any], today: date) -> list[date]:
    """The day; of a yearly one, those of the years in which visits are planned."""
    on: date = change["on"]
    if not change["yearly"]:
        return [on]
    days = []
    for year in range(max(on.year, today.year - 1), today.year + 2):
        try:
            days.append(on.replace(year=year))
        except ValueError:  # the 29th of February
            continue
    return days


# -- the batch ------------------------------------------------------------------------------------------------------


def avoid(record: Mapping[str, Any], execute: Execute, context: Context) -> Mapping[str, Any]:
    """One contract; ``moved``: how many of its visits."""
    answer = execute(AvoidClosedDays(record["contract_id"], context.now, record["why"]))
    return {"status": "done", "contract_id": record["contract_id"], "moved": len(answer.events)}


def avoid_streams(record: Mapping[str, Any]) -> list[str]:
    return [f"visits-{record['contract_id']}"]


def avoid_prefetch(records: Sequence[Any], rows: Rows, context: Context) -> None:
    """Whose contracts they are."""
    rows.prefetch(coverage_contracts, [(record["contract_id"],) for record in records], lock=False)
