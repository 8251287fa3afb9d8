"""Deadlines: whether somebody still waits."""

from __future__ import annotations

import time

from services.errors import Unavailable


def in_time(deadline: float | None) -> None:
    """Raise ``Unavailable`` when nobody waits any more: before the work, and again before it commits."""
    if deadline is not None and time.time() > deadline:
        raise Unavailable("deadline-passed")
