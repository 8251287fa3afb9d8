"""Creating contracts: drafts one by one, and the import of customers with active contracts in batches."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.machine import Machine
from bench.measure import Aim, Figure, once
from contracts_service.wiring import component
from services.application import Request
from services.collecting import keep_what_is_loaded
from services.runtime import App
from services.testing.running import settings_for
from services.transport.local import LocalTransport

AT_ONCE = 2  # processes
PORTION = 100  # records a call, as the command line sends them
PROVIDER = {"provider_id": "p1", "legal_name": "Horizonte Ltda.", "cnpj": "11222333000181"}
SERVICE = {"service_type_id": "s1", "code": "MAN", "name": "Manutenção"}
TERMS = {
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "renewal": "tacit",
    "services": [{**SERVICE, "included_quantity": "2", "unit": "hour", "overage_unit_price": "150.00"}],
    "lines": [{"line_id": "monthly", "clause": "4.1", "description": "Manutenção", "amount": "980.00"}],
    "dunning": [{"level": 1, "days": -3}, {"level": 2, "days": 5}],
}


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    single, many = (200, 2_000) if quick else (1_000, 10_000)
    url = machine.database()
    app = built(url, machine.folder)
    app.create()
    for name, payload in (("register_provider", PROVIDER), ("define_service_type", SERVICE)):
        execute(app, name, payload)
    customer = {"customer_id": "k1", "kind": "company", "legal_name": "Clínica Ltda.", "cnpj": "11444777000161"}
    execute(app, "register_customer", customer)
    started = time.perf_counter()
    for _ in range(single):
        draft = {"contract_id": str(uuid.uuid4()), "customer_id": "k1", "provider_id": "p1", "terms": TERMS}
        execute(app, "draft_contract", draft)
    drafts = single / (time.perf_counter() - started)
    say(f"contracts drafted one by one: {drafts:,.0f}/s")
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        parts = [(url, str(machine.folder), part) for part in range(AT_ONCE)]
        list(pool.map(take_part, [(*part, PORTION * AT_ONCE, "w") for part in parts]))  # warm
        started = time.perf_counter()
        list(pool.map(take_part, [(*part, many, "b") for part in parts]))
        imported = many / (time.perf_counter() - started)
    say(f"customers with active contracts, in batches: {imported:,.0f}/s")
    app.stop()
    alone, many_at_once = (
        Aim("≥ 400/s: 20 × a peer's 20/s", least=400),
        Aim("≥ 1,800/s: 20 × a peer's 90/s", least=1800),
    )
    return [
        once("contracts drafted one by one", "contracts/s", drafts, aim=alone),
        once("customers with active contracts, in batches", "contracts/s", imported, aim=many_at_once),
    ]


def built(url: str, folder: Path) -> App:
    return App(component(), LocalTransport(), settings_for("contracts", url, folder, partitions=4))


def execute(app: App, name: str, payload: dict[str, Any]) -> None:
    app.application.execute(Request(str(uuid.uuid4()), name, payload, actor="user:bench"))


_apps: dict[str, App] = {}


def take_part(asked: tuple[str, str, int, int, str]) -> None:
    """In a process of its own: every second portion."""
    url, folder, part, size, prefix = asked
    app = _apps.get(url)
    if app is None:
        app = _apps[url] = built(url, Path(folder))
        keep_what_is_loaded()
    request = Request("", "import_contracts", {}, actor="user:bench", correlation="bench", at=datetime.now(UTC))
    for number, portion in enumerate(portions(size, prefix)):
        if number % AT_ONCE == part:
            answers = app.application.batch("import_contracts", portion, request)
            bad = [answer for answer in answers if answer["status"] != "imported"]
            assert not bad, bad[0]


def portions(size: int, prefix: str) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, size, PORTION):
        yield [record(f"{prefix}{number:06}") for number in range(start, min(start + PORTION, size))]


def record(key: str) -> dict[str, Any]:
    customer = {"customer_id": f"k{key}", "external_ref": key, "kind": "person", "name": f"Maria {key}"}
    contract = {"contract_id": f"c{key}", "external_ref": key, "number": f"B-{key}", **TERMS}
    return {"id": f"i{key}", "provider_id": "p1", "customer": customer, "contract": contract, "status": "active"}
