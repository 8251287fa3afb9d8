"""A closed day of the company's own table: a municipal holiday, an anniversary, a bridge day.

National and state holidays are known by law and stand in no table. An entry is for the whole company, one state, one of
its companies or one contract. What is entered or taken off late changes deadlines that were said already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contracts_service.domain.terms_check import STATES
from services.decider import Decider, command, doc, event
from services.errors import NotFound, Refused

KINDS = ("state", "provider", "contract")
WHOLE = "company"


@command
class AddHoliday:
    """Enter a closed day. The same again changes nothing."""

    holiday_id: str
    on: date = doc("the day; of a yearly one its first")
    name: str
    scope: str = doc("company | state:SP | provider:<id> | contract:<id>", default=WHOLE)
    yearly: bool = doc("comes again on the same day of each year", default=False)


@command
class RemoveHoliday:
    """Take a closed day off the table."""

    holiday_id: str
    effective_on: date | None = doc("from this day on it is none; left out: it never was one", default=None)
    reason: str = ""


@event("contracts.holiday.added")
class HolidayAdded:
    holiday_id: str
    on: date
    name: str
    scope: str = doc("company | state:SP | provider:<id> | contract:<id>")
    yearly: bool


@event("contracts.holiday.removed")
class HolidayRemoved:
    """With what the entry was. ``effective_on``: from this day on it is none; none: it never was one."""

    holiday_id: str
    on: date
    name: str
    scope: str
    yearly: bool
    effective_on: date | None
    reason: str


Command = AddHoliday | RemoveHoliday
Event = HolidayAdded | HolidayRemoved


@dataclass(frozen=True, slots=True)
class Holiday:
    added: HolidayAdded | None = None
    removed: HolidayRemoved | None = None


def decide(command: Command, holiday: Holiday) -> list[Event]:
    match command:
        case AddHoliday(id_, on, name, scope, yearly):
            _check(name, scope)
            added = HolidayAdded(id_, on, name.strip(), scope, yearly)
            if holiday.added is None or holiday.removed is not None:
                return [added]
            if holiday.added == added:
                return []
            raise Refused("holiday.exists", name=holiday.added.name, on=holiday.added.on)
        case RemoveHoliday(id_, effective_on, reason):
            known = holiday.added
            if known is None:
                raise NotFound("holiday.unknown", holiday_id=id_)
            if effective_on is not None and effective_on <= known.on:
                effective_on = None
            removed = HolidayRemoved(id_, known.on, known.name, known.scope, known.yearly, effective_on, reason.strip())
            return [] if holiday.removed == removed else [removed]


def _check(name: str, scope: str) -> None:
    if not name.strip():
        raise Refused("holiday.name-missing")
    kind, _, id_ = scope.partition(":")
    if scope != WHOLE and not (kind in KINDS and id_ and (kind != "state" or id_ in STATES)):
        raise Refused("holiday.scope-unknown", scope=scope)


def evolve(holiday: Holiday, event: Event) -> Holiday:
    match event:
        case HolidayAdded():
            return Holiday(event)
        case HolidayRemoved():
            return Holiday(holiday.added, event)


DECIDER: Decider[Command, Holiday, Event] = Decider(Holiday(), decide, evolve)
COMMANDS = (AddHoliday, RemoveHoliday)
EVENTS = (HolidayAdded, HolidayRemoved)
