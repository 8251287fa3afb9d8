"""The transport within one process: an event is a wake-up, a call runs on a thread of the service's lane.

A wake carries nothing, so a crash between commit and wake loses nothing: the subscriber reads the feed when it starts.
Payloads and answers pass through the wire's JSON all the same, so that types equal those of the full mode.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.errors import NotFound, OutcomeUnknown, Unavailable, VigenciaError
from services.events import routing_key
from services.transport.lane import Lane
from services.transport.pauses import Pauses
from services.transport.port import FEED_LANE, Closeable, Handler, Intake, Outgoing, Sender, Subscribed
from services.transport.wire import (
    DEADLINE,
    check_deadline,
    deadline_after,
    decode_answer,
    decode_call,
    encode_answer,
    encode_call,
    encode_error,
)

_log = logging.getLogger(__name__)


class LocalTransport:
    """One per process, shared by all its services."""

    def __init__(self, *, workers: int = 16, feed_workers: int = 4, pauses: Callable[[], Pauses] = Pauses) -> None:
        self._workers, self._feed_workers, self._pauses = workers, feed_workers, pauses
        self._lock = threading.Lock()
        self._served: dict[str, _Served] = {}
        self._subscriptions: dict[tuple[str, int], list[_Subscription]] = {}

    def sender(self, service: str) -> Sender:
        return _LocalSender(self, service)

    def subscribe(
        self, subscriber: str, source: str, partition: int, intake: Intake, types: frozenset[str] | None = None
    ) -> Subscribed:
        place = (source, partition)

        def forget(subscription: _Subscription) -> None:
            with self._lock:
                others = [each for each in self._subscriptions.get(place, ()) if each is not subscription]
                self._subscriptions[place] = others

        keys = None if types is None else frozenset(routing_key(source, partition, each) for each in types)
        subscription = _Subscription(f"{subscriber}.{source}.{partition}", intake, keys, self._pauses(), forget)
        with self._lock:
            # A new list each time: wake() reads it without the lock.
            self._subscriptions[place] = [*self._subscriptions.get(place, ()), subscription]
        subscription.start()
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
        body = encode_call(payload)
        served = self._served.get(service)
        if served is None:
            raise Unavailable("rpc.nobody", service=service)
        handler = served.handlers.get(method)
        if handler is None:
            raise NotFound("rpc.no-such-method", service=service, method=method)
        call = _Call(f"{service}.{method}", handler, body, {**(headers or {}), DEADLINE: deadline_after(timeout)})
        lane = served.feed_lane if method in FEED_LANE else served.lane
        if not lane.submit(call.run):
            raise Unavailable("rpc.nobody", service=service)
        if call.finished.wait(timeout):
            return decode_answer(call.answer)
        if call.withdraw():
            raise Unavailable("rpc.expired", service=service, method=method)
        raise OutcomeUnknown("rpc.no-answer", service=service, method=method)

    def serve(self, service: str, handlers: Mapping[str, Handler]) -> Closeable:
        served = _Served(self, service, dict(handlers), self._workers, self._feed_workers)
        with self._lock:
            if service in self._served:
                raise ValueError(f"{service} is served already")
            self._served[service] = served
        return served

    def close(self) -> None:
        with self._lock:
            subscriptions = [subscription for group in self._subscriptions.values() for subscription in group]
            served = list(self._served.values())
        for subscription in subscriptions:
            subscription.ask_to_stop()  # all at once, so that they finish side by side
        for subscription in subscriptions:
            subscription.close()
        for each in served:
            each.close()

    def wake(self, source: str, partition: int, keys: set[str]) -> None:
        """Wake every subscriber of this partition to whom events with one of these routing keys matter."""
        for subscription in self._subscriptions.get((source, partition), ()):
            if subscription.keys is None or subscription.keys & keys:
                subscription.wake()

    def _forget(self, served: _Served) -> None:
        with self._lock:
            if self._served.get(served.service) is served:
                del self._served[served.service]


class _LocalSender:
    def __init__(self, transport: LocalTransport, service: str) -> None:
        self._transport, self._service = transport, service

    def send(self, messages: Sequence[Outgoing]) -> int:
        keys: dict[int, set[str]] = {}
        for message in messages:
            keys.setdefault(message.partition, set()).add(message.routing_key)
        for partition, some in keys.items():
            self._transport.wake(self._service, partition, some)
        return len(messages)

    def close(self) -> None:
        """Nothing is held."""


class _Served:
    def __init__(
        self, transport: LocalTransport, service: str, handlers: dict[str, Handler], workers: int, feed_workers: int
    ) -> None:
        self.service, self.handlers = service, handlers
        self.lane = Lane(f"{service}-call", workers)
        self.feed_lane = Lane(f"{service}-feed", feed_workers)
        self._transport = transport

    def close(self) -> None:
        self._transport._forget(self)
        self.lane.close()
        self.feed_lane.close()


class _Call:
    """One call; whoever is first, the worker that starts it or the caller who gives up, decides what became of it."""

    def __init__(self, name: str, handler: Handler, body: bytes, headers: dict[str, str]) -> None:
        self._name, self._handler, self._body, self._headers = name, handler, body, headers
        self._lock = threading.Lock()
        self._started = self._withdrawn = False
        self.answer = b""
        self.finished = threading.Event()

    def run(self) -> None:
        with self._lock:
            if self._withdrawn:
                return
            self._started = True
        try:
            check_deadline(self._headers)
            self.answer = encode_answer(self._handler(decode_call(self._body), self._headers))
        except VigenciaError as error:
            self.answer = encode_error(error)
        except Exception as error:
            _log.exception("a call failed: %s", self._name)
            self.answer = encode_error(error)
        self.finished.set()

    def withdraw(self) -> bool:
        """Whether it was in time: True means that the call will never run."""
        with self._lock:
            self._withdrawn = not self._started
            return self._withdrawn


class _Subscription:
    """A thread that wakes its intake, once for any number of wakes that came meanwhile."""

    def __init__(
        self,
        name: str,
        intake: Intake,
        keys: frozenset[str] | None,
        pauses: Pauses,
        forget: Callable[[_Subscription], None],
    ) -> None:
        self.keys = keys  # None: all
        self._name, self._intake, self._pauses, self._forget = name, intake, pauses, forget
        self._turn = threading.Condition()
        self._awake, self._closed = True, False  # awake: the first look at the feed is at the start
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        with self._turn:
            self._awake = True
            self._turn.notify()

    def ask_to_stop(self) -> None:
        with self._turn:
            self._closed = True
            self._turn.notify()

    def close(self) -> None:
        self.ask_to_stop()
        self._forget(self)
        if self._thread is not threading.current_thread():
            self._thread.join(10.0)

    def _run(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._awake or self._closed)
                if self._closed:
                    return
                self._awake = False
            try:
                self._intake.wake()
            except Exception as error:
                pause = self._pauses.next()
                if isinstance(error, Unavailable):  # it passes by itself: a traceback would say nothing
                    _log.info("subscription %s waits %.1f s: %s", self._name, pause, error)
                else:
                    _log.exception("subscription %s failed; again in %.1f s", self._name, pause)
                with self._turn:
                    self._turn.wait_for(lambda: self._closed, pause)
                    self._awake = True
            else:
                self._pauses.reset()
