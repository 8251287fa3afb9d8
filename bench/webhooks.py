"""What other systems get, on the full mode: webhook deliveries to a local receiver, and a feed over HTTP, page by page.

All services, broker, database, and the receiver (which verifies nothing and answers 200) run on this machine, so the
figures are those of a small server. Each event is a stream of its own: as many connections as the settings allow.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from bench.machine import Machine
from bench.measure import Figure, Spread
from bench.process import until
from deploy.local.supervised import Stack
from services.settings import secret_for

EVENTS, QUICK_EVENTS = 3_000, 600
ROUNDS, QUICK_ROUNDS = 5, 2
SETTINGS = {"VIGENCIA_WEBHOOK_ALLOW_NETWORKS": "127.0.0.0/8", "VIGENCIA_WEBHOOK_ALLOW_HTTP": "true"}
API = "/api/v1"


class Receiver:
    """Counts, and answers 200."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_port}/"
        self.times: list[float] = []


@contextmanager
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            made.times.append(time.perf_counter())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Receiver(server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    count, rounds = (QUICK_EVENTS, QUICK_ROUNDS) if quick else (EVENTS, ROUNDS)
    with Stack(machine.folder / "stack", management=False, env=SETTINGS) as stack:
        login = {"user": "admin", "password": secret_for(stack.folder, "admin").decode()}
        with httpx.Client(base_url=stack.gateway_url, timeout=60) as office:
            token = office.post(f"{API}/session", json=login).raise_for_status().json()["token"]
            office.headers["Authorization"] = f"Bearer {token}"
            _happen(office, count)
            webhooks = [_webhooks(office, count, say) for _ in range(rounds + 1)][1:]
            key = office.post(f"{API}/api-keys", json={"name": "bench", "scopes": ["feed:contracts"]}).json()["key"]
        with httpx.Client(base_url=stack.gateway_url, timeout=60, headers={"Authorization": f"Bearer {key}"}) as reader:
            feed = [_feed(reader, count, say) for _ in range(rounds + 1)][1:]
    note = "from the endpoint's making to the last delivery, signed, in order per stream, noted in batches of 100"
    return [
        Figure("webhooks to a local receiver, 8 connections", "deliveries/s", Spread.of(webhooks), note=note),
        Figure(
            "feed over HTTP, pages of 500, gzip", "events/s", Spread.of(feed), note="read and decoded by one client"
        ),
    ]


def _happen(office: httpx.Client, count: int) -> None:
    def define(number: int) -> None:
        office.post(f"{API}/service-types", json={"code": f"B{number}", "name": "Measured"}).raise_for_status()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(define, range(count)))


def _webhooks(office: httpx.Client, count: int, say: Callable[[str], None]) -> float:
    wanted = ["contracts.servicetype.defined"]
    with receiver() as at:
        started = time.perf_counter()
        body = {"name": "bench", "url": at.url, "types": wanted, "from_start": True}
        made = office.post(f"{API}/webhooks", json=body).raise_for_status().json()
        until(lambda: len(at.times) >= count, "all was delivered", seconds=300)
        rate = count / (at.times[count - 1] - started)
        office.post(f"{API}/webhooks/{made['endpoint_id']}/remove", json={}).raise_for_status()
    say(f"webhooks: {rate:,.0f} deliveries/s")
    return rate


def _feed(reader: httpx.Client, count: int, say: Callable[[str], None]) -> float:
    started, found = time.perf_counter(), 0
    for head in reader.get(f"{API}/feeds/contracts/heads").raise_for_status().json()["partitions"]:
        place: dict[str, Any] = {"partition": head["partition"], "after": -1}
        while place["after"] < head["offset"]:
            page = reader.get(f"{API}/feeds/contracts", params={**place, "limit": 500}).raise_for_status().json()
            found += len(page["events"])
            place |= {"after": page["through"], "chain": page["chain"], "feed": page["feed"]}
    assert found >= count, f"{found} of {count} events"
    rate = found / (time.perf_counter() - started)
    say(f"feed over HTTP: {rate:,.0f} events/s")
    return rate
