"""Opening requests through the gateway's API, on the full mode with two gateway processes: 1 and 8 clients, each client on one
connection; clients, services, broker and database share this machine.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import httpx

from bench.machine import Machine
from bench.measure import Aim, Figure, Spread, percentile
from bench.processor import each, said, used
from deploy.local.supervised import Stack
from services.settings import secret_for

GATEWAYS = 2
ROUNDS, SECONDS = 5, 4.0
QUICK_ROUNDS, QUICK_SECONDS = 2, 2.0
RATE = Aim("≥ 192/s with 8 clients", least=192)
SLOWEST = Aim("≤ 31 ms with 8 clients", most=31)


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    figures = []
    with Stack(machine.folder / "requests", management=False) as stack:
        urls = gateways(stack)
        headers, body = prepared(stack)
        for clients in (1, 8):
            open_some(urls, headers, body, clients, seconds)  # warms up
            before = used(stack)
            measured = [open_some(urls, headers, body, clients, seconds) for _ in range(rounds)]
            costs = each(before, used(stack), round(sum(rate * seconds for rate, _, _ in measured)))
            rates, middles, highs = (Spread.of(values) for values in zip(*measured, strict=True))
            say(f"{clients}: {rates.median:,.0f}/s, p50 {middles.median:.1f} ms, p95 {highs.median:.1f} ms")
            say(f"processor time a request, {said(costs)}")
            label = f"requests opened through the gateway, {clients} client{'s' if clients > 1 else ''}"
            aims = (RATE, SLOWEST) if clients > 1 else (None, None)
            cost = sum(costs.values())
            figures += [
                Figure(f"{label}, processor time of all processes", "ms", Spread(cost, cost, cost), note=said(costs)),
                Figure(label, "requests/s", rates, aim=aims[0], aimed="ours"),
                Figure(f"{label}, p50", "ms", middles),
                Figure(f"{label}, p95", "ms", highs, aim=aims[1], aimed="ours"),
            ]
    return figures


def gateways(stack: Stack) -> list[str]:
    """As many processes of the gateway as are measured; where each listens."""
    for _ in range(GATEWAYS - 1):
        stack.wait_ready(stack.add_instance("gateway"))
    return [f"http://127.0.0.1:{each.web_port}" for each in stack.instances.values() if each.service == "gateway"]


def prepared(stack: Stack) -> tuple[dict[str, str], dict[str, Any]]:
    """The headers of somebody who may open requests, and the body of a request on an active contract."""
    login = {"user": "admin", "password": secret_for(stack.folder, "admin").decode()}
    with httpx.Client(base_url=f"{stack.gateway_url}/api/v1/", timeout=60) as http:
        token = http.post("session", json=login).raise_for_status().json()["token"]
        http.headers["Authorization"] = f"Bearer {token}"

        def make(path: str, **values: Any) -> str:
            answer = http.post(path, json=values).raise_for_status()
            http.get("requests", params={"limit": 1, "wait": answer.headers["X-Vigencia-Wait"]}).raise_for_status()
            return str(answer.json().get("id"))

        provider = make("providers", legal_name="Horizonte Ltda.", cnpj="33.014.556/0001-96", trade_name="Horizonte")
        service = make("service-types", code="AC", name="Ar-condicionado")
        customer = make("customers", kind="company", legal_name="Clínica Ltda.", cnpj="12.ABC.345/01DE-35")
        person = {"name": "Otávio Barreto", "email": "contato@exemplo.example", "rights": ["requests"]}
        contact = make(f"customers/{customer}/contacts", **person)
        start = datetime.now(UTC).date().replace(day=1).isoformat()
        terms = {"starts_on": start, "services": [{"service_type_id": service, "code": "AC", "name": "Ar"}]}
        contract = make("contracts", customer_id=customer, provider_id=provider, terms=terms)
        make(f"contracts/{contract}/activate", on=start)
        body = {
            "contract_id": contract,
            "service_type_id": service,
            "opened_by": contact,
            "channel": "phone",
            "description": "O ar da sala de espera pinga.",
        }
        end = time.monotonic() + 30
        while http.post("requests", json=body).status_code != 201:  # tickets has yet to hear of the contract
            if time.monotonic() > end:
                http.post("requests", json=body).raise_for_status()
            time.sleep(0.1)
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, body


def open_some(
    urls: list[str], headers: dict[str, str], body: dict[str, Any], clients: int, seconds: float
) -> tuple[float, float, float]:
    """Requests a second, and p50 and p95 in milliseconds."""
    times: list[float] = []
    failed: list[str] = []
    begin = threading.Barrier(clients)
    sent = json.dumps(body)

    def one(number: int) -> None:
        connection = HTTPConnection(urlsplit(urls[number % len(urls)]).netloc, timeout=60)
        begin.wait()
        end = time.perf_counter() + seconds
        while (started := time.perf_counter()) < end:
            connection.request("POST", "/api/v1/requests", sent, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 201:
                failed.append(text.decode())
                return
            times.append((time.perf_counter() - started) * 1000)
        connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - started
    assert not failed, failed[0]
    return len(times) / taken, percentile(times, 0.5), percentile(times, 0.95)


__all__ = ["gateways", "open_some", "prepared", "run"]
