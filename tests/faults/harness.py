"""The full mode for fault tests: private RabbitMQ and PostgreSQL, a process per service, and the ways to hurt them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.local import system
from deploy.local.guard import Guard
from deploy.local.postgres import Postgres
from deploy.local.rabbitmq import RabbitMQ
from services.transport.rabbit.transport import RabbitTransport

ROOT = Path(__file__).resolve().parents[2]
WITNESS = "witness"
SERVICES = ("contracts", "billing", "tickets", "feedback", "gateway", WITNESS)
MODULES = {WITNESS: "tests.faults.witness_service"}
START_SECONDS = 60.0


@dataclass
class Instance:
    """One process of a service. The first of a service bears its name, the next ones ``billing.2``, …"""

    name: str
    service: str
    health_port: int
    web_port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        if not self.alive():
            raise AssertionError(f"{self.name} ended:\n{system.tail(self.log, 30)}")
        try:
            return httpx.get(f"http://127.0.0.1:{self.health_port}/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def metrics(self) -> str:
        """What Prometheus would read."""
        return httpx.get(f"http://127.0.0.1:{self.health_port}/metrics", timeout=10).text


class FullMode:
    """``start`` once, hurt and heal as often as wanted, ``stop``. Ports, passwords and data outlive every fault."""

    def __init__(self) -> None:
        assert importlib.util.find_spec("gateway.service"), "the gateway is a service like the others"
        self.folder = _folder()
        self.broker = RabbitMQ(self.folder / "rabbitmq", (*SERVICES, "driver"), durable=False, management=False)
        self.postgres = Postgres(self.folder / "postgres", SERVICES, durable=False)
        self.instances: dict[str, Instance] = {}
        self._guard: Guard | None = None
        self._pids = self.folder / "pids"

    # -- life ----------------------------------------------------------------------------------------------------------

    def start(self) -> FullMode:
        self.broker.start()
        self.postgres.start()
        self._guard = Guard(self._pids, self.folder)
        for service in SERVICES:
            self._declare(service, service)
        self.start_instances(*SERVICES)
        self.transport = RabbitTransport(self.broker.url("driver"), "driver")
        return self

    def stop(self) -> None:
        self.transport.close()
        for instance in self.instances.values():
            if instance.alive():
                assert instance.process is not None
                system.kill([instance.process.pid])
        self.broker.stop()
        self.postgres.stop()
        if self._guard is not None:
            self._guard.dismiss()
        shutil.rmtree(self.folder, ignore_errors=True)

    def wait_ready(self, *names: str) -> None:
        """Until these instances (all, when none is named) say that they are ready."""
        for name in names or tuple(self.instances):
            system.wait_until(self.instances[name].ready, START_SECONDS, f"{name} is ready", every=0.1)

    # -- services ------------------------------------------------------------------------------------------------------

    def kill(self, name: str) -> None:
        """kill −9."""
        self._process(name).send_signal(signal.SIGKILL)
        self._process(name).wait()

    def end(self, name: str) -> None:
        """SIGTERM, and wait until it is gone."""
        system.end(self._process(name))

    def pause(self, name: str) -> None:
        """SIGSTOP: it hears and says nothing, and does not know how time passes."""
        self._process(name).send_signal(signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        self._process(name).send_signal(signal.SIGCONT)

    def start_instances(self, *names: str) -> None:
        """What a supervisor does after a process ended: start it again, and wait until it is ready."""
        for name in names:
            self._spawn(self.instances[name])
        self.wait_ready(*names)

    def add_instance(self, service: str) -> str:
        """One more process of a service, running; its name."""
        name = self.new_instance(service)
        self.start_instances(name)
        return name

    def new_instance(self, service: str) -> str:
        """One more process of a service, not started yet; its name."""
        number = 1 + sum(each.service == service for each in self.instances.values())
        self._declare(f"{service}.{number}", service)
        return f"{service}.{number}"

    def remove_instance(self, name: str) -> None:
        if self.instances[name].alive():
            self.end(name)
        del self.instances[name]

    def log_of(self, name: str) -> str:
        return self.instances[name].log.read_text(errors="replace")

    # -- servers -------------------------------------------------------------------------------------------------------

    def wipe_broker(self) -> None:
        """Killed, and all its data gone: queues, messages, users."""
        self.broker.wipe()
        self.broker.start()

    # -- inside --------------------------------------------------------------------------------------------------------

    def _process(self, name: str) -> subprocess.Popen[bytes]:
        process = self.instances[name].process
        assert process is not None
        return process

    def _declare(self, name: str, service: str) -> None:
        taken = {port for each in self.instances.values() for port in (each.health_port, each.web_port)}
        health = system.free_port(taken)
        web = system.free_port({*taken, health})
        self.instances[name] = Instance(name, service, health, web, self.folder / "log" / f"{name}.log")

    def _spawn(self, instance: Instance) -> None:
        service = instance.service
        instance.log.parent.mkdir(exist_ok=True)
        with open(instance.log, "ab") as log:
            instance.process = subprocess.Popen(
                [sys.executable, "-m", "services.nameko_ext.run", MODULES.get(service, service)],
                cwd=ROOT,
                env={
                    **{key: value for key, value in os.environ.items() if not key.startswith("VIGENCIA_")},
                    "VIGENCIA_AMQP_URL": self.broker.url(service),
                    "VIGENCIA_DATABASE_URL": f"{self.postgres.url(service)}?application_name={instance.name}",
                    "VIGENCIA_VAR": str(self.folder / "var"),
                    "VIGENCIA_HTTP_PORT": str(instance.health_port),
                    "VIGENCIA_PORT": str(instance.web_port),
                    "VIGENCIA_WEB_PORT": str(instance.web_port),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        running = [each.process.pid for each in self.instances.values() if each.process is not None]
        self._pids.write_text("".join(f"{pid}\n" for pid in running))


def _folder() -> Path:
    """A folder of this run alone, in memory where there is room."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 1024**3
    folder = Path(tempfile.mkdtemp(prefix="vigencia-faults-", dir=memory if roomy else None))
    folder.chmod(0o755)  # the servers may run as another user than we
    return folder
