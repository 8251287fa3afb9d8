"""How webhooks read the services' feeds, and what they know of event types and of whose a contract is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import select

from gateway.pages.events import catalogue
from gateway.tables import contracts
from services.errors import NotFound
from services.events import ORIGIN
from services.store.database import Database

Call = Callable[..., Any]
LOOK = 2000
"""Offsets looked at by one question, at most."""
FEED_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """After which offset of a partition somebody goes on; ``chain`` and ``feed`` prove the history."""

    source: str
    partition: int
    offset: int
    chain: str
    feed: str


@cache
def known_types() -> Mapping[str, frozenset[str]]:
    """Event types that the catalogue has, with the names of their fields."""
    events, _ = catalogue()
    return {event.type: frozenset(field.name for field in event.fields) for event in events}


def heads(call: Call, source: str) -> list[Place]:
    """The last offset of each partition. Raises what the service's answer raises."""
    found = call(source, "heads", {}, timeout=FEED_SECONDS)
    return [
        Place(source, each["partition"], each["offset"], each["chain"], found["feed"]) for each in found["partitions"]
    ]


def page(call: Call, after: Place, *, types: list[str] | None = None, limit: int = LOOK) -> dict[str, Any]:
    """``{"feed", "diverged", "events", "through", "chain", "head"}``; see ``services/handlers.py``."""
    asked = {"partition": after.partition, "after": after.offset, "chain": after.chain, "feed": after.feed}
    answer: dict[str, Any] = call(after.source, "feed", {**asked, "limit": limit, "types": types}, timeout=FEED_SECONDS)
    return answer


def one(call: Call, source: str, partition: int, offset: int) -> dict[str, Any] | None:
    """The event at an offset; None where there is none (any more)."""
    asked = {"partition": partition, "after": offset - 1, "chain": None, "feed": None, "limit": 1}
    events = call(source, "feed", asked, timeout=FEED_SECONDS)["events"]
    return dict(events[0]) if events and events[0]["offset"] == offset else None


def before(call: Call, head: Place, offset: int) -> Place:
    """The place from which the next event is the one at ``offset``, which is at most one beyond the head."""
    if offset <= 0:
        return Place(head.source, head.partition, ORIGIN, "", head.feed)
    if offset > head.offset:
        return head
    event = one(call, head.source, head.partition, offset - 1)
    if event is None:
        raise NotFound("webhook.no-such-offset", offset=offset - 1)
    return Place(head.source, head.partition, offset - 1, event["chain"], event["feed"])


class Owners:
    """Whose a contract is: by our own rows, else asked of contracts (the rows may be a moment behind)."""

    def __init__(self, database: Database, call: Call) -> None:
        self._db, self._call = database, call
        self._known: dict[str, str | None] = {}

    def customer_of(self, contract_id: str) -> str | None:
        if contract_id not in self._known:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[contract_id] = self._found(contract_id)
        return self._known[contract_id]

    def _found(self, contract_id: str) -> str | None:
        with self._db.read() as conn:
            mine = select(contracts.c.customer_id).where(contracts.c.contract_id == contract_id)
            customer_id: str | None = conn.scalar(mine)
        if customer_id is not None:
            return customer_id
        try:
            asked = {"query": "contract", "params": {"contract_id": contract_id}}
            found = self._call("contracts", "ask", asked, timeout=FEED_SECONDS).get("customer_id")
        except NotFound:
            return None
        return None if found is None else str(found)
