"""The rim: a service as a process. Its life, health, web server, database waits; and the contract suite under eventlet."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from services.errors import OutcomeUnknown, Unavailable
from services.testing.transport_contract import eventually, in_thread
from services.testing.transport_rabbit import ROOT, EchoProcess, RabbitHarness
from services.testing.transport_service import NAME

PROBE = "services.testing.transport_probe"


@pytest.fixture(scope="module")
def broker_url(request: pytest.FixtureRequest) -> Iterator[str]:
    given = os.environ.get("VIGENCIA_TEST_AMQP_URL")
    if given:
        yield given
        return
    broker = request.getfixturevalue("rabbitmq")
    url = broker.new_url()
    yield url
    broker.drop(url)


@pytest.fixture
def harness(broker_url: str) -> Iterator[RabbitHarness]:
    made = RabbitHarness(broker_url)
    yield made
    made.close()


@pytest.fixture
def web_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "probe.log"
    path.touch()
    return path


def probe(url: str, web_port: int, log: Path) -> EchoProcess:
    return EchoProcess(url, PROBE, VIGENCIA_PORT=str(web_port), PROBE_LOG=str(log))


def test_one_application_serves_both_lanes_and_lives_as_long_as_they(
    broker_url: str, harness: RabbitHarness, web_port: int, log: Path
) -> None:
    with probe(broker_url, web_port, log) as process:
        assert harness.transport.call(NAME, "ask", {"value": 1}, timeout=10) == 1
        assert harness.transport.call(NAME, "feed", {"value": 2}, timeout=10) == 2
        assert log.read_text().split() == ["build", "start"]
        assert process.stop() == 0
    assert log.read_text().split() == ["build", "start", "stop"]


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_calls_finish_and_ends_with_0(
    broker_url: str, harness: RabbitHarness, web_port: int, log: Path, signal_number: int
) -> None:
    with probe(broker_url, web_port, log) as process:
        call, outcome = in_thread(
            lambda: harness.transport.call(NAME, "execute", {"do": "wait", "seconds": 0.5}, timeout=20)
        )
        eventually(lambda: "begin" in log.read_text())
        assert process.stop(signal_number) == 0
        call.join(20)
    assert outcome == ["late"]
    assert log.read_text().split() == ["build", "start", "begin", "end", "stop"]
    with pytest.raises(Unavailable) as caught:
        harness.transport.call(NAME, "execute", {}, timeout=3600)
    assert caught.value.code == "rpc.nobody"


def test_health_and_metrics_are_served_and_tell_when_the_broker_is_away(
    harness: RabbitHarness, web_port: int, log: Path
) -> None:
    with probe(harness.url, web_port, log) as process:
        assert process.get("/health/live") == (200, '{"live": true}')
        status, text = process.get("/health/ready")
        assert (status, httpx.Response(status, text=text).json()) == (
            200,
            {"ready": True, "reasons": [], "service": NAME, "parts": {"probe": "fine"}},
        )
        assert "python_gc_objects_collected_total" in process.get("/metrics")[1]
        assert process.get("/nothing")[0] == 404
        harness.proxy.refuse()
        eventually(lambda: process.get("/health/ready")[0] == 503)
        assert "does not listen" in process.get("/health/ready")[1]
        assert process.get("/health/live")[0] == 200
        harness.proxy.accept()
        eventually(lambda: process.get("/health/ready")[0] == 200)
        eventually(lambda: answers(harness))


def test_without_a_broker_it_still_ends_with_0(harness: RabbitHarness, web_port: int, log: Path) -> None:
    with probe(harness.url, web_port, log) as process:
        harness.proxy.refuse()
        eventually(lambda: process.get("/health/ready")[0] == 503)
        assert process.stop() == 0
    assert log.read_text().split() == ["build", "start", "stop"]


def test_started_without_a_broker_it_is_not_ready_until_there_is_one_and_can_be_ended(
    harness: RabbitHarness, web_port: int, log: Path
) -> None:
    harness.proxy.refuse()
    process = probe(harness.url, web_port, log)
    eventually(lambda: process.get("/health/ready")[0] == 503)
    assert process.get("/health/live")[0] == 200
    assert process.stop() == 0
    with contextlib.ExitStack() as stack:
        process = probe(harness.url, web_port, log)
        eventually(lambda: process.get("/health/ready")[0] == 503)
        harness.proxy.accept()
        stack.enter_context(process)
        eventually(lambda: answers(harness))


def test_killed_in_the_middle_of_a_call_the_outcome_is_unknown_and_another_instance_goes_on(
    broker_url: str, harness: RabbitHarness, web_port: int, log: Path
) -> None:
    with probe(broker_url, web_port, log) as process:
        call, outcome = in_thread(
            lambda: harness.transport.call(NAME, "execute", {"do": "wait", "seconds": 30}, timeout=2)
        )
        eventually(lambda: "begin" in log.read_text())
        process.stop(signal.SIGKILL)
        call.join(20)
    assert isinstance(outcome[0], OutcomeUnknown)
    with probe(broker_url, web_port, log):
        assert harness.transport.call(NAME, "execute", {"value": 1}, timeout=10) == 1


def test_waiting_for_the_database_blocks_no_other_green_thread(
    broker_url: str, harness: RabbitHarness, web_port: int, log: Path, postgres_url: str
) -> None:
    """Five sleeps of half a second at once take about half a second; psycopg's own way of waiting takes 2.5."""
    url = postgres_url.replace("postgresql+psycopg", "postgresql")
    payload = {"do": "sleep-in-database", "url": url, "times": 5, "seconds": 0.5}
    with probe(broker_url, web_port, log):
        assert 0.5 <= harness.transport.call(NAME, "ask", payload, timeout=20) < 1.5


def test_the_web_server_keeps_connections_streams_at_once_and_ends_streams_when_it_stops(
    broker_url: str, web_port: int, log: Path
) -> None:
    base = f"http://127.0.0.1:{web_port}"
    with probe(broker_url, web_port, log) as process, httpx.Client(base_url=base, timeout=10) as client:
        first, second = client.get("/hello"), client.get("/hello")
        assert first.text == second.text == "hello"
        streams = [response.extensions["network_stream"] for response in (first, second)]
        assert len({stream.get_extra_info("client_addr") for stream in streams}) == 1, "the connection was not kept"
        with client.stream("GET", "/stream") as events:
            lines = events.iter_lines()
            assert [next(lines) for _ in range(4)] == ["data: 0", "", "data: 1", ""]
            slow, outcome = in_thread(lambda: httpx.get(f"{base}/slow", timeout=10).text)
            eventually(lambda: "begin" in log.read_text())
            assert process.stop() == 0
            slow.join(20)
        assert outcome == ["hello"]


def test_a_service_without_classes_or_address_says_so() -> None:
    command = [sys.executable, "-m", "services.nameko_ext.run"]
    environ = {key: value for key, value in os.environ.items() if key != "VIGENCIA_AMQP_URL"}
    for module, extra, message in (
        ("services.errors", {}, "VIGENCIA_AMQP_URL is not set"),
        ("services.errors", {"VIGENCIA_AMQP_URL": "amqp://127.0.0.1:1/"}, "has no nameko service"),
    ):
        done = subprocess.run(
            [*command, module],
            cwd=ROOT,
            env={**environ, **extra},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode != 0
        assert message in done.stderr


@pytest.mark.parametrize(
    "module", ["services/tests/unit/test_transport_local.py", "services/tests/integration/test_transport_rabbit.py"]
)
def test_the_contract_holds_under_eventlet_too(broker_url: str, module: str) -> None:
    program = (
        "import sys, warnings; warnings.simplefilter('ignore'); import eventlet; eventlet.monkey_patch(); "
        "import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, module, "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env={**os.environ, "VIGENCIA_TEST_AMQP_URL": broker_url},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]


def answers(harness: RabbitHarness) -> bool:
    try:
        return bool(harness.transport.call(NAME, "ask", {"value": True}, timeout=5))
    except (Unavailable, OutcomeUnknown):
        return False
