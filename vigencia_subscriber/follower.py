"""One partition of a service's feed, followed: duplicates are dropped, gaps are filled, another history is noticed.

Pure of any broker: ``push`` takes what came, ``catch_up`` asks the feed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from vigencia_subscriber.envelope import Envelope
from vigencia_subscriber.errors import Diverged, Fenced
from vigencia_subscriber.feed import Page
from vigencia_subscriber.metrics import Metrics
from vigencia_subscriber.sinks import Checkpoint, Sink

Verify = Callable[[Envelope], None]
FETCHED_AT_ONCE = 500
_log = logging.getLogger("vigencia_subscriber")


class Source(Protocol):
    """What is asked for the proof; ``Feed`` is one."""

    def page(
        self,
        service: str,
        partition: int,
        after: int,
        chain: str,
        feed: str | None,
        *,
        limit: int = ...,
        wait: float = ...,
    ) -> Page: ...


def _trust(_: Envelope) -> None:
    """No verification."""


class Follower:
    """Effects are the sink's; the checkpoint is kept here only to spare reading it again. One thread at a time."""

    def __init__(
        self, service: str, partition: int, source: Source, sink: Sink, metrics: Metrics, verify: Verify = _trust
    ) -> None:
        self.service, self.partition = service, partition
        self._source, self._sink, self._metrics, self._verify = source, sink, metrics, verify
        self.at = sink.load(service, partition)

    def reload(self) -> None:
        """Read the checkpoint again: what the sink did is unknown, or another instance was faster."""
        self.at = self._sink.load(self.service, self.partition)

    def push(self, events: Sequence[Envelope]) -> None:
        """Events of this partition in the order in which they came. Returning means: their effects are committed."""
        batch: list[Envelope] = []
        at = self.at
        for event in events:
            if event.feed == (at.feed or event.feed) and event.offset <= at.offset:
                self._metrics.duplicates += 1
            elif event.feed == (at.feed or event.feed) and event.offset == at.offset + 1 and event.follows(at.chain):
                batch.append(event)
                at = Checkpoint(event.offset, event.chain, event.feed)
            else:  # something is missing, or is of another history: the feed knows
                self._metrics.gaps += 1
                self._take(batch)
                self.catch_up()
                batch, at = [], self.at
        self._take(batch)

    def catch_up(self, *, wait: float = 0.0) -> int:
        """Take all that the feed has after the checkpoint; how many events. Raises ``Diverged`` and ``FeedAway``."""
        count = 0
        while True:
            at = self.at
            page = self._source.page(
                self.service, self.partition, at.offset, at.chain, at.feed, limit=FETCHED_AT_ONCE, wait=wait
            )
            self._metrics.fetched += len(page.events)
            for event in page.events:
                if event.offset != at.offset + 1 or not event.follows(at.chain):
                    raise Diverged(f"{self.service}.{self.partition}: {event.id} does not follow offset {at.offset}")
                at = Checkpoint(event.offset, event.chain, event.feed)
            self._take(page.events)
            count += len(page.events)
            if not page.events or page.through >= page.head:
                return count
            wait = 0.0

    def _take(self, events: Sequence[Envelope]) -> None:
        """All together; if that fails, one by one, so that what is before the one that fails is done."""
        if not events:
            return
        try:
            self._commit(events)
        except Fenced:
            self.reload()
            raise
        except Exception:
            self._metrics.failures += 1
            self.reload()
            if len(events) == 1:
                raise
            _log.exception("%s.%s: a batch failed, one by one now", self.service, self.partition)
            for event in events:
                if event.offset > self.at.offset:
                    self._commit([event])

    def _commit(self, events: Sequence[Envelope]) -> None:
        for event in events:
            self._verify(event)
        last = events[-1]
        now = Checkpoint(last.offset, last.chain, last.feed)
        self._sink.take(self.service, self.partition, events, self.at, now)
        self.at = now
        self._metrics.events += len(events)
