"""How long to wait before trying again: growing, jittered, bounded."""

from __future__ import annotations

import random
import time
from collections.abc import Callable


class Pauses:
    """Doubles from ``first`` to ``most`` seconds; drawn from the upper half, so that many do not march in step."""

    def __init__(
        self,
        first: float = 0.1,
        most: float = 10.0,
        *,
        draw: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first, self._most, self._draw, self._clock = first, most, draw, clock
        self._failures = 0
        self._last = clock()

    def next(self) -> float:
        """Seconds to wait after one more failure. One long after the last counts as a first one."""
        now = self._clock()
        if now - self._last > 4 * self._most:
            self._failures = 0
        self._last = now
        whole = min(self._most, self._first * 2 ** min(self._failures, 30))
        self._failures += 1
        return whole * (0.5 + self._draw() / 2)

    def reset(self) -> None:
        """It worked: the next failure is a first one again."""
        self._failures = 0
