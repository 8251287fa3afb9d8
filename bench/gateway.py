"""The gateway over HTTP on the full mode: a list read and a command, with 1 and 8 clients, each client on one connection.

All five services, broker and database run on this machine beside the clients, so the figures are those of a small server.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable

import httpx

from bench.machine import Machine
from bench.measure import Figure, Spread, percentile
from deploy.local.supervised import Stack
from services.settings import secret_for

ROUNDS, SECONDS = 5, 4.0
QUICK_ROUNDS, QUICK_SECONDS = 2, 1.5
ROWS = 50


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    figures = []
    with Stack(machine.folder / "stack", management=False) as stack:
        url, headers = stack.gateway_url, {}
        login = {"user": "admin", "password": secret_for(stack.folder, "admin").decode()}
        with httpx.Client(base_url=url, timeout=60) as first:
            token = first.post("/api/v1/session", json=login).raise_for_status().json()["token"]
            headers = {"Authorization": f"Bearer {token}"}
            first.headers.update(headers)
            for number in range(ROWS):
                made = {"code": f"B{number}", "name": f"Service {number}"}
                last = first.post("/api/v1/service-types", json=made).raise_for_status()
            wait = {"wait": last.headers["X-Vigencia-Wait"]}
            first.get("/api/v1/service-types", params=wait).raise_for_status()

        def read(client: httpx.Client, _: str) -> None:
            client.get("/api/v1/service-types", params={"limit": 25}).raise_for_status()

        def command(client: httpx.Client, key: str) -> None:
            made = {"code": key, "name": "Measured"}
            client.post("/api/v1/service-types", json=made).raise_for_status()

        for clients in (1, 8):
            for name, work in (("list of 25", read), ("command", command)):
                measured = [_round(url, headers, clients, seconds, work, f"{name[0]}{n}") for n in range(rounds + 1)][
                    1:
                ]
                rate = Spread.of([each[0] for each in measured])
                middle = statistics.median(each[1] for each in measured)
                high = statistics.median(each[2] for each in measured)
                say(f"{name}, {clients}: {rate.median:,.0f}/s")
                note = f"p50 {middle:.1f} ms, p95 {high:.1f} ms (medians of the rounds)"
                label = f"gateway: {name}, {clients} client{'s' if clients > 1 else ''}"
                figures.append(Figure(label, "requests/s", rate, note=note))
    return figures


def _round(
    url: str,
    headers: dict[str, str],
    clients: int,
    seconds: float,
    work: Callable[[httpx.Client, str], None],
    name: str,
) -> tuple[float, float, float]:
    """Requests a second, and p50 and p95 in milliseconds."""
    times: list[float] = []
    begin = threading.Barrier(clients)

    def one(number: int) -> None:
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            begin.wait()
            end, count = time.perf_counter() + seconds, 0
            while (started := time.perf_counter()) < end:
                work(client, f"{name}-{clients}-{number}-{count}")
                times.append((time.perf_counter() - started) * 1000)
                count += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - started
    return len(times) / taken, percentile(times, 0.5), percentile(times, 0.95)
