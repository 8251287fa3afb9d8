"""All services and the gateway in one process: the only place that imports them all. Plain threads; no web server.

system = Composition(store)
system.start()
system.execute("contracts", "register_provider", {...}, id="…")
system.settle()
system.stop()
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from services.component import Component
from services.runtime import App
from services.settings import SERVICES, embedded
from services.transport.local import LocalTransport
from services.transport.port import Closeable

CALL_SECONDS = 60.0
ORDER = SERVICES  # sources before those who read them, so that the first look at a feed finds it


class Unsettled(Exception):
    """The services did not come to rest in time; the text says who is behind."""


def components() -> dict[str, Component]:
    """Every service's component, by name."""
    from billing_service.wiring import component as billing
    from contracts_service.wiring import component as contracts
    from feedback_service.wiring import component as feedback
    from gateway.wiring import component as gateway
    from tickets_service.wiring import component as tickets

    made = (contracts(), billing(), tickets(), feedback(), gateway())
    return {each.name: each for each in made}


class Composition:
    """The services over one store of SQLite files and the transport within the process."""

    def __init__(self, store: Path, *, port: int = 0, parts: Mapping[str, Component] | None = None) -> None:
        self.store = store
        self.transport = LocalTransport()
        found = parts or components()
        self.apps = {
            name: App(found[name], self.transport, embedded(name, store, port=port)) for name in ORDER if name in found
        }
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

    def is_empty(self) -> bool:
        """Whether nothing ever happened here."""
        return all(position["offset"] < 0 for position in self.call("contracts", "heads", {})["partitions"])

    def call(self, service: str, method: str, payload: dict[str, Any], *, seconds: float = CALL_SECONDS) -> Any:
        return self.transport.call(service, method, payload, timeout=seconds)

    def execute(self, service: str, command: str, payload: dict[str, Any], *, id: str, actor: str = "system") -> Any:
        return self.call(service, "execute", {"id": id, "command": command, "payload": payload, "actor": actor})

    def settle(self, seconds: float = 60.0) -> None:
        """Wait until every feed is sent, every subscription has taken it, and what was due is done."""
        rest(lambda service, action: self.call(service, "operate", {"action": action}), tuple(self.apps), seconds)


Operate = Callable[[str, str], Any]


def rest(operate: Operate, services: tuple[str, ...], seconds: float, *, pause: float = 0.02) -> None:
    """Wait for two rounds in a row in which nobody has anything before him. Raises ``Unsettled``."""
    end = time.monotonic() + seconds
    quiet = 0
    while quiet < 2:
        behind = busy(operate, services)
        quiet = 0 if behind else quiet + 1
        if behind and time.monotonic() > end:
            raise Unsettled(", ".join(behind))
        if behind:
            time.sleep(pause)


def busy(operate: Operate, services: tuple[str, ...]) -> list[str]:
    """Who has something before him: relays, subscriptions that run, due commands."""
    behind: list[str] = []
    for service in services:
        positions = operate(service, "compare")
        health = operate(service, "health")
        lag = sum(position["lag"] for position in positions if position["running"])
        relay = (health.get("relay") or {}).get("events", 0)
        due = (health.get("due") or {}).get("overdue", 0) - (health.get("due") or {}).get("failing", 0)
        found = {"subscriptions": lag, "relay": relay, "due": due}
        behind += [f"{service} {name}: {count}" for name, count in found.items() if count > 0]
    return behind
