"""A dunning campaign over a customer's debts: so many attempts, so far apart, for each currency above its threshold.

An attempt needs *more* than the days between, counted to the instant. The campaign is finished, once, when no currency
above its threshold has an attempt left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Campaign:
    max_attempts: int
    days_between_attempts: int
    thresholds: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Progress:
    attempts: Mapping[str, int] = field(default_factory=dict)
    last: Mapping[str, datetime] = field(default_factory=dict)
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Attempts:
    """What a run did: the currencies of which it reminded, and whether it ended the campaign."""

    progress: Progress
    currencies: tuple[str, ...]
    finished: bool


def attempt(campaign: Campaign, progress: Progress, overdue: Mapping[str, Decimal], at: datetime) -> Attempts:
    """A run at an instant (UTC), with what is overdue by then in each currency."""
    pause = timedelta(days=campaign.days_between_attempts)
    above = [key for key, threshold in campaign.thresholds.items() if overdue.get(key, Decimal(0)) >= threshold]
    tried = tuple(
        key
        for key in above
        if progress.attempts.get(key, 0) < campaign.max_attempts
        and (key not in progress.last or at - progress.last[key] > pause)
    )
    attempts = {**progress.attempts, **{key: progress.attempts.get(key, 0) + 1 for key in tried}}
    over = bool(above) and all(attempts.get(key, 0) >= campaign.max_attempts for key in above)
    after = Progress(attempts, {**progress.last, **dict.fromkeys(tried, at)}, progress.finished or over)
    return Attempts(after, tried, over and not progress.finished)
