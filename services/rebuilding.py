"""What is known of the rebuilds that this process began: how far an own view's is, and how each ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from services.errors import Refused

WORDS = {
    "rebuild.running": {
        "pt-BR": "Esta visão já está sendo reconstruída.",
        "en": "This view is being rebuilt already.",
    }
}


class Rebuilds:
    """By view: ``{view, state: running | done | failed, events, of, started_at, ended_at, actor, error}``; the latest only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, dict[str, Any]] = {}

    def told(self) -> list[dict[str, Any]]:
        with self._lock:
            return sorted((dict(each) for each in self._known.values()), key=lambda each: str(each["view"]))

    def begin(self, view: str, actor: str) -> None:
        """Raises ``Refused`` while one of the same view runs here."""
        with self._lock:
            if self._known.get(view, {}).get("state") == "running":
                raise Refused("rebuild.running", words=WORDS["rebuild.running"], view=view)
            self._known[view] = {"view": view, "state": "running", "events": 0, "of": None, "actor": actor} | {
                "started_at": datetime.now(UTC).isoformat(),
                "ended_at": None,
                "error": "",
            }

    def moved(self, view: str, events: int, of: int) -> None:
        """Nothing for one that nobody began here: tests and command lines rebuild, too."""
        with self._lock:
            if view in self._known:
                self._known[view] |= {"events": events, "of": of}

    def run(self, view: str, do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Do it, and remember how it ended."""
        try:
            done = do()
        except Exception as error:
            self._end(view, "failed", error=f"{type(error).__name__}: {error}"[:300])
            raise
        self._end(view, "done", events=done.get("events", 0))
        return done

    def _end(self, view: str, state: str, **more: Any) -> None:
        with self._lock:
            self._known[view] |= {"state": state, "ended_at": datetime.now(UTC).isoformat(), **more}
