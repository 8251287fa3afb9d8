"""An application in process for tests: SQLite in a temporary folder, no transport; remote events are handed over.

app = memory_app(component())
app.execute(DraftContract(...))
app.query("contract", contract_id="…")
app.deliver([("billing.account.in_default", {...})], source="billing")
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.application import Answer, Application, Request
from services.codec import to_json_values
from services.component import Component
from services.due import DueRunner
from services.events import Incoming
from services.rows import Rows
from services.store.database import Database
from services.subscriptions import Subscription, react, subscriptions_of
from services.vault import Vault


class MemoryApp:
    """A component on a throw-away SQLite store. ``clock`` may be set to any instant."""

    def __init__(self, component: Component, folder: str | None = None) -> None:
        self._folder = None if folder else tempfile.TemporaryDirectory(prefix="vigencia-test-")
        place = Path(folder or self._folder.name)  # type: ignore[union-attr]
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.database = Database(f"sqlite:///{place}/{component.name}.db")
        self._keys = Database(f"sqlite:///{place}/{component.name}.vault.db")
        vault = Vault(self._keys, secret=b"test", service=component.name)
        self.app = Application(component, self.database, vault, clock=lambda: self.now())
        self.app.create()
        self.component = component
        self._offsets: dict[str, int] = {}
        self._versions: dict[str, int] = {}

    def close(self) -> None:
        """Close the stores, and remove the folder if it was made here."""
        self.database.dispose()
        self._keys.dispose()
        if self._folder is not None:
            self._folder.cleanup()

    def __enter__(self) -> MemoryApp:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def execute(
        self,
        command: Any,
        id: str | None = None,
        *,
        actor: str = "test",
        historical: bool = False,
        at: datetime | None = None,
    ) -> Answer:
        """Execute a command object (its ``at`` may be anything: it is taken as it stands)."""
        payload = to_json_values(command)
        name = command.COMMAND_NAME
        return self.app.execute(
            Request(id or str(uuid.uuid4()), name, payload, actor=actor, historical=historical, at=at)
        )

    def send(self, name: str, payload: dict[str, Any], id: str | None = None, **options: Any) -> Answer:
        """Execute a command as it comes over the wire: by name, with JSON values."""
        return self.app.execute(Request(id or str(uuid.uuid4()), name, payload, **options))

    def batch(self, name: str, records: list[dict[str, Any]], **options: Any) -> list[dict[str, Any]]:
        return self.app.batch(name, records, Request("batch", name, {}, **options))

    def query(self, name: str, **params: Any) -> Any:
        return self.app.query(name, params)

    def events(self, stream: str) -> list[Incoming]:
        """A stream's events, readable."""
        with self.database.read() as conn:
            return self.app.history(conn, stream)

    def rows(self) -> Rows:
        """Rows over an open connection, for looking at tables."""
        return Rows(self.database.engine.connect(), lock=False)

    def deliver(
        self,
        events: Sequence[tuple[str, dict[str, Any]]],
        *,
        source: str,
        stream: str | None = None,
        historical: bool = False,
        at: datetime | None = None,
    ) -> None:
        """Other services' events, in order, to every view and policy that subscribes to their source."""
        for type_name, data in events:
            place = stream or f"{type_name.split('.')[1]}-test"
            self._offsets[source] = self._offsets.get(source, -1) + 1
            self._versions[place] = self._versions.get(place, 0) + 1
            incoming = Incoming(
                id=f"{place}@{self._versions[place]}",
                source=source,
                type=type_name,
                schema=1,
                stream=place,
                version=self._versions[place],
                at=at or self.now(),
                data=to_json_values(data),
                correlation="test",
                causation="test",
                actor="test",
                historical=historical,
                depth=0,
                offset=self._offsets[source],
            )
            for subscription in subscriptions_of(self.component):
                if subscription.source == source:
                    self._apply(subscription, incoming)

    def run_due(self, until: datetime) -> dict[str, int]:
        return DueRunner(self.app).run(until)

    def _apply(self, subscription: Subscription, incoming: Incoming) -> None:
        with self.database.write() as conn:
            if subscription.view is not None:
                rows = Rows(conn)
                prepare = getattr(subscription.view, "prepare", None)
                extra = (prepare([incoming], lambda *_a, **_k: {}),) if prepare else ()
                subscription.view.fold(incoming, rows, *extra)
                rows.flush()
            else:
                react(self.app, subscription, incoming, conn)


def memory_app(component: Component) -> MemoryApp:
    return MemoryApp(component)


__all__ = ["MemoryApp", "memory_app"]
