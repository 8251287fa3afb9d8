"""The port between the chassis and whatever carries its messages. Pure: protocols and small dataclasses.

What every adapter promises (``services/testing/transport_contract.py`` proves it over both):

* *RabbitMQ pushes; the feed proves.* A message may be lost, doubled or late; the feed heals it. An adapter only has to
  wake a subscriber soon, and to hand messages over in the order in which it got them.
* Returning from ``Intake.messages`` means that the effects are committed. Raising means: nothing was, come back later.
* A call ends in exactly one of: an answer, the callee's typed error, ``Unavailable`` (surely not done) or
  ``OutcomeUnknown`` (send the same command id again to learn).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

#: A service's methods. Each lane has a queue and workers of its own, so that a slow command never delays the feed.
COMMAND_LANE = frozenset({"execute", "ask", "batch", "operate"})
FEED_LANE = frozenset({"feed", "heads"})

#: What runs behind a method: ``(payload, headers) -> answer``. Payload and answer consist of JSON values; what JSON
#: has no word for (Decimal, date, datetime, dataclass) arrives at the other side as ``services.codec`` would write it.
Handler = Callable[[dict[str, Any], dict[str, str]], Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One event on its way out. ``body`` is the envelope's bytes, ``offset`` its place in (service, partition)."""

    routing_key: str  # <service>.<partition>.<aggregate>.<event>
    body: bytes
    message_id: str
    partition: int
    offset: int


class Closeable(Protocol):
    def close(self) -> None:
        """Stop taking, finish what is being done, let go. Twice is fine."""


class Subscribed(Closeable, Protocol):
    """A running subscription."""

    def ask_to_stop(self) -> None:
        """Take no more, without waiting. Ask all before closing each, so that they finish side by side."""


class Sender(Protocol):
    """What the relay publishes with. One caller at a time."""

    def send(self, messages: Sequence[Outgoing]) -> int:
        """Publish in order; return how many from the START of the sequence are confirmed (at least 1).

        What the broker refuses is tried again inside a bounded time. Raises ``Unavailable`` when not even the first
        message is confirmed. Messages beyond the returned count may have been published too.
        """

    def close(self) -> None: ...


class Intake(Protocol):
    """What a subscriber gives the transport, per (source, partition). Never called by two threads at a time."""

    def messages(self, bodies: Sequence[bytes]) -> None:
        """Envelopes in the order received. Returning = effects committed → acknowledged; raising → given back, and
        after a growing pause the subscription comes back (it holds nothing meanwhile)."""

    def wake(self) -> None:
        """No content: look at the feed yourself. Called on every (re)connection; embedded, for every event sent."""


class Transport(Protocol):
    def sender(self, service: str) -> Sender: ...

    def subscribe(
        self, subscriber: str, source: str, partition: int, intake: Intake, types: frozenset[str] | None = None
    ) -> Subscribed:
        """``types``: only events of these types need be pushed; None: all. Others may come, too."""

    def call(
        self,
        service: str,
        method: str,
        payload: Mapping[str, Any],
        *,
        timeout: float,  # seconds
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Ask ``service``; see the module's text for how a call ends. ``timeout`` becomes the header ``deadline``."""

    def serve(self, service: str, handlers: Mapping[str, Handler]) -> Closeable:
        """Answer calls. Method names: those of ``COMMAND_LANE`` and ``FEED_LANE``."""

    def close(self) -> None:
        """Let go of every connection and thread that this transport made."""
