"""An embedded system of its own process for the journeys, and the command line as its users call it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 240.0  # seconds; only a system that never comes up waits so long


@dataclass
class Answer:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out.splitlines()[-1])


def vigencia(*arguments: str | Path) -> Answer:
    """The command line, in a process of its own."""
    environ = {**os.environ, "LANG": "en_US.UTF-8"}
    for name in ("LC_ALL", "LC_MESSAGES", "VIGENCIA_URL", "VIGENCIA_TOKEN"):
        environ.pop(name, None)
    command = [sys.executable, "-m", "vigencia", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, stdin=subprocess.DEVNULL, check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


class System:
    """A system of a process of its own on a store; it may be killed and started again."""

    def __init__(self, store: Path, *options: str, module: str = "vigencia.embedded") -> None:
        self.store = store
        self.options = options
        self.module = module
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.store.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", self.module, "--store", str(self.store), "--port", "0", *self.options]
        with open(self.store / "test.log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while self.url is None:
            assert self.process.poll() is None, (self.store / "test.log").read_text()[-3000:]
            assert time.monotonic() < end, "not ready in time"
            time.sleep(0.02)

    @property
    def url(self) -> str | None:
        try:
            told = json.loads((self.store / "run.json").read_text())
        except (OSError, ValueError):
            return None
        return told["url"] if self.process is not None and told["pid"] == self.process.pid else None

    def events(self, store: str, kind: str | None = None) -> int:
        """How many events a service's file holds, of a kind or of all."""
        only = ("WHERE type = ?", (kind,)) if kind else ("", ())
        with sqlite3.connect(f"file:{self.store / store}?mode=ro", uri=True) as connection:
            (count,) = connection.execute(f"SELECT count(*) FROM events {only[0]}", only[1]).fetchone()
        return int(count)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A running system with the demo company."""
    system = System(tmp_path_factory.mktemp("company") / "store")
    system.start()
    yield system
    if system.process is not None and system.process.poll() is None:
        system.stop()
