"""Runs: connects, takes what the broker pushes, compares with the feed, comes back after every fault.

RabbitMQ pushes; the feed proves. Without ``amqp`` the feed alone is followed, by long polling: the same events, some
tenths of a second later.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import pika
import pika.exceptions

from vigencia_subscriber.envelope import Envelope, NotAnEnvelope
from vigencia_subscriber.errors import Diverged, FeedAway, Fenced, NotAllowed
from vigencia_subscriber.follower import Follower, Source, Verify
from vigencia_subscriber.metrics import Metrics
from vigencia_subscriber.sinks import Sink

EXCHANGE = "events"
AT_ONCE = 500  # messages of one transaction, and unacknowledged at a time
POLL_SECONDS = 5.0
IDLE_SECONDS = 0.1
_log = logging.getLogger("vigencia_subscriber")


class Feeds(Source, Protocol):
    """``Feed``, or what stands for it."""

    def heads(self, service: str) -> dict[int, int]: ...


class Subscriber:
    """``name`` is the one of ``vigencia subscribers add NAME``; several instances of one name share its work.

    ``compare_every``: seconds between two comparisons with the feed's heads, by which a lost tail is found.
    """

    def __init__(
        self,
        name: str,
        service: str,
        feed: Feeds,
        sink: Sink,
        *,
        amqp: str | None = None,
        verify: Verify | None = None,
        metrics: Metrics | None = None,
        compare_every: float = 10.0,
        pauses: Callable[[], Iterator[float]] | None = None,
    ) -> None:
        self.service, self.queue = service, f"sub.{name}.{service}"
        self.metrics = metrics or Metrics()
        self._feed, self._sink, self._amqp, self._compare_every = feed, sink, amqp, compare_every
        self._options = {"verify": verify} if verify else {}
        self._pauses = pauses or growing
        self._followers: dict[int, Follower] = {}

    # -- for callers --------------------------------------------------------------------------------------------------

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``. Raises ``Diverged`` and ``NotAllowed``, which do not pass; everything else is tried again."""
        self._insisting(self.compare, stop)
        if self._amqp is None:
            self._poll_all(stop)
        else:
            self._insisting(lambda: self._session(stop), stop)

    def catch_up(self) -> int:
        """Take all that the feed has now, once; how many events. For programs that run from time to time."""
        self._meet()
        return sum(follower.catch_up() for follower in self._followers.values())

    def compare(self) -> None:
        """Take what is missing, where the heads say that something is."""
        heads = self._meet()
        self.metrics.behind = sum(max(0, head - self._followers[place].at.offset) for place, head in heads.items())
        for follower in self._followers.values():
            follower.catch_up()  # also where nothing is missing: the feed then says that the history is the same
        self.metrics.behind = 0

    # -- inside -------------------------------------------------------------------------------------------------------

    def _meet(self) -> dict[int, int]:
        heads = self._feed.heads(self.service)
        for partition in heads:
            if partition not in self._followers:
                self._followers[partition] = Follower(
                    self.service, partition, self._feed, self._sink, self.metrics, **self._options
                )
        return heads

    def _insisting(self, work: Callable[[], object], stop: threading.Event) -> None:
        """Until it was done, or ``stop``."""
        pauses = self._pauses()
        while not stop.is_set():
            began = time.monotonic()
            try:
                work()
                return
            except (Diverged, NotAllowed):
                raise
            except pika.exceptions.AMQPError as error:
                self.metrics.reconnections += 1
                _log.warning("%s: no broker (%r)", self.queue, error)
                self._go_on_without()
            except (FeedAway, Fenced) as error:
                _log.warning("%s: %s", self.queue, error)
            except Exception:
                _log.exception("%s: failed; nothing of it was taken", self.queue)
            if time.monotonic() - began > 60:  # it went well for a while
                pauses = self._pauses()
            stop.wait(next(pauses))

    def _go_on_without(self) -> None:
        """The broker is away: the feed is not."""
        try:
            self.compare()
        except (FeedAway, Fenced) as error:
            _log.warning("%s: %s", self.queue, error)
        except (Diverged, NotAllowed):
            raise
        except Exception:
            _log.exception("%s: failed; nothing of it was taken", self.queue)

    def _session(self, stop: threading.Event) -> None:
        """One connection's life. Nothing is held unacknowledged while we back off: the connection is closed first."""
        try:
            connection = pika.BlockingConnection(pika.URLParameters(self._amqp))
        except OSError as error:  # no such host
            raise pika.exceptions.AMQPConnectionError(repr(error)) from error
        try:
            channel = connection.channel()
            channel.basic_qos(prefetch_count=AT_ONCE)
            # Each time: a broker that lost its disk has forgotten them.
            arguments = {"x-queue-type": "quorum", "x-single-active-consumer": True}
            channel.queue_declare(self.queue, durable=True, arguments=arguments)
            channel.queue_bind(self.queue, EXCHANGE, routing_key=f"{self.service}.#")
            for follower in self._followers.values():
                follower.reload()  # another instance may have had the work meanwhile
            self.compare()
            self._take(channel, stop)
        finally:
            if connection.is_open:
                connection.close()

    def _take(self, channel: Any, stop: threading.Event) -> None:
        compared = time.monotonic()
        waiting: list[bytes] = []
        for delivery, _, body in channel.consume(self.queue, inactivity_timeout=min(0.5, self._compare_every)):
            if delivery is not None:
                waiting.append(body)
                last = delivery.delivery_tag
                if len(waiting) < AT_ONCE and channel.get_waiting_message_count():
                    continue
            if waiting:
                self._push(waiting)
                channel.basic_ack(last, multiple=True)  # after the effects
                waiting = []
            if stop.is_set():
                return
            if time.monotonic() - compared >= self._compare_every:
                self.compare()
                compared = time.monotonic()

    def _push(self, bodies: Sequence[bytes]) -> None:
        groups: dict[int, list[Envelope]] = {}
        for body in bodies:
            try:
                event = Envelope.parse(body)
            except NotAnEnvelope as error:  # were it one of ours, the feed would have it
                self.metrics.unreadable += 1
                _log.warning("%s: %s", self.queue, error)
                continue
            if event.service == self.service:
                groups.setdefault(event.partition, []).append(event)
        for partition, events in groups.items():
            self._followers[partition].push(events)

    def _poll_all(self, stop: threading.Event) -> None:
        """A thread for each partition, since each waits for its own next event."""
        ended: list[BaseException] = []

        def follow(follower: Follower) -> None:
            def poll() -> None:
                while not stop.is_set():
                    if not follower.catch_up(wait=POLL_SECONDS):
                        stop.wait(IDLE_SECONDS)  # a gateway at which too many wait answers at once

            try:
                self._insisting(poll, stop)
            except BaseException as error:
                ended.append(error)
                stop.set()

        threads = [threading.Thread(target=follow, args=(each,)) for each in self._followers.values()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if ended:
            raise ended[0]


def growing(first: float = 0.2, longest: float = 15.0) -> Iterator[float]:
    """Seconds to wait before the next try."""
    pause = first
    while True:
        yield pause
        pause = min(pause * 2, longest)
