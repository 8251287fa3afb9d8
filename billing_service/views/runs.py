"""Billing runs with their progress: which accounts each one bills, by which row of ``due``, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, and_, func, select

from billing_service.domain.billing_run import CheckRun, Failure, ResumeRun, StartRun, Tally
from billing_service.domain.commands import BillMonth, BillThrough
from billing_service.domain.issuing import last_day
from billing_service.views.accounts import billable_ids
from billing_service.views.labels import selected
from billing_service.views.metadata import METADATA, ZERO, day, found, limited
from billing_service.views.receivables import receivables
from services.component import Context, View
from services.due import schedule, unschedule
from services.events import Incoming
from services.rows import Rows
from services.store.tables import due
from services.store.types import JsonText, UtcDateTime

AFTER_ALL = timedelta(milliseconds=1)
AGAIN = timedelta(seconds=10)
PAGE = 10_000

billing_runs = Table(
    "billing_runs",
    METADATA,
    Column("run_id", String(64), primary_key=True),
    Column("month", String(7), nullable=False),
    Column("through", Date, nullable=False),
    Column("by_month", Boolean, nullable=False),
    Column("on", Date, nullable=True),
    Column("selection", JsonText, nullable=False),
    Column("accounts", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("started_by", String(160), nullable=False),
    Column("finished_at", UtcDateTime, nullable=True),
    Index("billing_runs_started", "started_at", "run_id"),
)

run_accounts = Table(
    "run_accounts",
    METADATA,
    Column("run_id", String(64), primary_key=True),
    Column("account_id", String(64), primary_key=True),
    Column("due_key", String(160), nullable=False),
)


class RunsView(View):
    name = "runs"
    source = "billing"
    tables = (billing_runs, run_accounts)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "billing.run.started":
                names = ("run_id", "month", "by_month", "accounts")
                selection = {name: data[name] for name in ("provider_id", "contract_ids", "tags")}
                days = {"through": day(data, "through"), "on": day(data, "on")}
                who = {"started_at": event.at, "started_by": event.actor}
                rows.put(billing_runs, **{name: data[name] for name in names}, **days, **who, selection=selection)
                self._check(rows, event, 1, AFTER_ALL)
            case "billing.run.accounts_taken":
                self._take(rows, event)
            case "billing.run.checked":
                self._check(rows, event, data["check"] + 1, AGAIN)
            case "billing.run.finished":
                rows.put(billing_runs, run_id=data["run_id"], finished_at=event.at)

    def _take(self, rows: Rows, event: Incoming) -> None:
        run_id, attempt = event.data["run_id"], event.data["attempt"]
        run = rows.get(billing_runs, run_id=run_id)
        if run is None:
            return
        for account_id in event.data["account_ids"]:
            key = f"run:{run_id}:{attempt}:{account_id}"
            before = rows.get(run_accounts, run_id=run_id, account_id=account_id)
            if before is not None:
                unschedule(rows, before["due_key"])
            rows.put(run_accounts, run_id=run_id, account_id=account_id, due_key=key)
            if run["by_month"]:
                bill: Any = BillMonth(account_id, run["month"], run["on"], run_id=run_id)
            else:
                bill = BillThrough(account_id, run["through"], run["on"], run_id=run_id)
            schedule(rows, key=key, at=event.at, command=bill)
        if attempt > 1:
            rows.put(billing_runs, run_id=run_id, finished_at=None)
            self._check(rows, event, f"r{attempt}", AFTER_ALL)

    def _check(self, rows: Rows, event: Incoming, number: int | str, after: timedelta) -> None:
        run_id = event.data["run_id"]
        schedule(rows, key=f"run-check:{run_id}:{number}", at=event.at + after, command=CheckRun(run_id))


def fill_accounts(command: StartRun, rows: Rows, context: Context) -> StartRun:
    """The accounts of the selection that have something to bill."""
    if (command.month is None) == (command.through is None):
        return command  # the rules say no
    through = command.through or last_day(command.month or "")
    wanted = selected(rows, command.provider_id, command.contract_ids, command.tags)
    ids: list[str] = []
    after = ""
    while page := billable_ids(rows, through, after, PAGE):
        ids += [id_ for id_ in page if wanted is None or id_ in wanted]
        after = page[-1]
    return replace(command, account_ids=tuple(ids))


def fill_tally(command: CheckRun | ResumeRun, rows: Rows, context: Context) -> CheckRun | ResumeRun:
    return replace(command, tally=tally_of(rows, command.run_id))


def tally_of(rows: Rows, run_id: str) -> Tally:
    """What has come of a run by now. A contract whose row was tried and is not done has failed so far."""
    joined = run_accounts.join(due, due.c.key == run_accounts.c.due_key)
    open_ = due.c.done_at.is_(None)
    waiting = (
        select(func.count()).select_from(joined).where(run_accounts.c.run_id == run_id, open_, due.c.attempts == 0)
    )
    bad = and_(
        run_accounts.c.run_id == run_id, ((open_) & (due.c.attempts > 0)) | ((~open_) & (due.c.outcome != "done"))
    )
    failures = select(run_accounts.c.account_id, due.c.outcome).select_from(joined).where(bad)
    named = [
        Failure(row["account_id"], row["outcome"] or "")
        for row in rows.select(failures.order_by(run_accounts.c.account_id))
    ]
    issued: Any = select(
        func.count().label("receivables"),
        func.sum(receivables.c.net).label("total"),
        func.count(func.distinct(receivables.c.account_id)).label("accounts"),
    ).where(receivables.c.run_id == run_id)
    (sums,) = rows.select(issued)
    left = rows.scalar(waiting)
    accounts = rows.scalar(select(func.count()).select_from(run_accounts).where(run_accounts.c.run_id == run_id))
    nothing = accounts - left - len(named) - sums["accounts"]
    return Tally(left, sums["receivables"], max(0, nothing), sums["total"] or ZERO, tuple(named))


@dataclass(frozen=True, slots=True)
class RunParams:
    run_id: str


@dataclass(frozen=True, slots=True)
class RunsParams:
    """The latest first; ``after`` is the ``next`` of the page before."""

    month: str | None = None
    after: str | None = None
    limit: int | None = None


def run(params: RunParams, rows: Rows, context: Context) -> dict[str, Any]:
    """A run with its progress: how many contracts are done, what was issued, who failed and why."""
    row = found(rows.get(billing_runs, run_id=params.run_id), "run.unknown", run_id=params.run_id)
    return _shown(row, rows)


def list_runs(params: RunsParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Runs, the latest first, each with its progress."""
    c, limit = billing_runs.c, limited(params.limit, 100)
    where = [c.month == params.month] if params.month else []
    if params.after and (last := rows.get(billing_runs, run_id=params.after)) is not None:
        at = last["started_at"]
        where.append((c.started_at < at) | ((c.started_at == at) & (c.run_id > params.after)))
    page = rows.find(billing_runs, *where, order_by=(c.started_at.desc(), c.run_id), limit=limit)
    return {"items": [_shown(row, rows) for row in page], "next": page[-1]["run_id"] if len(page) == limit else None}


def _shown(row: dict[str, Any], rows: Rows) -> dict[str, Any]:
    tally = tally_of(rows, row["run_id"])
    failed = len(tally.failures)
    if row["finished_at"] is None and (tally.waiting or not row["accounts"]):
        status = "running"
    else:
        status = "finished_with_failures" if failed else "finished"
    return {
        **{name: row[name] for name in ("run_id", "month", "through", "on", "selection", "started_at", "started_by")},
        "status": status,
        "finished_at": row["finished_at"],
        "contracts": row["accounts"],
        "done": row["accounts"] - tally.waiting - failed,
        "waiting": tally.waiting,
        "issued": tally.receivables,
        "total": tally.total,
        "nothing": tally.nothing,
        "failed": failed,
        "failures": [{"contract_id": failure.account_id, "reason": failure.reason} for failure in tally.failures],
    }


__all__ = ["RunsView", "billing_runs", "fill_accounts", "fill_tally", "list_runs", "run", "run_accounts", "tally_of"]
