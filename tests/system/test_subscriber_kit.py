"""Another system against the full mode: killed at any moment, the broker wiped, and its ledger equals billing's answer."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError

from deploy.local.rabbitmq import SUBSCRIBERS, password_hash
from deploy.local.subscribers import Subscribers
from services.testing.servers import scratch_folder
from tests.system.house import House
from tests.system.running import PROJECT, Full, wait_for
from vigencia_subscriber.examples.ledger import entries, ledger

NAME = "ledger"


@pytest.fixture(scope="module")
def system() -> Iterator[Full]:
    """The full mode; its broker knows the subscriber from the start on."""
    folder = scratch_folder()
    made = Full(folder / "store")
    try:
        kept = Subscribers(made.stack.broker.folder / SUBSCRIBERS, password_hash)
        made.stack.broker.folder.mkdir(parents=True, exist_ok=True)
        made.password = kept.add(NAME, ("billing",), datetime.now(UTC))  # type: ignore[attr-defined]
        yield made.start()
    finally:
        made.stop()
        shutil.rmtree(folder)


@dataclass
class OtherSystem:
    """A process of its own with a database of its own, which knows an address, a key and a broker's user."""

    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        with open(self.log, "ab") as log:
            environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)}
            self.process = subprocess.Popen(
                [sys.executable, *self.command], stdout=log, stderr=log, env=environment, cwd=self.log.parent
            )

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def told(self) -> str:
        return self.log.read_text("utf-8", "replace")


@pytest.fixture(scope="module")
def amqp(system: Full) -> str:
    port = system.stack.broker.port
    return f"amqp://sub.{NAME}:{system.password}@127.0.0.1:{port}/vigencia"  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def key(house: House) -> str:
    return str(house.office.post("api-keys", name=NAME, scopes=["feed:billing"])["key"])


@pytest.fixture
def books(house: House, key: str, amqp: str, tmp_path: Path) -> Iterator[OtherSystem]:
    options = ["--url", house.system.url, "--key", key, "--amqp", amqp, "--database", f"sqlite:///{tmp_path}/books.db"]
    made = OtherSystem(["-m", "vigencia_subscriber.examples.ledger", *options], tmp_path / "books.log")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()


def own(tmp_path: Path) -> dict[str, tuple[str, Decimal, Decimal]]:
    """Receivable → number, net, balance, as the other system has them."""
    engine = create_engine(f"sqlite:///{tmp_path}/books.db")
    try:
        with engine.connect() as conn:
            rows = conn.execute(select(ledger)).all()
            sums: dict[str, Decimal] = {}
            for row in conn.execute(select(entries)):
                sums[row.receivable_id] = sums.get(row.receivable_id, Decimal()) + Decimal(row.amount)
    except OperationalError:  # not made yet
        return {}
    finally:
        engine.dispose()
    assert sums == {row.receivable_id: Decimal(row.balance) for row in rows}  # each entry once
    return {row.receivable_id: (row.number, Decimal(row.net), Decimal(row.balance)) for row in rows}


def billing(house: House) -> dict[str, tuple[str, Decimal, Decimal]]:
    """The same as billing itself answers."""
    answers = [house.office.get(f"receivables/{each['receivable_id']}") for each in all_of(house)]
    return {each["receivable_id"]: (each["number"], Decimal(each["net"]), Decimal(each["balance"])) for each in answers}


def all_of(house: House) -> list[dict[str, Any]]:
    return house.office.list("receivables", limit=200)


def work(house: House, *amounts: str) -> str:
    """A contract with a receivable, on which these payments come in."""
    contract_id = house.contract()
    house.bill(contract_id)
    for amount in amounts:
        house.office.make("payments", contract_id=contract_id, amount=amount, method="pix")
    return contract_id


def test_its_table_equals_billings_answer_whatever_is_killed_and_wiped(
    system: Full, house: House, books: OtherSystem, tmp_path: Path
) -> None:
    work(house, "300.00")
    books.start()
    wait_for(lambda: own(tmp_path) == billing(house) != {}, "what happened before it began")
    contract_id = house.contract()
    house.bill(contract_id)
    payments = []
    for amount in ("10.00", "20.00", "1200.00"):
        books.kill()  # wherever it is
        payments.append(house.office.make("payments", contract_id=contract_id, amount=amount, method="pix"))
        books.start()
    system.stack.wipe_broker()  # whether it is connected or not
    system.stack.wait_ready()  # the services, so that they take commands
    house.office.post(f"payments/{payments[0]}/reverse", reason="estorno")
    books.kill()
    work(house, "1000.00", "50.00")
    books.start()
    truth = billing(house)
    assert len(truth) == 3
    assert 0 in [balance for _, _, balance in truth.values()]
    wait_for(lambda: own(tmp_path) == truth, "the ledger to be equal")
    house.office.make("payments", contract_id=contract_id, amount="1.00", method="pix")  # now it is pushed
    truth = billing(house)
    wait_for(lambda: own(tmp_path) == truth, "the ledger to be equal")
    assert books.end() == 0
    assert "vigencia_subscriber_events_total" in books.told()


def heads(system: Full, key: str) -> dict[str, int]:
    """Partition → last offset of billing's feed."""
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx.get(f"{system.url}/api/v1/feeds/billing/heads", headers=headers).raise_for_status()
    return {str(each["partition"]): each["offset"] for each in answer.json()["partitions"]}


def noted(tmp_path: Path) -> dict[str, int]:
    """Partition → how far the script has noted that it is."""
    file = tmp_path / "places.json"
    places = json.loads(file.read_text()) if file.exists() else {}
    return {partition: place[0] for partition, place in places.items()}


def test_thirty_lines_of_pika_print_each_receivable_once(
    system: Full, house: House, key: str, amqp: str, tmp_path: Path
) -> None:
    script = PROJECT / "docs" / "events" / "plain_pika.py"
    printed = OtherSystem([str(script), house.system.url, key, amqp, "places.json"], tmp_path / "printed.log")
    work(house)
    printed.start()
    try:
        wait_for(lambda: noted(tmp_path) == heads(system, key), "what happened before it began")
        printed.kill()
        work(house)
        printed.start()
        work(house)
        wait_for(lambda: noted(tmp_path) == heads(system, key), "what happened later")
    finally:
        printed.kill()
    assert sorted(line.split()[0] for line in printed.told().splitlines()) == sorted(
        each["number"] for each in all_of(house)
    )


def test_the_example_shows_the_table_once(house: House, key: str, tmp_path: Path) -> None:
    """Over HTTP alone: no broker is needed."""
    work(house, "100.00")
    command = [sys.executable, "-m", "vigencia_subscriber.examples.ledger", "--once", "--url", house.system.url]
    options = ["--key", key, "--database", f"sqlite:///{tmp_path}/books.db"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=True, cwd=PROJECT, timeout=120)
    truth = billing(house)
    assert own(tmp_path) == truth
    assert len(done.stdout.splitlines()) == len(truth)
    for number, net, _ in truth.values():
        assert f"{number:<24} {net:>12}" in done.stdout
