"""Native threads for work that would hold up every green thread (hashing a password takes some 300 ms)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from eventlet import tpool

P = ParamSpec("P")
R = TypeVar("R")


def native(work: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """Run ``work`` on a thread of the system and wait for it, while other green threads go on."""
    result: R = tpool.execute(work, *arguments, **named)
    return result
