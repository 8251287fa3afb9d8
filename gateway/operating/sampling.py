"""Looking at all services every few seconds, and remembering the last half hour: for the operators' pages.

Each gateway keeps a ring of its own, in memory. The gateway and not the services, because one that is down cannot tell since
when; in memory, because what must outlive a restart is Prometheus's (``deploy/prometheus``). After a start the curves begin anew.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.errors import VigenciaError

SERVICES = ("contracts", "billing", "tickets", "feedback", "gateway")
EVERY = 10.0  # seconds
KEPT = 181  # samples: half an hour
Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """``parts``: each service's figures; of one that did not answer there are none. ``silent``: since when it has not."""

    at: datetime
    parts: Mapping[str, Figures]
    silent: Mapping[str, datetime] = field(default_factory=dict)
    unready: Mapping[str, datetime] = field(default_factory=dict)


class Watchtower:
    """``ask(service)`` brings its figures, and raises where it does not answer."""

    def __init__(
        self, ask: Callable[[str], Figures], clock: Callable[[], datetime], services: Sequence[str] = SERVICES
    ) -> None:
        self._ask, self._clock, self._services = ask, clock, tuple(services)
        self._ring: deque[Sample] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def look(self) -> Sample:
        """Ask all of them now."""
        return self._look()

    def latest(self, fresh: float = EVERY * 2) -> Sample:
        """What was seen last; asked anew where that is longer ago than ``fresh`` seconds."""
        with self._lock:
            last = self._ring[-1] if self._ring else None
        if last is not None and (self._clock() - last.at).total_seconds() <= fresh:
            return last
        return self._look()

    def history(self) -> list[Sample]:
        """The oldest first."""
        with self._lock:
            return list(self._ring)

    def mark(self) -> int:
        """Grows with each look, alike at all gateways: for pages that wait to read themselves again."""
        with self._lock:
            return int(self._ring[-1].at.timestamp()) if self._ring else 0

    def _look(self) -> Sample:
        with ThreadPoolExecutor(len(self._services)) as pool:
            answers = dict(zip(self._services, pool.map(self._figures, self._services), strict=True))
        parts = {name: answer for name, answer in answers.items() if answer is not None}
        unready = [name for name, each in parts.items() if not (each.get("health") or {}).get("ready")]
        now = self._clock()
        with self._lock:
            before = self._ring[-1] if self._ring else None
            silent = _since(before.silent if before else {}, [name for name in answers if name not in parts], now)
            sample = Sample(now, parts, silent, _since(before.unready if before else {}, unready, now))
            self._ring.append(sample)
        return sample

    def _figures(self, service: str) -> Figures | None:
        try:
            return self._ask(service) or None
        except VigenciaError:
            return None


def _since(known: Mapping[str, datetime], now_so: Sequence[str], now: datetime) -> dict[str, datetime]:
    """Who is so by now, and since when; who is no more is forgotten."""
    return {name: known.get(name, now) for name in now_so}
