"""Child processes of a measurement."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.machine import ROOT

PATIENCE = 60.0  # seconds until a process must serve


@contextmanager
def ours(module: str, folder: Path, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m services.nameko_ext.run module`` until the block ends; it is ready when the block begins."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"VIGENCIA_HTTP_PORT": str(port), "VIGENCIA_VAR": str(folder), "VIGENCIA_PARTITIONS": "4"}
    with running([sys.executable, "-m", "services.nameko_ext.run", module], {**settings, **environ}) as process:
        until(lambda: _ready(port), f"{module} is ready", process)
        yield process


@contextmanager
def peer(**environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """nameko's own process."""
    with running([sys.executable, "-m", "bench.peers.nameko_service"], environ, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"serving"
        yield process


@contextmanager
def running(command: list[str], environ: dict[str, str], **options: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ}, **options)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(
    condition: object, what: str, process: subprocess.Popen[bytes] | None = None, seconds: float = PATIENCE
) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"the process ended before {what}")
        if time.monotonic() > end:
            raise RuntimeError(f"waited {seconds:.0f} s, but not: {what}")
        time.sleep(0.01)


def _ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
