"""When what was not delivered is tried again. Documented in docs/webhooks.md: receivers plan with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 6 * 3600))
"""After the first failure, the second, …; the last one for ever after, until days are over."""
RESTS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600, 900))
"""How long an endpoint that does not answer at all is left alone: within a quarter of an hour it is noticed that it is back."""
JITTER = 0.2
LONGEST_ASKED = timedelta(days=1)


def delay_after(attempts: int, pick: float) -> timedelta:
    """After so many failures of one event. ``pick``, 0 to 1: where in the 20 % around it."""
    return _spread(DELAYS, attempts, pick)


def rest_after(rests: int, pick: float) -> timedelta:
    """After so many rests of one endpoint in a row."""
    return _spread(RESTS, rests, pick)


def _spread(delays: tuple[timedelta, ...], number: int, pick: float) -> timedelta:
    return delays[min(max(number, 1), len(delays)) - 1] * (1 - JITTER + 2 * JITTER * pick)


def asked_for(retry_after: str | None, now: datetime) -> timedelta | None:
    """What ``Retry-After`` says (seconds or an HTTP date, RFC 9110 10.2.3), a day at most; None: nothing that makes sense."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_ASKED)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return min(max(at - now, timedelta()), LONGEST_ASKED)
