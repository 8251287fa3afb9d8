"""The asking side of RPC: one connection, many callers, answers by direct reply-to.

A call is transient and unconfirmed. ``mandatory`` makes the broker return at once what nobody serves, because a
service's queue lives no longer than its consumers. The message expires with the deadline, so that nobody works for a
caller who has left.
"""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections.abc import Mapping
from typing import Any

import pika
from pika.channel import Channel

from services.errors import OutcomeUnknown, Unavailable, VigenciaError
from services.transport.port import FEED_LANE
from services.transport.rabbit.link import Link
from services.transport.wire import DEADLINE, deadline_after, decode_answer, encode_call

EXCHANGE = "nameko-rpc"  # where nameko's services bind their queues
FEED_SUFFIX = "-feed"  # the service's second nameko service, with workers of its own
DIRECT_REPLY = "amq.rabbitmq.reply-to"
CONNECT_PATIENCE = 2.0  # seconds that a call waits for the connection; page after page must not hang while it is away


def routing_key(service: str, method: str) -> str:
    return f"{service}{FEED_SUFFIX}.{method}" if method in FEED_LANE else f"{service}.{method}"


class RabbitCalls:
    """Any thread may call. ``caller`` names the connection in the broker's management."""

    def __init__(self, url: str, caller: str) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}
        self._ready = threading.Event()  # the channel listens for answers
        self._channel: Channel | None = None  # on the link's thread only
        self._prefix, self._numbers = uuid.uuid4().hex, itertools.count()
        self._link = Link(url, f"{caller}.calls", on_up=self._open_channel, on_down=self._lost)
        self._link.start()

    def call(
        self,
        service: str,
        method: str,
        payload: Mapping[str, Any],
        *,
        timeout: float,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """See ``port.Transport``."""
        started = time.monotonic()
        body = encode_call(payload)
        sent_headers = {**(headers or {}), DEADLINE: deadline_after(timeout)}
        if not self._ready.wait(min(timeout, CONNECT_PATIENCE)):
            raise Unavailable("broker.away", service=service)
        correlation = f"{self._prefix}.{next(self._numbers)}"
        waiting = _Waiting(service, method)
        with self._lock:
            self._waiting[correlation] = waiting
        try:
            left = timeout - (time.monotonic() - started)
            if not self._link.post(lambda: self._publish(correlation, body, sent_headers, left)):
                raise Unavailable("broker.away", service=service)
            waiting.finished.wait(left)
        finally:
            with self._lock:
                self._waiting.pop(correlation, None)
        return waiting.result()

    def close(self) -> None:
        self._link.close()

    # ------------------------------------------------------------------ on the link's thread

    def _open_channel(self, connection: pika.SelectConnection) -> None:
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Channel) -> None:
        channel.add_on_close_callback(self._channel_closed)
        channel.add_on_return_callback(self._returned)

        def listening(_frame: Any) -> None:
            self._channel = channel
            self._ready.set()

        # Declared by callers too: on a broker without it, publishing would close the channel for every call in flight.
        channel.exchange_declare(EXCHANGE, "topic", durable=True)
        channel.basic_consume(DIRECT_REPLY, on_message_callback=self._answered, auto_ack=True, callback=listening)

    def _channel_closed(self, _channel: Channel, reason: Exception) -> None:
        self._lost()
        self._link.again(self._open_channel, reason)

    def _lost(self) -> None:
        """What went out may have been done; what did not, was not."""
        self._ready.clear()
        self._channel = None
        with self._lock:
            waiting = list(self._waiting.values())
        for each in waiting:
            each.fail_by_loss()

    def _publish(self, correlation: str, body: bytes, headers: dict[str, str], left: float) -> None:
        waiting = self._waiting.get(correlation)
        if waiting is None:
            return  # the caller has given up already
        if self._channel is None:
            waiting.fail(Unavailable("broker.away", service=waiting.service))
            return
        if not waiting.going_out():
            return
        properties = pika.BasicProperties(
            content_type="application/json",
            headers=headers,
            delivery_mode=1,
            reply_to=DIRECT_REPLY,
            correlation_id=correlation,
            expiration=str(max(1, int(left * 1000))),
        )
        key = routing_key(waiting.service, waiting.method)
        self._channel.basic_publish(EXCHANGE, key, body, properties, mandatory=True)

    def _answered(self, _channel: Channel, _method: Any, properties: Any, body: bytes) -> None:
        waiting = self._waiting.get(properties.correlation_id)
        if waiting is not None:
            waiting.answer(body)

    def _returned(self, _channel: Channel, _method: Any, properties: Any, _body: bytes) -> None:
        waiting = self._waiting.get(properties.correlation_id)
        if waiting is not None:
            waiting.fail(Unavailable("rpc.nobody", service=waiting.service))


class _Waiting:
    """One caller's wait. The first of answer, failure and timeout decides; later ones are dropped."""

    def __init__(self, service: str, method: str) -> None:
        self.service, self.method = service, method
        self.finished = threading.Event()
        self._lock = threading.Lock()
        self._sent = self._over = False
        self._answer: bytes | None = None
        self._error: VigenciaError | None = None

    def going_out(self) -> bool:
        """Whether the caller still waits; from here on the call may be done."""
        with self._lock:
            self._sent = not self._over
            return self._sent

    def answer(self, body: bytes) -> None:
        self._finish(body, None)

    def fail(self, error: VigenciaError) -> None:
        self._finish(None, error)

    def fail_by_loss(self) -> None:
        with self._lock:
            sent = self._sent
        where = {"service": self.service, "method": self.method}
        self.fail(OutcomeUnknown("rpc.connection-lost", **where) if sent else Unavailable("broker.away", **where))

    def result(self) -> Any:
        """The answer; raises what the call ended with."""
        with self._lock:
            self._over = True
            sent, answer, error = self._sent, self._answer, self._error
        if error is not None:
            raise error
        if answer is not None:
            return decode_answer(answer)
        if sent:
            raise OutcomeUnknown("rpc.no-answer", service=self.service, method=self.method)
        raise Unavailable("broker.away", service=self.service)

    def _finish(self, answer: bytes | None, error: VigenciaError | None) -> None:
        with self._lock:
            if self._over or self._answer is not None or self._error is not None:
                return
            self._answer, self._error = answer, error
        self.finished.set()
