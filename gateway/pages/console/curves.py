"""The last half hour of one service, or of all, as curves: events a minute, what waits, how long calls took."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from gateway import saying
from gateway.mail.hours import DEFAULT_ZONE
from gateway.operating import rates
from gateway.operating.sampling import SERVICES, Sample
from gateway.pages.console.trends import trend
from gateway.pages.frame import chosen_language


def curves(history: Sequence[Sample], service: str | None = None) -> dict[str, Any]:
    """Events a minute, events that wait, and calls: of one service or of all."""
    names = (service,) if service else SERVICES
    if len(history) < 2:
        return {}
    paces = [_sum(rates.events_per_minute(*pair, name) for name in names) for pair in _pairs(history)]
    waits = [_sum(_waiting(each, name) for name in names) for each in history]
    slow = [_slowest(*pair, names) for pair in _pairs(history)]
    ends = {"since": _clock(history[0]), "until": _clock(history[-1])}
    words = _WORDS[chosen_language()]

    def curve(values: Sequence[float | None], name: str) -> Any:
        highest = max((each for each in values if each is not None), default=0.0)
        said = (
            f"{words['highest']} {saying.quantity(str(round(highest, 1)), chosen_language())} {words[f'{name}-unit']}"
        )
        return trend(values, words[name], highest=said, **ends)

    return {"pace": curve(paces, "pace"), "waits": curve(waits, "waits"), "slow": curve(slow, "slow")}


_WORDS = {
    "pt-BR": {"pace": "Eventos por minuto", "waits": "Eventos e comandos à espera", "slow": "Tempo de resposta (p95)"}
    | {"highest": "máximo", "pace-unit": "por minuto", "waits-unit": "à espera", "slow-unit": "ms"},
    "en": {"pace": "Events a minute", "waits": "Events and commands that wait", "slow": "Time to answer (p95)"}
    | {"highest": "at most", "pace-unit": "a minute", "waits-unit": "waiting", "slow-unit": "ms"},
}


def _pairs(history: Sequence[Sample]) -> list[tuple[Sample, Sample]]:
    return list(pairwise(history))


def _sum(values: Any) -> float | None:
    """None only where nobody knows anything."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _waiting(sample: Sample, name: str) -> float | None:
    part = sample.parts.get(name)
    if part is None:
        return None
    health = part.get("health") or {}
    relay, due = health.get("relay") or {}, health.get("due") or {}
    taken = sum(int(place["lag"]) for place in part.get("subscriptions") or ())
    return float(relay.get("events", 0)) + float(due.get("overdue", 0)) + taken


def _slowest(before: Sample, after: Sample, names: Sequence[str]) -> float | None:
    """Milliseconds; the slowest of the services. Nothing was asked: nothing is known."""
    found = []
    for name in names:
        one, two = before.parts.get(name), after.parts.get(name)
        if one and two and one.get("instance") == two.get("instance"):
            found.append(milliseconds(rates.within(0.95, rates.calls_between(one, two))))
    return max((each for each in found if each is not None), default=None)


def milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)


def _clock(sample: Sample) -> str:
    return sample.at.astimezone(ZoneInfo(DEFAULT_ZONE)).strftime("%H:%M")
