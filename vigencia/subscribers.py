"""The broker, as far as other systems' users are concerned: the kept list, and its HTTP interface while it runs.

It is the private one of a full mode's store, or one elsewhere (in containers, the company's own), which settings name:

    VIGENCIA_BROKER_MANAGEMENT   https://broker.example:15671, the address of its management plugin
    VIGENCIA_BROKER_USER, VIGENCIA_BROKER_PASSWORD (or …_PASSWORD_FILE)   somebody with the tag *administrator*
    VIGENCIA_BROKER_VHOST        vigencia
    VIGENCIA_BROKER_AMQP         amqps://broker.example:5671, what subscribers are told; left out: amqp and the same host
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

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
    amqp: str = ""
    """The address that other systems connect to; empty: this machine's ``port``."""

    def add(self, name: str, services: tuple[str, ...]) -> dict[str, Any]:
        """What the other system needs to know."""
        password = self.kept.add(name, services, datetime.now(UTC))
        if self.management is not None:
            tell_broker(self.management, self.admin, self.kept.definitions(self.vhost))
        (made,) = (each for each in self.kept.all() if each.name == name)
        scheme, _, place = (self.amqp or f"amqp://127.0.0.1:{self.port}").rstrip("/").partition("://")
        url = f"{scheme}://{made.user}:{password}@{place}/{quote(self.vhost, safe='')}"
        return {**shown(made), "password": password, "url": url}

    def revoke(self, name: str) -> dict[str, Any]:
        revoked = self.kept.revoke(name, datetime.now(UTC))
        if self.management is not None:
            tell_broker(self.management, self.admin, self.kept.definitions(self.vhost))
            throw_out(self.management, self.admin, self.vhost, revoked)
        return shown(revoked)

    def apply(self) -> list[dict[str, Any]]:
        """Tell the broker again: one that was wiped, or replaced, knows its subscribers as before."""
        if self.management is not None:
            tell_broker(self.management, self.admin, self.kept.definitions(self.vhost))
        return [shown(each) for each in self.kept.all()]


def broker_elsewhere(store: Path, environ: Mapping[str, str] = os.environ) -> Broker | None:
    """The one that the settings name; its list is kept in the store. Raises ``KeyError`` with what is missing."""
    management = environ.get("VIGENCIA_BROKER_MANAGEMENT", "").rstrip("/")
    if not management:
        return None
    file = environ.get("VIGENCIA_BROKER_PASSWORD_FILE")
    password = Path(file).read_text("utf-8").strip() if file else environ["VIGENCIA_BROKER_PASSWORD"]
    amqp = environ.get("VIGENCIA_BROKER_AMQP") or f"amqp://{urlsplit(management).hostname}:5672"
    store.mkdir(parents=True, exist_ok=True)
    kept = Subscribers(store / SUBSCRIBERS, password_hash)
    vhost = environ.get("VIGENCIA_BROKER_VHOST", VHOST)
    return Broker(kept, management, (environ["VIGENCIA_BROKER_USER"], password), vhost, amqp=amqp)


def broker_of(store: Path) -> Broker | None:
    """The private one; None where the store has none."""
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
