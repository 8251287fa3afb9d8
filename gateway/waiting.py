"""Waiting for a feed to grow: however many wait, a service is asked for its heads a few times a second at most.

The gateway's own subscriptions would not do as a signal: with several gateways, each hears of some partitions only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

Heads = Mapping[str, Any]
EVERY = 0.2  # seconds between two looks
MOST_WAITING = 500  # of one gateway at a time; whoever comes later is answered at once and asks again


class FeedWatch:
    """``heads(service)`` asks the service. One of those who wait asks, the others use his answer."""

    def __init__(self, heads: Callable[[str], Heads], *, every: float = EVERY, most: int = MOST_WAITING) -> None:
        self._ask, self._every, self._most = heads, every, most
        self._turn = threading.Condition()
        self._known: dict[str, tuple[float, Heads]] = {}
        self._asking: set[str] = set()
        self._waiting = 0

    def beyond(self, service: str, partition: int, after: int, seconds: float) -> bool:
        """Whether the partition's head is beyond ``after`` now, or within ``seconds``. The service's errors are raised."""
        end = time.monotonic() + seconds
        with self._turn:
            if self._waiting >= self._most:
                return False
            self._waiting += 1
        try:
            while True:
                heads = self._heads(service, min(seconds, self._every))
                if heads is not None and _head(heads, partition) > after:
                    return True
                left = end - time.monotonic()
                if left <= 0:
                    return False
                with self._turn:
                    self._turn.wait(min(left, self._every))
        finally:
            with self._turn:
                self._waiting -= 1

    def _heads(self, service: str, patience: float) -> Heads | None:
        """What is known, if it is young enough; what another one is just asking; else asked."""
        with self._turn:
            if service in self._asking and not self._young(service):
                self._turn.wait(patience)  # under the same lock as the look: no answer comes in between unseen
            if service in self._asking or self._young(service):
                return self._known[service][1] if service in self._known else None
            self._asking.add(service)
        try:
            heads = self._ask(service)
            with self._turn:
                self._known[service] = (time.monotonic(), heads)
                self._turn.notify_all()
            return heads
        finally:
            with self._turn:
                self._asking.discard(service)

    def _young(self, service: str) -> bool:
        return service in self._known and time.monotonic() - self._known[service][0] < self._every


def _head(heads: Heads, partition: int) -> int:
    return next((int(each["offset"]) for each in heads["partitions"] if each["partition"] == partition), -1)
