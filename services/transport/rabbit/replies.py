"""The answering side's way out: transient, unconfirmed replies on a connection of their own.

A reply that cannot go out is dropped: the caller learns by its deadline that the outcome is unknown, and asks again.
"""

from __future__ import annotations

import logging
from typing import Any

import pika
from pika.channel import Channel

from services.transport.rabbit.calls import DIRECT_REPLY, EXCHANGE
from services.transport.rabbit.link import Link

_log = logging.getLogger(__name__)


class Replies:
    """``send`` may be called from any thread and never waits for the broker."""

    def __init__(self, url: str, service: str) -> None:
        self._channel: Channel | None = None  # on the link's thread only
        self._link = Link(url, f"{service}.replies", on_up=self._open_channel, on_down=self._lost)

    def start(self) -> None:
        self._link.start()

    def send(self, reply_to: str, correlation_id: str | None, body: bytes) -> None:
        """Answer a call by its ``reply_to``: a direct one, or the routing key of a nameko client's reply queue."""
        if not self._link.post(lambda: self._publish(reply_to, correlation_id, body)):
            _log.warning("an answer was dropped: the broker is away")

    def close(self) -> None:
        self._link.close()

    def _open_channel(self, connection: pika.SelectConnection) -> None:
        def opened(channel: Channel) -> None:
            channel.add_on_close_callback(closed)
            channel.exchange_declare(EXCHANGE, "topic", durable=True)
            self._channel = channel

        def closed(_channel: Channel, reason: Exception) -> None:
            self._lost()
            self._link.again(self._open_channel, reason)

        connection.channel(on_open_callback=opened)

    def _lost(self) -> None:
        self._channel = None

    def _publish(self, reply_to: str, correlation_id: str | None, body: bytes) -> None:
        if self._channel is None or not self._channel.is_open:
            _log.warning("an answer was dropped: the broker is away")
            return
        properties: Any = pika.BasicProperties(
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=1,
            correlation_id=correlation_id,
        )
        exchange = "" if reply_to.startswith(DIRECT_REPLY) else EXCHANGE
        self._channel.basic_publish(exchange, reply_to, body, properties)
