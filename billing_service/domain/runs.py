"""A billing run over one charge line: what is due on the contract's day, and was not billed before.

A run may be started at any instant, twice, or after days on which none ran. It looks at the local day, and a period is
known by its first day: so each period is billed once, by the first run whose day has reached its bill day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from .localtime import local_date
from .recurrence import Period, Recurrence, billed_by


def periods_due(
    cycle: Recurrence,
    mode: str,
    at: datetime,
    time_zone: str,
    billed: Collection[date] = (),
    offset_days: int | None = None,
) -> list[Period]:
    """The periods that a run at this instant bills, in order; ``billed`` holds the first days of those that were."""
    today = local_date(at, time_zone)
    return [period for period in billed_by(cycle, today, mode, offset_days) if period.start not in billed]
