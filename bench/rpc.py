"""One call's round trip: the transport's call to a service of ours, against nameko's own proxy and entrypoint, as they come.

Both callers run in this process, both services in one process each; the method answers what it was given.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from nameko.standalone.rpc import ServiceRpcProxy

from bench.machine import Machine
from bench.measure import Aim, Figure, Rounds
from bench.process import ours, peer
from services.transport.rabbit.transport import RabbitTransport

PAYLOAD = {"value": {"text": "x" * 200, "numbers": list(range(20))}}


def run(machine: Machine, quick: bool, say: Callable[[str], None]) -> list[Figure]:
    amqp = machine.broker()
    trace = machine.folder / "rpc-trace"
    trace.touch()
    calls = 100 if quick else 500
    with (
        ours("services.testing.transport_nameko", machine.folder, VIGENCIA_AMQP_URL=amqp),
        peer(VIGENCIA_AMQP_URL=amqp, BENCH_TRACE=str(trace)),
        ServiceRpcProxy("peer", {"AMQP_URI": amqp}) as proxy,
    ):
        transport = RabbitTransport(amqp, "bench")
        sides = {
            "call": lambda _: median_ms(calls, lambda: transport.call("echo", "ask", PAYLOAD, timeout=30)),
            "nameko's proxy": lambda _: median_ms(calls, lambda: proxy.ask(PAYLOAD)),
        }
        rounds = Rounds(sides, rounds=3 if quick else 7, say=say).run()
        transport.close()
    aim = Aim("≤ 60% of nameko's time", most=0.6)
    return [
        rounds.figure("RPC round trip", "ms", "call", "nameko's proxy", against="nameko's default proxy", aim=aim,
                      note="median of a round's calls, one after another"),
    ]  # fmt: skip


def median_ms(calls: int, call: Callable[[], object]) -> float:
    times = []
    for _ in range(calls):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)
