"""The answering side's way out: transient, unconfirmed replies on a connection of their own.

While the connection is away, replies wait a few seconds for it: after a broker's restart the calls may be back first.
One that cannot go out is dropped: the caller learns by its deadline that the outcome is unknown, and asks again.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import Any

import pika
from pika.channel import Channel

from services.transport.rabbit.calls import DIRECT_REPLY, EXCHANGE
from services.transport.rabbit.link import Link

_log = logging.getLogger(__name__)


WAITING = 1000  # replies that wait for the connection, the latest
PATIENCE = 10.0  # seconds that a reply waits


class Replies:
    """``send`` may be called from any thread and never waits for the broker."""

    def __init__(self, url: str, service: str) -> None:
        self._channel: Channel | None = None  # on the link's thread only
        self._waiting: deque[tuple[float, str, str | None, bytes]] = deque(maxlen=WAITING)  # (not after, …)
        self._link = Link(url, f"{service}.replies", on_up=self._open_channel, on_down=self._lost)

    def start(self) -> None:
        self._link.start()

    def send(self, reply_to: str, correlation_id: str | None, body: bytes) -> None:
        """Answer a call by its ``reply_to``: a direct one, or the routing key of a nameko client's reply queue."""
        self._waiting.append((time.monotonic() + PATIENCE, reply_to, correlation_id, body))
        self._link.post(self._publish_waiting)

    def close(self) -> None:
        self._link.close()

    def _open_channel(self, connection: pika.SelectConnection) -> None:
        def opened(channel: Channel) -> None:
            channel.add_on_close_callback(closed)
            channel.exchange_declare(EXCHANGE, "topic", durable=True)
            self._channel = channel
            self._publish_waiting()

        def closed(_channel: Channel, reason: Exception) -> None:
            self._lost()
            self._link.again(self._open_channel, reason)

        connection.channel(on_open_callback=opened)

    def _lost(self) -> None:
        self._channel = None

    def _publish_waiting(self) -> None:
        while self._waiting and self._channel is not None and self._channel.is_open:
            not_after, reply_to, correlation_id, body = self._waiting.popleft()
            if time.monotonic() > not_after:
                _log.warning("an answer was dropped: the broker was away for too long")
                continue
            properties: Any = pika.BasicProperties(
                content_type="application/json",
                content_encoding="utf-8",
                delivery_mode=1,
                correlation_id=correlation_id,
            )
            exchange = "" if reply_to.startswith(DIRECT_REPLY) else EXCHANGE
            self._channel.basic_publish(exchange, reply_to, body, properties)
