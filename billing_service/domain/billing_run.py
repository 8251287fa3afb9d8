"""Billing runs: what was asked to be billed, for which contracts, and how it ended. One stream a run.

A run only names its accounts. Each is billed on its own, in its own transaction, by a row of ``due``: so a run outlives any
crash, one bad contract stops no other, and what was billed already is not billed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.decider import Decider, command, doc, event
from services.errors import Refused

from .issuing import last_day
from .money import ZERO

PORTION = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    account_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run has come to. ``waiting`` accounts are still to be billed; ``nothing``: nothing was due there."""

    waiting: int = 0
    receivables: int = 0
    nothing: int = 0
    total: Decimal = ZERO
    failures: tuple[Failure, ...] = ()


@command
class StartRun:
    """Bill a month, or everything through a day. Nothing named: all contracts; else those that meet all that is named."""

    run_id: str
    month: str | None = doc("YYYY-MM; or `through`", default=None)
    through: date | None = doc("everything that is to be billed by this day", default=None)
    on: date | None = doc("issue date; default: each contract's local day", default=None)
    provider_id: str | None = None
    contract_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = doc("contracts that carry all of them", default=())
    at: datetime | None = None
    account_ids: tuple[str, ...] = doc("filled in by billing", default=())


@command
class ResumeRun:
    """Try again at once what failed. It would also be tried again by itself, later and later."""

    run_id: str
    at: datetime | None = None
    tally: Tally | None = doc("filled in by billing", default=None)


@command
class CheckRun:
    """Is the run over? Asked by the run itself."""

    run_id: str
    at: datetime | None = None
    tally: Tally | None = doc("filled in by billing", default=None)


@event("billing.run.started")
class RunStarted:
    """``accounts``: how many contracts had something to bill; they follow in ``accounts_taken``."""

    run_id: str
    month: str
    through: date
    by_month: bool
    on: date | None
    provider_id: str | None
    contract_ids: tuple[str, ...]
    tags: tuple[str, ...]
    accounts: int


@event("billing.run.accounts_taken")
class RunAccountsTaken:
    """``attempt`` counts up when what failed is tried again."""

    run_id: str
    attempt: int
    account_ids: tuple[str, ...]


@event("billing.run.checked")
class RunChecked:
    """It goes on: ``waiting`` contracts are still to be billed."""

    run_id: str
    check: int
    waiting: int


@event("billing.run.finished")
class RunFinished:
    """Every contract was tried: ``nothing`` was due at some, ``failures`` name the others."""

    run_id: str
    check: int
    receivables: int
    total: Decimal
    nothing: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Run:
    run_id: str = ""
    attempts: int = 0
    checks: int = 0
    finished: bool = False


def decide(command: Any, run: Run) -> Sequence[Any]:
    match command:
        case StartRun():
            return [] if run.run_id else _start(command)
        case _ if not run.run_id:
            raise Refused("run.unknown", run_id=command.run_id)
        case ResumeRun():
            failed = [failure.account_id for failure in (command.tally or Tally()).failures]
            return _taken(run.run_id, run.attempts + 1, failed)
        case CheckRun():
            return [] if run.finished else _check(run, command.tally or Tally())
    raise TypeError(type(command))


def evolve(run: Run, event: Any) -> Run:
    match event:
        case RunStarted():
            return replace(run, run_id=event.run_id)
        case RunAccountsTaken(attempt=attempt):
            return replace(run, attempts=attempt, finished=False)
        case RunChecked(check=check):
            return replace(run, checks=check)
        case RunFinished(check=check):
            return replace(run, checks=check, finished=True)
    return run


def _start(command: StartRun) -> Sequence[Any]:
    if (command.month is None) == (command.through is None):
        raise Refused("run.month-or-day")
    through = command.through or last_day(command.month or "")
    started = RunStarted(
        run_id=command.run_id,
        month=command.month or through.strftime("%Y-%m"),
        through=through,
        by_month=command.month is not None,
        on=command.on,
        provider_id=command.provider_id,
        contract_ids=command.contract_ids,
        tags=command.tags,
        accounts=len(command.account_ids),
    )
    return [started, *_taken(command.run_id, 1, command.account_ids)]


def _taken(run_id: str, attempt: int, account_ids: Sequence[str]) -> list[RunAccountsTaken]:
    starts = range(0, len(account_ids), PORTION)
    return [RunAccountsTaken(run_id, attempt, tuple(account_ids[start : start + PORTION])) for start in starts]


def _check(run: Run, tally: Tally) -> Sequence[Any]:
    check = run.checks + 1
    if tally.waiting:
        return [RunChecked(run.run_id, check, tally.waiting)]
    return [RunFinished(run.run_id, check, tally.receivables, tally.total, tally.nothing, tally.failures)]


COMMANDS: tuple[type, ...] = (StartRun, ResumeRun, CheckRun)
EVENTS: tuple[type, ...] = (RunStarted, RunAccountsTaken, RunChecked, RunFinished)
DECIDER: Decider[Any, Run, Any] = Decider(initial=Run(), decide=decide, evolve=evolve)
