"""What a run of events does to a service: views are folded, policies react, and the checkpoint moves with it, or nothing is
done. What keeps failing is parked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from services import logs, metrics, parking, tracing
from services.events import Envelope, Incoming
from services.places import Call, Place
from services.rows import Rows
from services.store.database import is_duplicate, is_passing
from services.subscriptions import (
    ERASURES,
    Checkpoint,
    Fenced,
    Subscription,
    fold_batch,
    move_checkpoints,
    note_all,
    note_applied,
    prepare_batch,
    react,
)

if TYPE_CHECKING:
    from services.application import Application

HANDLER_TRIES = 3  # before an event is parked
RACE_TRIES = 10  # where another command on the same stream was faster each time
PARKS_TO_STOP = 20  # in a row: that is a bad release, not bad data
log = logs.get("effects")

Stop = Callable[[Place, str, str], None]  # place, state, reason


class Effects:
    """Of the events of one (source, partition). ``stop`` is told of a subscription that has parked too much.

    ``lazily``: where an event has no effect, nothing is written; what was seen so is written by ``settle``, or with the next
    effect. After a crash it is looked at again.
    """

    def __init__(self, app: Application, partition: int, call: Call, stop: Stop, *, lazily: bool = False) -> None:
        self.app, self.partition, self._call, self._stop, self._lazily = app, partition, call, stop, lazily

    def of(self, place: Place, envelopes: list[Envelope]) -> None:
        """A contiguous run after the checkpoint: effects and checkpoint, in as few transactions as its kind allows."""
        if place.subscription.view is not None:
            self._process_view(place, envelopes)
        else:
            self._process_policy(place, envelopes)
        self._counted(place, envelopes)

    @tracing.taking
    def together(self, group: list[Place], envelopes: list[Envelope]) -> None:
        """In one transaction for all of these, who stand at the same place: views, and whom the events do not concern."""
        events = [envelope.incoming() for envelope in envelopes]
        views = [place for place in group if place.subscription.view is not None]
        prepared = [prepare_batch(place.subscription.view, events, self._call) for place in views]  # type: ignore[arg-type]
        noting = [place.subscription.policy for place in group if place.subscription.policy is not None]
        with self.app.db.write() as conn:
            self._fence(conn, group, envelopes)
            rows = Rows(conn)
            for place, extra in zip(views, prepared, strict=True):
                assert place.subscription.view is not None
                fold_batch(place.subscription.view, events, rows, extra)
                self._note(rows, place, envelopes)
            for policy in noting:
                note_all(policy, events, rows)
            rows.flush()
        for place in group:
            if place.subscription.view is not None:
                place.parks_in_a_row = 0
            self._counted(place, envelopes)
            self._moved(place, envelopes)

    def saw(self, place: Place, end: Checkpoint) -> None:
        """Up to there nothing more concerns this subscription."""
        if end.offset > place.here.offset:
            place.seen = end

    def settle(self, places: Sequence[Place]) -> None:
        """Write where these have come, if that is further than what is written."""
        moves: dict[tuple[Checkpoint, Checkpoint], list[Place]] = {}
        for place in places:
            if place.here != place.checkpoint:
                moves.setdefault((place.checkpoint, place.here), []).append(place)
        for (old, new), group in moves.items():
            try:
                with self.app.db.write() as conn:
                    move_checkpoints(conn, [place.subscription for place in group], self.partition, old, new)
            except Fenced:
                for place in group:
                    place.loaded = False
            else:
                for place in group:
                    place.checkpoint = new

    def _counted(self, place: Place, envelopes: list[Envelope]) -> None:
        metrics.APPLIED.labels(self.app.name, place.subscription.name).inc(len(envelopes))
        place.last_at = envelopes[-1].time

    @tracing.taking
    def _process_view(self, place: Place, envelopes: list[Envelope], tries: int = RACE_TRIES) -> None:
        subscription = place.subscription
        assert subscription.view is not None
        events = [envelope.incoming() for envelope in envelopes]
        prepared = prepare_batch(subscription.view, events, self._call)
        try:
            with self.app.db.write() as conn:
                self._fence(conn, [place], envelopes)
                if place.parked and parking.any_parked(conn, subscription, {e.stream for e in events}):
                    raise _OneByOne
                rows = Rows(conn)
                fold_batch(subscription.view, events, rows, prepared)
                self._note(rows, place, envelopes)
                rows.flush()
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

    def _process_policy(self, place: Place, envelopes: list[Envelope]) -> None:
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

    def _skip(self, place: Place, envelopes: list[Envelope]) -> None:
        if not envelopes:
            return
        if self._lazily:
            self.saw(place, _after(envelopes))
            return
        with self.app.db.write() as conn:
            self._fence(conn, [place], envelopes)
        self._moved(place, envelopes)

    @tracing.taking
    def _single(self, place: Place, envelope: Envelope) -> None:
        """One event in a transaction of its own; what keeps failing is parked for (subscription, stream)."""
        if not place.running:
            return
        subscription, event = place.subscription, envelope.incoming()
        erasure = event.type in ERASURES
        attempt = 0
        while True:
            attempt += 1
            try:
                prepared = prepare_batch(subscription.view, [event], self._call) if subscription.view else ()
                with self.app.db.write() as conn:
                    self._fence(conn, [place], [envelope])
                    parked = parking.is_parked(conn, subscription, event.stream)
                    if parked and not erasure:
                        parking.park(conn, subscription, envelope, "behind a parked event")
                    else:
                        self.handle(subscription, event, conn, prepared)
                        if not parked:
                            rows = Rows(conn)
                            self._note(rows, place, [envelope])
                            rows.flush()
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
                if subscription.policy is not None and self.app.component.aggregates:
                    self.app.appended.set()  # it may have appended
                self._moved(place, [envelope])
                return

    def handle(self, subscription: Subscription, event: Incoming, conn: Any, prepared: tuple[Any, ...]) -> None:
        """One event's effect, in the caller's transaction."""
        if subscription.view is not None:
            rows = Rows(conn)
            fold_batch(subscription.view, [event], rows, prepared, prefetch=False)
            rows.flush()
        else:
            react(self.app, subscription, event, conn)

    def _park(self, place: Place, envelope: Envelope, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"[:1000]
        log.error(
            "event parked",
            subscription=place.subscription.name,
            event_id=envelope.id,
            error=reason,
            correlation=envelope.correlationid,
        )
        with self.app.db.write() as conn:
            self._fence(conn, [place], [envelope])
            parking.park(conn, place.subscription, envelope, reason)
        place.parked = True
        self._moved(place, [envelope])
        place.parks_in_a_row += 1
        if place.parks_in_a_row >= PARKS_TO_STOP:
            self._stop(place, "stopped", f"{PARKS_TO_STOP} events in a row were parked; the last: {reason}")

    def _fence(self, conn: Any, places: Sequence[Place], envelopes: list[Envelope]) -> None:
        """Move checkpoints, first of all in the transaction: whoever is second waits here, and then is ``Fenced``."""
        names = [place.subscription for place in places]
        move_checkpoints(conn, names, self.partition, places[0].checkpoint, _after(envelopes))

    def _note(self, rows: Rows, place: Place, envelopes: list[Envelope]) -> None:
        if self.app.component.records_applied and place.subscription.view is not None:
            note_applied(place.subscription, [e.incoming() for e in envelopes], rows)

    def _moved(self, place: Place, envelopes: list[Envelope]) -> None:
        place.checkpoint = _after(envelopes)
        if any(envelope.type in ERASURES for envelope in envelopes):
            self.forget()
        self.app.moved()

    def forget(self) -> None:
        """What was erased is gone from the tables: let it go from the stores' logs, too."""
        if not (self.app.db.forget() and self.app.vault.forget()):
            log.info("the stores' logs are read: what was erased goes with the next look")


def _after(envelopes: Sequence[Envelope]) -> Checkpoint:
    last = envelopes[-1]
    return Checkpoint(last.offset, last.chain, last.feed)


class _OneByOne(Exception):
    """Some stream of this batch is parked: go event by event."""
