"""Where effects and checkpoints go. A sink of your own is two functions: see ``Sink``.

``FileSink`` here; ``SqlSink``, whose effects and checkpoint commit together, in ``sql.py`` (needs SQLAlchemy).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from vigencia_subscriber.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last offset whose effects are committed, with its chain and the feed's id. -1: nothing yet."""

    offset: int = -1
    chain: str = ""
    feed: str | None = None


class Sink(Protocol):
    def load(self, service: str, partition: int) -> Checkpoint:
        """Where it stands; ``Checkpoint()`` at the beginning."""

    def take(self, service: str, partition: int, events: Sequence[Envelope], was: Checkpoint, now: Checkpoint) -> None:
        """Handle the events and move the checkpoint from ``was`` to ``now``: best both or neither.

        Raises ``Fenced`` where it does not stand at ``was``; whatever else it raises, the events come again.
        """


class FileSink:
    """``handle(event)`` for each, then the checkpoint in a JSON file.

    Killed between the two, it gets the same events again: effects must not mind (``event.id`` tells them apart).
    """

    def __init__(self, path: Path, handle: Callable[[Envelope], None]) -> None:
        self._path, self._handle = path, handle

    def load(self, service: str, partition: int) -> Checkpoint:
        told = self._read().get(f"{service}.{partition}")
        return Checkpoint() if told is None else Checkpoint(told[0], told[1], told[2])

    def take(self, service: str, partition: int, events: Sequence[Envelope], was: Checkpoint, now: Checkpoint) -> None:
        for event in events:
            self._handle(event)
        places = {**self._read(), f"{service}.{partition}": [now.offset, now.chain, now.feed]}
        draft = self._path.with_name(f"{self._path.name}.part")
        with open(draft, "w", encoding="utf-8") as out:
            json.dump(places, out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self._path)

    def _read(self) -> dict[str, Any]:
        return dict(json.loads(self._path.read_text("utf-8"))) if self._path.exists() else {}
