"""Webhooks of a running system: a receiver that fails, hangs, leads astray; the system is killed in between."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook

from services.testing.servers import scratch_folder
from tests.system.house import House
from tests.system.running import Embedded, wait_for

TYPE = "contracts.servicetype.defined"


class Receiver:
    """Keeps what it took, verified by another's library; ``answer(n)`` says how the n-th call is answered: a status, or
    what is done with the handler."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.calls: list[tuple[str, str, bytes]] = []
        self.answer: Any = lambda _: 200
        self.secret = ""
        self.problems: list[str] = []
        self.paths: list[str] = []
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                receiver.take(self)

            def do_GET(self) -> None:
                receiver.paths.append(self.path)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/in"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.paths.append(handler.path)
        try:
            event = Webhook(self.secret).verify(body, dict(handler.headers.items()))
        except Exception as error:
            self.problems.append(repr(error))
            return
        with self._lock:
            self.calls.append((handler.headers["webhook-id"], event["id"], body))
            number = len(self.calls)
        told = self.answer(number)
        if callable(told):
            told(handler)
            return
        if 200 <= told < 300:
            self.taken.append(event)
        handler.send_response(told)
        if told in (301, 302, 307, 308):
            handler.send_header("Location", self.url.replace("/in", "/astray"))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def codes(self) -> list[str]:
        """Codes of the service types that were taken, in order."""
        return [event["data"]["code"] for event in self.taken if event["type"] == TYPE]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def system() -> Iterator[Embedded]:
    folder = scratch_folder()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("VIGENCIA_WEBHOOK_ALLOW_NETWORKS", "127.0.0.0/8")
        environment.setenv("VIGENCIA_WEBHOOK_ALLOW_HTTP", "true")
        environment.setenv("VIGENCIA_WEBHOOK_TIMEOUT_SECONDS", "1")
        started = Embedded(folder / "store", "--no-demo")
        try:
            yield started.start()
        finally:
            started.stop()
            shutil.rmtree(folder)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def hook(house: House, receiver: Receiver) -> Iterator[str]:
    """An endpoint at the receiver, for service types."""
    made = house.office.post("webhooks", name="books", url=receiver.url, types=["contracts.servicetype.*"])
    receiver.secret = made["secret"]
    yield f"webhooks/{made['endpoint_id']}"
    house.office.http.base_url = house.system.url
    removed = house.office.http.post(f"/api/v1/webhooks/{made['endpoint_id']}/remove", json={})
    assert removed.status_code == 204


_numbers = iter(range(100, 1000))


def define(house: House, count: int = 1) -> list[str]:
    """Service types, each a stream of its own; their codes."""
    codes = [f"W{next(_numbers)}" for _ in range(count)]
    for code in codes:
        house.office.make("service-types", code=code, name="Wartung")
    return codes


def test_what_happens_is_posted_signed_and_the_same_as_in_the_feed(house: House, receiver: Receiver, hook: str) -> None:
    codes = define(house, 3)
    wait_for(lambda: len(receiver.taken) == 3, "three events")
    feed = house.office.get("operations/contracts/feed", limit=1000)["events"]
    taken = sorted(receiver.taken, key=lambda event: event["offset"])
    assert taken == [event for event in feed if event["data"].get("code") in codes]
    assert receiver.problems == []
    log = house.office.get(f"{hook}/attempts")["items"]
    assert [(each["outcome"], each["status"]) for each in log] == [("delivered", 200)] * 3


def test_a_stream_that_is_refused_waits_while_others_flow_and_is_delivered_by_a_persons_wish(
    house: House, receiver: Receiver, hook: str
) -> None:
    receiver.answer = lambda call: 500 if call == 1 else 200
    codes = define(house, 3)
    wait_for(lambda: len(receiver.taken) == 2, "the others")
    [waiting] = house.office.get(f"{hook}/waiting")["items"]
    (first,) = set(codes) - set(receiver.codes())
    assert waiting["attempts"] == 1
    house.office.post(f"{hook}/resume")
    wait_for(lambda: len(receiver.taken) == 3, "the first one")
    assert receiver.codes()[-1] == first
    assert receiver.calls[0][0] == receiver.calls[-1][0]


def test_one_that_hangs_leaves_or_leads_astray_gets_its_event_later(
    house: House, receiver: Receiver, hook: str
) -> None:
    over = threading.Event()
    lies = [
        lambda handler: over.wait(30),
        lambda handler: setattr(handler, "close_connection", True),
        307,
        lambda handler: handler.wfile.write(b"200 all is well\r\n\r\n"),
    ]
    for number, lie in enumerate(lies, start=1):
        receiver.answer = lambda _, lie=lie: lie
        define(house)
        wait_for(lambda n=number: len(receiver.calls) >= n, "the call")
        wait_for(lambda n=number: len(house.office.get(f"{hook}/attempts")["items"]) >= n, "it is in the log")
    over.set()
    log = house.office.get(f"{hook}/attempts")["items"]
    assert {(each["status"], each["error"]) for each in log} >= {
        (None, "timeout"), (None, "closed"), (307, ""), (None, "not-http"),
    }  # fmt: skip
    assert set(receiver.paths) == {"/in"}
    receiver.answer = lambda _: 200
    house.office.post(f"{hook}/resume")
    wait_for(lambda: len(receiver.codes()) == len(lies), "all of them")


def test_an_endless_body_does_no_harm(house: House, receiver: Receiver, hook: str) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            return

    receiver.answer = lambda _: endless
    define(house)
    wait_for(lambda: house.office.get(f"{hook}/attempts")["items"], "it is in the log")
    [attempt] = house.office.get(f"{hook}/attempts")["items"]
    assert (attempt["outcome"], attempt["answer"]) == ("delivered", "x" * 500)


def test_gone_pauses_it(house: House, receiver: Receiver, hook: str) -> None:
    receiver.answer = lambda _: 410
    define(house)
    wait_for(lambda: house.office.get(hook)["state"] == "paused", "the pause")
    assert house.office.get(hook)["reason"] == "gone"
    assert [
        each["template"] for each in house.office.get("mail")["items"] if each["template"].startswith("webhook")
    ] == []


def test_a_test_delivery_says_what_came_back(house: House, receiver: Receiver, hook: str) -> None:
    tried = house.office.post(f"{hook}/test")
    assert (tried["outcome"], tried["status"], tried["type"]) == ("delivered", 200, "vigencia.webhook.test")
    assert [event["type"] for event in receiver.taken] == ["vigencia.webhook.test"]
    receiver.answer = lambda _: 418
    assert house.office.post(f"{hook}/test")["status"] == 418


def test_send_again_from_an_offset(house: House, receiver: Receiver, hook: str) -> None:
    codes = define(house, 4)
    wait_for(lambda: len(receiver.taken) == 4, "four events")
    second = sorted(event["offset"] for event in receiver.taken)[1]
    house.office.post(f"{hook}/send-again", service="contracts", partition=0, offset=second)
    wait_for(lambda: len(receiver.taken) == 7, "three of them again")
    assert sorted(receiver.codes()[4:]) == codes[1:]


def test_during_a_rotation_the_old_secret_still_verifies(house: House, receiver: Receiver, hook: str) -> None:
    new = house.office.post(f"{hook}/rotate", overlap_hours=1)["secret"]
    define(house)
    wait_for(lambda: len(receiver.taken) == 1, "verified by the old one")
    receiver.secret = new
    define(house)
    wait_for(lambda: len(receiver.taken) == 2, "verified by the new one")
    assert receiver.problems == []


def test_killed_in_the_middle_every_event_comes_and_each_stream_in_order(
    house: House, receiver: Receiver, hook: str, system: Embedded
) -> None:
    """The last test: the system gets another address."""
    half, on = threading.Event(), threading.Event()

    def answer(call: int) -> int:
        if call == 20:
            half.set()
            on.wait(30)
        return 200

    receiver.answer = answer
    codes = define(house, 40)
    assert half.wait(60)
    system.kill()
    on.set()
    system.start()
    wait_for(lambda: set(receiver.codes()) == set(codes), "all events")
    ids = {event_id: message_id for message_id, event_id, _ in receiver.calls}
    assert all(ids[event_id] == message_id for message_id, event_id, _ in receiver.calls)
