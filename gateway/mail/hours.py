"""When mail may go out: within the allowed hours of the contract's place; reminders on business days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

DEFAULT_ZONE = "America/Sao_Paulo"
_MOST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Hours:
    """From the beginning of ``first`` to the beginning of ``last``, local hours."""

    first: int = 8
    last: int = 20

    def __post_init__(self) -> None:
        if not 0 <= self.first < self.last <= 24:
            raise ValueError(f"allowed hours {self.first}-{self.last}")


def next_allowed(at: datetime, hours: Hours, zone: str = DEFAULT_ZONE, state: str = "", *, business: bool) -> datetime:
    """``at`` (UTC) itself where it is allowed, else the beginning of the next allowed hours, in UTC."""
    local = at.astimezone(ZoneInfo(zone))
    for days in range(_MOST_DAYS):
        day = local.date() + timedelta(days=days)
        if business and not is_business_day(day, state):
            continue
        if days == 0 and hours.first <= local.hour < hours.last:
            return at
        if days == 0 and local.hour >= hours.last:
            continue
        return datetime.combine(day, time(hours.first), ZoneInfo(zone)).astimezone(UTC)
    raise ValueError(f"no allowed day after {at}")


def is_business_day(day: date, state: str = "") -> bool:
    return day.weekday() < 5 and day not in _holidays(state if state in _states() else "")


@lru_cache
def _states() -> frozenset[str]:
    return frozenset(holidays.country_holidays("BR").subdivisions)


@lru_cache
def _holidays(state: str) -> holidays.HolidayBase:
    return holidays.country_holidays("BR", subdiv=state or None)
