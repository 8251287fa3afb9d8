"""The demo company, so that every page has life: eighteen months of a company that lives from service contracts.

    data/          who, what and on which terms: tables for reading
    steps.py       a command with its id, its instant and who gave it
    people.py      the company, its services, its customers
    contracts.py   terms, drafts, signatures, and what became of the contracts
    money.py       each month billed, paid or not
    history.py     the requests of the past months with their verdicts
    desk.py        what is on the desk now: requests in every state, visits, a parked event

``script(now, ask)`` gives the commands in order; what depends on what the services made of the ones before is asked. Ids are
made of names, so that running it again changes nothing. All goes through the services' ordinary commands at their own
instants. Persons and companies are invented; their CPF and CNPJ have right check digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from vigencia.demo import contracts, desk, history, money, people
from vigencia.demo.steps import SETTLE, ZONE, Ask, Settle, Step, data, demo_id, evaluation_id, user_id

PROVIDER = data("company")["provider"]


def script(now: datetime, ask: Ask) -> Iterator[Step | Settle]:
    """Everything, in order. ``now``: the instant at which the demo begins to be; all else is told from it."""
    today = now.astimezone(ZONE).date()
    yield from people.steps(today)
    yield from contracts.begin(today)
    yield SETTLE
    yield from money.months(today, ask)
    yield SETTLE
    yield from history.steps(today)
    yield from desk.steps(now)
    yield SETTLE
    yield money.rest(today)


__all__ = [
    "PROVIDER",
    "SETTLE",
    "ZONE",
    "Ask",
    "Settle",
    "Step",
    "data",
    "demo_id",
    "evaluation_id",
    "script",
    "user_id",
]
