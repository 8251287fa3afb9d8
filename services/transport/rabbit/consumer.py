"""One subscription over RabbitMQ: a queue, a channel on the subscriber's connection, a thread that hands over batches.

The link's thread only stores what arrives. The subscription's thread takes what is there, up to a batch, hands it to
the intake and acknowledges when that returns. On any failure (the intake raised, the broker closed the channel, the
queue was deleted) it holds nothing: the channel goes, a growing pause follows, and a fresh channel comes, on which the
topology is declared again and the intake woken before anything is taken from the queue.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import pika
from pika.channel import Channel

from services.errors import Unavailable
from services.transport.pauses import Pauses
from services.transport.port import Intake
from services.transport.rabbit.link import Link
from services.transport.rabbit.topology import bindings, declare_subscription, queue_name
from services.transport.wire import is_object

_log = logging.getLogger(__name__)

PREFETCH = 500  # messages
BATCH = 200  # messages handed over at a time


class Subscription:
    """Made by the transport, which calls ``open`` on the link's thread whenever the connection is (re)made."""

    def __init__(
        self,
        link: Link,
        subscriber: str,
        source: str,
        partition: int,
        intake: Intake,
        *,
        types: frozenset[str] | None = None,
        pauses: Pauses,
        forget: Callable[[Subscription], None],
    ) -> None:
        self.name = queue_name(subscriber, source, partition)
        self._link, self._intake, self._pauses, self._forget = link, intake, pauses, forget
        self._bindings = bindings(source, partition, types)
        self._turn = threading.Condition()
        # Under the condition:
        self._channel: Channel | None = None  # from the moment that the queue is bound
        self._fresh = False  # it has not been woken on this channel
        self._broken = False  # the channel was lost or given up; the thread pauses, then asks for another
        self._resting = False
        self._closed = False
        self._arrived: deque[tuple[int, bytes]] = deque()  # (delivery tag, body)
        # On the link's thread only:
        self._opening: Channel | None = None
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        with self._turn:
            self._closed = True
            self._turn.notify_all()

    def close(self) -> None:
        self.ask_to_stop()
        self._forget(self)
        if self._thread is not threading.current_thread():
            self._thread.join(10.0)

    # ------------------------------------------------------------------ on the link's thread

    def open(self, connection: pika.SelectConnection) -> None:
        """Open a channel and consume, unless there is one or the subscription rests."""
        with self._turn:
            if self._closed or self._resting or self._broken or self._channel is not None:
                return
        if self._opening is None or self._opening.is_closed:
            self._opening = connection.channel(on_open_callback=self._opened)
            self._opening.add_on_close_callback(self._channel_closed)

    def _opened(self, channel: Channel) -> None:
        channel.add_on_cancel_callback(lambda _frame: channel.close())  # the queue was deleted
        channel.basic_qos(prefetch_count=PREFETCH)

        def bound() -> None:
            with self._turn:
                self._channel, self._fresh = channel, True
                self._turn.notify_all()

        declare_subscription(channel, self.name, self._bindings, bound)

    def _consume(self, channel: Channel) -> None:
        def arrived(_channel: Channel, method: Any, _properties: Any, body: bytes) -> None:
            with self._turn:
                if self._channel is channel:  # not one that was given up and is still closing
                    self._arrived.append((method.delivery_tag, body))
                    if len(self._arrived) == 1:
                        self._turn.notify_all()

        if channel.is_open:
            channel.basic_consume(self.name, on_message_callback=arrived)

    def open_again(self) -> None:
        """``open``, if the link is up."""
        if self._link.connection is not None:
            self.open(self._link.connection)

    def _give_up(self, channel: Channel) -> None:
        if self._opening is channel:
            self._opening = None
        if channel.is_open:
            channel.close()

    def _channel_closed(self, channel: Channel, reason: Exception) -> None:
        if self._opening is not channel:
            return
        self._opening = None
        with self._turn:
            self._channel, self._fresh = None, False
            self._arrived.clear()
            if not self._closed and not self._resting:
                self._broken = True
                self._turn.notify_all()
                _log.warning("subscription %s lost its channel: %r", self.name, reason)

    # ------------------------------------------------------------------ on the subscription's thread

    def _run(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._closed or self._broken or self._fresh or self._arrived)
                if self._closed:
                    break
                channel, wake, broken = self._channel, self._fresh, self._broken
                self._fresh = False
                batch = []
                if not wake and not broken:
                    batch = [self._arrived.popleft() for _ in range(min(BATCH, len(self._arrived)))]
            if broken:
                self._rest()
                continue
            try:
                if wake:
                    # The queue is bound, so it keeps what comes meanwhile: nothing is held while the feed is read.
                    self._intake.wake()
                    self._link.post(partial(self._consume, channel))
                else:
                    self._hand_over(channel, batch)
            except Exception as error:
                if isinstance(error, Unavailable):  # it passes by itself: a traceback would say nothing
                    _log.info("subscription %s waits: %s", self.name, error)
                else:
                    _log.exception("subscription %s failed", self.name)
                self._rest()
        self._let_go()

    def _hand_over(self, channel: Channel, batch: list[tuple[int, bytes]]) -> None:
        readable = [(tag, body) for tag, body in batch if is_object(body)]
        if len(readable) < len(batch):
            good = {tag for tag, _ in readable}
            bad = [tag for tag, _ in batch if tag not in good]
            _log.error("subscription %s: %d unreadable messages go to the dead letters", self.name, len(bad))
            self._link.post(lambda: _reject(channel, bad))
        if readable:
            self._intake.messages([body for _, body in readable])
            self._pauses.reset()  # not after a wake: one that succeeds says nothing about the messages that follow
            last = readable[-1][0]
            self._link.post(lambda: _acknowledge(channel, last))

    def _rest(self) -> None:
        """Hold nothing, pause, come back."""
        with self._turn:
            self._resting, self._broken = True, False
        self._let_go()
        pause = self._pauses.next()
        with self._turn:
            self._turn.wait_for(lambda: self._closed, pause)
            self._resting = self._broken = False
        self._link.post(self.open_again)

    def _let_go(self) -> None:
        with self._turn:
            channel, self._channel = self._channel, None
            self._fresh = False
            self._arrived.clear()
        if channel is not None:
            self._link.post(lambda: self._give_up(channel))


def _reject(channel: Channel, tags: list[int]) -> None:
    for tag in tags:
        if channel.is_open:
            channel.basic_reject(tag, requeue=False)


def _acknowledge(channel: Channel, tag: int) -> None:
    if channel.is_open:
        channel.basic_ack(tag, multiple=True)
