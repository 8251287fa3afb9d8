"""The full mode under test: ``deploy.local``'s supervised stack, with one service more, the witness."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path

import httpx

from deploy.local.supervised import SERVICES as OWN
from deploy.local.supervised import Stack
from services.transport.rabbit.transport import RabbitTransport

WITNESS = "witness"
SERVICES = (*OWN, WITNESS)


class FullMode(Stack):
    """``start`` once, hurt and heal as often as wanted, ``stop``. Keepers start again what was killed."""

    def __init__(self) -> None:
        folder = _folder()
        modules = {WITNESS: "tests.faults.witness_service"}
        super().__init__(
            folder, services=SERVICES, modules=modules, durable=False, management=False, remove=folder
        )  # fmt: skip

    def start(self) -> FullMode:
        super().start()
        self.wait_ready()
        self.transport = RabbitTransport(self.broker.url(), "driver")
        return self

    def stop(self) -> None:
        self.transport.close()
        super().stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_and_wait(self, *names: str) -> None:
        """kill −9, and wait until their keepers have them running again."""
        for name in names:
            self.kill(name)
        self.wait_ready(*names)

    def add_instances(self, *services: str) -> list[str]:
        """One more process of each, running; their names."""
        names = [self.add_instance(service) for service in services]
        self.wait_ready(*names)
        return names

    def pause(self, name: str) -> None:
        """It hears and says nothing, and does not know how time passes."""
        self.signal(name, signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        self.signal(name, signal.SIGCONT)

    def metrics(self, name: str) -> list[str]:
        """The lines that Prometheus would read."""
        url = f"http://127.0.0.1:{self.instances[name].health_port}/metrics"
        return httpx.get(url, timeout=10).text.splitlines()

    def log_of(self, name: str) -> str:
        return self.instances[name].process.log.read_text(errors="replace")

    def session_name(self, name: str) -> str:
        """What PostgreSQL calls the sessions of this process."""
        instance = self.instances[name]
        return f"{instance.service}:{instance.health_port}"

    def _environment(self, service: str, health_port: int, web_port: int) -> dict[str, str]:
        made = super()._environment(service, health_port, web_port)
        named = f"{self.postgres.url(service)}?application_name={service}:{health_port}"
        return {**made, "VIGENCIA_DATABASE_URL": named}


def _folder() -> Path:
    """A folder of this run alone, in memory where there is room."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 1024**3
    folder = Path(tempfile.mkdtemp(prefix="vigencia-faults-", dir=memory if roomy else None))
    folder.chmod(0o755)  # the servers may run as another user than we
    return folder
