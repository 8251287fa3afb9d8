"""What happened between two samples: events a minute, how long calls took, errors. Pure.

Events are counted in the stores and are of all instances. Calls are counted by the process that answered: two samples are
compared only where the same one did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.operating.sampling import Figures, Sample

Buckets = Sequence[Sequence[Any]]


def events_per_minute(before: Sample, after: Sample, service: str) -> float | None:
    """None where one of the two has no answer of it."""
    seconds = (after.at - before.at).total_seconds()
    one, two = before.parts.get(service), after.parts.get(service)
    if not one or not two or seconds <= 0:
        return None
    return max(0.0, (float(two.get("events") or 0) - float(one.get("events") or 0)) * 60 / seconds)


def within(share: float, buckets: Mapping[float | None, float]) -> float | None:
    """Seconds within which this share of the calls was answered: the upper edge of its bucket. None: no calls."""
    whole = buckets.get(None, 0.0)
    if whole <= 0:
        return None
    edges = sorted(edge for edge in buckets if edge is not None)
    return next((edge for edge in edges if buckets[edge] >= share * whole), edges[-1] if edges else None)


def calls_between(before: Figures | None, after: Figures) -> dict[float | None, float]:
    """Calls by bucket since the sample before; all since the start, if that is of another process or there is none."""
    now = _buckets(after)
    if not before or before.get("instance") != after.get("instance"):
        return now
    then = _buckets(before)
    return {edge: max(0.0, value - then.get(edge, 0.0)) for edge, value in now.items()}


def errors_between(before: Figures | None, after: Figures) -> dict[str, int]:
    """Errors by kind, as ``calls_between``."""
    now = _errors(after)
    then = _errors(before) if before and before.get("instance") == after.get("instance") else {}
    found = {kind: int(value - then.get(kind, 0)) for kind, value in now.items()}
    return {kind: count for kind, count in sorted(found.items()) if count > 0}


def earliest(samples: Sequence[Sample], service: str) -> Figures | None:
    """The first answer of the process that answered last: what is compared with it is the span that is shown."""
    last = next((each.parts[service] for each in reversed(samples) if service in each.parts), None)
    if last is None:
        return None
    same = (each.parts[service] for each in samples if service in each.parts)
    return next(part for part in same if part.get("instance") == last.get("instance"))


def _buckets(part: Figures) -> dict[float | None, float]:
    return {each[0]: float(each[1]) for each in (part.get("rpc") or {}).get("buckets") or ()}


def _errors(part: Figures) -> dict[str, float]:
    return dict((part.get("rpc") or {}).get("errors") or {})
