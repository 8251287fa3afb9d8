"""What the relay promises over either store: everything is sent at least once, in order per partition, and what was
confirmed is not sent again for nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

import msgspec
import pytest

from services import relay as relaying
from services.errors import Unavailable
from services.relay import Relay
from services.runtime import App
from services.store.tables import feed, feed_head, leases
from services.testing.at_once import in_parallel
from services.testing.running import wait_for
from services.testing.store import House, add, count, rows_of
from services.transport.port import Outgoing
from services.verify import verify


class Broker:
    """A sender that notes what is sent; ``confirms`` says how many of a batch are confirmed."""

    def __init__(self, confirms: Callable[[int], int] = lambda size: size) -> None:
        self.confirms = confirms
        self.sent: list[Outgoing] = []

    def send(self, messages: Sequence[Outgoing]) -> int:
        self.sent += messages
        confirmed = self.confirms(len(messages))
        if not confirmed:
            raise Unavailable("broker.unconfirmed")
        return confirmed

    def close(self) -> None: ...

    def offsets(self, partition: int = 0) -> list[int]:
        return [message.offset for message in self.sent if message.partition == partition]


def cursors(app: App) -> dict[int, tuple[int, int]]:
    """Partition → (head, cursor)."""
    return {row["partition"]: (row["offset"], row["published"]) for row in rows_of(app, feed_head)}


class Relaying:
    def test_everything_is_numbered_and_sent_in_order(self, house: House) -> None:
        app = house.app(partitions=3)
        for n in range(30):
            add(app, f"c{n % 8}", 1)
        broker = Broker()
        assert Relay(app.application, broker).step() == 30
        for partition, (head, cursor) in cursors(app).items():
            assert broker.offsets(partition) == list(range(head + 1))
            assert cursor == head
        message = broker.sent[0]
        envelope = msgspec.json.decode(message.body)
        assert message.routing_key == f"sample.{message.partition}.counter.added"
        assert (message.message_id, envelope["offset"]) == (
            f"sample.{message.partition}.{message.offset}",
            message.offset,
        )

    def test_with_nothing_new_nothing_is_sent(self, house: House) -> None:
        app = house.app()
        add(app, "a", 1)
        broker = Broker()
        relay = Relay(app.application, broker)
        assert [relay.step(), relay.step()] == [1, 0]
        assert broker.offsets() == [0]

    def test_large_backlogs_are_read_ahead_and_sent_once(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in (("PUBLISHED_AT_ONCE", 4), ("NUMBERED_AT_ONCE", 5), ("WORTH_LOOKING_AHEAD", 3)):
            monkeypatch.setattr(relaying, name, value)
        app = house.app()
        for n in range(23):
            add(app, f"c{n % 5}", 1)
        broker = Broker()
        relay = Relay(app.application, broker)
        while relay.step():
            pass
        assert broker.offsets() == list(range(23))
        assert cursors(app) == {0: (22, 22)}

    def test_the_cursor_stops_at_what_was_confirmed(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(relaying, "WORTH_LOOKING_AHEAD", 3)
        app = house.app()
        for n in range(10):
            add(app, f"c{n}", 1)
        broker = Broker(lambda size: min(size, 4))
        relay = Relay(app.application, broker)
        assert relay.step() == 4
        assert cursors(app) == {0: (9, 3)}
        broker.confirms = lambda size: size
        assert relay.step() == 6
        assert broker.offsets() == [*range(10), *range(4, 10)]

    def test_a_silent_broker_moves_nothing(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(relaying, "WORTH_LOOKING_AHEAD", 1)
        app = house.app()
        add(app, "a", 1)
        relay = Relay(app.application, Broker(lambda _: 0))
        with pytest.raises(Unavailable):
            relay.step()
        assert cursors(app) == {0: (0, -1)}
        assert relay.lag()["events"] == 1

    def test_two_relays_at_once_send_everything_in_order(self, house: House) -> None:
        app = house.app(partitions=2)
        other = house.app(partitions=2, url=app.settings.database_url)
        brokers = [Broker(), Broker()]
        relays = [Relay(each.application, broker) for each, broker in zip((app, other), brokers, strict=True)]
        done = threading.Event()

        def write() -> None:
            for n in range(60):
                add(app, f"c{n % 9}", 1)
            done.set()

        def run(relay: Relay) -> None:
            while not done.is_set():
                relay.step()
            relay.step()

        in_parallel([write, *(partial(run, relay) for relay in relays)])
        assert verify(app)["ok"]
        assert count(app, feed) == 60
        for partition, (head, cursor) in cursors(app).items():
            assert cursor == head
            assert {*brokers[0].offsets(partition), *brokers[1].offsets(partition)} == set(range(head + 1))

    def test_it_runs_until_it_is_stopped(self, house: House) -> None:
        app = house.app()
        broker, stop = Broker(), threading.Event()
        relay = Relay(app.application, broker)
        thread = threading.Thread(target=relay.run, args=(stop,))
        thread.start()
        try:
            add(app, "a", 1)
            wait_for(lambda: broker.offsets() == [0], "the event is sent")
            add(app, "a", 1)
            wait_for(lambda: relay.lag()["events"] == 0 and broker.offsets() == [0, 1], "nothing is left")
        finally:
            stop.set()
            app.application.appended.set()
            thread.join(20)
        assert relay.broker == "up"


class Leasing:
    """Only where several processes share a store."""

    def test_one_relay_sends_and_another_takes_over_when_it_ends(self, house: House) -> None:
        app = house.app()
        brokers = [Broker(), Broker()]
        relays = [Relay(app.application, broker) for broker in brokers]
        assert [relay._holds_lease() for relay in relays] == [True, False]
        assert count(app, leases) == 1
        relays[0]._release()
        assert relays[1]._holds_lease()
        assert not relays[0].__class__(app.application, brokers[0])._holds_lease()


__all__ = ["Leasing", "Relaying"]
