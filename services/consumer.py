"""The reader of one (source, partition): what the transport hands over becomes effects, once each and in order."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from services import logs, metrics, parking
from services.effects import Effects
from services.errors import Unavailable
from services.events import ORIGIN, Envelope, Incoming, parse_envelope
from services.places import Call, Diverged, Page, Place, ask_source, follows, fresh
from services.store.database import is_passing
from services.subscriptions import (
    NOW,
    Checkpoint,
    Fenced,
    Subscription,
    load_checkpoint,
    move_checkpoint,
    set_state,
    state_of,
    stored_places,
    types_of,
)

if TYPE_CHECKING:
    from services.application import Application

FETCH = 500  # events asked of a feed at a time
FENCED_TRIES = 5  # where another instance moves the same checkpoint each time
log = logs.get("consumer")


class Reader:
    """An ``Intake`` for one (source, partition), shared by all the subscriptions of a service to that source.

    ``call(service, method, payload, timeout=…)`` reaches the source's ``feed`` and other services' queries.
    """

    def __init__(
        self, app: Application, source: str, partition: int, subscriptions: Sequence[Subscription], call: Call
    ) -> None:
        self.app = app
        self.source = source
        self.partition = partition
        self._places = [Place(subscription) for subscription in subscriptions]
        self._call = call
        self.types = types_of(subscriptions)  # None: all of the feed
        self._effects = Effects(app, partition, call, self._stop, lazily=self.types is not None)
        self._lock = threading.RLock()
        self.head = ORIGIN
        self.connected = False
        self._since = datetime.now(UTC)

    # -- the transport's side --------------------------------------------------------------------------------------

    def messages(self, bodies: Sequence[bytes]) -> None:
        """A batch from the queue. Returns when every running subscription has committed; raises a passing fault."""
        envelopes = []
        for body in bodies:
            try:
                envelopes.append(parse_envelope(body))
            except msgspec.MsgspecError as error:
                log.error("unreadable envelope", source=self.source, error=str(error)[:200])
        envelopes.sort(key=lambda envelope: envelope.offset)
        self._deal(envelopes)

    def wake(self) -> None:
        """Look at the feed: at start, on every reconnection, when the transport says so, and every few seconds."""
        self.connected = True
        with self._lock:
            if not self._catch_up_together():
                self._each(self._catch_up)

    def compare(self, heads: dict[str, Any]) -> None:
        """Compare the checkpoints with the source's heads, so that a lost tail is found without a later event."""
        head = next((h for h in heads["partitions"] if h["partition"] == self.partition), None)
        if head is None:
            return
        self.head = head["offset"]
        if self.app.db.lingers or self.app.vault.lingers:
            self._effects.forget()
        with self._lock:
            try:
                self._refresh()
                for place in self._places:
                    self._compare(place, heads["feed"], head["chain"])
                self._effects.settle([place for place in self._places if place.running])
            finally:
                self.measure()

    def _compare(self, place: Place, feed: str, chain: str) -> None:
        here = place.here
        other_feed = here.feed is not None and here.feed != feed
        parted = here.offset == self.head != ORIGIN and here.chain != chain
        if place.running and (other_feed or parted or here.offset != self.head):
            self._guarded(place, self._catch_up)
        elif place.running:
            place.whole_at = datetime.now(UTC)

    def measure(self) -> None:
        now = datetime.now(UTC)
        for place in self._places:
            names = (self.app.name, place.subscription.name, self.source, str(self.partition))
            lag = max(0, self.head - place.here.offset)
            metrics.LAG_EVENTS.labels(*names).set(lag)
            behind = (now - (place.last_at or self._since)).total_seconds() if lag else 0.0
            metrics.LAG_SECONDS.labels(*names).set(behind)
            metrics.SUBSCRIPTION_UP.labels(*names).set(1 if place.running else 0)

    def positions(self) -> list[dict[str, Any]]:
        """For health and dashboards: every subscription's place and lag."""
        return [
            {
                "subscription": place.subscription.name,
                "kind": place.subscription.kind,
                "source": self.source,
                "partition": self.partition,
                "offset": place.here.offset,
                "head": self.head,
                "lag": max(0, self.head - place.here.offset),
                "running": place.running,
                "whole_at": place.whole_at.isoformat() if place.whole_at else None,
            }
            for place in self._places
        ]

    def handle(self, subscription: Subscription, event: Incoming, conn: Any, prepared: tuple[Any, ...]) -> None:
        """One event's effect, in the caller's transaction: an operator's redrive."""
        self._effects.handle(subscription, event, conn, prepared)

    def reload(self) -> None:
        """Forget what is remembered (an operator changed states or checkpoints) and look at the feed again."""
        with self._lock:
            for place in self._places:
                place.loaded = False
                place.parks_in_a_row = 0
        self.wake()

    # -- all subscriptions -----------------------------------------------------------------------------------------

    def _deal(self, envelopes: list[Envelope], page: Page | None = None) -> None:
        """Hand events to all: in one transaction to those that stand at the same place, then to each of the others."""
        with self._lock:
            group: list[Place] = []
            if page is None and self.types is not None and self._beyond(envelopes) and self._catch_up_together():
                return
            try:
                group, following = self._group(envelopes, page)
                if len(group) > 1:
                    self._effects.together(group, following)
            except Exception as error:  # each for itself: there every fault has its way to be dealt with
                log.info("not together", source=self.source, error=f"{type(error).__name__}: {error}"[:300])
                for place in group:
                    place.loaded = False
            self._each(lambda place: self._take(place, envelopes, page))

    def _beyond(self, envelopes: list[Envelope]) -> bool:
        """Whether there is something between where somebody stands and these events. Most often what concerns nobody: then
        all may ask at once what else there was."""
        try:
            for place in self._places:
                self._load(place)
        except Exception as error:
            raise _paused(error) if is_passing(error) else error from error
        following = [(place, fresh(place.here, envelopes)) for place in self._places if place.running]
        return any(events and not follows(place.here, events) for place, events in following)

    def _group(self, envelopes: list[Envelope], page: Page | None) -> tuple[list[Place], list[Envelope]]:
        """Who stands where most do, and can go on with the others: views, policies that only note, and whom these events do
        not concern. Where only some types come, whom they do not concern writes nothing, so there is nothing to share."""
        if self.types is not None:
            return [], []
        for place in self._places:
            self._load(place)
        able = [place for place in self._places if place.running and not place.parked]
        if len(able) < 2:
            return [], []
        (here, _), *_ = Counter(place.checkpoint for place in able).most_common(1)
        following = fresh(here, envelopes)
        if not following or not follows(here, following, page.end.feed if page else None):
            return [], []
        events = [envelope.incoming() for envelope in following]
        subscriptions = {place.subscription.name: place.subscription for place in able if place.checkpoint == here}
        joining = {
            name
            for name, each in subscriptions.items()
            if each.joins or not any(each.interested(event) for event in events)
        }
        return [place for place in able if place.subscription.name in joining], following

    def _catch_up_together(self) -> bool:
        """Where all stand at the same place, the feed is asked once for all. Whether they have all of it."""
        while True:
            try:
                for place in self._places:
                    self._load(place)
                running = [place for place in self._places if place.running]
                if len(running) < 2 or len({place.here for place in running}) > 1:
                    return False
                here = running[0].here
                page = self._ask_feed(here)
            except Diverged:
                return False
            except Exception as error:
                if is_passing(error):
                    raise _paused(error) from error
                raise
            if not page.continues(chosen=self.types is not None):
                return False
            self.head = page.head
            self._deal(page.events, page)
            if all(place.here.offset >= page.head for place in running if place.running):
                for place in running:
                    place.whole_at = datetime.now(UTC)
                return True
            if not all(place.here.offset > here.offset for place in running if place.running):
                return False

    def _ask_feed(self, here: Checkpoint) -> Page:
        asked: dict[str, Any] = {"after": here.offset, "chain": here.chain, "feed": here.feed, "limit": FETCH}
        if self.types is not None:
            asked["types"] = sorted(self.types)
        return Page.of(here, ask_source(self._call, self.source, "feed", {"partition": self.partition, **asked}))

    def _each(self, work: Callable[[Place], None]) -> None:
        """Do it for every running subscription; a fault of one does not keep the others from going on."""
        fault: Exception | None = None
        with self._lock:
            for place in self._places:
                try:
                    self._load(place)
                    if place.running:
                        self._guarded(place, work)
                except Exception as error:
                    if not is_passing(error):
                        log.exception("subscription fault", subscription=place.subscription.name)
                    fault = error
        if fault is not None:
            raise _paused(fault) if is_passing(fault) else fault

    # -- one subscription ------------------------------------------------------------------------------------------

    def _guarded(self, place: Place, work: Callable[[Place], None]) -> None:
        for _ in range(FENCED_TRIES):
            try:
                work(place)
                return
            except Fenced:
                log.info("checkpoint moved by another instance", subscription=place.subscription.name)
                place.loaded = False
                self._load(place)
                if not place.running:
                    return
                work = self._catch_up  # the other one may have done a part only of what was handed over
            except Diverged as reason:
                self._stop(place, "diverged", str(reason))
                return
        raise Unavailable("subscription.contended", subscription=place.subscription.name)

    def _load(self, place: Place) -> None:
        if place.loaded:
            return
        with self.app.db.look() as conn:
            place.found(load_checkpoint(conn, place.subscription, self.partition))
            place.running = state_of(conn, place.subscription)[0] == "running"
            place.parked = parking.any_parked(conn, place.subscription)
        if place.checkpoint.offset == NOW:
            self._start_now(place)
        place.loaded = True

    def _refresh(self) -> None:
        """An operator, or another instance, may have stopped, resumed or restarted subscriptions, or moved them on."""
        names = [place.subscription.name for place in self._places]
        with self.app.db.look() as conn:
            found = stored_places(conn, self.source, self.partition, names)
        for place in self._places:
            was_running = place.running
            checkpoint, place.running, place.parked = found[place.subscription.name]
            place.found(checkpoint)
            place.loaded = checkpoint.offset != NOW
            self._load(place)
            if place.running and not was_running:
                place.parks_in_a_row = 0

    def _start_now(self, place: Place) -> None:
        heads = ask_source(self._call, self.source, "heads", {})
        head = next(h for h in heads["partitions"] if h["partition"] == self.partition)
        now = Checkpoint(head["offset"], head["chain"], heads["feed"])
        with self.app.db.write() as conn:
            move_checkpoint(conn, place.subscription, self.partition, place.checkpoint, now)
        place.found(now)

    def _stop(self, place: Place, state: str, reason: str) -> None:
        log.error("subscription stopped", subscription=place.subscription.name, state=state, reason=reason)
        place.running = False
        with self.app.db.write() as conn:
            set_state(conn, place.subscription, state, reason)
        self.measure()

    def _take(self, place: Place, envelopes: list[Envelope], page: Page | None = None) -> None:
        """Duplicates are dropped; the next one is handled; before a later one the gap is filled from the feed: something was
        lost, or, where only some types come, others may lie between."""
        here, following = place.here, fresh(place.here, envelopes)
        if page is not None and self.types is not None and here == page.start:  # that it continues was looked at
            if following:
                self._effects.of(place, following)
            if place.running:
                self._effects.saw(place, page.end)
        elif following:
            self.head = max(self.head, following[-1].offset)
            if follows(here, following, page.end.feed if page else None):
                self._effects.of(place, following)
                return
            if self.types is None:
                metrics.GAPS.labels(self.app.name, place.subscription.name).inc()
            self._catch_up(place)

    def _catch_up(self, place: Place) -> None:
        while place.running:
            here = place.here
            page = self._ask_feed(here)
            if not page.continues(chosen=self.types is not None):
                raise Diverged(f"partition {self.partition}: the feed's chain after offset {here.offset} is broken")
            self.head = page.head
            if page.events:
                self._effects.of(place, page.events)
            if place.running:
                self._effects.saw(place, page.end)
            if place.here.offset >= page.head or place.here == here:
                place.whole_at = datetime.now(UTC)
                return


def _paused(fault: Exception) -> Unavailable:
    """A passing fault, for the transport: it comes back after a pause; a traceback would say nothing."""
    return Unavailable("subscription.paused", reason=f"{type(fault).__name__}: {fault}"[:300])
