"""The transport's small parts: bytes and deadlines, pauses, lanes, and what a sender knows of a batch."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from services.errors import Invalid, Refused, Unavailable, VigenciaError
from services.transport.lane import Lane
from services.transport.pauses import Pauses
from services.transport.port import Outgoing
from services.transport.rabbit import replies as replies_module
from services.transport.rabbit import sender as sender_module
from services.transport.rabbit.calls import _Waiting, routing_key
from services.transport.rabbit.replies import Replies
from services.transport.rabbit.sender import RabbitSender, _Batch
from services.transport.rabbit.topology import Bindings, binding_key, bindings, queue_name
from services.transport.wire import (
    check_deadline,
    deadline_after,
    decode_answer,
    decode_call,
    encode_answer,
    encode_call,
    encode_error,
    is_object,
    remaining,
)


def now() -> float:
    return 1_800_000_000.25


class TestWire:
    def test_a_deadline_is_milliseconds_since_1970_as_text(self) -> None:
        assert deadline_after(1.5, now=now) == "1800000001750"

    def test_what_is_left_is_seconds_and_negative_once_it_has_passed(self) -> None:
        assert remaining({"deadline": "1800000001250"}, now=now) == 1.0
        assert remaining({"deadline": "1799999999250"}, now=now) == -1.0
        assert remaining({}, now=now) is None

    def test_a_passed_deadline_is_unavailable_since_nothing_was_done(self) -> None:
        check_deadline({}, now=now)
        check_deadline({"deadline": "1800000000251"}, now=now)
        with pytest.raises(Unavailable) as caught:
            check_deadline({"deadline": "1800000000250"}, now=now)
        assert caught.value.code == "rpc.expired"

    def test_a_call_is_in_nameko_s_form(self) -> None:
        assert encode_call({"a": 1}) == b'{"args":[{"a":1}],"kwargs":{}}'
        assert decode_call(encode_call({"a": 1})) == {"a": 1}
        assert decode_call('{"args": [], "kwargs": {}}') == {}

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b'"x"', b"{}", b'{"args": 1}', b'{"args": [1]}', b'{"args": [{}, {}]}', b"\xff"]
    )
    def test_anything_else_is_malformed(self, body: bytes) -> None:
        with pytest.raises(Invalid) as caught:
            decode_call(body)
        assert caught.value.code == "rpc.malformed"

    def test_an_answer_gives_its_value_or_raises_its_error(self) -> None:
        assert decode_answer(encode_answer({"a": [None]})) == {"a": [None]}
        with pytest.raises(Refused, match=r"contract\.not-active"):
            decode_answer(encode_error(Refused("contract.not-active", status="draft")))

    def test_an_unexpected_error_crosses_without_its_text(self) -> None:
        body = encode_error(RuntimeError("CPF 111.222.333-44"))
        assert b"CPF" not in body
        with pytest.raises(VigenciaError, match="internal"):
            decode_answer(body)

    @pytest.mark.parametrize(
        ("body", "readable"),
        [
            (b"{}", True),
            ('{"é": 1}'.encode(), True),
            (b"[]", False),
            (b"", False),
            (b"{} {}", False),
            (b'{"a": "\xff"}', False),
            (b"null", False),
        ],
    )
    def test_only_a_json_object_can_be_an_envelope(self, body: bytes, readable: bool) -> None:
        assert is_object(body) is readable


class TestPauses:
    def test_they_double_up_to_the_most(self) -> None:
        pauses = Pauses(first=1, most=5, draw=lambda: 1.0, clock=lambda: 0.0)
        assert [pauses.next() for _ in range(5)] == [1, 2, 4, 5, 5]

    def test_they_are_drawn_from_the_upper_half(self) -> None:
        pauses = Pauses(first=1, most=5, draw=lambda: 0.0, clock=lambda: 0.0)
        assert [pauses.next() for _ in range(4)] == [0.5, 1, 2, 2.5]

    def test_they_begin_anew_after_success_and_after_a_long_peace(self) -> None:
        clock = iter([0.0, 0.0, 0.0, 0.0, 0.0, 30.0])
        pauses = Pauses(first=1, most=5, draw=lambda: 1.0, clock=lambda: next(clock))
        assert [pauses.next(), pauses.next()] == [1, 2]
        pauses.reset()
        assert [pauses.next(), pauses.next(), pauses.next()] == [1, 2, 1]


class TestLane:
    def test_it_runs_no_more_than_its_size_at_a_time(self) -> None:
        lane, go_on = Lane("test", 2), threading.Event()
        running: list[int] = []
        most: list[int] = []
        done = threading.Semaphore(0)

        def work() -> None:
            running.append(1)
            most.append(len(running))
            go_on.wait(20)
            running.pop()
            done.release()

        for _ in range(6):
            assert lane.submit(work)
        go_on.set()
        assert all(done.acquire(timeout=20) for _ in range(6))
        assert max(most) <= 2
        lane.close()

    def test_a_closed_lane_takes_nothing_and_drops_what_has_not_begun(self) -> None:
        lane, entered, go_on, ran = Lane("test", 1), threading.Event(), threading.Event(), []

        def first() -> None:
            entered.set()
            go_on.wait(20)
            ran.append(1)

        lane.submit(first)
        lane.submit(lambda: ran.append(2))
        assert entered.wait(20)
        closing = threading.Thread(target=lane.close)
        closing.start()
        while lane.submit(lambda: ran.append(3)):
            pass
        go_on.set()
        closing.join(20)
        assert ran == [1]


class TestNames:
    def test_a_queue_per_subscriber_source_and_partition(self) -> None:
        assert queue_name("billing", "contracts", 3) == "billing.contracts.3"
        assert binding_key("contracts", 3) == "contracts.3.#"

    def test_a_queue_is_bound_by_what_its_subscriber_handles(self) -> None:
        assert bindings("contracts", 3, None) == Bindings(("contracts.3.#",))
        some = frozenset({"contracts.contract.expired", "contracts.customer.erased"})
        keys = ("contracts.3.contract.expired", "contracts.3.customer.erased")
        assert bindings("contracts", 3, some) == Bindings(keys, former="contracts.3.#")

    def test_the_feed_s_methods_have_a_service_of_their_own(self) -> None:
        assert routing_key("contracts", "execute") == "contracts.execute"
        assert routing_key("contracts", "feed") == "contracts-feed.feed"
        assert routing_key("contracts", "heads") == "contracts-feed.heads"


def outgoing(count: int) -> list[Outgoing]:
    return [Outgoing(f"s.0.a.{n}", b"{}", str(n), 0, n) for n in range(count)]


class TestBatch:
    def test_the_prefix_ends_at_the_first_hole(self) -> None:
        batch = _Batch(outgoing(4))
        assert batch.prefix() == 0
        batch.confirm(1)
        assert batch.prefix() == 0
        batch.confirm(0)
        assert batch.prefix() == 2
        assert not batch.finished.is_set()
        batch.confirm(3)
        batch.confirm(2)
        assert batch.prefix() == 4
        assert batch.finished.is_set()

    def test_a_refused_message_goes_out_again_after_a_pause_and_not_for_ever(self) -> None:
        time = [0.0]
        batch = _Batch(outgoing(2), clock=lambda: time[0])
        assert [batch.next(), batch.next(), batch.next()] == [0, 1, None]
        assert batch.refuse(0, patience=5)
        assert batch.next() is None
        time[0] = 1.0
        assert batch.next() == 0
        time[0] = 4.9
        assert batch.refuse(0, patience=5)
        time[0] = 5.1
        assert not batch.refuse(0, patience=5)


class FakeLink:
    """Runs posted work at once and timers when told."""

    connection = None

    def __init__(self, *_arguments: Any, **_named: Any) -> None:
        self.timers: list[Any] = []

    def start(self) -> None: ...

    def close(self) -> None: ...

    def post(self, work: Any) -> bool:
        work()
        return True

    def call_later(self, _seconds: float, work: Any) -> None:
        self.timers.append(work)


class FakeChannel:
    """A broker that answers each message at once: with a refusal as long as ``refusals`` last."""

    is_open = True

    def __init__(self, confirmed: Any, link: FakeLink, refusals: int) -> None:
        self.confirmed, self.link, self.refusals = confirmed, link, refusals
        self.published: list[str] = []
        self.pending: list[tuple[int, str]] = []

    def basic_publish(self, _exchange: str, key: str, _body: bytes, properties: Any) -> None:
        self.published.append(properties.message_id)
        refused = self.refusals > 0 and properties.message_id == "1"
        self.refusals -= refused
        self.pending.append((len(self.published), "Basic.Nack" if refused else "Basic.Ack"))

    def answer(self) -> None:
        while self.pending:
            tag, name = self.pending.pop(0)
            self.confirmed(SimpleNamespace(method=SimpleNamespace(delivery_tag=tag, multiple=False, NAME=name)))


class TestSenderWithRefusals:
    def start(
        self, monkeypatch: pytest.MonkeyPatch, refusals: int, window: int = 256
    ) -> tuple[RabbitSender, FakeChannel]:
        monkeypatch.setattr(sender_module, "Link", FakeLink)
        monkeypatch.setattr(sender_module, "NACK_PAUSE", 0.0)
        sender = RabbitSender("amqp://nowhere/", "s", window=window, patience=20, nack_patience=0.05)
        channel = FakeChannel(sender._confirmed, sender._link, refusals)  # type: ignore[arg-type]
        sender._channel = channel  # type: ignore[assignment]
        sender._ready.set()
        begin = sender._begin
        monkeypatch.setattr(sender, "_begin", lambda batch: (begin(batch), channel.answer()))
        return sender, channel

    def test_what_the_broker_refuses_is_sent_again_inside_the_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sender, channel = self.start(monkeypatch, refusals=2)
        assert sender.send(outgoing(3)) == 3
        assert channel.published == ["0", "1", "2", "1", "1"]

    def test_what_it_keeps_refusing_ends_the_prefix(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sender, _ = self.start(monkeypatch, refusals=10**9)
        assert sender.send(outgoing(3)) == 1

    def test_a_refused_first_message_is_unavailable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sender, _ = self.start(monkeypatch, refusals=10**9)
        with pytest.raises(Unavailable):
            sender.send(outgoing(3)[1:])

    def test_no_more_than_the_window_is_on_its_way(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sender, channel = self.start(monkeypatch, refusals=0, window=2)
        most: list[int] = []
        publish = channel.basic_publish

        def counting(*arguments: Any) -> None:
            publish(*arguments)
            most.append(len(sender._unconfirmed) + 1)

        monkeypatch.setattr(channel, "basic_publish", counting)
        assert sender.send(outgoing(10)) == 10
        assert max(most) == 2


class TestWaiting:
    def test_what_did_not_go_out_is_unavailable_and_what_did_is_unknown(self) -> None:
        waiting = _Waiting("s", "execute")
        waiting.fail_by_loss()
        with pytest.raises(Unavailable):
            waiting.result()
        waiting = _Waiting("s", "execute")
        assert waiting.going_out()
        waiting.fail_by_loss()
        with pytest.raises(VigenciaError, match=r"rpc\.connection-lost"):
            waiting.result()

    def test_a_caller_who_left_sends_nothing(self) -> None:
        waiting = _Waiting("s", "execute")
        with pytest.raises(Unavailable):
            waiting.result()
        assert not waiting.going_out()

    def test_the_first_outcome_counts(self) -> None:
        waiting = _Waiting("s", "execute")
        waiting.going_out()
        waiting.answer(encode_answer(1))
        waiting.fail_by_loss()
        assert waiting.result() == 1


class TestReplies:
    def make(self, monkeypatch: pytest.MonkeyPatch) -> tuple[Replies, list[tuple[str, str, bytes]], Any]:
        monkeypatch.setattr(replies_module, "Link", FakeLink)
        sent: list[tuple[str, str, bytes]] = []

        class Channel:
            is_open = True

            def basic_publish(self, exchange: str, key: str, body: bytes, _properties: Any) -> None:
                sent.append((exchange, key, body))

        return Replies("amqp://nowhere/", "s"), sent, Channel()

    def test_they_wait_for_the_connection(self, monkeypatch: pytest.MonkeyPatch) -> None:
        replies, sent, channel = self.make(monkeypatch)
        replies.send("amq.rabbitmq.reply-to.x", "1", b"a")
        assert sent == []
        replies._channel = channel
        replies.send("a-nameko-client", "2", b"b")
        assert sent == [("", "amq.rabbitmq.reply-to.x", b"a"), ("nameko-rpc", "a-nameko-client", b"b")]

    def test_what_waited_too_long_is_dropped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(replies_module, "PATIENCE", -1.0)
        replies, sent, channel = self.make(monkeypatch)
        replies._channel = channel
        replies.send("amq.rabbitmq.reply-to.x", "1", b"a")
        assert sent == []
