"""The day of what happens to a contract: never in the future, never before what has happened already."""

from __future__ import annotations

from datetime import date, datetime

from contracts_service.domain.contract_state import Contract
from contracts_service.domain.days import local_day
from services.errors import Refused


def today(at: datetime, contract: Contract) -> date:
    return local_day(at, contract.terms.time_zone)


def past_day(on: date | None, at: datetime, contract: Contract) -> date:
    """The day of what happens: a named one not in the future, none before what has happened already."""
    now = today(at, contract)
    last = contract.changed_on or date.min
    if on is None:
        return max(now, last)
    if on > now:
        raise Refused("contract.day-in-future", on=on, today=now)
    if on < last:
        raise Refused("contract.day-before-last", on=on, last=last)
    return on
