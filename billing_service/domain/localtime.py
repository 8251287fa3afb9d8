"""Instants (UTC) and the local days of a contract's time zone. No clock is read here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local_date(at: datetime, time_zone: str) -> date:
    """The contract's day at this instant: 02:30 UTC is still yesterday in São Paulo."""
    return at.astimezone(zone(time_zone)).date()


def first_instant(day: date, time_zone: str) -> datetime:
    """The instant (UTC) at which the local day begins.

    Not always midnight: daylight saving time in São Paulo began at 00:00 until 2018, so those days began at 01:00.
    """
    # fold=0 takes the offset before the gap, which points at the gap's end, or at the first of two midnights.
    return datetime.combine(day, time.min, tzinfo=zone(time_zone)).astimezone(UTC)


def last_instant(day: date, time_zone: str) -> datetime:
    """The last whole second (UTC) of the local day."""
    return first_instant(day + timedelta(days=1), time_zone) - timedelta(seconds=1)


def at_local(day: date, hour: time, time_zone: str) -> datetime:
    """The instant (UTC) of a wall-clock time on a local day; a time that does not exist moves past the gap."""
    return datetime.combine(day, hour, tzinfo=zone(time_zone)).astimezone(UTC)


def bounds(first: date, last: date, time_zone: str, billed_to: datetime | None = None) -> tuple[datetime, datetime]:
    """First and last whole second (UTC) of some local days. What is billed already to an instant goes on in the second
    after it: so nothing is lost or counted twice when the time zone changes in between."""
    start = first_instant(first, time_zone) if billed_to is None else billed_to + timedelta(seconds=1)
    return start, last_instant(last, time_zone)


def day_length(day: date, time_zone: str) -> timedelta:
    """24 hours, but 23 or 25 when the clocks change."""
    return first_instant(day + timedelta(days=1), time_zone) - first_instant(day, time_zone)
