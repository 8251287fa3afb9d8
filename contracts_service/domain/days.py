"""Local days: from an instant to the day on a contract's wall, and from a day to the instant at which it begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.relativedelta import relativedelta


def local_day(at: datetime, time_zone: str) -> date:
    """The date in ``time_zone`` at the instant ``at``."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def day_begins(day: date, time_zone: str) -> datetime:
    """The first instant (UTC) of a local day.

    Where clocks jump over midnight (America/Sao_Paulo until 2019) that is 01:00: ``fold=0`` reads the missing 00:00
    with the offset before the jump, which is the instant of the jump.
    """
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def months_after(day: date, months: int) -> date:
    """The same day of a later month; where it is missing, that month's last."""
    return day + relativedelta(months=months)


def end_after(starts_on: date, ends_on: date, months: int) -> date:
    """The last day of the term that follows the one ending on ``ends_on``, ``months`` long.

    Whole months are counted from ``starts_on``, so that a start on the 31st survives short months.
    """
    next_term = ends_on + timedelta(days=1)
    gone = relativedelta(next_term, starts_on)
    whole = gone.years * 12 + gone.months
    for count in (whole, whole + 1):  # relativedelta counts 31 January → 28 February as no whole month
        if months_after(starts_on, count) == next_term:
            return months_after(starts_on, count + months) - timedelta(days=1)
    return months_after(next_term, months) - timedelta(days=1)
