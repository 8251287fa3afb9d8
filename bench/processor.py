"""Processor time by process of a running stack, from /proc: what a request costs, whatever else the machine does."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from deploy.local.supervised import Stack

_TICK = os.sysconf("SC_CLK_TCK")


def used(stack: Stack) -> dict[str, float]:
    """Seconds so far: each service (all its instances), the broker, PostgreSQL with all its backends."""
    seconds: dict[str, float] = {}

    def add(name: str, pid: int | None, *, ended: bool = False) -> None:
        seconds[name] = seconds.get(name, 0.0) + (0.0 if pid is None else _of(pid, ended=ended))

    for instance in stack.instances.values():
        add(instance.service, instance.process.pid)
    for pid in _family(stack.broker.pid):
        add("RabbitMQ", pid)
    if (postmaster := stack.postgres.pid) is not None:
        add("PostgreSQL", postmaster, ended=True)
        for pid in _family(postmaster)[1:]:
            add("PostgreSQL", pid)
    return seconds


def each(before: Mapping[str, float], after: Mapping[str, float], count: int) -> dict[str, float]:
    """Milliseconds for each of ``count`` pieces of work."""
    return {name: (after[name] - before.get(name, 0.0)) * 1000 / max(count, 1) for name in after}


def said(costs: Mapping[str, float]) -> str:
    """In one line, the dearest first."""
    parts = sorted(costs.items(), key=lambda item: -item[1])
    return f"{sum(costs.values()):.1f} ms: " + ", ".join(f"{name} {cost:.1f}" for name, cost in parts)


def _family(pid: int | None) -> list[int]:
    """A process with all its descendants."""
    if pid is None:
        return []
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        found = [int(child) for child in children.read_text().split()]
    except OSError:
        return [pid]
    return [pid, *(each for child in found for each in _family(child))]


def _of(pid: int, *, ended: bool) -> float:
    """User and system time; ``ended``: with that of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(each) for each in fields[11 : 15 if ended else 13]) / _TICK
