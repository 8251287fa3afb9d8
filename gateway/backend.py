"""The chassis as the HTTP interface sees it: ``ports.Backend`` over a running ``services.runtime.App``."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from gateway.ports import Waited
from services.errors import VigenciaError
from services.runtime import App
from services.store.tables import applied, checkpoints, parked_streams

SERVICES = ("contracts", "billing", "tickets", "feedback")
HEALTH_SECONDS = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.05


class AppBackend:
    """Own read models by query, services through the app's transport, waiting on the ``applied`` rows."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._views: dict[str, list[str]] = {}
        for view in app.component.remote_views:
            self._views.setdefault(view.source, []).append(f"view.{view.name}")

    def query(self, name: str, params: Mapping[str, Any]) -> Any:
        return self.app.application.query(name, params)

    def call(
        self, service: str, method: str, payload: Mapping[str, Any], *, timeout: float, headers: Mapping[str, str]
    ) -> Any:
        if service == self.app.component.name:
            return self.app.handlers()[method](dict(payload), dict(headers))
        return self.app.call(service, method, payload, timeout=timeout, headers=headers)

    def wait(self, source: str, stream: str, version: int, timeout: float) -> Waited:
        """Any instance of the gateway may have applied it: the row in the store tells."""
        names = self._views.get(source)
        if not names:
            return "applied"
        end, pause = time.monotonic() + timeout, _FIRST_PAUSE
        while True:
            outcome = self._state(names, source, stream, version)
            if outcome != "late" or time.monotonic() + pause > end:
                return outcome
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def as_of(self, sources: Sequence[str]) -> datetime | None:
        """The earliest instant at which one of their views last had all of its feed; compared every few seconds."""
        places = [p for r in self.app.readers if r.source in sources for p in r.positions() if p["kind"] == "view"]
        if any(place["whole_at"] is None for place in places):
            return None
        return min((datetime.fromisoformat(place["whole_at"]) for place in places), default=None)

    def marks(self, keys: Sequence[tuple[str, str | None]]) -> dict[tuple[str, str | None], int]:
        """Numbers that grow as the read models move, by (source, stream); without a stream: with anything of the source."""
        streams = sorted({stream for _, stream in keys if stream is not None})
        sources = sorted({source for source, stream in keys if stream is None})
        found = dict.fromkeys(keys, 0)
        with self.app.database.read() as conn:
            if streams:
                moved = select(applied.c.source, applied.c.stream, func.sum(applied.c.version)).where(
                    applied.c.stream.in_(streams)
                )
                for source, stream, mark in conn.execute(moved.group_by(applied.c.source, applied.c.stream)):
                    if (source, stream) in found:
                        found[source, stream] = int(mark)
            if sources:
                passed = select(checkpoints.c.source, func.sum(checkpoints.c.offset + 1)).where(
                    checkpoints.c.source.in_(sources), checkpoints.c.subscription.startswith("view.")
                )
                for source, mark in conn.execute(passed.group_by(checkpoints.c.source)):
                    found[source, None] = int(mark)
        return found

    def health(self) -> Mapping[str, Any]:
        """Every part's own word. Ready means: all services answer that they are, and so is the gateway."""
        with ThreadPoolExecutor(len(SERVICES)) as pool:
            parts = dict(zip(SERVICES, pool.map(self._health_of, SERVICES), strict=True))
        parts[self.app.component.name] = self.app.health()
        reasons = [f"{name}: {reason}" for name, part in parts.items() for reason in part.get("reasons", ())]
        ready = not reasons and all(part.get("ready") for part in parts.values())
        at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        return {"ready": ready, "reasons": reasons, "at": at, "parts": parts}

    def _health_of(self, service: str) -> dict[str, Any]:
        try:
            return dict(self.app.call(service, "operate", {"action": "health"}, timeout=HEALTH_SECONDS))
        except VigenciaError as error:
            return {"service": service, "ready": False, "reasons": [str(error)]}

    def _state(self, names: Sequence[str], source: str, stream: str, version: int) -> Waited:
        with self.app.database.read() as conn:
            done = conn.execute(
                select(applied.c.subscription).where(
                    applied.c.source == source,
                    applied.c.stream == stream,
                    applied.c.version >= version,
                    applied.c.subscription.in_(names),
                )
            )
            missing = set(names) - set(done.scalars())
            if not missing:
                return "applied"
            parked = conn.execute(
                select(parked_streams.c.stream).where(
                    parked_streams.c.source == source,
                    parked_streams.c.stream == stream,
                    parked_streams.c.subscription.in_(missing),
                )
            )
            return "held-back" if parked.first() is not None else "late"
