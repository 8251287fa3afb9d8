"""The full mode in the foreground of a terminal, and from outside: what ``make stack`` runs.

python -m deploy.local.stack start [--folder var/stack] [--port 8000]
python -m deploy.local.stack status | stop
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from deploy.local import system
from deploy.local.supervised import SERVICES, Stack

FOLDER = system.PROJECT / "var" / "stack"


class _Ended(BaseException):
    """A signal asked us to end."""


def serve(folder: Path, port: int, say: Callable[[str], None], ready: Callable[[Stack], None] = lambda _: None) -> None:
    """Runs the stack until SIGINT or SIGTERM; ``ready`` is called once, when everything is up. Main thread only."""

    def on_signal(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # the ending itself is not interrupted
        raise _Ended

    stack = Stack(folder, port=port, say=say)
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, on_signal)
        stack.start()
        stack.wait_ready()
        ready(stack)
        while True:
            signal.pause()
    except _Ended:
        say("Ending …")
    finally:
        stack.stop()


def running(folder: Path) -> dict[str, Any] | None:
    """What ``run.json`` tells, if its process runs."""
    try:
        told: dict[str, Any] = json.loads((folder / "run.json").read_text())
    except (OSError, ValueError):
        return None
    return told if system.alive(int(told["pid"])) else None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.local.stack",
        description="The full mode on this machine: RabbitMQ, PostgreSQL and a process per service.",
    )
    parser.add_argument("action", choices=("start", "status", "stop"))
    parser.add_argument("--folder", type=Path, default=FOLDER, help="data, logs and addresses (default: var/stack)")
    parser.add_argument("--port", type=int, default=8000, help="the gateway's (default: 8000; 0: a free one)")
    options = parser.parse_args(arguments)
    told = running(options.folder)
    if options.action == "start":
        try:
            serve(options.folder, options.port, _print, lambda stack: _print(f"Ready: {stack.gateway_url}"))
        except (system.ServerFailed, system.ServersMissing) as problem:
            print(problem, file=sys.stderr)
            return 3
        return 0
    if told is None:
        print(f"No stack runs on {options.folder}.", file=sys.stderr)
        return 3
    if options.action == "stop":
        os.kill(int(told["pid"]), signal.SIGTERM)
        system.wait_until(lambda: not system.alive(int(told["pid"])), 90, "the stack ends")
        return 0
    ready = True
    for name, each in told["services"].items():
        try:
            state = httpx.get(each["health"], timeout=5).json()
        except (httpx.HTTPError, ValueError):
            state = {"ready": False, "reasons": ["does not answer"]}
        ready = ready and bool(state.get("ready"))
        print(f"{name:12} {'ready' if state.get('ready') else 'NOT READY: ' + '; '.join(state.get('reasons', []))}")
    print(f"{told['url']}  RabbitMQ {told['rabbitmq']['management']}  PostgreSQL port {told['postgres']['port']}")
    return 0 if ready else 1


def _print(text: str) -> None:
    print(text, flush=True)


__all__ = ["FOLDER", "SERVICES", "Stack", "main", "running", "serve"]


if __name__ == "__main__":
    sys.exit(main())
