"""The least that publishes with windowed confirms: pika's SelectConnection, one thread, nothing else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pika

Message = tuple[str, bytes, str]  # routing key, body, message id


def publish(url: str, exchange: str, messages: Sequence[Message], window: int = 256) -> float:
    """Seconds from the first publish to the last confirm."""
    run = _Run(exchange, messages, window)
    connection = pika.SelectConnection(
        pika.URLParameters(url), on_open_callback=run.opened, on_close_callback=run.closed
    )
    run.connection = connection
    connection.ioloop.start()
    return run.seconds


class _Run:
    def __init__(self, exchange: str, messages: Sequence[Message], window: int) -> None:
        self.exchange, self.messages, self.window = exchange, messages, window
        self.next, self.confirmed = 0, 0
        self.seconds = 0.0
        self.connection: Any = None

    def opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self.channel_opened)

    def channel_opened(self, channel: Any) -> None:
        self.channel = channel
        channel.confirm_delivery(self.acknowledged, callback=self.begin)

    def begin(self, _frame: Any) -> None:
        self.started = time.perf_counter()
        self.publish()

    def publish(self) -> None:
        while self.next < len(self.messages) and self.next - self.confirmed < self.window:
            key, body, message_id = self.messages[self.next]
            properties = pika.BasicProperties(content_type="application/json", delivery_mode=2, message_id=message_id)
            self.channel.basic_publish(self.exchange, key, body, properties)
            self.next += 1

    def acknowledged(self, frame: Any) -> None:
        self.confirmed = frame.method.delivery_tag if frame.method.multiple else self.confirmed + 1
        if self.confirmed >= len(self.messages):
            self.seconds = time.perf_counter() - self.started
            self.connection.close()
        else:
            self.publish()

    def closed(self, connection: Any, _reason: Any) -> None:
        connection.ioloop.stop()
