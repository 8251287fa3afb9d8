"""Billing at size: a run over many contracts, payments one by one, and the questions of finance over what came of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.machine import Machine
from bench.measure import Aim, Figure, Spread, once, percentile
from billing_service.domain.commands import OpenAccount
from billing_service.domain.terms import BillingTerms, ChargeLine, DunningStep
from billing_service.wiring import component
from services.application import Request
from services.collecting import keep_what_is_loaded
from services.component import Batch, Context, Execute
from services.runtime import App
from services.testing.running import settings_for
from services.transport.local import LocalTransport

SIZES = (10_000, 100_000)
QUICK = (1_000, 4_000)
RUN_SIZE = 5_000
AT_ONCE = 2
PORTION = 100  # records a call, as the gateway sends them
MONTH = "2026-11"
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
LINE_AMOUNTS = (Decimal("189.90"), Decimal("1250.00"), Decimal("33.33"))
RATE = "receivables/s"


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """Each size on a store of its own; the last one is then paid and asked."""
    figures, seconds = [], {}
    for size in QUICK if quick else SIZES:
        instances = Instances(machine)
        app = instances.app
        opened = taking(size, lambda n, i=instances: i.take("open", n))
        say(f"{size:,} accounts opened: {opened:,.0f}/s")
        issued = taking(size, lambda n, i=instances: i.take("bill", n))
        say(f"{size:,} receivables issued: {issued:,.0f}/s")
        seconds[size] = size / issued
        aim = Aim("≥ 1,500/s", least=1500)
        figures += [
            once(f"accounts opened and planned, {size:,}", "accounts/s", opened),
            once(f"billing run over {size:,} contracts", RATE, issued, aim=aim),
        ]
        if size != (QUICK if quick else SIZES)[-1]:
            instances.stop()
    figures.append(run_by_rows(machine, QUICK[0] if quick else RUN_SIZE, say))
    small, large = seconds
    grown = (seconds[large] / large) / (seconds[small] / small)
    say(f"time a receivable, {large:,} to {small:,}: {grown:.2f}")
    figures.append(once("time a receivable, large to small run", "×", grown, aim=Aim("≤ 1.2: linear", most=1.2)))
    figures += [*payments(app, 200 if quick else 1000, say), *questions(app, say)]
    instances.stop()
    return figures


def run_by_rows(machine: Machine, size: int, say: Callable[[str], None]) -> Figure:
    """The run as finance starts it: rows of ``due``, which both instances execute until none is left."""
    instances = Instances(machine)
    instances.take("open", size)
    started = {"run_id": "r1", "month": MONTH}
    instances.app.application.execute(Request("start-r1", "start_run", started, actor="user:bench"))
    issued = taking(size, lambda n: instances.take("due", n))
    shown = instances.app.application.query("run", {"run_id": "r1"})
    instances.stop()
    assert shown["failed"] == shown["waiting"] == 0, shown
    assert shown["issued"] >= size, shown
    say(f"{size:,} receivables issued by rows of due: {issued:,.0f}/s")
    return once(f"billing run as rows of due, {size:,} contracts", RATE, issued)


def made(machine: Machine, url: str = "") -> App:
    app = built(url or machine.database(), machine.folder)
    app.create()
    return app


def built(url: str, folder: Path) -> App:
    """Billing as it is, with one batch more, so that accounts can be opened as fast as they are billed."""
    whole = component()
    opening = Batch("open", open_one)
    app = App(
        replace(whole, batches=(*whole.batches, opening)),
        LocalTransport(),
        settings_for("billing", url, folder, partitions=4),
    )
    app.application.clock = lambda: NOW
    return app


def open_one(record: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    account = record["account_id"]
    number = int(account[-6:])
    execute(OpenAccount(account, account, f"k{number // 2}", date(2026, 11, 1), terms(number), at=NOW))
    return {"status": "opened"}


def terms(number: int) -> BillingTerms:
    """One to three lines, monthly in advance, with a dunning ladder."""
    lines = tuple(
        ChargeLine(f"line-{place}", f"4.{place}", "Manutenção mensal", amount)
        for place, amount in enumerate(LINE_AMOUNTS[: number % 3 + 1], start=1)
    )
    return BillingTerms(date(2026, 11, 1), lines=lines, dunning=(DunningStep(1, -3), DunningStep(2, 5)))


def records(app: App, name: str, size: int) -> None:
    """By one instance of the service."""
    for portion in portions(size):
        send_portion(app, name, portion)


class Instances:
    """Two processes, as a machine of two cores runs two instances of the service: each takes every second portion."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.url = machine, machine.database()
        self._pool = ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn"))
        self.app = made(machine, self.url)
        self.take("open", AT_ONCE * PORTION, "warm")

    def take(self, name: str, size: int, prefix: str = "a") -> None:
        parts = [(self.url, str(self.machine.folder), name, size, prefix, part) for part in range(AT_ONCE)]
        for _ in self._pool.map(take_part, parts):
            pass

    def stop(self) -> None:
        self._pool.shutdown()
        self.app.stop()


_instances: dict[str, App] = {}


def take_part(asked: tuple[str, str, str, int, str, int]) -> None:
    """In a process of its own."""
    url, folder, name, size, prefix, part = asked
    app = _instances.get(url)
    if app is None:
        app = _instances[url] = built(url, Path(folder))
        keep_what_is_loaded()
    if name == "due":
        app.due.run(NOW)
        return
    for number, portion in enumerate(portions(size, prefix)):
        if number % AT_ONCE == part:
            send_portion(app, name, portion)


def send_portion(app: App, name: str, portion: list[str]) -> None:
    request = Request("", name, {}, actor="user:bench", correlation="bench")
    more = {"month": MONTH} if name == "bill" else {}
    asked = [{"id": str(uuid.uuid4()), "account_id": account, **more} for account in portion]
    answers = app.application.batch(name, asked, request)
    bad = [answer for answer in answers if answer["status"] not in ("issued", "opened")]
    assert not bad, bad[0]


def portions(size: int, prefix: str = "a") -> Iterator[list[str]]:
    for start in range(0, size, PORTION):
        yield [f"{prefix}{number:06}" for number in range(start, min(start + PORTION, size))]


def taking(size: int, work: Callable[[int], None]) -> float:
    """How many a second."""
    started = time.perf_counter()
    work(size)
    return size / (time.perf_counter() - started)


def payments(app: App, number: int, say: Callable[[str], None]) -> list[Figure]:
    """One client pays one receivable after another, each a command in a transaction of its own."""
    open_ = app.application.query("receivables", {"month": MONTH, "limit": number})["items"]

    def pay(_: int) -> None:
        for row in open_:
            paid = {
                "account_id": row["account_id"],
                "payment_id": str(uuid.uuid4()),
                "amount": row["net"],
                "on": "2026-11-10",
                "method": "pix",
            }
            app.application.execute(Request(str(uuid.uuid4()), "record_payment", paid, actor="user:bench"))

    rate = taking(len(open_), pay)
    say(f"payments one by one: {rate:,.0f}/s")
    return [once("payments one by one", "payments/s", rate, aim=Aim("≥ 300/s", least=300))]


def questions(app: App, say: Callable[[str], None]) -> list[Figure]:
    figures = []
    for name, params in (("aging", {"on": "2026-12-20"}), ("forecast", {"months": 12})):
        times = []
        for _ in range(9):
            started = time.perf_counter()
            app.application.query(name, params)
            times.append((time.perf_counter() - started) * 1000)
        say(f"{name}: p50 {percentile(times, 0.5):.0f} ms")
        spread = Spread(min(times), percentile(times, 0.5), max(times))
        figures.append(
            Figure(f"{name} over all receivables", "ms", spread, aim=Aim("< 200 ms", most=200), aimed="ours")
        )
    return figures
