"""A service's figures of this moment, for dashboards: where it stands, what it did since it started, who leads what.

The counters are those of Prometheus (``metrics.py``) and of one process: of several instances the one that answers tells its own,
by its name, so that who compares two answers can see whether they are of the same. What stands in the store is of all.
"""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from prometheus_client.metrics import MetricWrapperBase
from sqlalchemy import func, select

from services import metrics
from services.store.tables import feed_head, leases, outbox, parked_events, subscription_states

if TYPE_CHECKING:
    from services.runtime import App

STARTED = datetime.now(UTC)
LOOKING = frozenset({"operate", "heads", "feed"})
"""Methods that are how the system looks after itself: they would drown what people wait for."""


def figures(app: App) -> dict[str, Any]:
    """``{health, version, instance, started_at, subscriptions, parked, events, counters, rpc, leases, rebuilds}``

    ``subscriptions``: one row a partition, with ``seconds`` since it last had all that its source sent (None: never yet),
    ``state``, ``reason`` and ``since``; ``rpc``: ``buckets`` as (seconds or less, calls), ``errors`` by kind.
    """
    name = app.component.name
    now = datetime.now(UTC)
    with app.database.read() as conn:
        states = {(row.subscription, row.source): row for row in conn.execute(select(subscription_states))}
        held = conn.execute(
            select(parked_events.c.subscription, func.count(), func.min(parked_events.c.parked_at)).group_by(
                parked_events.c.subscription
            )
        ).all()
        numbered = conn.execute(select(func.sum(feed_head.c.offset + 1))).scalar() or 0
        waiting = conn.execute(select(func.count()).select_from(outbox)).scalar() or 0
        led = conn.execute(select(leases).order_by(leases.c.name)).mappings().all()
    return {
        "service": name,
        "at": now.isoformat(),
        "health": app.health(),
        "version": _version(),
        "python": platform.python_version(),
        "store": "SQLite" if app.database.sqlite else "PostgreSQL",
        "instance": f"{socket.gethostname()}:{os.getpid()}",
        "started_at": STARTED.isoformat(),
        "partitions": app.settings.partitions,
        "subscriptions": [
            _place(position, states.get((position["subscription"], position["source"])), now)
            for reader in app.readers
            for position in reader.positions()
        ],
        "views": {
            "own": [view.name for view in app.component.views],
            "remote": sorted({view.name for view in app.component.remote_views}),
        },
        "parked": [{"subscription": each[0], "events": each[1], "since": each[2].isoformat()} for each in held],
        "events": int(numbered) + int(waiting),
        "counters": {
            "commands": by_label(metrics.COMMANDS, name, "outcome"),
            "applied": total(metrics.APPLIED, name),
            "published": total(metrics.RELAY_PUBLISHED, name),
            "gaps": total(metrics.GAPS, name),
            "refusals": by_label(metrics.REFUSALS, name, "policy"),
            "due": by_label(metrics.DUE_DONE, name, "outcome"),
        },
        "rpc": {"buckets": latency(name), "errors": by_label(metrics.RPC_ERRORS, name, "kind")},
        "leases": [{"name": row["name"], "owner": row["owner"], "until": row["until"].isoformat()} for row in led],
        "rebuilds": app.rebuilds.told(),
    }


def by_label(counter: MetricWrapperBase, service: str, label: str) -> dict[str, float]:
    """A counter's values of one service, added up by one of its labels."""
    found: dict[str, float] = {}
    for labels, value in _samples(counter, service, "_total"):
        found[labels[label]] = found.get(labels[label], 0) + value
    return found


def total(counter: MetricWrapperBase, service: str) -> float:
    return sum(value for _, value in _samples(counter, service, "_total"))


def latency(service: str) -> list[tuple[float | None, float]]:
    """Calls served by (seconds or less; None: any), the chassis's own looking left out."""
    buckets: dict[float, float] = {}
    for labels, value in _samples(metrics.RPC, service, "_bucket"):
        if labels["method"] not in LOOKING:
            edge = float(labels["le"])
            buckets[edge] = buckets.get(edge, 0) + value
    return [(None if edge == float("inf") else edge, buckets[edge]) for edge in sorted(buckets)]


def _samples(metric: MetricWrapperBase, service: str, ending: str) -> Iterable[tuple[dict[str, str], float]]:
    for family in metric.collect():
        for sample in family.samples:
            if sample.name.endswith(ending) and sample.labels.get("service") == service:
                yield sample.labels, sample.value


def _place(position: dict[str, Any], state: Any, now: datetime) -> dict[str, Any]:
    whole = position["whole_at"]
    seconds = (now - datetime.fromisoformat(whole)).total_seconds() if whole else None
    return {
        **position,
        "seconds": 0.0 if not position["lag"] else None if seconds is None else round(max(0.0, seconds), 1),
        "state": state.state if state else "running",
        "reason": state.reason if state else "",
        "since": state.at.isoformat() if state else None,
    }


def _version() -> str:
    try:
        return version("vigencia")
    except PackageNotFoundError:  # run from its files, never installed
        return "?"
