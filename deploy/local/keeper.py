"""Keeps something alive: starts it again when it has died, sooner the first time than the next ones."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from deploy.local import system

SOONEST, LATEST = 0.5, 15.0  # seconds before the first and, doubling, before any further new start
PROVEN = 20.0  # who lived so many seconds begins again with the soonest


class Keepable(Protocol):
    """What a keeper needs: ``pid`` is None while it does not run; ``start`` returns when it runs, or raises."""

    @property
    def pid(self) -> int | None: ...

    def start(self) -> object: ...


class Keeper:
    """Watches one ``Keepable``. ``with keeper.hands_off(): …`` does something to it without the keeper between."""

    def __init__(self, name: str, kept: Keepable, say: Callable[[str], None]) -> None:
        self.name, self.kept, self.restarts = name, kept, 0
        self._say, self._lock, self._ended = say, threading.RLock(), threading.Event()
        self._wait, self._since = SOONEST, time.monotonic()
        self.wanted = True
        self._thread = threading.Thread(target=self._watch, name=f"keeper of {name}", daemon=True)

    def start(self) -> None:
        with self._lock:
            self.wanted = True
            self.kept.start()
            self._since = time.monotonic()
        if not self._thread.is_alive() and not self._ended.is_set():
            self._thread.start()

    def hands_off(self) -> AbstractContextManager[object]:
        """The lock that the keeper takes before it acts."""
        return self._lock

    def give_up(self) -> None:
        """Watch no longer; what runs goes on running."""
        self._ended.set()
        with self._lock:
            self.wanted = False

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            with self._lock:  # whoever holds it is doing something to it just now
                died = self.wanted and self.kept.pid is None
            if died:
                if time.monotonic() - self._since > PROVEN:
                    self._wait = SOONEST
                self._say(f"{self.name} ended; starting it again in {self._wait:g} s")
                self._ended.wait(self._wait)
                self._wait = min(self._wait * 2, LATEST)
                self._start_again()

    def _start_again(self) -> None:
        with self._lock:
            if not self.wanted or self.kept.pid is not None:
                return
            self._since = time.monotonic()
            self.restarts += 1
            try:
                self.kept.start()
            except (OSError, system.ServerFailed) as problem:
                self._say(f"{self.name} does not start: {problem}")


class Process:
    """A process of ours with its output in a log; ``changed`` is called with each new pid."""

    def __init__(
        self, command: list[str], env: Mapping[str, str], cwd: Path, log: Path, changed: Callable[[], None]
    ) -> None:
        self.log = log
        self._command, self._env, self._cwd, self._changed = command, dict(env), cwd, changed
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        if self.pid is None:
            us = system.Account("")
            self._process = system.spawn(self._command, account=us, env=self._env, cwd=self._cwd, log=self.log)
            self._changed()

    def signal(self, number: signal.Signals) -> None:
        if (pid := self.pid) is not None:
            os.kill(pid, number)

    def kill(self) -> None:
        """kill −9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def end(self, seconds: float) -> None:
        """SIGTERM; kill −9 when it takes longer than ``seconds``."""
        if self._process is not None:
            system.end(self._process, signal.SIGTERM, seconds)
