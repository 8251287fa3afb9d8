"""How an endpoint is: what an answer means, when it is left alone for a while, and when it is paused.

An answer that says no is about its event: the event's stream waits, others flow. No answer, several times in a row, is
about the endpoint: it is left alone, and asked again with one event at a time. What the feed has meanwhile stays in the feed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gateway.webhooks.domain.schedule import asked_for, rest_after

Outcome = Literal["delivered", "refused", "no-answer", "gone"]
MISSES = 5
"""So many deliveries in a row without an answer: the endpoint is away."""
AWAY = frozenset({408, 429, 502, 503, 504})
"""An answer of somebody who stands before the receiver, or of one that cannot take anything now."""
GONE = 410


def outcome_of(status: int | None) -> Outcome:
    """``status``: of the HTTP answer; None: there was none. A redirect is a refusal: it is not followed."""
    if status is None or status in AWAY:
        return "no-answer"
    if status == GONE:
        return "gone"
    return "delivered" if 200 <= status < 300 else "refused"


@dataclass(frozen=True, slots=True)
class Health:
    """``failing_since``: the first failure since the last delivery. ``misses``: deliveries in a row without an answer.
    ``rests``: how often in a row it was left alone; while above 0, it is asked with one event at a time."""

    failing_since: datetime | None = None
    misses: int = 0
    rests: int = 0
    rest_until: datetime | None = None
    delivered_at: datetime | None = None

    @property
    def resting(self) -> bool:
        return self.rest_until is not None

    @property
    def probing(self) -> bool:
        return self.rests > 0


def after(
    health: Health, outcome: Outcome, at: datetime, *, retry_after: str | None = None, pick: float = 0.5
) -> Health:
    """What one delivery changes. ``retry_after``: the answer's header, which counts where the endpoint is away."""
    if (
        outcome == "delivered"
    ):  # one that was asked meanwhile to leave the endpoint alone for a while holds all the same
        return Health(rest_until=health.rest_until, delivered_at=at)
    since = health.failing_since or at
    if outcome != "no-answer":  # somebody is there
        return Health(since, 0, 0, health.rest_until, health.delivered_at)
    misses, rests, until = health.misses + 1, health.rests, health.rest_until
    asked = asked_for(retry_after, at)
    if misses >= MISSES or rests or asked is not None:
        rests += 1
        until = max(at + (asked or timedelta()), at + rest_after(rests, pick), until or at)
    return Health(since, misses, rests, until, health.delivered_at)


def to_be_paused(health: Health, at: datetime, give_up: timedelta) -> bool:
    """Nothing could be delivered for so long, though it was tried."""
    return health.failing_since is not None and at - health.failing_since >= give_up
