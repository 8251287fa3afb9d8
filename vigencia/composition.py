"""All services and the gateway in one process: the only place that imports them all. Plain threads; no web server.

system = Composition(store)
system.start()
system.execute("contracts", "register_provider", {...}, id="…")
system.settle()
system.stop()
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.component import Component
from services.runtime import App
from services.settings import SERVICES, embedded
from services.transport.local import LocalTransport
from services.transport.port import Closeable
from vigencia.calls import Calls

ORDER = SERVICES  # sources before those who read them, so that the first look at a feed finds it


def components() -> dict[str, Component]:
    """Every service's component, by name."""
    from billing_service.wiring import component as billing
    from contracts_service.wiring import component as contracts
    from feedback_service.wiring import component as feedback
    from gateway.wiring import component as gateway
    from tickets_service.wiring import component as tickets

    made = (contracts(), billing(), tickets(), feedback(), gateway())
    return {each.name: each for each in made}


class Composition(Calls):
    """The services over one store of SQLite files and the transport within the process."""

    def __init__(self, store: Path, *, port: int = 0, parts: Mapping[str, Component] | None = None) -> None:
        self.store = store
        found = parts or components()
        super().__init__(LocalTransport(), tuple(name for name in ORDER if name in found))
        self.apps = {name: App(found[name], self.transport, embedded(name, store, port=port)) for name in self.services}
        self._served: list[Closeable] = []

    def create(self) -> None:
        """Bring every store to today's shape."""
        for app in self.apps.values():
            app.create()

    def start(self) -> None:
        self.create()  # all of them first: whoever starts asks the others at once
        for name, app in self.apps.items():
            self._served.append(self.transport.serve(name, app.handlers()))
        for app in self.apps.values():
            app.start()

    def stop(self) -> None:
        """Readers first, then those whom they read."""
        for app in reversed(self.apps.values()):
            app.stop()
        for served in self._served:
            served.close()
        self.transport.close()

    def health(self) -> dict[str, Any]:
        return {name: app.health() for name, app in self.apps.items()}
