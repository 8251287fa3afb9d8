"""Another calendar: open requests get the deadlines that follow from it, part by part, while all else goes on.

A change of the company's table puts a row into ``recalculations``. A worker cuts the open requests into parts; each part
is claimed for some minutes and done as a batch, so that several instances share the work, a crash loses none, and the
same part twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from services import logs
from services.application import Application, Request
from services.component import Context, Execute
from services.events import Incoming
from services.rows import Rows
from services.store.tables import due
from tickets_service import avoiding
from tickets_service.domain.commands import RecomputeDeadlines
from tickets_service.domain.state import ACTIVE, DONE
from tickets_service.tables import (
    closed_days,
    coverage_contracts,
    coverage_terms,
    recalculation_parts,
    recalculations,
    requests,
)
from tickets_service.views.closed_days import all_entries
from tickets_service.views.coverage import agreement_of
from tickets_service.views.timers import keys_of

PART = 500
CLAIM = timedelta(minutes=5)
UNFINISHED = (*ACTIVE, *DONE)
r, p = recalculations.c, recalculation_parts.c
log = logs.get("recalculating")


def note_change(event: Incoming, rows: Rows) -> Iterable[Any]:
    """A closed day was entered or taken off: deadlines are computed again. The same event again: nothing new."""
    data = event.data
    key = {"recalculation_id": event.id}
    if rows.get(recalculations, **key) is None:
        rows.put(
            recalculations,
            **key,
            holiday_id=data["holiday_id"],
            version=event.version,
            change=event.type.rpartition(".")[2],
            scope=data["scope"],
            why=f"{data['name']}, {data['on']}",
            on=date.fromisoformat(data["on"]),
            yearly=data["yearly"],
            asked_at=event.at,
        )
    return ()


class Recalculator:
    """``run()`` does what is waiting; any number of instances at once."""

    def __init__(self, app: Application, *, part: int = PART) -> None:
        self._app, self._part = app, part

    def run(self) -> dict[str, int]:
        """``{"parts", "requests", "changed"}`` of this pass."""
        done = {"parts": 0, "requests": 0, "changed": 0}
        for waiting in self._unplanned():
            self._plan(waiting)
        while (claimed := self._claim()) is not None:
            counted = self._do(*claimed)
            done = {key: done[key] + value for key, value in ({"parts": 1} | counted).items()}
        return done

    def _unplanned(self) -> list[Mapping[str, Any]]:
        """Those whose change our table of closed days knows: view and policy read the feed each at its own pace."""
        known = select(closed_days.c.version).where(closed_days.c.holiday_id == r.holiday_id).scalar_subquery()
        with self._app.db.read() as conn:
            statement = select(recalculations).where(r.planned_at.is_(None), known >= r.version).order_by(r.asked_at)
            return [dict(row) for row in conn.execute(statement).mappings()]

    def _plan(self, waiting: Mapping[str, Any]) -> None:
        """Cut into parts by id, all in one transaction. Who is second finds it planned."""
        id_, now = waiting["recalculation_id"], self._app.clock()
        with self._app.db.write() as conn:
            rows = Rows(conn)
            row = rows.get(recalculations, recalculation_id=id_)
            if row is None or row["planned_at"] is not None:
                return
            found = select(requests.c.request_id).where(*_touched(waiting)).order_by(requests.c.request_id)
            ids = list(conn.execute(found).scalars())
            for number, start in enumerate(range(0, len(ids), self._part), 1):
                part = ids[start : start + self._part]
                rows.put(
                    recalculation_parts,
                    recalculation_id=id_,
                    number=number,
                    first=part[0],
                    last=part[-1],
                    requests=len(part),
                )
            ended = {"finished_at": now, "changed": 0} if not ids else {}
            rows.put(recalculations, recalculation_id=id_, planned_at=now, requests=len(ids), **ended)
            rows.flush()

    def _claim(self) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
        """The next part that nobody is at, with its recalculation."""
        now = self._app.clock()
        free = and_(p.done_at.is_(None), or_(p.claimed_until.is_(None), p.claimed_until < now))
        with self._app.db.write() as conn:
            first = select(recalculation_parts).where(free).order_by(p.recalculation_id, p.number).limit(1)
            if not self._app.db.sqlite:
                first = first.with_for_update(skip_locked=True)
            part = conn.execute(first).mappings().first()
            if part is None:
                return None
            conn.execute(update(recalculation_parts).where(*_same(part)).values(claimed_until=now + CLAIM))
            whole = select(recalculations).where(r.recalculation_id == part["recalculation_id"])
            return dict(part), dict(conn.execute(whole).mappings().one())

    def _do(self, part: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, int]:
        now = self._app.clock()
        where = (requests.c.request_id >= part["first"], requests.c.request_id <= part["last"])
        with self._app.db.read() as conn:
            found = select(requests.c.request_id).where(*where, *_touched(whole)).order_by(requests.c.request_id)
            ids = list(conn.execute(found).scalars())
        id_ = whole["recalculation_id"]
        records = [{"id": f"recalculate/{id_}/{each}", "request_id": each, "why": whole["why"]} for each in ids]
        call = Request(f"recalculate/{id_}/{part['number']}", "recompute_deadlines", {}, actor="system:calendar")
        answers = self._app.batch("recompute_deadlines", records, call)
        failed = [answer for answer in answers if answer["status"] in ("failed", "rejected")]
        if failed:
            log.error("deadlines not recomputed", recalculation=id_, part=part["number"], failed=len(failed))
        changed = sum(answer.get("changed", 0) for answer in answers)
        with self._app.db.write() as conn:
            mark = {"done_at": now, "changed": changed, "failed": len(failed)}
            conn.execute(update(recalculation_parts).where(*_same(part), p.done_at.is_(None)).values(**mark))
            _finish(conn, id_, now)
        return {"requests": len(ids), "changed": changed}


def _touched(change: Mapping[str, Any]) -> list[Any]:
    """Requests whose deadlines the day can move: it lies neither before their opening nor after all that is due.

    A clock that stands still, or was never said, may be moved by any day; so may all by a day that comes every year.
    """
    where: list[Any] = [requests.c.status.in_(UNFINISHED), requests.c.historical.is_not(True)]
    if str(change["scope"]).startswith("contract:"):
        where.append(requests.c.contract_id == change["scope"].partition(":")[2])
    if not change["yearly"]:
        day = datetime.fromisoformat(f"{change['on']}T00:00:00+00:00")
        where.append(requests.c.opened_at < day + timedelta(days=3))
        open_end = requests.c.resolution_due_at.is_(None)
        where.append(or_(open_end, requests.c.resolution_due_at > day - timedelta(days=3)))
    return where


def _finish(conn: Any, recalculation_id: str, now: datetime) -> None:
    """When its last part is done, with the sum of all."""
    mine = p.recalculation_id == recalculation_id
    if conn.execute(select(func.count()).where(mine, p.done_at.is_(None))).scalar() == 0:
        changed = conn.execute(select(func.coalesce(func.sum(p.changed), 0)).where(mine)).scalar()
        done = update(recalculations).where(r.recalculation_id == recalculation_id, r.finished_at.is_(None))
        conn.execute(done.values(finished_at=now, changed=changed))


def _same(part: Mapping[str, Any]) -> tuple[Any, ...]:
    return p.recalculation_id == part["recalculation_id"], p.number == part["number"]


# -- the batch: many requests by few statements ---------------------------------------------------------------------


def recompute(record: Mapping[str, Any], execute: Execute, context: Context) -> Mapping[str, Any]:
    """One request; ``changed`` is 1 where a deadline is another than it was."""
    agreement = record.get("agreement")
    answer = execute(RecomputeDeadlines(record["request_id"], context.now, agreement, "calendar", record["why"]))
    return {"status": "computed", "request_id": record["request_id"], "changed": int(bool(answer.events))}


def recompute_streams(record: Mapping[str, Any]) -> list[str]:
    return [f"request-{record['request_id']}"]


def recompute_prefetch(records: Sequence[Any], rows: Rows, context: Context) -> None:
    """Requests, their timers, and each one's agreement, which is put into its record."""
    ids = [record["request_id"] for record in records]
    rows.prefetch(requests, [(id_,) for id_ in ids])
    rows.prefetch(due, [(key,) for id_ in ids for key in keys_of(id_)])
    found = {id_: row for id_ in ids if (row := rows.get(requests, request_id=id_)) is not None}
    contracts = sorted({row["contract_id"] for row in found.values()})
    entries = all_entries(rows)
    terms: dict[str, list[Any]] = {contract: [] for contract in contracts}
    of_those = coverage_terms.c.contract_id.in_(contracts)
    for row in rows.find(coverage_terms, of_those, order_by=(coverage_terms.c.effective_on,)):
        terms[row["contract_id"]].append((row["effective_on"], row["terms"]))
    providers = {
        row["contract_id"]: row["provider_id"]
        for row in rows.find(coverage_contracts, coverage_contracts.c.contract_id.in_(contracts))
    }
    for record in records:
        row = found.get(record["request_id"])
        if row is not None:
            contract = row["contract_id"]
            record["agreement"] = agreement_of(
                terms[contract], row["service_type_id"], row["opened_at"], context.now, entries,
                contract_id=contract, provider_id=providers.get(contract),
            )  # fmt: skip


def list_recalculations(_params: Mapping[str, Any], rows: Rows, _ctx: Context) -> dict[str, Any]:
    """The latest hundred, each with how far it is."""
    done = func.coalesce(func.sum(p.requests), 0)
    counted = rows.select(
        select(p.recalculation_id, done.label("done")).where(p.done_at.is_not(None)).group_by(p.recalculation_id)
    )
    ready = {row["recalculation_id"]: row["done"] for row in counted}
    found = rows.find(recalculations, order_by=(r.asked_at.desc(), r.version.desc(), r.recalculation_id), limit=100)
    return {"items": [{**row, "done": int(ready.get(row["recalculation_id"], 0))} for row in found]}


def worker(app: Any) -> Callable[[], object]:
    """Visits first: they are few, and people plan their days by them."""
    recalculator = Recalculator(app.application)

    def run() -> None:
        avoiding.run(app.application)
        recalculator.run()

    return run
