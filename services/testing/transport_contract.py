"""What every transport must do, as one suite over its adapters, and a list of what differs.

A test module gives a fixture ``harness`` and inherits ``Calls`` and ``Deliveries``:

    class TestLocalCalls(Calls): ...

What differs (each is asserted by the adapters' own tests):

=============================  ============================================  =======================================
                               local                                         RabbitMQ
=============================  ============================================  =======================================
an event is                    a wake; the content comes from the feed       a message, and a wake per (re)connection
who gets it                    every subscription                            one active consumer per queue
sent while nobody listens      nothing is kept (the first wake reads)        kept in the queue, up to its length
an unreadable body             cannot be                                     goes to the dead letters
not begun by its deadline      Unavailable                                   OutcomeUnknown: the broker drops it
the caller's connection goes   cannot                                        OutcomeUnknown for what was sent
order after giving back        as in the feed                                what is given back may come behind later ones
who may serve a service        one                                           any number; each call goes to one
=============================  ============================================  =======================================
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from uuid import uuid4

import msgspec
import pytest

from services.errors import Invalid, NotFound, OutcomeUnknown, Unavailable, VigenciaError
from services.testing.transport_service import ERRORS, NAME, Sample
from services.transport.port import Outgoing, Sender, Transport

#: Commands that the harness's echo service may run at a time.
WORKERS = 2


class Harness(Protocol):
    """What an adapter's tests provide."""

    @property
    def transport(self) -> Transport: ...

    def serve(self) -> None:
        """Have ``transport_service`` served, with ``WORKERS`` workers for commands; returns when it answers."""


def eventually(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for a condition; fail when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.002)


class Source:
    """A service whose feed, one partition of it, is a list; events are offsets 1, 2, 3, …"""

    def __init__(self, transport: Transport, partition: int = 0, name: str | None = None) -> None:
        self.name = name or f"source-{uuid4().hex[:8]}"
        self.partition = partition
        self.feed: list[int] = []
        self.sender: Sender = transport.sender(self.name)

    def emit(self, count: int) -> None:
        """Commit ``count`` events, then send them, as the relay does."""
        first = len(self.feed) + 1
        self.feed.extend(range(first, first + count))
        messages = [self.message(offset) for offset in range(first, first + count)]
        while messages:
            messages = messages[self.sender.send(messages) :]

    def message(self, offset: int) -> Outgoing:
        body = msgspec.json.encode({"offset": offset, "data": "ç" * 50})
        return Outgoing(f"{self.name}.{self.partition}.thing.happened", body, str(uuid4()), self.partition, offset)


class Subscriber:
    """An intake that applies a source's events exactly once and in order, with a checkpoint and the feed, as the
    chassis's subscriptions do. ``failures`` of its next transactions fail."""

    def __init__(self, source: Source, failures: int = 0) -> None:
        self.source, self.failures = source, failures
        self.applied: list[int] = []
        self.wakes = 0
        self.batches: list[list[int]] = []  # as handed over
        self.active = 0
        self.overlapped = False

    def messages(self, bodies: Sequence[bytes]) -> None:
        offsets = [msgspec.json.decode(body)["offset"] for body in bodies]
        self.batches.append(offsets)
        self._transaction(max(offsets))

    def wake(self) -> None:
        self.wakes += 1
        self._transaction(len(self.source.feed))

    def _transaction(self, through: int) -> None:
        self.active += 1
        self.overlapped = self.overlapped or self.active > 1
        try:
            if self.failures > 0:
                self.failures -= 1
                raise RuntimeError("the database is away")
            self.applied.extend(self.source.feed[len(self.applied) : through])
        finally:
            self.active -= 1


def in_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Run ``work`` beside the test; the list holds its answer or its error once the thread is done."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(work())
        except VigenciaError as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, outcome


class Calls:
    """Asking and answering."""

    @pytest.mark.parametrize(
        "value",
        [
            None,
            True,
            0,
            -(2**53),
            1.5,
            "",
            "ação – 漢字 – \x00\n",
            [],
            {},
            {"a": [{"b": None}, [1, "2", 3.5]], "": "empty key"},
        ],
    )
    def test_json_values_come_back_equal(self, harness: Harness, value: Any) -> None:
        harness.serve()
        assert harness.transport.call(NAME, "execute", {"value": value}, timeout=10) == value

    def test_decimals_dates_and_dataclasses_arrive_as_the_store_would_write_them(self, harness: Harness) -> None:
        harness.serve()
        text = {
            "amount": "1234567890.10",
            "on": "2026-02-28",
            "at": "2026-02-28T23:59:59.123456Z",
            "tags": ["a", "ç"],
        }
        assert harness.transport.call(NAME, "ask", {"value": Sample()}, timeout=10) == text
        assert harness.transport.call(NAME, "ask", {"do": "sample"}, timeout=10) == text

    def test_megabytes_pass_both_ways(self, harness: Harness) -> None:
        harness.serve()
        value = ["ç" * 1000] * 1500
        assert harness.transport.call(NAME, "batch", {"value": value}, timeout=20) == value

    def test_headers_reach_the_handler_with_the_deadline_among_them(self, harness: Harness) -> None:
        harness.serve()
        headers = harness.transport.call(
            NAME, "execute", {"do": "headers"}, timeout=10, headers={"actor": "contact:ç", "correlation": "c-1"}
        )
        assert headers["actor"] == "contact:ç"
        assert headers["correlation"] == "c-1"
        assert 0 < headers["left"] <= 10.001

    @pytest.mark.parametrize("kind", sorted(ERRORS))
    def test_a_typed_error_arrives_as_itself(self, harness: Harness, kind: str) -> None:
        harness.serve()
        payload: dict[str, Any] = {
            "do": "raise",
            "kind": kind,
            "code": "thing.no",
            "params": {"status": "closed", "days": 3},
            "words": {"pt-BR": "não"},
            "problems": [{"path": "lines.0.amount", "code": "shape", "message": "Not a number."}],
        }
        with pytest.raises(ERRORS[kind]) as caught:
            harness.transport.call(NAME, "execute", payload, timeout=10)
        if isinstance(caught.value, Invalid):
            assert caught.value.problems == payload["problems"]
        else:
            assert caught.value.code == "thing.no"
            assert caught.value.params == payload["params"]
            assert caught.value.words == payload["words"]

    @pytest.mark.parametrize("what", ["fail", "unanswerable"])
    def test_a_service_s_own_mistake_is_internal_and_tells_no_secret(self, harness: Harness, what: str) -> None:
        harness.serve()
        with pytest.raises(VigenciaError) as caught:
            harness.transport.call(NAME, "execute", {"do": what}, timeout=10)
        assert type(caught.value) is VigenciaError
        assert caught.value.code == "internal"
        assert "secret" not in str(caught.value.to_wire())

    def test_a_payload_that_is_no_json_is_invalid_and_not_sent(self, harness: Harness) -> None:
        with pytest.raises(Invalid):
            harness.transport.call("nobody", "execute", {"value": object()}, timeout=30)

    def test_a_method_that_is_not_there_is_not_found(self, harness: Harness) -> None:
        harness.serve()
        with pytest.raises(NotFound):
            harness.transport.call(NAME, "dance", {}, timeout=10)

    def test_a_service_that_nobody_serves_is_unavailable_at_once(self, harness: Harness) -> None:
        with pytest.raises(Unavailable) as caught:
            harness.transport.call("nobody", "execute", {}, timeout=3600)
        assert caught.value.params["service"] == "nobody"

    def test_without_an_answer_in_time_the_outcome_is_unknown(self, harness: Harness) -> None:
        harness.serve()
        with pytest.raises(OutcomeUnknown):
            harness.transport.call(NAME, "execute", {"do": "wait", "seconds": 0.5}, timeout=0.1)

    def test_a_late_answer_disturbs_no_later_call(self, harness: Harness) -> None:
        harness.serve()
        with pytest.raises(OutcomeUnknown):
            harness.transport.call(NAME, "execute", {"do": "wait", "seconds": 0.2}, timeout=0.1)
        answers = [harness.transport.call(NAME, "execute", {"value": n}, timeout=10) for n in range(50)]
        assert answers == list(range(50))

    def test_many_callers_at_once_get_their_own_answers(self, harness: Harness) -> None:
        harness.serve()

        def calls(caller: int) -> list[Any]:
            return [harness.transport.call(NAME, "ask", {"value": [caller, n]}, timeout=20) for n in range(30)]

        running = [in_thread(lambda caller=caller: calls(caller)) for caller in range(8)]  # type: ignore[misc]
        for thread, _ in running:
            thread.join(30)
        assert [outcome[0] for _, outcome in running] == [[[c, n] for n in range(30)] for c in range(8)]

    def test_slow_commands_never_delay_the_feed(self, harness: Harness) -> None:
        harness.serve()
        slow = [
            in_thread(lambda: harness.transport.call(NAME, "execute", {"do": "wait", "seconds": 0.5}, timeout=20))
            for _ in range(WORKERS + 1)
        ]
        assert harness.transport.call(NAME, "feed", {"value": "page"}, timeout=10) == "page"
        assert harness.transport.call(NAME, "heads", {"value": "heads"}, timeout=10) == "heads"
        assert all(thread.is_alive() for thread, _ in slow), "the feed waited for the commands"
        for thread, outcome in slow:
            thread.join(20)
            assert outcome == ["late"]


class Deliveries:
    """From a source's commit to a subscriber's commit."""

    def test_a_subscriber_is_woken_at_the_start(self, harness: Harness) -> None:
        source = Source(harness.transport)
        source.feed.extend([1, 2, 3])  # committed before anybody listened, and never sent
        subscriber = Subscriber(source)
        harness.transport.subscribe("reader", source.name, 0, subscriber)
        eventually(lambda: subscriber.applied == [1, 2, 3])

    def test_what_is_sent_takes_effect_once_and_in_order(self, harness: Harness) -> None:
        source = Source(harness.transport)
        subscriber = Subscriber(source)
        harness.transport.subscribe("reader", source.name, 0, subscriber)
        for _ in range(5):
            source.emit(200)
        eventually(lambda: len(subscriber.applied) >= 1000)
        assert subscriber.applied == source.feed
        assert not subscriber.overlapped

    def test_after_a_failure_it_comes_back_and_nothing_is_lost_or_doubled(self, harness: Harness) -> None:
        source = Source(harness.transport)
        subscriber = Subscriber(source)
        harness.transport.subscribe("reader", source.name, 0, subscriber)
        eventually(lambda: subscriber.wakes > 0)
        subscriber.failures = 3
        source.emit(10)
        eventually(lambda: len(subscriber.applied) >= 10)
        source.emit(10)
        eventually(lambda: len(subscriber.applied) >= 20)
        assert subscriber.applied == source.feed
        assert subscriber.failures == 0
        assert not subscriber.overlapped

    def test_a_failing_first_wake_is_tried_again(self, harness: Harness) -> None:
        source = Source(harness.transport)
        source.feed.append(1)
        subscriber = Subscriber(source, failures=2)
        harness.transport.subscribe("reader", source.name, 0, subscriber)
        eventually(lambda: subscriber.applied == [1])

    def test_each_subscriber_gets_everything(self, harness: Harness) -> None:
        source = Source(harness.transport)
        first, second = Subscriber(source), Subscriber(source)
        harness.transport.subscribe("first", source.name, 0, first)
        harness.transport.subscribe("second", source.name, 0, second)
        source.emit(50)
        eventually(lambda: len(first.applied) >= 50 and len(second.applied) >= 50)
        assert first.applied == second.applied == source.feed

    def test_partitions_are_apart(self, harness: Harness) -> None:
        zero = Source(harness.transport)
        one = Source(harness.transport, partition=1, name=zero.name)
        of_zero, of_one = Subscriber(zero), Subscriber(one)
        harness.transport.subscribe("reader", zero.name, 0, of_zero)
        harness.transport.subscribe("reader", zero.name, 1, of_one)
        eventually(lambda: of_zero.wakes == 1 and of_one.wakes == 1)
        one.emit(5)
        eventually(lambda: len(of_one.applied) >= 5)
        assert of_zero.applied == []
        assert of_zero.wakes == 1

    def test_a_failing_subscriber_holds_up_no_other(self, harness: Harness) -> None:
        source = Source(harness.transport)
        failing, healthy = Subscriber(source, failures=10**9), Subscriber(source)
        harness.transport.subscribe("failing", source.name, 0, failing)
        harness.transport.subscribe("healthy", source.name, 0, healthy)
        source.emit(20)
        eventually(lambda: healthy.applied == source.feed)
        assert failing.applied == []

    def test_a_closed_subscription_takes_nothing_more(self, harness: Harness) -> None:
        source = Source(harness.transport)
        closed, open_ = Subscriber(source), Subscriber(source)
        subscription = harness.transport.subscribe("closed", source.name, 0, closed)
        harness.transport.subscribe("open", source.name, 0, open_)
        eventually(lambda: closed.wakes > 0)
        subscription.close()
        subscription.close()
        wakes, batches = closed.wakes, len(closed.batches)
        source.emit(5)
        eventually(lambda: open_.applied == source.feed)
        assert (closed.wakes, len(closed.batches)) == (wakes, batches)

    def test_closing_waits_for_the_transaction_that_runs(self, harness: Harness) -> None:
        source = Source(harness.transport)
        entered, go_on = threading.Event(), threading.Event()

        class Slow(Subscriber):
            def wake(self) -> None:
                entered.set()
                assert go_on.wait(20)
                super().wake()

        slow = Slow(source)
        source.feed.append(1)
        subscription = harness.transport.subscribe("slow", source.name, 0, slow)
        assert entered.wait(20)
        closing, _ = in_thread(subscription.close)
        go_on.set()
        closing.join(20)
        assert slow.applied == [1]

    def test_sending_nothing_is_fine(self, harness: Harness) -> None:
        assert harness.transport.sender("quiet").send([]) == 0
