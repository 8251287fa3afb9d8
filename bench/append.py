"""Append: a command decided and stored, against a bare insert of the same rows (events, outbox, commands)."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, text

from bench.machine import Machine
from bench.measure import Aim, Figure, Rounds
from services.application import Request
from services.runtime import App
from services.store.database import Database
from services.store.tables import CHASSIS, commands, events, outbox
from services.testing.running import settings_for
from services.tests import sample
from services.transport.local import LocalTransport

PER_STREAM = 5  # events of one stream


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    url = machine.database()
    plain = App(replace(sample.component(), views=()), LocalTransport(), settings_for("sample", url, machine.folder))
    plain.create()
    viewing = App(sample.component(), LocalTransport(), settings_for("sample", machine.database(), machine.folder))
    viewing.create()
    bare = Bare(url)
    figures = []
    for writers, each, aim in ((1, 400, 0.6), (8, 150, 0.8)):
        number = each // 4 if quick else each
        rounds = Rounds(
            {
                "append": lambda _, w=writers, n=number: rate(w, n, lambda w, n: command(plain, w, n)),
                "bare insert": lambda _, w=writers, n=number: rate(w, n, bare.write),
                "append with a view": lambda _, w=writers, n=number: rate(w, n, lambda w, n: command(viewing, w, n)),
            },
            rounds=3 if quick else 7,
            say=say,
        ).run()
        many = f"{writers} writer{'s' if writers > 1 else ''}"
        wished = Aim(f"≥ {aim:.0%} of a bare insert", least=aim)
        figures += [
            rounds.figure(f"append, {many}", "commands/s", "append", "bare insert", aim=wished),
            rounds.figure(
                f"append with a view of its own, {many}", "commands/s", "append with a view", "bare insert",
                note="two more statements: the view's row is read and written",
            ),
        ]  # fmt: skip
    for app in (plain, viewing):
        app.stop()
    bare.database.dispose()
    return figures


def rate(writers: int, each: int, write: Callable[[str, int], Any]) -> float:
    """Commands per second of ``writers`` threads, ``each`` commands a thread."""
    prefix = uuid.uuid4().hex
    start = threading.Barrier(writers + 1)
    failed: list[BaseException] = []

    def work(writer: int) -> None:
        start.wait()
        try:
            for number in range(each):
                write(f"{prefix}-{writer}-{number // PER_STREAM}", number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    start.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return writers * each / (time.perf_counter() - started)


def command(app: App, counter: str, number: int) -> None:
    payload = {"counter_id": counter, "amount": 1}
    app.application.execute(Request(str(uuid.uuid4()), "add", payload, actor="user:bench"))


class Bare:
    """The same three rows by SQLAlchemy and psycopg alone, into the same tables in a schema of their own."""

    def __init__(self, url: str) -> None:
        with Database(url).engine.begin() as conn:
            conn.execute(text("CREATE SCHEMA bare"))
        self.database = Database(url, schema="bare")
        CHASSIS.create_all(self.database.engine)

    def write(self, counter: str, number: int) -> None:
        now = datetime.now(UTC)
        stream = f"counter-{counter}"
        meta = (
            f'{{"command":"{uuid.uuid4()}","correlation":"{uuid.uuid4()}","causation":"{uuid.uuid4()}",'
            '"actor":"user:bench","historical":false,"depth":0}'
        )
        version = number % PER_STREAM + 1
        event = {
            "stream": stream, "version": version, "type": "sample.counter.added", "schema": 1,
            "data": f'{{"counter_id":"{counter}","amount":1}}', "meta": meta, "recorded_at": now, "hash": "0" * 64,
        }  # fmt: skip
        with self.database.engine.begin() as conn:
            conn.execute(insert(events), event)
            conn.execute(insert(outbox), {"partition": 0, "stream": stream, "version": version, "hash": "0" * 64})
            answer = f'{{"source":"sample","stream":"{stream}","version":{version},"events":["sample.counter.added"]}}'
            row = {"id": str(uuid.uuid4()), "payload_hash": "0" * 64, "answer": answer, "recorded_at": now}
            conn.execute(insert(commands), row)
