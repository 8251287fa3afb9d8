"""Days on which an account's charges issue themselves: a row of ``due`` per account and bill day.

Only where the terms say ``billing.issue: automatic``; at the terms' hour, local to the contract. What is planned, added,
released, moved or returned after that hour of its bill day waits for the next morning, so that finance has a day to look
at it. A row that finds nothing to issue does nothing: so none is ever taken back, and runs by hand may come before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from billing_service.domain.commands import IssueDue
from billing_service.domain.issuing import AUTOMATIC
from billing_service.domain.localtime import at_local, local_date
from billing_service.views.accounts import accounts
from billing_service.views.agenda import FIRST_TERMS, planned_charges
from billing_service.views.metadata import day
from services.component import View
from services.due import schedule
from services.events import Incoming
from services.rows import Rows
from services.store.tables import due

ONE_DAY = timedelta(days=1)


class IssueDaysView(View):
    """Stands after the accounts and the agenda, which it reads."""

    name = "issue_days"
    source = "billing"
    tables = ()

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        if event.type not in _FOLDS:
            return
        account = rows.get(accounts, account_id=event.data["account_id"]) or {}
        rules = (account.get("terms") or {}).get("billing") or {}
        if rules.get("issue") != AUTOMATIC:
            return
        zone, hour = account["time_zone"], time.fromisoformat(rules["issue_hour"])
        planned = event.type == "billing.account.charges_planned"
        for bill_on in sorted(set(_days(event, rows))):
            self._schedule(rows, event, bill_on, zone, hour, again=not planned)

    def _schedule(self, rows: Rows, event: Incoming, bill_on: date, zone: str, hour: time, *, again: bool) -> None:
        account_id = event.data["account_id"]
        on = max(bill_on, local_date(event.at, zone))
        if at_local(on, hour, zone) <= event.at:
            on += ONE_DAY
        # the day may have been run before its time, by hand: what comes later then waits for the day after
        while again and (rows.get(due, key=_key(account_id, on)) or {}).get("done_at") is not None:
            on += ONE_DAY
        schedule(rows, key=_key(account_id, on), at=at_local(on, hour, zone), command=IssueDue(account_id))


def _key(account_id: str, on: date) -> str:
    return f"issue:{account_id}:{on.isoformat()}"


def _days(event: Incoming, rows: Rows) -> Iterable[date]:
    data = event.data
    match event.type:
        case "billing.account.charges_planned":
            yield from (day(charge, "bill_on") for charge in data["charges"] if not charge["held"])  # type: ignore[misc]
            through = day(data, "through")
            if through is not None:  # the agenda's last day: then it moves on, also where nothing is billed by it
                yield through
        case "billing.account.terms_taken":  # what was planned while a run issued it
            where = {"account_id": data["account_id"]}
            found = rows.find(planned_charges, ~planned_charges.c.held, **where) if event.version > FIRST_TERMS else ()
            for row in found:
                yield row["bill_on"]
        case "billing.receivable.cancelled":
            yield from _of(rows, (line["charge_id"] for line in data["lines"]))
        case _:
            yield from _of(rows, [data["charge_id"]])


def _of(rows: Rows, charge_ids: Iterable[str]) -> Iterable[date]:
    for charge_id in charge_ids:
        row: Mapping[str, Any] | None = rows.get(planned_charges, charge_id=charge_id)
        if row is not None and not row["held"]:
            yield row["bill_on"]


_FOLDS = frozenset(
    {
        "billing.account.charges_planned",
        "billing.account.terms_taken",
        "billing.receivable.cancelled",
        "billing.charge.added",
        "billing.charge.released",
        "billing.charge.moved",
    }
)

__all__ = ["IssueDaysView"]
