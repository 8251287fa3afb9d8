"""The RabbitMQ adapter keeps the transport's contract; its connections are cut and its queues deleted meanwhile."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence

import pytest

from services.errors import OutcomeUnknown, Unavailable
from services.testing.transport_contract import WORKERS, Calls, Deliveries, Source, Subscriber, eventually, in_thread
from services.testing.transport_rabbit import EchoProcess, Peek, RabbitHarness
from services.testing.transport_service import NAME
from services.transport.rabbit.link import Link
from services.transport.rabbit.sender import RabbitSender
from services.transport.rabbit.topology import DEAD, SUBSCRIBER, QueueArguments, queue_name


@pytest.fixture(scope="module")
def broker_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A virtual host for this module; or the one that the environment names (the same tests under eventlet)."""
    given = os.environ.get("VIGENCIA_TEST_AMQP_URL")
    if given:
        yield given
        return
    broker = request.getfixturevalue("rabbitmq")
    url = broker.new_url()
    yield url
    broker.drop(url)


@pytest.fixture(scope="module")
def echo(broker_url: str) -> Iterator[EchoProcess]:
    with EchoProcess(broker_url) as process:
        yield process


@pytest.fixture
def harness(broker_url: str) -> Iterator[RabbitHarness]:
    made = RabbitHarness(broker_url)
    yield made
    made.close()


@pytest.mark.usefixtures("echo")
class TestCalls(Calls):
    def test_a_call_that_is_not_begun_by_its_deadline_has_an_unknown_outcome(self, harness: RabbitHarness) -> None:
        """Differs: the broker drops the message silently, so the caller cannot know."""
        slow = [
            in_thread(lambda: harness.transport.call(NAME, "execute", {"do": "wait", "seconds": 0.5}, timeout=20))
            for _ in range(WORKERS)
        ]
        eventually(lambda: harness.transport.call(NAME, "heads", {}, timeout=20) is None)
        with pytest.raises(OutcomeUnknown):
            harness.transport.call(NAME, "execute", {}, timeout=0.05)
        for thread, _ in slow:
            thread.join(20)

    def test_a_connection_lost_while_waiting_leaves_the_outcome_unknown_at_once(self, harness: RabbitHarness) -> None:
        harness.transport.call(NAME, "ask", {}, timeout=10)
        thread, outcome = in_thread(
            lambda: harness.transport.call(NAME, "execute", {"do": "wait", "seconds": 0.5}, timeout=3600)
        )
        eventually(lambda: harness.transport._calls is not None and harness.transport._calls._waiting)
        harness.transport.call(NAME, "heads", {}, timeout=10)  # by now the slow one has gone out
        harness.proxy.cut()
        thread.join(20)
        assert isinstance(outcome[0], OutcomeUnknown)
        assert outcome[0].code == "rpc.connection-lost"

    def test_without_a_broker_a_call_is_unavailable_and_works_again_when_it_is_back(
        self, harness: RabbitHarness
    ) -> None:
        assert harness.transport.call(NAME, "ask", {"value": 1}, timeout=10) == 1
        harness.proxy.refuse()

        def outcome() -> object:
            try:
                return harness.transport.call(NAME, "ask", {"value": 2}, timeout=3600)
            except (Unavailable, OutcomeUnknown) as error:
                return type(error)

        eventually(lambda: outcome() is Unavailable)  # unknown, as long as the loss is not noticed
        harness.proxy.accept()
        eventually(lambda: outcome() == 2)

    def test_two_services_share_the_calls_and_one_may_go(self, harness: RabbitHarness, broker_url: str) -> None:
        with EchoProcess(broker_url) as second:
            assert [harness.transport.call(NAME, "ask", {"value": n}, timeout=10) for n in range(20)] == [*range(20)]
            assert second.stop() == 0
        assert [harness.transport.call(NAME, "ask", {"value": n}, timeout=10) for n in range(20)] == [*range(20)]


class TestDeliveries(Deliveries):
    def test_it_is_woken_on_every_connection_and_gets_what_was_sent_meanwhile(self, harness: RabbitHarness) -> None:
        source = Source(harness.new_transport())
        subscriber = Subscriber(source)
        harness.transport.subscribe("reader", source.name, 0, subscriber)
        source.emit(10)
        eventually(lambda: subscriber.applied == source.feed)
        for round_ in range(1, 4):
            wakes = subscriber.wakes
            harness.proxy.cut()
            eventually(lambda wakes=wakes: subscriber.wakes > wakes)  # type: ignore[misc]
            eventually(lambda: _emitted(source, 5))
            eventually(lambda: subscriber.applied == source.feed)
            assert len(source.feed) >= 10 + 5 * round_

    def test_messages_sent_while_nobody_listens_wait_in_the_queue(self, harness: RabbitHarness) -> None:
        source = Source(harness.transport)
        first = Subscriber(source)
        subscription = harness.transport.subscribe("reader", source.name, 0, first)
        eventually(lambda: first.wakes > 0)
        subscription.close()
        with Peek(harness.direct_url) as peek:  # the broker hears of it a moment later
            eventually(lambda: peek.consumers(queue_name("reader", source.name, 0)) == 0)
        source.emit(300)
        second = Subscriber(source)
        harness.transport.subscribe("reader", source.name, 0, second)
        eventually(lambda: sum(map(len, second.batches)) == 300)
        assert [offset for batch in second.batches for offset in batch] == source.feed
        assert max(map(len, second.batches)) > 1

    def test_what_took_effect_is_acknowledged_and_does_not_come_again(self, harness: RabbitHarness) -> None:
        source = Source(harness.transport)
        subscriber = Subscriber(source)
        subscription = harness.transport.subscribe("reader", source.name, 0, subscriber)
        eventually(lambda: subscriber.wakes > 0)
        source.emit(100)
        eventually(lambda: sum(map(len, subscriber.batches)) == 100)
        subscription.close()
        with Peek(harness.direct_url) as peek:
            assert peek.ready(queue_name("reader", source.name, 0)) == 0

    def test_a_failed_batch_is_given_back_and_comes_again(self, harness: RabbitHarness) -> None:
        source = Source(harness.transport)

        class OnlyMessages(Subscriber):
            def wake(self) -> None:  # so that the messages themselves must bring the events
                self.wakes += 1

        subscriber = OnlyMessages(source)
        harness.transport.subscribe("reader", source.name, 0, subscriber)
        eventually(lambda: subscriber.wakes == 1)
        subscriber.failures = 2
        source.emit(30)
        eventually(lambda: subscriber.applied == source.feed)
        assert subscriber.wakes == 3
        # Not in order: RabbitMQ may put what is given back behind what arrived meanwhile. The feed fills such gaps.
        eventually(lambda: {offset for batch in subscriber.batches[2:] for offset in batch} == set(source.feed))

    def test_an_unreadable_body_goes_to_the_dead_letters_and_the_others_are_handled(
        self, harness: RabbitHarness
    ) -> None:
        source = Source(harness.transport)
        subscriber = Subscriber(source)
        harness.transport.subscribe("reader", source.name, 0, subscriber)
        eventually(lambda: subscriber.wakes > 0)
        bad = [b"", b"\x00\xff", b"[1]", b'"text"', b'{"offset": 1', b'{"a": "\xff"}']
        with Peek(harness.direct_url) as peek:
            while peek.take(DEAD):
                pass
            for body in bad:
                peek.channel.basic_publish("events", f"{source.name}.0.thing.happened", body)
            source.emit(3)
            eventually(lambda: subscriber.applied == source.feed)
            dead = []
            eventually(lambda: dead.append(found) if (found := peek.take(DEAD)) else len(dead) == len(bad))
        assert [body for body, _ in dead] == bad
        assert {headers["x-first-death-queue"] for _, headers in dead} == {queue_name("reader", source.name, 0)}

    def test_what_falls_out_of_a_full_queue_is_no_dead_letter(
        self, harness: RabbitHarness, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small = QueueArguments(
            single_active_consumer=True,
            max_length=10,
            overflow="drop-head",
            dead_letter_exchange=DEAD,
            delivery_limit=9,
        )
        monkeypatch.setattr("services.transport.rabbit.topology.SUBSCRIBER", small)
        source = Source(harness.transport)
        subscriber = Subscriber(source)
        subscription = harness.transport.subscribe("reader", source.name, 0, subscriber)
        eventually(lambda: subscriber.wakes > 0)
        subscription.close()
        with Peek(harness.direct_url) as peek:
            before = peek.ready(DEAD)
            source.emit(50)
            eventually(lambda: peek.ready(queue_name("reader", source.name, 0)) == 10)
            later = Subscriber(source)
            harness.transport.subscribe("reader", source.name, 0, later)
            eventually(lambda: later.applied == source.feed)
            assert peek.ready(DEAD) == before

    def test_a_deleted_queue_is_made_again(self, harness: RabbitHarness) -> None:
        source = Source(harness.transport)
        subscriber = Subscriber(source)
        harness.transport.subscribe("reader", source.name, 0, subscriber)
        eventually(lambda: subscriber.wakes == 1)
        with Peek(harness.direct_url) as peek:
            peek.channel.queue_delete(queue_name("reader", source.name, 0))
        eventually(lambda: subscriber.wakes == 2)
        source.emit(5)
        eventually(lambda: sum(map(len, subscriber.batches)) == 5)

    def test_deleted_exchanges_are_made_again_by_the_sender_and_the_subscriber(self, harness: RabbitHarness) -> None:
        source = Source(harness.transport)
        subscriber = Subscriber(source)
        harness.transport.subscribe("reader", source.name, 0, subscriber)
        eventually(lambda: subscriber.wakes == 1)
        source.emit(1)
        with Peek(harness.direct_url) as peek:
            peek.channel.exchange_delete("events")
        eventually(lambda: _emitted(source, 1))  # the exchange is there again, though not the binding
        harness.proxy.cut()
        eventually(lambda: subscriber.wakes == 2)
        eventually(lambda: _emitted(source, 1))
        eventually(lambda: subscriber.applied == source.feed)
        assert source.feed[-1] in subscriber.batches[-1]

    def test_only_one_of_two_instances_is_given_messages_and_the_other_takes_over(self, harness: RabbitHarness) -> None:
        source = Source(harness.transport)
        active, standby = Subscriber(source), Subscriber(source)
        first = harness.transport.subscribe("reader", source.name, 0, active)
        eventually(lambda: active.wakes == 1)
        other = harness.new_transport()
        other.subscribe("reader", source.name, 0, standby)
        eventually(lambda: standby.wakes == 1)
        source.emit(20)
        eventually(lambda: sum(map(len, active.batches)) == 20)
        assert standby.batches == []
        first.close()
        source.emit(20)
        eventually(lambda: sum(map(len, standby.batches)) == 20)
        other.close()

    def test_a_subscriber_that_works_holds_a_bounded_number_of_messages(self, harness: RabbitHarness) -> None:
        source = Source(harness.transport)
        entered, go_on = threading.Event(), threading.Event()

        class Slow(Subscriber):
            def messages(self, bodies: Sequence[bytes]) -> None:
                entered.set()
                assert go_on.wait(30)
                super().messages(bodies)

        slow = Slow(source)
        harness.transport.subscribe("reader", source.name, 0, slow)
        eventually(lambda: slow.wakes == 1)
        source.emit(2000)
        assert entered.wait(20)
        with Peek(harness.direct_url) as peek:
            eventually(lambda: peek.ready(queue_name("reader", source.name, 0)) == 1500)
        go_on.set()
        eventually(lambda: slow.applied == source.feed)
        assert max(map(len, slow.batches)) <= 200

    def test_it_holds_nothing_while_it_reads_the_feed(self, harness: RabbitHarness) -> None:
        source = Source(harness.transport)
        entered, go_on = threading.Event(), threading.Event()

        class Slow(Subscriber):
            def wake(self) -> None:
                entered.set()
                assert go_on.wait(30)
                super().wake()

        slow = Slow(source)
        harness.transport.subscribe("reader", source.name, 0, slow)
        assert entered.wait(20)
        source.emit(50)
        with Peek(harness.direct_url) as peek:
            eventually(lambda: peek.ready(queue_name("reader", source.name, 0)) == 50)
        go_on.set()
        eventually(lambda: slow.applied == source.feed)

    def test_the_queue_is_what_the_design_says(self) -> None:
        assert SUBSCRIBER.table() == {
            "x-queue-type": "quorum",
            "x-single-active-consumer": True,
            "x-max-length": 50_000,
            "x-overflow": "drop-head",
            "x-delivery-limit": 1_000,
            "x-dead-letter-exchange": "events.dead",
        }


class TestLink:
    def test_work_that_writes_nothing_or_fails_harms_no_connection(self, harness: RabbitHarness) -> None:
        ups, done = [], threading.Event()
        link = Link(harness.url, "test", on_up=ups.append)
        link.start()
        eventually(lambda: link.connection is not None)
        assert link.post(lambda: None)
        assert link.post(lambda: 1 / 0)
        assert link.post(done.set)
        assert done.wait(20)
        assert len(ups) == 1
        link.close()
        assert not link.post(lambda: None)

    def test_it_may_be_closed_at_any_moment(self, harness: RabbitHarness) -> None:
        for refused in (False, True):
            if refused:
                harness.proxy.refuse()
            link = Link(harness.url, "test", on_up=lambda _connection: None)
            link.start()
            link.close()
            eventually(lambda link=link: not link._thread.is_alive())  # type: ignore[misc]


class TestSender:
    def test_without_a_broker_it_is_unavailable_and_sends_again_when_it_is_back(self, harness: RabbitHarness) -> None:
        source = Source(harness.transport)
        source.emit(1)
        harness.proxy.refuse()
        with pytest.raises(Unavailable):
            source.sender.send([source.message(2)])
        harness.proxy.accept()
        eventually(lambda: _emitted(source, 1))

    def test_a_broker_that_falls_silent_is_given_up_after_its_patience(self, harness: RabbitHarness) -> None:
        sender = RabbitSender(harness.url, "silent", patience=0.3)
        source = Source(harness.transport)
        assert sender.send([source.message(1)]) == 1
        harness.proxy.stall()
        with pytest.raises(Unavailable) as caught:
            sender.send([source.message(2)])
        assert caught.value.code == "broker.unconfirmed"
        harness.proxy.accept()
        harness.proxy.cut()

        def sent() -> bool:
            try:
                return sender.send([source.message(3)]) == 1
            except Unavailable:
                return False

        eventually(sent)
        sender.close()

    def test_a_cut_in_the_middle_returns_only_what_was_confirmed(self, harness: RabbitHarness) -> None:
        source = Source(harness.transport)
        subscriber = Subscriber(source)
        reader = harness.new_transport()
        reader.subscribe("reader", source.name, 0, subscriber)
        eventually(lambda: subscriber.wakes > 0)
        count = 20_000
        source.feed.extend(range(1, count + 1))
        messages = [source.message(offset) for offset in source.feed]
        cutting = threading.Timer(0.3, harness.proxy.cut)
        cutting.start()
        cursor, cuts = 0, 0
        while cursor < count:
            try:
                confirmed = source.sender.send(messages[cursor : cursor + 5000])
                cuts += confirmed < min(5000, count - cursor)
                cursor += confirmed
            except Unavailable:
                cuts += 1
        assert cuts >= 1, "the cut came too late to prove anything"
        eventually(lambda: subscriber.applied == source.feed)
        reader.close()


def _emitted(source: Source, count: int) -> bool:
    try:
        source.emit(count)
    except Unavailable:
        return False
    return True
