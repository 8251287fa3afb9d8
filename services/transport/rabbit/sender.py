"""Publishes the relay's messages with windowed confirms: many on their way at once, none believed before its confirm.

Persistent, and not ``mandatory`` (it would prove nothing when one subscriber's queue is there and another's is not).
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import pika
from pika.channel import Channel

from services.errors import Unavailable
from services.transport.port import Outgoing
from services.transport.rabbit.link import Link, gather
from services.transport.rabbit.topology import EVENTS, declare_events

_log = logging.getLogger(__name__)

WINDOW = 256  # messages without a confirm
PATIENCE = 10.0  # seconds without any confirm until a batch is given up
CONNECT_PATIENCE = 2.0  # seconds that a batch waits for the connection
NACK_PATIENCE = 5.0  # seconds during which refused messages are sent again
NACK_PAUSE = 0.05  # seconds before a refused message goes out again


class RabbitSender:
    """One connection; one batch at a time."""

    def __init__(
        self,
        url: str,
        service: str,
        *,
        window: int = WINDOW,
        patience: float = PATIENCE,
        nack_patience: float = NACK_PATIENCE,
    ) -> None:
        self._window, self._patience, self._nack_patience = window, patience, nack_patience
        self._turn = threading.Lock()
        self._ready = threading.Event()  # a channel is open and confirms are on
        self._sending: _Batch | None = None  # for which somebody waits; it may not have been begun
        # On the link's thread only:
        self._channel: Channel | None = None
        self._batch: _Batch | None = None
        self._last_tag = 0
        self._unconfirmed: deque[tuple[int, _Batch, int]] = deque()  # (delivery tag, batch, index), tags ascending
        self._link = Link(url, f"{service}.relay", on_up=self._open_channel, on_down=self._lost)
        self._link.start()

    def send(self, messages: Sequence[Outgoing]) -> int:
        """See ``port.Sender``."""
        if not messages:
            return 0
        with self._turn:
            if not self._ready.wait(min(self._patience, CONNECT_PATIENCE)):
                raise Unavailable("broker.away")
            batch = self._sending = _Batch(messages)
            if not self._link.post(lambda: self._begin(batch)):
                raise Unavailable("broker.away")
            seen = -1
            while not batch.finished.wait(self._patience):
                if seen == batch.confirmed:  # no confirm for the whole time
                    self._ready.clear()
                    self._link.post(self._give_up)
                    break
                seen = batch.confirmed
            confirmed = batch.prefix()
        if confirmed == 0:
            raise Unavailable("broker.unconfirmed", messages=len(messages))
        return confirmed

    def close(self) -> None:
        self._link.close()

    # ------------------------------------------------------------------ on the link's thread

    def _open_channel(self, connection: pika.SelectConnection) -> None:
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Channel) -> None:
        channel.add_on_close_callback(self._channel_closed)
        self._channel, self._last_tag = channel, 0
        self._unconfirmed.clear()

        def confirming(_frame: Any) -> None:
            self._ready.set()

        declare_events(channel, lambda: channel.confirm_delivery(self._confirmed, callback=confirming))

    def _channel_closed(self, channel: Channel, reason: Exception) -> None:
        if channel is self._channel:
            self._lost()
        self._link.again(self._open_channel, reason)

    def _lost(self) -> None:
        self._ready.clear()
        self._channel = None
        self._unconfirmed.clear()
        self._batch = None
        if (sending := self._sending) is not None:
            sending.finished.set()  # also when what should have begun it was dropped with the connection

    def _give_up(self) -> None:
        """The broker went silent: start afresh, so that a late confirm cannot be taken for another message's."""
        self._batch = None
        if self._channel is not None and self._channel.is_open:
            self._channel.close()

    def _begin(self, batch: _Batch) -> None:
        if self._channel is None:
            batch.finished.set()
            return
        self._batch = batch
        self._publish()

    def _publish(self) -> None:
        batch, channel = self._batch, self._channel
        if batch is None or channel is None or not channel.is_open:
            return
        while len(self._unconfirmed) < self._window and (index := batch.next()) is not None:
            message = batch.messages[index]
            properties = pika.BasicProperties(
                content_type="application/json", delivery_mode=2, message_id=message.message_id
            )
            channel.basic_publish(EVENTS, message.routing_key, message.body, properties)
            self._last_tag += 1
            self._unconfirmed.append((self._last_tag, batch, index))
        gather(self._link.connection)

    def _confirmed(self, frame: Any) -> None:
        method = frame.method
        for batch, index in self._settled(method.delivery_tag, method.multiple):
            if method.NAME == "Basic.Ack":
                batch.confirm(index)
            elif not batch.refuse(index, self._nack_patience):
                batch.finished.set()
            else:
                self._link.call_later(NACK_PAUSE, self._publish)
        if self._batch is not None and self._batch.finished.is_set():
            self._batch = None
        self._publish()

    def _settled(self, tag: int, multiple: bool) -> list[tuple[_Batch, int]]:
        unconfirmed = self._unconfirmed
        if multiple:
            found = []
            while unconfirmed and unconfirmed[0][0] <= tag:
                found.append(unconfirmed.popleft()[1:])
            return found
        for position, (each, batch, index) in enumerate(unconfirmed):  # nearly always the first
            if each == tag:
                del unconfirmed[position]
                return [(batch, index)]
        return []


class _Batch:
    """What is known of one ``send``. Written by the link's thread; ``confirmed`` is read by the sender's."""

    def __init__(self, messages: Sequence[Outgoing], *, clock: Callable[[], float] = time.monotonic) -> None:
        self.messages = messages
        self.finished = threading.Event()
        self.confirmed = 0
        self._is_confirmed = bytearray(len(messages))
        self._to_send: int = 0  # the next that never went out
        self._again: deque[tuple[float, int]] = deque()  # refused: (not before, index)
        self._first_refusal: float | None = None
        self._clock = clock

    def next(self) -> int | None:
        """Index of the message to publish now, if any."""
        if self._again and self._again[0][0] <= self._clock():
            return self._again.popleft()[1]
        if self._to_send < len(self.messages):
            self._to_send += 1
            return self._to_send - 1
        return None

    def confirm(self, index: int) -> None:
        self._is_confirmed[index] = 1
        self.confirmed += 1
        if self.confirmed == len(self.messages):
            self.finished.set()

    def refuse(self, index: int, patience: float) -> bool:
        """Whether there is still time to send it again."""
        now = self._clock()
        if self._first_refusal is None:
            self._first_refusal = now
        self._again.append((now + NACK_PAUSE, index))
        return now - self._first_refusal < patience

    def prefix(self) -> int:
        """How many from the start are confirmed."""
        hole = self._is_confirmed.find(0)
        return len(self.messages) if hole < 0 else hole
