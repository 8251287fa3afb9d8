"""nameko's RPC entrypoint, with what the project needs beyond it: deadlines, typed errors, cheap answers.

What differs from ``nameko.rpc``:

* the queue lives no longer than its consumers, so that a caller learns at once that nobody is there (``mandatory``);
* a call whose deadline has passed is not begun; the deadline reaches the handler in its headers;
* answers are transient and unconfirmed, on one connection of their own, also to a direct reply-to;
* errors go as ``VigenciaError.to_wire()``, and any other exception as ``internal``, without its text;
* bodies are read by ``services.transport.wire``, not by kombu.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from kombu.entity import Queue
from nameko.constants import AMQP_URI_CONFIG_KEY
from nameko.exceptions import ContainerBeingKilled, MethodNotFound
from nameko.extensions import SharedExtension
from nameko.messaging import QueueConsumer, QueueConsumerStopped
from nameko.rpc import RPC_QUEUE_TEMPLATE, Rpc, RpcConsumer, get_rpc_exchange

from services.errors import NotFound, VigenciaError
from services.transport.pauses import Pauses
from services.transport.rabbit.replies import Replies
from services.transport.wire import check_deadline, decode_call, encode_answer, encode_error

_log = logging.getLogger(__name__)

#: Milliseconds that a queue without consumers lives, where ``auto_delete`` does not reach: after a broker's restart.
QUEUE_EXPIRES = 30_000

ExcInfo = tuple[type[BaseException], BaseException, Any]


class CallQueueConsumer(QueueConsumer):
    """nameko's consumer, made to outlive its connection: it comes back soon, and stops without a broker too."""

    _pending_remove_providers: dict[Any, Any]
    _lost = False  # the connection, and it was told

    def run(self) -> None:
        self._pauses = Pauses(most=2.0)
        while not self.should_stop:
            try:
                # kombu would wait a whole second for a message before it looks whether it shall stop.
                for _ in self.consume(limit=None, safety_interval=0.2):
                    pass
            except QueueConsumerStopped:
                raise
            except Exception as error:
                self._tell(False)
                if not self._lost:
                    _log.warning(
                        "%s: no broker (%r); trying again until it is back", self.container.service_name, error
                    )
                self._lost = True
                self._pause(self._pauses.next())

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.should_stop:
            self.on_iteration()
            time.sleep(0.05)

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        with self.create_connection() as connection:
            connection.connect()  # one attempt: run() tries again
            yield connection

    def _cancel_consumers_if_requested(self) -> None:
        pending, self._pending_remove_providers = self._pending_remove_providers, {}
        for provider, removed in pending.items():
            consumer = self._consumers.pop(provider, None)
            try:
                if consumer is not None:
                    consumer.cancel()
            except Exception as error:  # without a connection there is nothing to cancel
                _log.info("%s: %r", self.container.service_name, error)
            removed.send()

    def on_iteration(self) -> None:
        self._cancel_consumers_if_requested()
        if not self._consumers and self._consumers_ready.ready():
            self.should_stop = True

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Iterable[Any]:
        for provider in self._providers:
            # on_message: the raw message, at once. No thread between: prefetch keeps the workers' pool from filling up.
            consumer = consumer_cls(queues=[provider.queue], on_message=partial(provider.handle_message, None))
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def on_consume_ready(self, connection: Any, channel: Any, consumers: Any, **kwargs: Any) -> None:
        self._lost = False
        self._pauses.reset()
        self._tell(True)
        super().on_consume_ready(connection, channel, consumers, **kwargs)

    def ack_message(self, message: Any) -> None:
        try:
            super().ack_message(message)
        except Exception as error:  # the broker has taken it back already
            _log.info("a call could not be acknowledged: %r", error)

    def requeue_message(self, message: Any) -> None:
        try:
            super().requeue_message(message)
        except Exception as error:
            _log.info("a call could not be given back: %r", error)

    def _tell(self, up: bool) -> None:
        host = getattr(self.container.service_cls, "host", None)
        if host is not None:
            host.listens(self.container.service_name, up)


class ReplySender(SharedExtension):
    """One connection per container for all its answers. As a sub-extension it is stopped after the last worker."""

    def setup(self) -> None:
        self._replies = Replies(self.container.config[AMQP_URI_CONFIG_KEY], self.container.service_name)
        self._replies.start()

    def stop(self) -> None:
        self._replies.close()

    def send(self, message: Any, body: bytes) -> None:
        reply_to = message.properties.get("reply_to")
        if reply_to:
            self._replies.send(reply_to, message.properties.get("correlation_id"), body)


class CallConsumer(RpcConsumer):
    """The service's queue of calls."""

    queue_consumer = CallQueueConsumer()
    replies = ReplySender()
    queue: Queue | None

    def setup(self) -> None:
        if self.queue is None:
            name = self.container.service_name
            self.queue = Queue(
                RPC_QUEUE_TEMPLATE.format(name),
                exchange=get_rpc_exchange(self.container.config),
                routing_key=f"{name}.*",
                durable=True,
                auto_delete=True,
                expires=QUEUE_EXPIRES / 1000,
            )
            self.queue_consumer.register_provider(self)
            self._registered = True

    def handle_message(self, body: Any, message: Any) -> None:
        try:
            self.get_provider_for_method(message.delivery_info["routing_key"]).handle_message(body, message)
        except MethodNotFound as error:
            self.answer(message, None, NotFound("rpc.no-such-method", method=str(error)))
        except VigenciaError as error:
            self.answer(message, None, error)
        except Exception as error:
            _log.exception("a call could not be begun")
            self.answer(message, None, error)

    def answer(self, message: Any, result: Any, error: BaseException | None) -> None:
        """Answer, then acknowledge."""
        self.replies.send(message, encode_answer(result) if error is None else encode_error(error))
        self.queue_consumer.ack_message(message)


class Call(Rpc):
    """Entrypoint: the decorated method gets ``(payload, headers)``, as a ``Handler`` does."""

    rpc_consumer = CallConsumer()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(expected_exceptions=VigenciaError, **kwargs)

    def handle_message(self, body: Any, message: Any) -> None:
        headers = {key: str(value) for key, value in (message.headers or {}).items()}
        check_deadline(headers)
        payload = decode_call(message.body)
        try:
            self.container.spawn_worker(
                self,
                (payload, headers),
                {},
                context_data=self.unpack_message_headers(message),
                handle_result=partial(self.handle_result, message),
            )
        except ContainerBeingKilled:
            self.rpc_consumer.requeue_message(message)

    def handle_result(
        self, message: Any, worker_ctx: Any, result: Any, exc_info: ExcInfo | None
    ) -> tuple[Any, ExcInfo | None]:
        self.rpc_consumer.answer(message, result, exc_info[1] if exc_info else None)
        return result, exc_info


call = Call.decorator
