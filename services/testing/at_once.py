"""What the suites share: an instant, a command's origin, and callers who come at once and insist."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from services.errors import Conflict
from services.events import Meta

META = Meta("command", "correlation", "causation", "test")
AT = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


def in_parallel(works: list[Callable[[], Any]]) -> list[Any]:
    """Run all at once, each on a thread of its own; raises what one of them raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait(20)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(run, work) for work in works]]


def insisting(work: Callable[[], Any]) -> Any:
    """As a caller does that gets ``Conflict``: again, with the same command id."""
    while True:
        try:
            return work()
        except Conflict as conflict:
            if conflict.code != "version-conflict":
                raise


__all__ = ["AT", "META", "in_parallel", "insisting"]
