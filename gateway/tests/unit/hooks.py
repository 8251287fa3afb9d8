"""Feeds that a test fills, and a receiver that does as the test says: webhooks without a network."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from gateway.identity.keys import FEEDS
from gateway.mail.tables import mail_causes
from gateway.webhooks.delivering import Deliverer
from gateway.webhooks.keeping import Webhooks
from gateway.webhooks.posting import Answer
from gateway.webhooks.sealing import Seals
from gateway.webhooks.settings import WebhookSettings
from gateway.webhooks.tables import webhook_attempts, webhook_waiting
from services.errors import NotFound, Unavailable
from services.store.database import Database

MONDAY = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
ISSUED = "billing.receivable.issued"
PAID = "billing.payment.received"


class Feeds:
    """Two partitions of each service; ``call`` answers as the services do."""

    def __init__(self, name: str = "f") -> None:
        self.name = name
        self.events: dict[tuple[str, int], list[dict[str, Any]]] = {}
        self.silent: set[str] = set()
        self.contracts: dict[str, str] = {}
        self.pages = 0

    def happens(self, stream: str, type_: str = ISSUED, *, partition: int = 0, **data: Any) -> dict[str, Any]:
        service = type_.split(".")[0]
        feed = self.events.setdefault((service, partition), [])
        version = 1 + sum(each["subject"] == stream for each in feed)
        hash_ = hashlib.sha256(f"{self.name}{service}{stream}{version}".encode()).hexdigest()
        chain = hashlib.sha256(f"{feed[-1]['chain'] if feed else ''}{hash_}".encode()).hexdigest()
        event = {
            "id": f"{stream}@{version}", "source": f"/vigencia/{service}", "type": type_, "subject": stream,
            "time": "2026-03-02T12:00:00.000000Z", "feed": self.name, "partition": partition, "offset": len(feed),
            "chain": chain, "hash": hash_, "streamversion": version, "specversion": "1.0",
            "data": {"customer_id": "A", "contract_id": "c-A", **data},
        }  # fmt: skip
        feed.append(event)
        return event

    def call(self, service: str, method: str, payload: Mapping[str, Any], *, timeout: float) -> Any:
        if service in self.silent:
            raise Unavailable("rpc.nobody")
        if method == "ask":
            if payload["params"]["contract_id"] not in self.contracts:
                raise NotFound("contract.unknown")
            return {"customer_id": self.contracts[payload["params"]["contract_id"]]}
        if method == "heads":
            partitions = [{"partition": n, **self._head(service, n)} for n in (0, 1)]
            return {"feed": self.name, "partitions": partitions}
        self.pages += 1
        feed = self.events.get((service, payload["partition"]), [])
        after, chain = payload["after"], payload["chain"]
        if chain is not None and after >= 0 and (after >= len(feed) or feed[after]["chain"] != chain):
            return {"diverged": "the histories have parted", "feed": self.name, "events": []}
        some = feed[after + 1 : after + 1 + payload["limit"]]
        last = some[-1] if some else {"offset": after, "chain": chain or ""}
        wanted = (
            [each for each in some if payload["types"] is None or each["type"] in payload["types"]]
            if "types" in payload
            else some
        )
        place = {"through": last["offset"], "chain": last["chain"], "head": len(feed) - 1}
        return {"diverged": None, "feed": self.name, "events": json.loads(json.dumps(wanted)), **place}

    def _head(self, service: str, partition: int) -> dict[str, Any]:
        feed = self.events.get((service, partition), [])
        return {"offset": len(feed) - 1, "chain": feed[-1]["chain"] if feed else ""}


class Receiver:
    """Takes what it is sent; ``answers`` decides by the envelope: a status, None (no answer), or an ``Answer``."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.bodies: list[bytes] = []
        self.answers: Callable[[dict[str, Any]], int | Answer | None] = lambda _: 200
        self._lock = threading.Lock()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        envelope = json.loads(body)
        with self._lock:
            self.got.append(envelope)
            self.headers.append(headers)
            self.bodies.append(body)
            told = self.answers(envelope)
        if isinstance(told, Answer):
            return told
        return Answer(told, 0.01, "" if told else "unreachable", "ok" if told == 200 else "")

    def close(self) -> None:
        """Nothing is open."""

    def ids(self, stream: str | None = None) -> list[str]:
        return [each["id"] for each in self.got if stream in (None, each["subject"])]


class Office:
    """An installation's webhooks with a clock that the test moves."""

    def __init__(self, database: Database) -> None:
        self.database, self.feeds, self.receiver = database, Feeds(), Receiver()
        self.now = MONDAY
        self.settings = WebhookSettings(parallel=1)
        self.seals = Seals(b"test")
        self.webhooks = Webhooks(database, self.seals, self.settings, self.feeds.call)
        self.worker = self.another()
        self._made = 0

    def another(self) -> Deliverer:
        return Deliverer(
            self.database, self.seals, self.settings, self.feeds.call, lambda: self.now,
            open_=lambda _url: self.receiver, pick=lambda: 0.5,
        )  # fmt: skip

    def endpoint(self, types: Iterable[str] = ("billing.*",), **more: Any) -> str:
        self._made += 1
        data = {
            "name": "books",
            "url": "https://erp.example.com/in",
            "types": list(types),
            "customers": [],
            "contracts": [],
        }
        owner = more.pop("owner", None)
        id_ = f"w{self._made}"
        self.webhooks.add(id_, {**data, **more}, services=FEEDS, owner=owner, by="u", at=self.now)
        return id_

    def runs(self, **after: float) -> dict[str, int]:
        """A pass, some time later."""
        self.now += timedelta(**after)
        return self.worker.run()

    def waits(self) -> list[tuple[str, int]]:
        """(stream, attempts) of what waits, in the order of the feed."""
        with self.database.read() as conn:
            w = webhook_waiting.c
            return [tuple(row) for row in conn.execute(select(w.stream, w.attempts).order_by(w.source, w.offset))]

    def log(self) -> list[dict[str, Any]]:
        with self.database.read() as conn:
            rows = conn.execute(select(webhook_attempts).order_by(webhook_attempts.c.attempt_id)).mappings()
            return [dict(row) for row in rows]

    def notices(self) -> list[tuple[str, str]]:
        with self.database.read() as conn:
            rows = conn.execute(select(mail_causes.c.template, mail_causes.c.facts)).all()
            return [(template, facts["why"]) for template, facts in rows if template.startswith("webhook_")]

    def state(self, endpoint_id: str) -> tuple[str, str]:
        row = self.webhooks.one(endpoint_id, None)
        return row["state"], row["reason"]
