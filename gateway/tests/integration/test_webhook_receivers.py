"""Delivery over real sockets to receivers that take, fail, are slow, lie, or point at our own network."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.webhooks.domain.addresses import Target
from gateway.webhooks.posting import MOST_READ, Answer, Channel
from gateway.webhooks.settings import WebhookSettings

LOOPBACK = WebhookSettings(allowed=(ip_network("127.0.0.0/8"),), http=True, timeout=5.0)
BODY = b'{"id": "s@1"}'
Handle = Callable[[socket.socket], None]


@contextmanager
def receiver(handle: Handle) -> Iterator[Target]:
    """A server whose every connection is handled by ``handle``, one after the other."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(20)
                    try:
                        handle(connection)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Target("http", "127.0.0.1", server.getsockname()[1], "/in")
        ended.set()
        with socket.create_connection(server.getsockname()):
            pass
        thread.join(20)


def request(connection: socket.socket) -> bytes:
    """One request, head and body."""
    told = b""
    while not told.endswith(BODY):
        some = connection.recv(65536)
        if not some:
            raise ConnectionError
        told += some
    return told


def says(text: bytes) -> Handle:
    def handle(connection: socket.socket) -> None:
        request(connection)
        connection.sendall(text)

    return handle


def post(target: Target, settings: WebhookSettings = LOOPBACK, **options: Any) -> Answer:
    channel = Channel(target, settings, **options)
    try:
        return channel.post(BODY, {"Content-Type": "application/json", "webhook-id": "msg_1"})
    finally:
        channel.close()


def test_it_is_one_plain_post() -> None:
    got: list[bytes] = []

    def handle(connection: socket.socket) -> None:
        got.append(request(connection))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with receiver(handle) as target:
        answer = post(target)
    assert (answer.status, answer.text, answer.error) == (200, "ok", "")
    head, _, body = got[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert (lines[0], body) == ("POST /in HTTP/1.1", BODY)
    assert {f"Host: 127.0.0.1:{target.port}", f"Content-Length: {len(BODY)}", "webhook-id: msg_1"} <= set(lines)


def test_a_connection_is_kept_and_one_that_ended_meanwhile_is_opened_again() -> None:
    connections: list[int] = []

    def handle(connection: socket.socket) -> None:
        connections.append(0)
        for _ in range(2):  # then it hangs up without a word
            request(connection)
            connections[-1] += 1
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with receiver(handle) as target:
        channel = Channel(target, LOOPBACK)
        assert [channel.post(BODY, {}).status for _ in range(4)] == [204] * 4
        channel.close()
    assert connections[:2] == [2, 2]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"", "closed"),
        (b"HTTP/1.1 2", "not-http"),
        (b"200 all is well\r\n\r\n", "not-http"),
        (b"\x16\x03\x01\x00\xff" * 50 + b"\r\n", "not-http"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500, "not-http"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, "not-http"),
    ],
)
def test_what_is_no_answer(text: bytes, error: str) -> None:
    with receiver(says(text)) as target:
        answer = post(target)
    assert (answer.status, answer.error) == (None, error)


@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nfour",  # closes early
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x00\x07\xff\xfe",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nfour",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nfour",
    ],
)
def test_a_status_counts_whatever_the_body_is(text: bytes) -> None:
    with receiver(says(text)) as target:
        answer = post(target)
    assert (answer.status, answer.error) == (200, "")
    assert all(c.isprintable() for c in answer.text)


def test_an_endless_body_is_read_a_little() -> None:
    sent = [0]

    def handle(connection: socket.socket) -> None:
        request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sent[0] += connection.send(b"x" * 65536)

    with receiver(handle) as target:
        answer = post(target)
    assert (answer.status, answer.text) == (200, "x" * 500)
    assert answer.seconds < LOOPBACK.timeout
    assert sent[0] > MOST_READ


@pytest.mark.parametrize("drips", [b"", b"HTTP/1.1 200 OK\r\nX: y"])
def test_a_slow_one_is_waited_for_as_long_as_the_settings_say_and_no_longer(drips: bytes) -> None:
    """All in all: one that drips byte by byte gains nothing."""
    over = threading.Event()

    def handle(connection: socket.socket) -> None:
        request(connection)
        connection.sendall(drips)
        while drips and not over.wait(0.02):
            connection.sendall(b"y")
        over.wait(20)

    with receiver(handle) as target:
        answer = post(target, WebhookSettings(allowed=LOOPBACK.allowed, http=True, timeout=0.3))
        over.set()
    assert (answer.status, answer.error) == (None, "timeout")
    assert 0.3 <= answer.seconds < 3


def test_a_body_that_drips_is_not_waited_for_longer_and_was_taken_all_the_same() -> None:
    over = threading.Event()

    def handle(connection: socket.socket) -> None:
        request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not over.wait(0.02):
            connection.sendall(b"y")

    with receiver(handle) as target:
        answer = post(target, WebhookSettings(allowed=LOOPBACK.allowed, http=True, timeout=0.3))
        over.set()
    assert answer.status == 200
    assert answer.seconds < 3


def test_a_redirect_leads_nowhere() -> None:
    reached: list[bytes] = []

    def inner(connection: socket.socket) -> None:
        reached.append(connection.recv(65536))

    with receiver(inner) as trap:
        place = f"http://127.0.0.1:{trap.port}/secret".encode()
        with receiver(says(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: " + place + b"\r\n\r\n")) as target:
            assert post(target).status == 307
    assert [each for each in reached if each] == []


def test_a_name_is_judged_by_what_it_resolves_to_and_connected_to_just_that() -> None:
    """Asked once: a name that resolves to another address the second time has no second time."""
    asked: list[str] = []
    reached: list[bytes] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        places = ["127.0.0.1"] if len(asked) > 1 else ["10.0.0.1", "169.254.169.254"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port)) for place in places]

    with receiver(lambda connection: reached.append(connection.recv(65536))) as target:
        answer = post(
            Target("http", "innocent.example", target.port, "/"),
            WebhookSettings(http=True, timeout=5.0),
            resolve=resolve,
        )
    assert (answer.status, answer.error, asked) == (None, "address-refused", ["innocent.example"])
    assert [each for each in reached if each] == []


def test_without_tls_nothing_is_sent_unless_the_settings_allow_it() -> None:
    answer = post(Target("http", "127.0.0.1", 9, "/"), WebhookSettings(allowed=LOOPBACK.allowed))
    assert answer.error == "https-demanded"


@pytest.mark.parametrize(
    ("resolve", "error"),
    [(socket.gaierror("no such name"), "unresolved"), (UnicodeError("label too long"), "unresolved")],
)
def test_a_name_that_nobody_knows(resolve: Exception, error: str) -> None:
    def fails(*_: Any, **__: Any) -> list[Any]:
        raise resolve

    assert post(Target("https", "nowhere.example", 443, "/"), resolve=fails).error == error


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert post(Target("http", "127.0.0.1", port, "/")).error == "unreachable"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    certificate = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(65536)

    with receiver(handle) as target:
        answer = post(Target("https", "127.0.0.1", target.port, "/"))
    assert (answer.status, answer.error) == (None, "tls")


def test_over_tls_in_a_green_process_only_the_own_thread_waits(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gateway.tests.integration.green_delivery", str(_certificate(tmp_path))]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[3], check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["statuses"], told["errors"], told["connections"]) == ([200, 200], ["", ""], 1)
    assert told["ticks"] > 10  # the receiver waited for them


def _certificate(folder: Path) -> Path:
    """Its own authority, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    made = builder.sign(key, hashes.SHA256())
    place = folder / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return place
