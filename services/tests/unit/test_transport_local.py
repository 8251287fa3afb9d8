"""The local adapter keeps the transport's contract; and what it does otherwise than RabbitMQ."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from services.errors import Unavailable
from services.testing.transport_contract import WORKERS, Calls, Deliveries, Source, Subscriber, eventually, in_thread
from services.testing.transport_service import NAME, handlers
from services.transport.local import LocalTransport
from services.transport.pauses import Pauses
from services.transport.port import Outgoing


class LocalHarness:
    def __init__(self) -> None:
        self.transport = LocalTransport(workers=WORKERS, feed_workers=1, pauses=lambda: Pauses(first=0.001, most=0.01))

    def serve(self) -> None:
        self.transport.serve(NAME, handlers())


@pytest.fixture
def harness() -> Iterator[LocalHarness]:
    made = LocalHarness()
    yield made
    made.transport.close()


class TestCalls(Calls):
    def test_a_call_that_is_not_begun_by_its_deadline_never_runs(self, harness: LocalHarness) -> None:
        """Differs: the caller knows that it was not done, since it can take the call back."""
        entered, go_on, ran = threading.Event(), threading.Event(), []

        def execute(payload: dict[str, object], _headers: dict[str, str]) -> None:
            ran.append(payload["n"])
            entered.set()
            go_on.wait(20)

        transport = LocalTransport(workers=1)
        transport.serve("narrow", {"execute": execute})
        first, _ = in_thread(lambda: transport.call("narrow", "execute", {"n": 1}, timeout=20))
        assert entered.wait(20)
        with pytest.raises(Unavailable) as caught:
            transport.call("narrow", "execute", {"n": 2}, timeout=0.02)
        assert caught.value.code == "rpc.expired"
        go_on.set()
        first.join(20)
        transport.close()
        assert ran == [1]

    def test_a_service_that_stopped_is_unavailable(self, harness: LocalHarness) -> None:
        serving = harness.transport.serve("short", handlers())
        assert harness.transport.call("short", "ask", {"value": 1}, timeout=10) == 1
        serving.close()
        with pytest.raises(Unavailable):
            harness.transport.call("short", "ask", {"value": 1}, timeout=10)

    def test_a_service_is_served_once(self, harness: LocalHarness) -> None:
        harness.serve()
        with pytest.raises(ValueError, match="served already"):
            harness.serve()

    def test_a_handler_may_call_other_services_and_its_own(self, harness: LocalHarness) -> None:
        def ask(payload: dict[str, int], _headers: dict[str, str]) -> int:
            n = payload["n"]
            return 0 if n == 0 else 1 + harness.transport.call(f"s{(n - 1) % 2}", "ask", {"n": n - 1}, timeout=10)

        harness.transport.serve("s0", {"ask": ask})
        harness.transport.serve("s1", {"ask": ask})
        assert harness.transport.call("s1", "ask", {"n": 3}, timeout=10) == 3


class TestDeliveries(Deliveries):
    def test_who_handles_other_types_is_not_woken(self, harness: LocalHarness) -> None:
        waked: dict[str, int] = {"some": 0, "all": 0, "others": 0}

        class Intake:
            def __init__(self, name: str) -> None:
                self.name = name

            def wake(self) -> None:
                waked[self.name] += 1

        kinds = {"some": frozenset({"s.a.done"}), "all": None, "others": frozenset({"s.a.begun"})}
        for name, types in kinds.items():
            harness.transport.subscribe(name, "s", 0, Intake(name), types)  # type: ignore[arg-type]
        eventually(lambda: all(waked.values()))  # the first look at the feed
        harness.transport.sender("s").send([Outgoing("s.0.a.done", b"{}", "s.0.1", 0, 1)])
        eventually(lambda: waked == {"some": 2, "all": 2, "others": 1})

    def test_wakes_that_come_while_it_works_become_one(self, harness: LocalHarness) -> None:
        """Differs: an event is a wake without content."""
        source = Source(harness.transport)
        entered, go_on = threading.Event(), threading.Event()

        class Slow(Subscriber):
            def wake(self) -> None:
                super().wake()
                entered.set()
                assert go_on.wait(20)

        slow = Slow(source)
        harness.transport.subscribe("slow", source.name, 0, slow)
        assert entered.wait(20)
        for _ in range(100):
            source.emit(1)
        go_on.set()
        eventually(lambda: slow.applied == source.feed)
        assert slow.wakes == 2
        assert slow.batches == []
