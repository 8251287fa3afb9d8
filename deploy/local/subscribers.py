"""Other systems at the broker: a user each, who reads queues of his own, binds them to ``events``, and can do nothing else.

    keeper = Subscribers(folder / "subscribers.json")
    password = keeper.add("accounting", ("billing",))      # shown once; only RabbitMQ's hash is kept
    tell_broker(management, ("admin", password), keeper.definitions("vigencia"))

The file is part of the broker's definitions at every start, so that a broker whose data were wiped knows them again.
One who was revoked stays in it without rights and password: a start would not take away whom it does not name.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

EXCHANGE = "events"
SERVICES = ("contracts", "billing", "tickets", "feedback")
MOST_WAITING = 100_000  # messages in one queue; what falls out at its head is in the feed
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_NOTHING = "^$"


class SubscriberProblem(ValueError):
    """``code`` and ``params`` for the words."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code} {params}")
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Subscriber:
    """``services``: whose events it may bind to. ``added_at``, ``revoked_at``: ISO 8601, UTC."""

    name: str
    services: tuple[str, ...]
    password_hash: str
    added_at: str
    revoked_at: str | None = None

    @property
    def user(self) -> str:
        """The broker's user; no service's name begins so."""
        return f"sub.{self.name}"

    @property
    def queues(self) -> str:
        """What the names of its queues begin with."""
        return f"sub.{self.name}."


class Subscribers:
    """The kept list. ``hashed`` makes RabbitMQ's hash of a password."""

    def __init__(self, file: Path, hashed: Callable[[str], str]) -> None:
        self._file, self._hashed = file, hashed

    def all(self) -> list[Subscriber]:
        if not self._file.exists():
            return []
        rows = json.loads(self._file.read_text("utf-8"))
        return [Subscriber(**{**row, "services": tuple(row["services"])}) for row in rows]

    def add(self, name: str, services: Sequence[str], at: datetime) -> str:
        """A new one, or one that was revoked, with a new password, which is returned this once."""
        if not _NAME.fullmatch(name):
            raise SubscriberProblem("subscriber.name", name=name)
        if unknown := sorted(set(services) - set(SERVICES)):
            raise SubscriberProblem("subscriber.service", service=", ".join(unknown), known=", ".join(SERVICES))
        password = secrets.token_urlsafe(24)
        with self._changing() as rows:
            known = rows.get(name)
            if known is not None and known.revoked_at is None:
                raise SubscriberProblem("subscriber.exists", name=name)
            rows[name] = Subscriber(name, tuple(services) or SERVICES, self._hashed(password), at.isoformat())
        return password

    def revoke(self, name: str, at: datetime) -> Subscriber:
        """It keeps its place in the list, and nothing else. Again: nothing more happens."""
        with self._changing() as rows:
            known = rows.get(name)
            if known is None:
                raise SubscriberProblem("subscriber.none", name=name)
            if known.revoked_at is None:
                rows[name] = Subscriber(name, known.services, "", known.added_at, at.isoformat())
            return rows[name]

    def definitions(self, vhost: str) -> dict[str, Any]:
        """The part of a definitions file that concerns them."""
        return definitions_of(self.all(), vhost)

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Subscriber]]:
        with open(self._file.with_suffix(".lock"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            rows = {each.name: each for each in self.all()}
            yield rows
            draft = self._file.with_suffix(".part")
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
                json.dump([asdict(each) for each in rows.values()], out, indent=1)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(self._file)


def definitions_of(subscribers: Sequence[Subscriber], vhost: str) -> dict[str, Any]:
    """Users, rights and the queues' limit, as RabbitMQ imports them."""
    limit = {"max-length": MOST_WAITING, "overflow": "drop-head"}
    policy = {"vhost": vhost, "name": "subscribers", "pattern": r"^sub\.", "apply-to": "queues", "priority": 1}
    return {
        "users": [
            {
                "name": each.user,
                "password_hash": each.password_hash,
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": [],
            }
            for each in subscribers
        ],
        "permissions": [{"user": each.user, "vhost": vhost, **_rights(each)} for each in subscribers],
        "topic_permissions": [
            {"user": each.user, "vhost": vhost, "exchange": EXCHANGE, "write": _NOTHING, "read": _sources(each)}
            for each in subscribers
        ],
        "policies": [{**policy, "definition": limit}] if subscribers else [],
    }


def _rights(subscriber: Subscriber) -> Mapping[str, str]:
    """To bind a queue needs *write* on it and *read* on the exchange; to publish would need *write* on an exchange."""
    if subscriber.revoked_at is not None:
        return {"configure": _NOTHING, "write": _NOTHING, "read": _NOTHING}
    own = re.escape(subscriber.queues) + ".+"
    return {"configure": f"^{own}$", "write": f"^{own}$", "read": f"^({own}|{EXCHANGE})$"}


def _sources(subscriber: Subscriber) -> str:
    if subscriber.revoked_at is not None:
        return _NOTHING
    return rf"^({'|'.join(subscriber.services)})\."


def tell_broker(management: str, admin: tuple[str, str], definitions: Mapping[str, Any]) -> None:
    """A broker that runs takes them at once. ``management``: its HTTP interface's address."""
    with httpx.Client(base_url=f"{management}/api/", auth=admin, timeout=30) as api:
        api.post("definitions", json=definitions).raise_for_status()


def throw_out(management: str, admin: tuple[str, str], vhost: str, subscriber: Subscriber) -> None:
    """Close its connections and delete its queues, which nobody will read any more."""
    place = quote(vhost, safe="")
    with httpx.Client(base_url=f"{management}/api/", auth=admin, timeout=30) as api:
        api.delete(f"connections/username/{quote(subscriber.user, safe='')}").raise_for_status()
        for queue in api.get(f"queues/{place}").raise_for_status().json():
            if queue["name"].startswith(subscriber.queues):
                gone = api.delete(f"queues/{place}/{quote(queue['name'], safe='')}")
                if gone.status_code != httpx.codes.NOT_FOUND:
                    gone.raise_for_status()
