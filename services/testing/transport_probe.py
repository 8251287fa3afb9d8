"""Probes that run inside the patched process of a service, for the rim's tests: nameko services ``echo``, ``echo-feed``.

``ask`` with ``{"do": "sleep-in-database", "url": …, "times": n, "seconds": s}`` sleeps ``n`` times at once in PostgreSQL
and answers how long that took; with ``{"do": "state"}`` it tells what was started and how. A small web application
answers ``/hello``, ``/slow`` and ``/stream`` (server-sent events).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from services.nameko_ext.service import nameko_service
from services.testing.transport_nameko import EchoApp, EchoComponent
from services.testing.transport_service import answer
from services.transport.port import Handler, Transport


class ProbeApp(EchoApp):
    """Writes what happens to it into the file that PROBE_LOG names, a line each."""

    def start(self) -> None:
        note("start")

    def stop(self) -> None:
        note("stop")

    def handlers(self) -> Mapping[str, Handler]:
        return {**super().handlers(), "ask": ask, "execute": execute}

    def health(self) -> Mapping[str, Any]:
        return {"reasons": [], "parts": {"probe": "fine"}}


def build(_component: Any, _transport: Transport) -> ProbeApp:
    note("build")
    return ProbeApp()


def execute(payload: dict[str, Any], headers: dict[str, str]) -> Any:
    note("begin")
    try:
        return answer(payload, headers)
    finally:
        note("end")


def ask(payload: dict[str, Any], headers: dict[str, str]) -> Any:
    if payload.get("do") == "sleep-in-database":
        return sleep_in_database(payload["url"], payload["times"], payload["seconds"])
    return answer(payload, headers)


def sleep_in_database(url: str, times: int, seconds: float) -> float:
    import psycopg

    def sleep() -> None:
        with psycopg.connect(url) as connection:
            connection.execute("SELECT pg_sleep(%s)", (seconds,))

    threads = [threading.Thread(target=sleep) for _ in range(times)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - started


def note(what: str) -> None:
    path = os.environ.get("PROBE_LOG")
    if path:
        with Path(path).open("a") as log:
            log.write(what + "\n")


def web(_app: Any) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    def stream() -> Iterable[bytes]:
        for number in range(10**6):
            yield f"data: {number}\n\n".encode()
            time.sleep(0.05)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/stream":
                start_response("200 OK", [("Content-Type", "text/event-stream")])
                return stream()
            case "/slow":
                note("begin")
                time.sleep(0.5)
                note("end")
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
        return [b"hello"]

    return application


EchoService, EchoFeedService = nameko_service(EchoComponent(), build=build, wsgi=web)
