"""What a sample of all services' figures means: whether all is well, and what is not, since when. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gateway.operating.sampling import Figures, Sample

RELAY_SECONDS = 60.0
SUBSCRIPTION_SECONDS = 60.0
DUE_SECONDS = 300.0
"""From when on waiting is a fault; the same as in ``deploy/prometheus/alerts.yml``."""

KINDS = ("silent", "unready", "diverged", "stopped", "parked", "relay", "behind", "due", "rebuild")
"""What can be wrong, the worst first. The page of the runbook has a part for each."""
WARNINGS = frozenset({"behind", "relay", "due", "rebuild"})
"""It may pass by itself."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``what``: the subscription, view or reason; ``number``: events or seconds, by kind; ``since``: None where nobody knows."""

    kind: str
    service: str
    what: str = ""
    number: float = 0
    since: datetime | None = None

    @property
    def warning(self) -> bool:
        return self.kind in WARNINGS


def judged(sample: Sample) -> list[Finding]:
    """Everything that is not as it should be, the worst first. Nothing: all is well."""
    found = [Finding("silent", name, since=since) for name, since in sample.silent.items()]
    for name, part in sample.parts.items():
        found += _of(name, part, sample)
    return sorted(found, key=lambda each: (KINDS.index(each.kind), each.service, each.what))


def _of(service: str, part: Figures, sample: Sample) -> Iterator[Finding]:
    health = part.get("health") or {}
    if not health.get("ready"):
        reasons = ", ".join(health.get("reasons") or ())
        yield Finding("unready", service, reasons, since=sample.unready.get(service))
    for name, places in by_subscription(part).items():
        yield from _of_subscription(service, name, places, sample.at)
    for each in part.get("parked") or ():
        yield Finding("parked", service, each["subscription"], each["events"], _instant(each["since"]))
    relay = health.get("relay") or {}
    if (seconds := float(relay.get("seconds") or 0)) > RELAY_SECONDS:
        yield Finding("relay", service, "", seconds)
    due = health.get("due") or {}
    if (seconds := float(due.get("lag_seconds") or 0)) > DUE_SECONDS:
        yield Finding("due", service, "", seconds)
    for each in part.get("rebuilds") or ():
        if each["state"] == "failed":
            yield Finding("rebuild", service, f"{each['view']}: {each['error']}", since=_instant(each["ended_at"]))


def _of_subscription(service: str, name: str, places: list[Mapping[str, Any]], now: datetime) -> Iterator[Finding]:
    halted = [place for place in places if place["state"] != "running"]
    if halted:
        first = halted[0]
        kind = "diverged" if first["state"] == "diverged" else "stopped"
        yield Finding(kind, service, f"{name} ← {first['source']}", since=_instant(first["since"]))
        return
    waits = max((float(place["seconds"] or 0) for place in places), default=0.0)
    if waits > SUBSCRIPTION_SECONDS:
        yield Finding("behind", service, name, sum(int(place["lag"]) for place in places))


def by_subscription(part: Figures) -> dict[str, list[Mapping[str, Any]]]:
    """Places by (subscription ← source); of each partition one."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for place in part.get("subscriptions") or ():
        found.setdefault(place["subscription"], []).append(place)
    return found


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    made = datetime.fromisoformat(text)
    return made if made.tzinfo else made.replace(tzinfo=UTC)
