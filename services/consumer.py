"""The reader of one (source, partition): what the transport hands over becomes effects, once each and in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from services import logs, metrics, parking
from services.codec import chain_hash
from services.errors import OutcomeUnknown, Unavailable
from services.events import ORIGIN, Envelope, Incoming, parse_envelope
from services.store.database import is_duplicate, is_passing
from services.subscriptions import (
    ERASED_EVENT,
    NOW,
    Checkpoint,
    Fenced,
    Subscription,
    fold_batch,
    load_checkpoint,
    move_checkpoint,
    note_applied,
    prepare_batch,
    react,
    set_state,
    state_of,
)

if TYPE_CHECKING:
    from services.application import Application

FETCH = 500  # events asked of a feed at a time
HANDLER_TRIES = 3  # before an event is parked
FENCED_TRIES = 5  # where another instance moves the same checkpoint each time
RACE_TRIES = 10  # where another command on the same stream was faster each time
PARKS_TO_STOP = 20  # in a row: that is a bad release, not bad data
FEED_TIMEOUT = 10.0  # seconds
FIRST_TIMEOUT = 2.5  # seconds after which another instance is asked
log = logs.get("consumer")

Call = Callable[..., Any]


class Diverged(Exception):
    """The source says that it is not the one this subscription followed."""


@dataclass
class _Place:
    """What a reader remembers of one subscription; the database has the truth (fenced)."""

    subscription: Subscription
    checkpoint: Checkpoint = field(default_factory=Checkpoint)
    loaded: bool = False
    running: bool = True
    parks_in_a_row: int = 0
    parked: bool = False  # whether a stream may be parked: who parks moves the checkpoint, so this is known, too
    last_at: datetime | None = None
    whole_at: datetime | None = None  # when this subscription last had everything that its source's feed had


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
        self._places = [_Place(subscription) for subscription in subscriptions]
        self._call = call
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
        self._each(lambda place: self._take(place, envelopes))

    def wake(self) -> None:
        """Look at the feed: at start, on every reconnection, when the transport says so, and every few seconds."""
        self.connected = True
        self._each(self._catch_up)

    def compare(self, heads: dict[str, Any]) -> None:
        """Compare the checkpoints with the source's heads, so that a lost tail is found without a later event."""
        head = next((h for h in heads["partitions"] if h["partition"] == self.partition), None)
        if head is None:
            return
        self.head = head["offset"]
        if self.app.db.lingers or self.app.vault.lingers:
            self._forget()
        with self._lock:
            try:
                for place in self._places:
                    self._refresh(place)
                    self._compare(place, heads["feed"], head["chain"])
            finally:
                self.measure()

    def _compare(self, place: _Place, feed: str, chain: str) -> None:
        here = place.checkpoint
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
            lag = max(0, self.head - place.checkpoint.offset)
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
                "offset": place.checkpoint.offset,
                "head": self.head,
                "lag": max(0, self.head - place.checkpoint.offset),
                "running": place.running,
                "whole_at": place.whole_at.isoformat() if place.whole_at else None,
            }
            for place in self._places
        ]

    def reload(self) -> None:
        """Forget what is remembered (an operator changed states or checkpoints) and look at the feed again."""
        with self._lock:
            for place in self._places:
                place.loaded = False
                place.parks_in_a_row = 0
        self.wake()

    # -- one subscription ------------------------------------------------------------------------------------------

    def _each(self, work: Callable[[_Place], None]) -> None:
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
            if is_passing(fault):  # the transport comes back after a pause; a traceback would say nothing
                raise Unavailable("subscription.paused", reason=f"{type(fault).__name__}: {fault}"[:300])
            raise fault

    def _guarded(self, place: _Place, work: Callable[[_Place], None]) -> None:
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

    def _load(self, place: _Place) -> None:
        if place.loaded:
            return
        with self.app.db.read() as conn:
            place.checkpoint = load_checkpoint(conn, place.subscription, self.partition)
            place.running = state_of(conn, place.subscription)[0] == "running"
            place.parked = parking.any_parked(conn, place.subscription)
        if place.checkpoint.offset == NOW:
            self._start_now(place)
        place.loaded = True

    def _refresh(self, place: _Place) -> None:
        """An operator, or another instance, may have stopped, resumed or restarted this subscription, or moved it on."""
        was_running = place.running
        place.loaded = False
        self._load(place)
        if place.running and not was_running:
            place.parks_in_a_row = 0

    def _start_now(self, place: _Place) -> None:
        heads = ask_source(self._call, self.source, "heads", {})
        head = next(h for h in heads["partitions"] if h["partition"] == self.partition)
        now = Checkpoint(head["offset"], head["chain"], heads["feed"])
        with self.app.db.write() as conn:
            move_checkpoint(conn, place.subscription, self.partition, place.checkpoint, now)
        place.checkpoint = now

    def _stop(self, place: _Place, state: str, reason: str) -> None:
        log.error("subscription stopped", subscription=place.subscription.name, state=state, reason=reason)
        place.running = False
        with self.app.db.write() as conn:
            set_state(conn, place.subscription, state, reason)
        self.measure()

    def _take(self, place: _Place, envelopes: list[Envelope]) -> None:
        """Duplicates are dropped; the next one is handled; before a later one the gap is filled from the feed."""
        fresh = [e for e in _unique(envelopes) if e.offset > place.checkpoint.offset]
        if not fresh:
            return
        self.head = max(self.head, fresh[-1].offset)
        here = place.checkpoint
        if not _follows(here, fresh):
            metrics.GAPS.labels(self.app.name, place.subscription.name).inc()
            self._catch_up(place)
            return
        self._process(place, fresh)

    def _catch_up(self, place: _Place) -> None:
        while place.running:
            here = place.checkpoint
            asked = {"after": here.offset, "chain": here.chain, "feed": here.feed, "limit": FETCH}
            answer = ask_source(self._call, self.source, "feed", {"partition": self.partition, **asked})
            if answer.get("diverged"):
                raise Diverged(answer["diverged"])
            self.head = answer["head"]
            envelopes = [msgspec.convert(event, Envelope) for event in answer["events"]]
            if not envelopes:
                place.whole_at = datetime.now(UTC)
                return
            known = here if here.feed is not None else Checkpoint(here.offset, here.chain, answer["feed"])
            if not _follows(known, envelopes):
                raise Diverged(f"partition {self.partition}: the feed's chain after offset {here.offset} is broken")
            self._process(place, envelopes)
            if len(envelopes) < FETCH and place.checkpoint.offset >= self.head:
                place.whole_at = datetime.now(UTC)
                return

    def _process(self, place: _Place, envelopes: list[Envelope]) -> None:
        """A contiguous run after the checkpoint: effects and checkpoint, in as few transactions as its kind allows."""
        if place.subscription.view is not None:
            self._process_view(place, envelopes)
        else:
            self._process_policy(place, envelopes)
        metrics.APPLIED.labels(self.app.name, place.subscription.name).inc(len(envelopes))
        place.last_at = envelopes[-1].time

    def _process_view(self, place: _Place, envelopes: list[Envelope], tries: int = RACE_TRIES) -> None:
        subscription = place.subscription
        assert subscription.view is not None
        events = [envelope.incoming() for envelope in envelopes]
        prepared = prepare_batch(subscription.view, events, self._call)
        try:
            with self.app.db.write() as conn:
                self._fence(conn, place, envelopes)
                if place.parked and parking.any_parked(conn, subscription, {e.stream for e in events}):
                    raise _OneByOne
                fold_batch(subscription.view, events, conn, prepared)
                self._note(conn, place, envelopes)
            place.parks_in_a_row = 0
            self._moved(place, envelopes)
        except Exception as error:
            if isinstance(error, Fenced) or is_passing(error):
                raise
            if is_duplicate(error) and tries > 1:  # another partition's reader inserted the same row
                self._process_view(place, envelopes, tries - 1)
                return
            if not isinstance(error, _OneByOne):
                log.warning("batch failed, going one by one", subscription=subscription.name, error=str(error)[:300])
            for envelope in envelopes:
                self._single(place, envelope)

    def _process_policy(self, place: _Place, envelopes: list[Envelope]) -> None:
        """One event a transaction; runs of events that cannot have an effect share one."""
        idle: list[Envelope] = []
        for envelope in envelopes:
            if place.subscription.interested(envelope.incoming()):
                self._skip(place, idle)
                idle = []
                self._single(place, envelope)
                if not place.running:
                    return
            else:
                idle.append(envelope)
        self._skip(place, idle)

    def _skip(self, place: _Place, envelopes: list[Envelope]) -> None:
        if envelopes:
            with self.app.db.write() as conn:
                self._fence(conn, place, envelopes)
            self._moved(place, envelopes)

    def _single(self, place: _Place, envelope: Envelope) -> None:
        """One event in a transaction of its own; what keeps failing is parked for (subscription, stream)."""
        if not place.running:
            return
        subscription, event = place.subscription, envelope.incoming()
        erasure = event.type == ERASED_EVENT
        attempt = 0
        while True:
            attempt += 1
            try:
                prepared = prepare_batch(subscription.view, [event], self._call) if subscription.view else ()
                with self.app.db.write() as conn:
                    self._fence(conn, place, [envelope])
                    parked = parking.is_parked(conn, subscription, event.stream)
                    if parked and not erasure:
                        parking.park(conn, subscription, envelope, "behind a parked event")
                    else:
                        self.handle(subscription, event, conn, prepared)
                        if not parked:
                            self._note(conn, place, [envelope])
            except Exception as error:
                # an erasure is never parked: it is tried until it is done
                if erasure or isinstance(error, Fenced) or is_passing(error):
                    raise
                if attempt >= (RACE_TRIES if is_duplicate(error) else HANDLER_TRIES):
                    self._park(place, envelope, error)
                    return
            else:
                if not parked:
                    place.parks_in_a_row = 0
                self._moved(place, [envelope])
                return

    def handle(self, subscription: Subscription, event: Incoming, conn: Any, prepared: tuple[Any, ...]) -> None:
        """One event's effect, in the caller's transaction."""
        if subscription.view is not None:
            fold_batch(subscription.view, [event], conn, prepared, prefetch=False)
        else:
            react(self.app, subscription, event, conn)

    def _park(self, place: _Place, envelope: Envelope, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"[:1000]
        log.error("event parked", subscription=place.subscription.name, event_id=envelope.id, error=reason)
        with self.app.db.write() as conn:
            self._fence(conn, place, [envelope])
            parking.park(conn, place.subscription, envelope, reason)
        place.parked = True
        self._moved(place, [envelope])
        place.parks_in_a_row += 1
        if place.parks_in_a_row >= PARKS_TO_STOP:
            self._stop(place, "stopped", f"{PARKS_TO_STOP} events in a row were parked; the last: {reason}")

    def _fence(self, conn: Any, place: _Place, envelopes: list[Envelope]) -> None:
        """Move the checkpoint, first of all in the transaction: whoever is second waits here, and then is ``Fenced``."""
        last = envelopes[-1]
        new = Checkpoint(last.offset, last.chain, last.feed)
        move_checkpoint(conn, place.subscription, self.partition, place.checkpoint, new)

    def _note(self, conn: Any, place: _Place, envelopes: list[Envelope]) -> None:
        if self.app.component.records_applied and place.subscription.view is not None:
            note_applied(place.subscription, [e.incoming() for e in envelopes], conn)

    def _moved(self, place: _Place, envelopes: list[Envelope]) -> None:
        last = envelopes[-1]
        place.checkpoint = Checkpoint(last.offset, last.chain, last.feed)
        if any(envelope.type == ERASED_EVENT for envelope in envelopes):
            self._forget()
        self.app.appended.set()  # a policy may have appended; a reader may wait for what was applied
        self.app.moved()

    def _forget(self) -> None:
        """What was erased is gone from the tables: let it go from the stores' logs, too."""
        if not (self.app.db.forget() and self.app.vault.forget()):
            log.info("the stores' logs are read: what was erased goes with the next look")


class _OneByOne(Exception):
    """Some stream of this batch is parked: go event by event."""


def _unique(envelopes: list[Envelope]) -> list[Envelope]:
    seen: set[int] = set()
    return [e for e in envelopes if not (e.offset in seen or seen.add(e.offset))]  # type: ignore[func-returns-value]


def _follows(here: Checkpoint, envelopes: list[Envelope]) -> bool:
    """Whether these are the next events of the same feed, each chained to the one before it.

    A source that was restored from an older backup numbers other events with the same offsets: the chain tells.
    """
    offset, chain = here.offset, here.chain
    for envelope in envelopes:
        offset, chain = offset + 1, chain_hash(chain, envelope.hash)
        if (envelope.feed, envelope.offset, envelope.chain) != (here.feed, offset, chain):
            return False
    return True


def ask_source(call: Call, source: str, method: str, payload: dict[str, Any]) -> Any:
    """A source's ``feed`` or ``heads``. Looking twice does no harm: an instance that took the first call may be frozen."""
    try:
        return call(source, method, payload, timeout=FIRST_TIMEOUT)
    except OutcomeUnknown:
        return call(source, method, payload, timeout=FEED_TIMEOUT)


def watch(readers: Sequence[Reader], call: Call, stop: threading.Event, *, every: float = 10.0) -> None:
    """Until ``stop``: compare all checkpoints with the sources' heads, so that a lost tail is found by itself."""
    while not stop.wait(every):
        compare_all(readers, call)


def compare_all(readers: Sequence[Reader], call: Call) -> None:
    """One comparison of every reader with its source's heads."""
    for source in dict.fromkeys(reader.source for reader in readers):
        started = time.monotonic()
        try:
            heads = ask_source(call, source, "heads", {})
        except Exception as error:
            log.info("heads not to be had", source=source, error=str(error)[:200], after=time.monotonic() - started)
            continue
        for reader in readers:
            if reader.source == source:
                try:
                    reader.compare(heads)
                except Exception as error:
                    log.warning("catching up failed", source=source, error=str(error)[:300])
