"""One transaction's work: what was read of streams, and what is to be written. Of a batch, all records' at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.decider import Decider
from services.events import Meta, Recorded
from services.rows import Rows
from services.store.events import Decided, EventStore
from services.store.statements import Past, StoredCommand, remembered


@dataclass(slots=True)
class Held:
    """A stream as this transaction sees it: its last version and hash, the state that they give, and what followed."""

    version: int
    hash: str
    state: Any
    following: list[Any] = field(default_factory=list)


class Unit:
    """``together``: events, their outbox rows and the commands' rows are written by ``finish``, with one statement for
    all of them; else each command's at once. A version conflict is an ``IntegrityError`` where they are written."""

    def __init__(
        self,
        conn: Connection,
        store: EventStore,
        *,
        together: bool = False,
        known: Mapping[str, list[Past]] | None = None,
    ) -> None:
        self.conn = conn
        self.rows = Rows(conn)
        self._store = store
        self._together = together
        self._known = dict(known or {})
        self._held: dict[str, Held] = {}
        self._decided: list[Decided] = []
        self._commands: list[StoredCommand] = []

    def load(self, streams: Iterable[str]) -> None:
        """Read these streams by one statement."""
        wanted = dict.fromkeys(stream for stream in streams if stream not in self._known and stream not in self._held)
        if wanted:
            self._known |= self._store.pasts(self.conn, list(wanted))

    def held(self, stream: str, decider: Decider[Any, Any, Any]) -> Held:
        """The stream with what this transaction has appended to it."""
        found = self._held.get(stream)
        if found is None:
            past = self._known.pop(stream, None)
            if past is None:
                past = self._store.past(self.conn, stream)
            codec = self._store.codec
            state = decider.fold(codec.decode(e.type, e.schema, e.data) for e in past)
            last = (past[-1].version, past[-1].hash) if past else (0, "")
            found = self._held[stream] = Held(*last, state)
        elif found.following:
            found.state, found.following = decider.fold(found.following, found.state), []
        return found

    def append(
        self, stream: str, held: Held, new: Sequence[Any], meta: Meta, at: datetime, command: StoredCommand | None
    ) -> list[Recorded]:
        """What was decided, with the command's own row where it has one."""
        if self._together:
            decided = self._store.decided(stream, held.version, held.hash, new, meta, at)
            recorded = decided.recorded
            self._decided.append(decided)
            self._commands += [] if command is None else [command]
        else:
            recorded = self._store.append(self.conn, stream, (held.version, held.hash), new, meta, at, command)
        held.following += new
        held.version, held.hash = recorded[-1].version, recorded[-1].hash
        return recorded

    def remember(self, command: StoredCommand) -> None:
        """A command's row alone."""
        if self._together:
            self._commands.append(command)
        else:
            remembered(self.conn, [command])

    def finish(self) -> None:
        """Write what is pending."""
        self.rows.flush()
        if self._together:
            self._store.write(self.conn, self._decided, self._commands)
            self._decided, self._commands = [], []
