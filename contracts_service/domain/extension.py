"""A suspension that prolongs: days without services are not lost, they follow at the end.

What runs when the suspension begins stops the day before, and its rest goes on, as many days, from the day after the
suspension. What would begin during it begins after it. What would begin later is put off by the length of the
suspension, or left where it is: by agreement (``Later``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Later(StrEnum):
    """What a suspension does to a line that begins only after it."""

    DELAYED = "delayed"  # put off by the days of the suspension
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both included; without a last day: for good."""

    starts_on: date
    ends_on: date | None

    def later(self, days: timedelta) -> Span:
        return Span(self.starts_on + days, None if self.ends_on is None else self.ends_on + days)


def prolonged(line: Span, suspended: Span, later: Later = Later.DELAYED) -> tuple[Span, Span | None]:
    """The line's own days, and those of the line that follows it after the suspension (``None``: no such line).

    ``suspended`` has an end: before the resumption nobody knows how long it lasts.
    """
    assert suspended.ends_on is not None
    if line.ends_on is not None and line.ends_on < suspended.starts_on:
        return line, None
    goes_on = suspended.ends_on + ONE_DAY
    if line.starts_on < suspended.starts_on:
        before = Span(line.starts_on, suspended.starts_on - ONE_DAY)
        return before, Span(suspended.starts_on, line.ends_on).later(goes_on - suspended.starts_on)
    if line.starts_on <= suspended.ends_on:
        return line.later(goes_on - line.starts_on), None
    return (line.later(goes_on - suspended.starts_on) if later is Later.DELAYED else line), None
