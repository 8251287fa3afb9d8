"""The broker of a full mode's store, as far as other systems' users are concerned: the kept list, and the broker if it runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.rabbitmq import SUBSCRIBERS, password_hash
from deploy.local.subscribers import Subscriber, Subscribers, tell_broker, throw_out
from deploy.local.supervised import VHOST
from vigencia import places


@dataclass(frozen=True)
class Broker:
    """``management``: the address of its HTTP interface while it runs; None: what is kept holds from its next start on."""

    kept: Subscribers
    management: str | None
    admin: tuple[str, str]
    vhost: str = VHOST
    port: int = 0

    def add(self, name: str, services: tuple[str, ...]) -> dict[str, Any]:
        """What the other system needs to know."""
        password = self.kept.add(name, services, datetime.now(UTC))
        if self.management is not None:
            tell_broker(self.management, self.admin, self.kept.definitions(self.vhost))
        (made,) = (each for each in self.kept.all() if each.name == name)
        url = f"amqp://{made.user}:{password}@127.0.0.1:{self.port}/{self.vhost}"
        return {**shown(made), "password": password, "url": url}

    def revoke(self, name: str) -> dict[str, Any]:
        revoked = self.kept.revoke(name, datetime.now(UTC))
        if self.management is not None:
            tell_broker(self.management, self.admin, self.kept.definitions(self.vhost))
            throw_out(self.management, self.admin, self.vhost, revoked)
        return shown(revoked)


def broker_of(store: Path) -> Broker | None:
    """None where the store has no broker of its own."""
    folder = store / "rabbitmq"
    try:
        settings = json.loads((folder / "settings.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    ports = settings["ports"]
    runs = places.running(store) is not None
    return Broker(
        Subscribers(folder / SUBSCRIBERS, password_hash),
        f"http://127.0.0.1:{ports['management']}" if runs else None,
        ("admin", settings["passwords"]["admin"]),
        port=int(ports["amqp"]),
    )


def shown(subscriber: Subscriber) -> dict[str, Any]:
    """For people and scripts: no hash."""
    return {
        "name": subscriber.name,
        "user": subscriber.user,
        "services": list(subscriber.services),
        "queues": f"{subscriber.queues}*",
        "added_at": subscriber.added_at,
        "revoked_at": subscriber.revoked_at,
    }
