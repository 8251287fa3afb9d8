"""Running systems to visit over HTTP: the embedded mode as a process of its own, started and ended as its users do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local.stack import Stack
from gateway.identity.passwords import Argon2Passwords
from gateway.identity.users import UserStore
from services.settings import secret_for
from services.store.database import Database
from vigencia import places

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0  # seconds; a limit for what never comes, not an expectation


class System:
    """What runs somewhere: its address, its administrator, and where the gateway keeps its users."""

    url: str
    admin: tuple[str, str]
    gateway_database: str

    def add_user(self, login: str, *roles: str, contacts: Sequence[dict[str, str]] = ()) -> tuple[str, str]:
        """A user who may log in; ``(login, password)``."""
        database = Database(self.gateway_database)
        try:
            UserStore(database, Argon2Passwords()).put(login, login, roles, password="segredo", contacts=contacts)
        finally:
            database.dispose()
        return login, "segredo"


class Embedded(System):
    """``vigencia run`` on a store of its own."""

    def __init__(self, store: Path, *options: str) -> None:
        self.store = store
        self.gateway_database = f"sqlite:///{store}/gateway.db"
        self._options = options
        self._log = store.parent / f"{store.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Embedded:
        """Start, and wait until it says that it is ready."""
        command = [str(Path(sys.executable).with_name("vigencia")), "run", "--port", "0", "--store", str(self.store)]
        with open(self._log, "ab") as log:
            environment = {**os.environ, "LANG": "en_US.UTF-8", "NO_COLOR": "1"}
            self._process = subprocess.Popen(
                [*command, *self._options], stdout=log, stderr=log, cwd=PROJECT, env=environment
            )
        wait_for(lambda: self._answers() or self._ended(), f"{self.store} to be ready")
        assert not self._ended(), f"it did not start: {self.output()}"
        self.admin = ("admin", secret_for(self.store, "admin").decode())
        return self

    def stop(self) -> int:
        """Ask it to end, as Ctrl-C does; its exit code."""
        return self._end(signal.SIGINT)

    def kill(self) -> None:
        """It ends in the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def output(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def _end(self, number: int) -> int:
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(number)
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _answers(self) -> bool:
        found = places.running(self.store)
        if found is None or self._process is None or found.pid != self._process.pid:
            return False
        self.url = found.url
        return True


class Full(System):
    """The full mode: private RabbitMQ and PostgreSQL, a process for each service."""

    def __init__(self, folder: Path) -> None:
        self.stack = Stack(folder, durable=False, management=False)

    def start(self) -> Full:
        self.stack.start()
        self.stack.wait_ready()
        self.url = self.stack.gateway_url
        self.gateway_database = self.stack.database_url("gateway")
        self.admin = ("admin", secret_for(self.stack.folder, "admin").decode())
        return self

    def stop(self) -> None:
        self.stack.stop()


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Until the condition holds; fails when it never does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)
