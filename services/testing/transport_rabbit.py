"""The RabbitMQ side of the transport's contract suite: a broker behind a proxy, and the echo service as a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import pika

from services.testing.proxy import TcpProxy
from services.testing.transport_contract import WORKERS
from services.transport.pauses import Pauses
from services.transport.rabbit.transport import RabbitTransport

ROOT = Path(__file__).resolve().parents[2]


class EchoProcess:
    """``python -m services.nameko_ext.run services.testing.transport_nameko`` until the block ends."""

    def __init__(self, amqp_url: str, module: str = "services.testing.transport_nameko", **environ: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        settings = {
            "VIGENCIA_AMQP_URL": amqp_url,
            "VIGENCIA_RPC_WORKERS": str(WORKERS),
            "VIGENCIA_FEED_WORKERS": "2",
            "VIGENCIA_HTTP_PORT": str(self.port),
            **environ,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.nameko_ext.run", module], cwd=ROOT, env={**os.environ, **settings}
        )

    def __enter__(self) -> EchoProcess:
        deadline = time.monotonic() + 30
        while self.get("/health/ready")[0] != 200:
            assert self.process.poll() is None, "the echo service ended"
            assert time.monotonic() < deadline, "the echo service is not ready"
            time.sleep(0.02)
        return self

    def get(self, path: str) -> tuple[int, str]:
        """Status (0: no connection) and text of its health port."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)
        except httpx.TransportError:
            return 0, ""
        return answer.status_code, answer.text

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        """End it; its exit code."""
        if self.process.poll() is not None:
            return self.process.returncode
        self.process.send_signal(signal_number)
        return self.process.wait(30)


class RabbitHarness:
    """A transport that speaks through a proxy, so that its connections can be cut."""

    def __init__(self, amqp_url: str) -> None:
        self.direct_url = amqp_url
        parts = urlsplit(amqp_url)
        self.proxy = TcpProxy(parts.hostname or "127.0.0.1", parts.port or 5672)
        netloc = f"{parts.username}:{parts.password}@127.0.0.1:{self.proxy.port}"
        self.url = urlunsplit((parts.scheme, netloc, parts.path, "", ""))
        self.transport = self.new_transport()

    def new_transport(self) -> RabbitTransport:
        return RabbitTransport(self.url, "contract", pauses=lambda: Pauses(first=0.02, most=0.2))

    def serve(self) -> None:
        """The process is there already."""

    def close(self) -> None:
        self.transport.close()
        self.proxy.close()


class Peek:
    """A plain blocking connection, to look at queues and to put things into them by hand."""

    def __init__(self, amqp_url: str) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
        self.channel = self._connection.channel()

    def __enter__(self) -> Peek:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def ready(self, queue: str) -> int:
        """Messages that wait in ``queue`` (not those that a consumer holds)."""
        count: int = self.channel.queue_declare(queue, passive=True).method.message_count
        return count

    def consumers(self, queue: str) -> int:
        """Who listens to ``queue``, as the broker knows it."""
        count: int = self.channel.queue_declare(queue, passive=True).method.consumer_count
        return count

    def take(self, queue: str) -> tuple[bytes, Mapping[str, Any]] | None:
        """One message with its headers, acknowledged; None if there is none."""
        _method, properties, body = self.channel.basic_get(queue, auto_ack=True)
        return None if body is None else (body, properties.headers or {})
