"""The RabbitMQ adapter of the port: connections are made when they are first needed, one for each kind of work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pika

from services.transport.pauses import Pauses
from services.transport.port import Closeable, Handler, Intake, Sender, Subscribed
from services.transport.rabbit.calls import RabbitCalls
from services.transport.rabbit.consumer import Subscription
from services.transport.rabbit.link import Link
from services.transport.rabbit.sender import RabbitSender

#: What answers calls over RabbitMQ: the runtime at the rim (``services.nameko_ext``) gives it, the chassis knows none.
Server = Callable[[str, Mapping[str, Handler]], Closeable]


class RabbitTransport:
    """``name`` is the process's service, for the connections' names. One per process."""

    def __init__(
        self, url: str, name: str, *, server: Server | None = None, pauses: Callable[[], Pauses] = Pauses
    ) -> None:
        self._url, self._name, self._server, self._pauses = url, name, server, pauses
        self._lock = threading.Lock()
        self._link: Link | None = None  # the subscriptions' connection
        self._subscriptions: list[Subscription] = []
        self._calls: RabbitCalls | None = None
        self._senders: list[RabbitSender] = []

    def sender(self, service: str) -> Sender:
        sender = RabbitSender(self._url, service)
        with self._lock:
            self._senders.append(sender)
        return sender

    def subscribe(
        self, subscriber: str, source: str, partition: int, intake: Intake, types: frozenset[str] | None = None
    ) -> Subscribed:
        with self._lock:
            link = self._link
            if link is None:
                link = self._link = Link(self._url, f"{self._name}.subscriptions", on_up=self._open_all)
                link.start()
            subscription = Subscription(
                link, subscriber, source, partition, intake, types=types, pauses=self._pauses(), forget=self._forget
            )
            self._subscriptions.append(subscription)
        subscription.start()
        link.post(subscription.open_again)  # else when the link is up
        return subscription

    def call(
        self,
        service: str,
        method: str,
        payload: Mapping[str, Any],
        *,
        timeout: float,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        calls = self._calls
        if calls is None:
            with self._lock:
                calls = self._calls = self._calls or RabbitCalls(self._url, self._name)
        return calls.call(service, method, payload, timeout=timeout, headers=headers)

    def serve(self, service: str, handlers: Mapping[str, Handler]) -> Closeable:
        if self._server is None:
            raise NotImplementedError("over RabbitMQ calls are answered by services.nameko_ext")
        return self._server(service, handlers)

    def close(self) -> None:
        with self._lock:
            subscriptions, senders = list(self._subscriptions), list(self._senders)
            calls, link = self._calls, self._link
        for subscription in subscriptions:
            subscription.ask_to_stop()  # all at once, so that they finish side by side
        for subscription in subscriptions:
            subscription.close()
        for sender in senders:
            sender.close()
        if calls is not None:
            calls.close()
        if link is not None:
            link.close()

    def _open_all(self, connection: pika.SelectConnection) -> None:
        with self._lock:
            subscriptions = list(self._subscriptions)
        for subscription in subscriptions:
            subscription.open(connection)

    def _forget(self, subscription: Subscription) -> None:
        with self._lock:
            if subscription in self._subscriptions:
                self._subscriptions.remove(subscription)
