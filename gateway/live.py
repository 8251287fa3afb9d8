"""Waiting for what pages show to change: however many pages are open, the store is asked once for all of them.

What changed is read from the positions that the read models' subscriptions keep: of one stream (``applied``), or of all
that a service sent (``checkpoints``). So a page hears of it from whichever gateway has applied it, and then reads it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

Key = tuple[str, str | None]
"""(source, stream); without a stream: anything of the source."""
Marks = dict[Key, int]
LOOKS: Key = ("operations", None)
"""Moves whenever the gateway has looked at all services (``operating.sampling``)."""
EVERY = 0.4  # seconds between two looks while somebody waits
MOST_WAITING = 2_000  # of one gateway; pages beyond them are told to come back later


class LiveWatch:
    """``marks(keys)`` reads the positions. One of those who wait reads, for all; the others use his answer."""

    def __init__(
        self, marks: Callable[[Sequence[Key]], Mapping[Key, int]], *, every: float = EVERY, most: int = MOST_WAITING
    ) -> None:
        self._read, self._every, self._most = marks, every, most
        self._turn = threading.Condition()
        self._wanted: Counter[Key] = Counter()
        self._known: Marks = {}
        self._at = float("-inf")
        self._reading = False
        self._waiting = 0

    def marks(self, keys: Iterable[Key]) -> Marks:
        """Where they stand now."""
        return dict(self._read(list(keys)))

    def full(self) -> bool:
        with self._turn:
            return self._waiting >= self._most

    def changes(self, known: Marks, seconds: float) -> Marks:
        """Those of ``known`` that stand elsewhere by now; waits up to ``seconds`` for one. Nothing: none moved."""
        end = time.monotonic() + seconds
        with self._turn:
            self._waiting += 1
            self._wanted.update(known.keys())
        try:
            while True:
                self._look(min(self._every, seconds))
                with self._turn:
                    moved = {key: self._known[key] for key in known if self._known.get(key, known[key]) != known[key]}
                    left = end - time.monotonic()
                    if moved or left <= 0:
                        return moved
                    self._turn.wait(min(left, self._every))
        finally:
            with self._turn:
                self._waiting -= 1
                self._wanted.subtract(known.keys())
                self._wanted += Counter()  # those that nobody wants go
                self._known = {key: mark for key, mark in self._known.items() if key in self._wanted}

    def _look(self, patience: float) -> None:
        """Read, unless it was read just now or somebody is reading."""
        with self._turn:
            if time.monotonic() - self._at < self._every and all(key in self._known for key in self._wanted):
                return
            if self._reading:
                self._turn.wait(patience)
                return
            self._reading, keys = True, list(self._wanted)
        try:
            found = self._read(keys)
            with self._turn:
                self._known.update(found)
                self._at = time.monotonic()
        finally:
            with self._turn:
                self._reading = False
                self._turn.notify_all()
