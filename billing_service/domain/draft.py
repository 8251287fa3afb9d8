"""A decision in the making: events, and the state as they leave it, for rules that follow from one another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from services.errors import Refused

from . import events as e
from .evolve import evolve
from .late import days_late
from .localtime import local_date
from .money import total
from .state import Account, Receivable


class Draft:
    def __init__(self, state: Account) -> None:
        self.state = state
        self.events: list[Any] = []

    def add(self, *events: Any) -> Draft:
        for event in events:
            self.events.append(event)
            self.state = evolve(self.state, event)
        return self

    def settle(self, receivable_ids: Iterable[str], on: date) -> Draft:
        """Note which of these are now paid or credited in full."""
        for receivable_id in dict.fromkeys(receivable_ids):
            receivable = self.state.receivables[receivable_id]
            if receivable.cancelled is not None or receivable.renegotiated or receivable.written_off:
                continue
            if receivable.settled_on is None and receivable.balance <= 0:
                late = days_late(receivable.due_on, receivable.payable_on, on)
                self.add(e.ReceivableSettled(self.state.account_id, receivable_id, on, late))
        return self

    def regularise(self, on: date) -> Draft:
        """An account in default whose receivables are no longer so late is regular again."""
        state = self.state
        if state.in_default_since is not None and not in_default(state, on):
            self.add(e.AccountRegularised(state.account_id, state.contract_id, state.customer_id, on))
        return self


def today(state: Account, on: date | None, at: datetime | None) -> date:
    """The day that a command names, else the contract's local day at the command's instant."""
    if on is not None:
        return on
    if at is None:
        raise Refused("account.no-day")
    return local_date(at, state.terms.time_zone)


def late_receivables(state: Account, on: date) -> list[Receivable]:
    """Open, late and neither disputed nor imported: what may be reminded of and leads to default."""
    return [
        r
        for r in state.open_receivables()
        if not r.disputed and not r.imported and days_late(r.due_on, r.payable_on, on) > 0
    ]


def in_default(state: Account, on: date) -> list[Receivable]:
    """The receivables that are late for as many days as the terms allow, oldest first; empty: no default."""
    limit = state.terms.default.days
    if limit is None:
        return []
    return [r for r in late_receivables(state, on) if days_late(r.due_on, r.payable_on, on) >= limit]


def late_total(state: Account, on: date) -> Any:
    return total(r.claimable for r in late_receivables(state, on))
