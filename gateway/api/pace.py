"""How many calls a minute one caller may make: counted on rows that all gateways share, by the portion, not by the call.

A gateway takes a portion of a caller's calls at once and hands them out itself, so that most calls cost no statement.
Staff and operators are not counted: an import or a run is theirs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from environs import Env

from gateway.identity.attempts import Attempts, Limit, TooMany

PORTIONS = 20
"""Into so many portions a minute's calls are divided."""
MOST_CALLERS = 10_000
PER_MINUTE = 1200


def calls_per_minute() -> int:
    """``VIGENCIA_CALLS_PER_MINUTE``, of each customer's user and each key of another system; 0: as many as they like."""
    with (env := Env()).prefixed("VIGENCIA_"):
        return int(env.int("CALLS_PER_MINUTE", PER_MINUTE))


class Pace:
    """``take(caller)`` raises ``TooMany`` for one call too many. ``clock``: seconds that never go back."""

    def __init__(self, attempts: Attempts, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._attempts, self._clock = attempts, clock
        self._portion = max(1, most // PORTIONS)
        self._limit = Limit("calls", most, 60)
        self._held: dict[str, tuple[int, float]] = {}  # caller → calls left here, and until when
        self._lock = threading.Lock()

    def take(self, caller: str) -> None:
        if self._limit.most <= 0:
            return
        with self._lock:
            left, until = self._held.get(caller, (0, 0.0))
            if left > 0 and until > self._clock():
                self._held[caller] = (left - 1, until)
                return
        if seconds := self._attempts.hit(self._limit, caller, amount=self._portion):
            raise TooMany("too-many-calls", seconds=seconds, most=self._limit.most)
        with self._lock:
            if len(self._held) >= MOST_CALLERS:
                self._held.clear()  # whoever still calls takes another portion
            self._held[caller] = (self._portion - 1, self._clock() + 60)
