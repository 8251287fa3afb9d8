"""What must happen to a receivable at a time: overdue, reminders, the check for default. Rows of ``due``.

Imported receivables have none. Marks are made when the contract's local day begins, reminders are sent at nine in
the morning. What was opened again (a reversed payment, a resolved dispute) is asked anew from that instant on,
reminders one level a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from billing_service.domain.business_days import overdue_from
from billing_service.domain.commands import CheckDefault, MarkOverdue, SendReminder
from billing_service.domain.localtime import at_local, first_instant, local_date
from billing_service.views.accounts import accounts
from billing_service.views.agenda import FIRST_TERMS
from billing_service.views.receivables import receivables
from services.component import View
from services.due import schedule, unschedule
from services.events import Incoming
from services.rows import Rows

MORNING = time(9)


class DeadlinesView(View):
    """Stands after the accounts and the receivables, which it reads."""

    name = "deadlines"
    source = "billing"
    tables = ()

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "billing.receivable.issued":
                # what was taken over may be late for long: its reminders follow from here on, one level a day
                self._plan(rows, data["receivable_id"], event.at if data.get("taken_over") else None)
            case "billing.receivable.disputed" if data.get("lines"):
                row = rows.get(receivables, receivable_id=data["receivable_id"])
                if row is not None and row["status"] == "disputed":
                    self._forget(rows, data["receivable_id"])
            case (
                "billing.receivable.settled"
                | "billing.receivable.written_off"
                | "billing.receivable.disputed"
                | "billing.receivable.cancelled"
                | "billing.receivable.renegotiated"
            ):
                self._forget(rows, data["receivable_id"])
            case "billing.receivable.due_day_changed":
                self._forget(rows, data["receivable_id"])
                self._plan(rows, data["receivable_id"], event.at)
            case "billing.receivable.dispute_resolved":
                self._plan(rows, data["receivable_id"], event.at)
            case "billing.payment.reversed":
                for part in data["allocations"]:
                    self._plan(rows, part["receivable_id"], event.at)
            case "billing.account.terms_taken" if event.version > FIRST_TERMS:
                open_ = receivables.c.balance > 0
                for row in rows.find(receivables, open_, account_id=data["account_id"]):
                    self._plan(rows, row["receivable_id"], event.at)

    def _plan(self, rows: Rows, receivable_id: str, since: datetime | None = None) -> None:
        row = rows.get(receivables, receivable_id=receivable_id)
        if row is None or row["imported"] or row["status"] == "disputed" or row["balance"] <= 0:
            return
        account = rows.get(accounts, account_id=row["account_id"])
        if account is None or account["terms"] is None:
            return
        for key, at, command in deadlines(row, account["terms"], since):
            schedule(rows, key=key, at=at, command=command)

    def _forget(self, rows: Rows, receivable_id: str) -> None:
        row = rows.get(receivables, receivable_id=receivable_id)
        if row is None or row["imported"]:
            return
        account = rows.get(accounts, account_id=row["account_id"]) or {}
        levels = [step["level"] for step in (account.get("terms") or {}).get("dunning", ())]
        for key in due_keys(receivable_id, levels):
            unschedule(rows, key)


def due_keys(receivable_id: str, levels: Iterable[int]) -> list[str]:
    """Under which keys a receivable's deadlines stand."""
    reminders = [f"remind:{receivable_id}:{level}" for level in levels]
    return [f"overdue:{receivable_id}", f"default:{receivable_id}", *reminders]


Deadline = tuple[str, datetime, Any]


def deadlines(row: Mapping[str, Any], terms: Mapping[str, Any], since: datetime | None = None) -> Iterator[Deadline]:
    """(key, instant UTC, command) of all that is still to come for a receivable; nothing earlier than ``since``."""
    account_id, id_, zone = row["account_id"], row["receivable_id"], terms["time_zone"]
    overdue_day = overdue_from(row["payable_on"])
    if row["overdue_on"] is None:
        at = first_instant(overdue_day, zone)
        yield f"overdue:{id_}", _not_before(at, since), MarkOverdue(account_id, id_)
    limit = terms["default"]["days"]
    if limit is not None:
        at = first_instant(max(row["due_on"] + timedelta(days=limit), overdue_day), zone)
        yield f"default:{id_}", _not_before(at, since), CheckDefault(account_id)
    for on, step in _reminders(row, terms, None if since is None else local_date(since, zone), _morning(since, zone)):
        yield f"remind:{id_}:{step['level']}", at_local(on, MORNING, zone), SendReminder(account_id, id_, step["level"])


def _morning(since: datetime | None, zone: str) -> date | None:
    """The day of the first morning that is not over yet."""
    if since is None:
        return None
    today = local_date(since, zone)
    return today if at_local(today, MORNING, zone) >= since else today + timedelta(days=1)


def _reminders(
    row: Mapping[str, Any], terms: Mapping[str, Any], today: date | None, first: date | None
) -> Iterator[tuple[date, Mapping[str, Any]]]:
    """The ladder's levels not sent yet with their days. Those whose day has passed follow from ``first`` on, one level a
    day and none skipped; but what was to be said before the due day is of no use after ``today``'s."""
    earliest = first
    for step in sorted(terms["dunning"], key=lambda step: (step["days"], step["level"])):
        if step["level"] <= (row["reminder_level"] or 0):
            continue
        on = row["due_on"] + timedelta(days=step["days"])
        on = max(on, overdue_from(row["payable_on"])) if step["days"] > 0 else on
        if on < row["issued_on"] or (today is not None and on < today and step["days"] <= 0):
            continue
        if earliest is not None:
            on = max(on, earliest)
            earliest = on + timedelta(days=1)
        yield on, step


def _not_before(at: datetime, since: datetime | None) -> datetime:
    return at if since is None or at >= since else since


__all__ = ["DeadlinesView", "deadlines", "due_keys"]
