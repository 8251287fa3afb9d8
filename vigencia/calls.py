"""Commands and operators' actions over a transport, embedded or full, as the starting process uses them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.settings import SERVICES
from services.transport.port import Transport

CALL_SECONDS = 60.0


class Unsettled(Exception):
    """The services did not come to rest in time; the text says who is behind."""


class Calls:
    """What runs behind a transport, asked by name. ``services``: who is waited for."""

    def __init__(self, transport: Transport, services: tuple[str, ...] = SERVICES) -> None:
        self.transport = transport
        self.services = services

    def call(self, service: str, method: str, payload: dict[str, Any], *, seconds: float = CALL_SECONDS) -> Any:
        return self.transport.call(service, method, payload, timeout=seconds)

    def execute(
        self,
        service: str,
        command: str,
        payload: dict[str, Any],
        *,
        id: str,
        actor: str = "system",
        at: datetime | None = None,
        historical: bool = False,
    ) -> Any:
        """``at``: the instant at which it was given (None: now). ``historical``: told to nobody."""
        asked = {"id": id, "command": command, "payload": payload, "actor": actor, "historical": historical}
        return self.call(service, "execute", asked | ({"at": at.isoformat()} if at else {}))

    def batch(
        self,
        service: str,
        name: str,
        records: list[dict[str, Any]],
        *,
        actor: str = "system",
        at: datetime | None = None,
        historical: bool = False,
    ) -> Any:
        """Many records at once; what became of each."""
        asked = {"name": name, "records": records, "actor": actor, "historical": historical}
        return self.call(service, "batch", asked | ({"at": at.isoformat()} if at else {}))

    def ask(self, service: str, query: str, params: dict[str, Any]) -> Any:
        return self.call(service, "ask", {"query": query, "params": params})

    def operate(self, service: str, action: str, **payload: Any) -> Any:
        return self.call(service, "operate", {"action": action, **payload})

    def is_empty(self) -> bool:
        """Whether nothing ever happened here."""
        return all(position["offset"] < 0 for position in self.call("contracts", "heads", {})["partitions"])

    def settle(self, seconds: float = 60.0) -> None:
        """Wait until every feed is sent, every subscription has taken it, and what was due is done."""
        rest(lambda service, action: self.call(service, "operate", {"action": action}), self.services, seconds)


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
        waits = health.get("due") or {}
        due = 0 if waits.get("held") else waits.get("overdue", 0) - waits.get("failing", 0)
        found = {"subscriptions": lag, "relay": relay, "due": due}
        behind += [f"{service} {name}: {count}" for name, count in found.items() if count > 0]
    return behind
