"""From append to a remote view's commit: how long one event takes, and how many go through a second.

Ours: append → outbox → relay → RabbitMQ → subscription → view and checkpoint committed, two processes, four partitions.
nameko's: ``EventDispatcher`` → RabbitMQ → ``event_handler``, as they come, once with a handler that does nothing at all and
once with one that writes the same row of a view.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from pathlib import Path

from nameko.standalone.events import event_dispatcher

from bench.fill import fill
from bench.machine import Machine
from bench.measure import Aim, Figure, Rounds, Spread, percentile
from bench.process import ours, peer, until
from services.runtime import App
from services.testing.running import settings_for
from services.tests import sample
from services.transport.local import LocalTransport
from services.transport.rabbit.transport import RabbitTransport

RATE = 50  # commands a second, while the time of one event is measured


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    amqp, source, copy = machine.broker(), machine.database(), machine.database()
    trace = machine.folder / "trace"
    trace.touch()
    shared = {"VIGENCIA_AMQP_URL": amqp}
    with (
        ours("bench.peers.sample_service", machine.folder, VIGENCIA_DATABASE_URL=source, **shared),
        ours("bench.peers.copy_service", machine.folder, VIGENCIA_DATABASE_URL=copy, BENCH_TRACE=str(trace), **shared),
    ):
        app = App(sample.component(), LocalTransport(), settings_for("sample", source, machine.folder, partitions=4))
        app.create()
        figures = latency(amqp, Trace(trace), quick, say)
        figures += through(machine, amqp, app, Trace(trace), quick, say)
        app.stop()
    return figures


class Trace:
    """What the consuming process wrote."""

    def __init__(self, path: Path) -> None:
        self._path, self._from = path, path.stat().st_size
        self.times: list[float] = []
        self.ages: list[float] = []

    def count(self) -> int:
        """Reads what is new; events seen so far."""
        with self._path.open() as file:
            file.seek(self._from)
            for line in iter(file.readline, ""):
                if not line.endswith("\n"):
                    break
                self._from += len(line)
                now, *ages = map(float, line.split())
                self.times += [now] * max(1, len(ages))
                self.ages += ages
        return len(self.times)


def latency(amqp: str, trace: Trace, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """One command at a time, ``RATE`` a second, by RPC to the source."""
    each, rounds = (100, 3) if quick else (400, 5)
    transport = RabbitTransport(amqp, "bench")
    middle, high = [], []
    for number in range(rounds + 1):
        before = trace.count()
        begun = time.monotonic()
        for n in range(each):
            payload = {"id": str(uuid.uuid4()), "command": "add", "payload": {"counter_id": f"l{n % 40}", "amount": 1}}
            transport.call("sample", "execute", payload, timeout=30)
            time.sleep(max(0.0, begun + n / RATE - time.monotonic()))
        until(lambda b=before: trace.count() == b + each, "the last event is in the view")
        ages = [age * 1000 for age in trace.ages[before:]]
        say(f"append → view: p50 {percentile(ages, 0.5):.1f} ms, p99 {percentile(ages, 0.99):.1f} ms")
        if number:
            middle.append(percentile(ages, 0.5))
            high.append(percentile(ages, 0.99))
    transport.close()
    note = f"from the begin of the append to the commit of the remote view's transaction, {RATE} commands a second"
    return [
        Figure(
            "append → remote view, p50", "ms", Spread.of(middle), aim=Aim("< 50 ms", most=50), aimed="ours", note=note
        ),
        Figure("append → remote view, p99", "ms", Spread.of(high), aim=Aim("< 250 ms", most=250), aimed="ours"),
    ]


def through(
    machine: Machine, amqp: str, app: App, trace: Trace, quick: bool, say: Callable[[str], None]
) -> list[Figure]:
    count, dispatched = (5_000, 500) if quick else (20_000, 2_000)

    def view(number: int) -> float:
        before = trace.count()
        started = time.time()
        fill(app, count, prefix=f"t{number}-")
        until(lambda: trace.count() >= before + count, "all events are in the view", seconds=120)
        return count / (trace.times[before + count - 1] - started)

    def nameko(number: int, url: str | None) -> float:
        path = machine.folder / f"nameko-{number}-{bool(url)}"
        path.touch()
        seen = Trace(path)
        environ = {"BENCH_TRACE": str(path), "VIGENCIA_AMQP_URL": amqp, **({"BENCH_DATABASE_URL": url} if url else {})}
        with peer(**environ):
            dispatch = event_dispatcher({"AMQP_URI": amqp})
            started = time.time()
            for n in range(dispatched):
                dispatch("source", "added", {"counter_id": f"n{n % 500}", "amount": 1})
            until(lambda: seen.count() >= dispatched, "all events are handled", seconds=120)
            return dispatched / (seen.times[dispatched - 1] - started)

    url = machine.database()
    sides = {
        "through a view subscription": view,
        "nameko, empty handler": lambda number: nameko(number, None),
        "nameko, handler that writes the row": lambda number: nameko(number, url),
    }
    rounds = Rounds(sides, rounds=3 if quick else 5, say=say).run()
    note = (
        "from the first append of many to the last commit; nameko's from the first dispatch to the last event handled"
    )
    return [
        rounds.figure("through a view subscription", "events/s", "through a view subscription", "nameko, empty handler",
                      aim=Aim("≥ 5 × nameko's", least=5), note=note),
        rounds.figure("through a view subscription, like against like", "events/s", "through a view subscription",
                      "nameko, handler that writes the row"),
    ]  # fmt: skip
