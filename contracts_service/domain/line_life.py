"""The life of one charge line: ended early, cancelled, put off, followed by another.

What was billed already is not undone by the way: an end before the last billed day is refused, unless what was billed
for later days is to be given back (``Billed.CREDIT``, as the contract's own termination does).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from services.errors import Refused


class Billed(StrEnum):
    """What an end that lies before the last billed day means."""

    REFUSE = "refuse"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class LineLife:
    starts_on: date
    ends_on: date | None = None
    renews: bool = False
    billed_through: date | None = None
    next_bill_on: date | None = None
    followed_on: date | None = None  # first day of the line that takes its place
    cancelled: bool = False


def checked(line: LineLife) -> LineLife:
    """The same line, if its facts can be true together."""
    first, last, billed = line.starts_on, line.ends_on, line.billed_through
    if last is not None and last < first:
        raise Refused("line.ends-before-start", starts_on=first, ends_on=last)
    if line.renews and last is None:
        raise Refused("line.renews-without-end")
    if line.renews and line.cancelled:
        raise Refused("line.cancelled")
    if line.followed_on is not None and (line.renews or last is None or line.followed_on <= last):
        raise Refused("line.successor-overlaps", followed_on=line.followed_on)
    if billed is not None and (billed < first or (last is not None and billed > last)):
        raise Refused("line.billed-outside", billed_through=billed)
    if line.next_bill_on is not None and (line.next_bill_on < first or (billed and line.next_bill_on <= billed)):
        raise Refused("line.next-bill-invalid", next_bill_on=line.next_bill_on)
    return line


def stopped(line: LineLife, on: date, billed: Billed = Billed.REFUSE) -> LineLife:
    """Ended with a last day: one that has ended already keeps its end, one that has not begun is cancelled."""
    _require_life(line)
    if on < line.starts_on:
        return cancelled(line)
    if line.ends_on is not None and line.ends_on <= on:
        return replace(line, renews=False)
    if billed is Billed.REFUSE and line.billed_through is not None and line.billed_through > on:
        raise Refused("line.billed-already", billed_through=line.billed_through)
    return replace(line, ends_on=on, renews=False, next_bill_on=None)


def cancelled(line: LineLife) -> LineLife:
    """It never was. Only possible while nothing of it was billed."""
    _require_not_billed(line)
    return replace(line, cancelled=True, renews=False)


def uncancelled(line: LineLife, next_bill_on: date | None = None) -> LineLife:
    return checked(replace(line, cancelled=False, next_bill_on=next_bill_on))


def put_off(line: LineLife, by: timedelta) -> LineLife:
    """Begins, and ends, so much later. Only possible while nothing of it was billed."""
    _require_life(line)
    _require_not_billed(line)
    ends_on = None if line.ends_on is None else line.ends_on + by
    return replace(line, starts_on=line.starts_on + by, ends_on=ends_on, next_bill_on=None)


def followed(
    line: LineLife, starts_on: date, ends_on: date | None, *, renews: bool = False
) -> tuple[LineLife, LineLife]:
    """The line, and the one that takes its place after its end."""
    _require_life(line)
    return checked(replace(line, followed_on=starts_on)), checked(LineLife(starts_on, ends_on, renews))


def _require_life(line: LineLife) -> None:
    if line.cancelled:
        raise Refused("line.cancelled")


def _require_not_billed(line: LineLife) -> None:
    if line.billed_through is not None:
        raise Refused("line.billed-already", billed_through=line.billed_through)
