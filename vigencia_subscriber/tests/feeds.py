"""A feed without a system: its history is made here, and asked as the HTTP feed is."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from vigencia_subscriber import Diverged, Envelope, FeedAway, Page

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class MemoryFeed:
    """One partition. ``away``: it does not answer."""

    def __init__(self, count: int = 0, *, feed: str = "feed-1", salt: str = "") -> None:
        self.feed, self._salt = feed, salt
        self.events: list[Envelope] = []
        self.asked: list[int] = []
        self.away = False
        self.grow(count)

    def grow(self, count: int) -> list[Envelope]:
        """So many events more; they are returned, as the broker would bring them."""
        new = []
        for _ in range(count):
            offset = len(self.events)
            chain = self.events[-1].chain if self.events else ""
            hashed = hashlib.sha256(f"{self._salt}{offset}".encode()).hexdigest()
            chain = hashlib.sha256(f"{chain}{hashed}".encode()).hexdigest()
            event = Envelope(
                id=f"s@{offset + 1}", type="billing.thing.happened", service="billing", stream="s", version=offset + 1,
                schema=1, time=AT, data={"n": offset}, feed=self.feed, partition=0, offset=offset, chain=chain, hash=hashed,
            )  # fmt: skip
            self.events.append(event)
            new.append(event)
        return new

    def page(
        self,
        service: str,
        partition: int,
        after: int,
        chain: str,
        feed: str | None,
        *,
        limit: int = 500,
        wait: float = 0.0,
    ) -> Page:
        self.asked.append(after)
        if self.away:
            raise FeedAway("nobody answers")
        here = self.events[after].chain if 0 <= after < len(self.events) else "" if after == -1 else None
        if here is None or (after >= 0 and here != chain) or feed not in (None, self.feed):
            raise Diverged("the histories have parted")
        found = tuple(self.events[after + 1 : after + 1 + limit])
        through, last = (found[-1].offset, found[-1].chain) if found else (after, chain)
        return Page(self.feed, found, through, last, len(self.events) - 1)

    def heads(self, service: str) -> dict[int, int]:
        if self.away:
            raise FeedAway("nobody answers")
        return {0: len(self.events) - 1}


def wire(event: Envelope, **changes: Any) -> dict[str, Any]:
    """The envelope as it travels."""
    return {
        "specversion": "1.0", "id": event.id, "source": f"/vigencia/{event.service}", "type": event.type,
        "subject": event.stream, "time": "2026-03-02T12:00:00.000000Z",
        "dataschema": f"urn:vigencia:{event.type}:{event.schema}", "feed": event.feed, "partition": event.partition,
        "offset": event.offset, "chain": event.chain, "hash": event.hash, "streamversion": event.version,
        "data": dict(event.data), **changes,
    }  # fmt: skip
