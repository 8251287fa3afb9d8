"""Where a subscription stands in its source's feed, and what follows there: the pure parts of the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from services.codec import chain_hash
from services.errors import OutcomeUnknown
from services.events import Envelope
from services.subscriptions import Checkpoint, Subscription

FEED_TIMEOUT = 10.0  # seconds
FIRST_TIMEOUT = 2.5  # seconds after which another instance is asked

Call = Callable[..., Any]


class Diverged(Exception):
    """The source says that it is not the one this subscription followed."""


@dataclass
class Place:
    """What a reader remembers of one subscription; the database has the truth (fenced)."""

    subscription: Subscription
    checkpoint: Checkpoint = field(default_factory=Checkpoint)
    seen: Checkpoint = field(
        default_factory=Checkpoint
    )  # further than the checkpoint where nothing had an effect since
    loaded: bool = False
    running: bool = True
    parks_in_a_row: int = 0
    parked: bool = False  # whether a stream may be parked: who parks moves the checkpoint, so this is known, too
    last_at: datetime | None = None
    whole_at: datetime | None = None  # when this subscription last had everything that its source's feed had

    @property
    def here(self) -> Checkpoint:
        """Up to where everything was looked at."""
        return self.seen if self.seen.offset > self.checkpoint.offset else self.checkpoint

    def found(self, stored: Checkpoint) -> None:
        """What the store says: where it has moved since, what was only seen is forgotten."""
        if stored != self.checkpoint:
            self.seen = stored
        self.checkpoint = stored


@dataclass(frozen=True, slots=True)
class Page:
    """What a feed answered: from which place on, events, the place after all that was looked at for them, and its head."""

    start: Checkpoint
    events: list[Envelope]
    end: Checkpoint
    head: int

    @classmethod
    def of(cls, start: Checkpoint, answer: dict[str, Any]) -> Page:
        """Raises ``Diverged`` where that is the answer."""
        if answer.get("diverged"):
            raise Diverged(answer["diverged"])
        end = Checkpoint(int(answer["through"]), answer["chain"] or "", answer["feed"])
        return cls(start, [msgspec.convert(event, Envelope) for event in answer["events"]], end, answer["head"])

    def continues(self, *, chosen: bool) -> bool:
        """Whether it goes on from its start. Of a feed of which only some types were asked for (``chosen``) the chain between
        two of them is the feed's own word, as where the page ends: it was asked with ours, and would have diverged."""
        if not chosen:
            return follows(self.start, self.events, self.end.feed)
        last = self.start
        if (last.feed or self.end.feed) != self.end.feed or self.end.offset < last.offset:
            return False
        for event in self.events:
            if event.feed != self.end.feed or not last.offset < event.offset <= self.end.offset:
                return False
            if event.offset == last.offset + 1 and event.chain != chain_hash(last.chain, event.hash):
                return False
            last = Checkpoint(event.offset, event.chain, event.feed)
        return last.offset != self.end.offset or last.chain == self.end.chain


def fresh(here: Checkpoint, envelopes: Iterable[Envelope]) -> list[Envelope]:
    """What is not a duplicate, neither of what was handled nor within these. In the order given."""
    seen: set[int] = set()
    return [
        each
        for each in envelopes
        if each.offset > here.offset and not (each.offset in seen or seen.add(each.offset))  # type: ignore[func-returns-value]
    ]


def follows(here: Checkpoint, envelopes: Iterable[Envelope], feed: str | None = None) -> bool:
    """Whether these are the next events of the same feed, each chained to the one before it.

    A source that was restored from an older backup numbers other events with the same offsets: the chain tells. ``feed``:
    the feed's own word for its id, for a checkpoint that has seen none yet.
    """
    offset, chain, id_ = here.offset, here.chain, here.feed or feed
    for envelope in envelopes:
        offset, chain = offset + 1, chain_hash(chain, envelope.hash)
        if (envelope.feed, envelope.offset, envelope.chain) != (id_, offset, chain):
            return False
    return True


def ask_source(call: Call, source: str, method: str, payload: dict[str, Any]) -> Any:
    """A source's ``feed`` or ``heads``. Looking twice does no harm: an instance that took the first call may be frozen."""
    try:
        return call(source, method, payload, timeout=FIRST_TIMEOUT)
    except OutcomeUnknown:
        return call(source, method, payload, timeout=FEED_TIMEOUT)
