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
from services.store.bulk import Writer
from services.store.events import Decided, EventStore
from services.store.statements import Past, StoredCommand


@dataclass(slots=True)
class Held:
    """A stream as this transaction sees it: its last version and hash, the state that they give, and what followed."""

    version: int
    hash: str
    state: Any
    following: list[Any] = field(default_factory=list)


class Unit:
    """Views' rows, events, their outbox rows and the commands' rows are written by ``finish``, with one statement for all of
    them. A version conflict is an ``IntegrityError`` there."""

    def __init__(self, conn: Connection, store: EventStore, *, known: Mapping[str, list[Past]] | None = None) -> None:
        self.conn = conn
        self.rows = Rows(conn)
        self._store = store
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
        decided = self._store.decided(stream, held.version, held.hash, new, meta, at)
        self._decided.append(decided)
        self._commands += [] if command is None else [command]
        held.following += new
        held.version, held.hash = decided.recorded[-1].version, decided.recorded[-1].hash
        return decided.recorded

    def remember(self, command: StoredCommand) -> None:
        """A command's row alone."""
        self._commands.append(command)

    def finish(self) -> None:
        """Write what is pending."""
        writer = Writer(self.conn)
        self.rows.flush(writer)
        self._store.write(self.conn, writer, self._decided, self._commands)
        writer.close()
        self._decided, self._commands = [], []
