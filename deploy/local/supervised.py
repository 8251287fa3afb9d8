"""The full mode on one machine without Docker: private RabbitMQ and PostgreSQL, one supervised process per service.

    with Stack(folder) as stack:                    # starts all, waits until all are ready; ends all
        stack.kill("billing")                       # kill −9; the keeper starts it again
        stack.wipe_broker()
        stack.wait_ready()

In the folder: ``run.json`` (url, pid, mode, started_at, services; there while all is up), ``log/<service>.log``,
``postgres/`` and ``rabbitmq/`` (data, settings, passwords), ``secrets.json`` (the services' own).
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import httpx

from deploy.local import system
from deploy.local.guard import Guard
from deploy.local.keeper import Keeper, Process
from deploy.local.postgres import Postgres
from deploy.local.rabbitmq import RabbitMQ

SERVICES = ("contracts", "billing", "tickets", "feedback", "gateway")
VHOST = "vigencia"


@dataclass(frozen=True)
class Instance:
    """One process of a service: the first bears the service's name, further ones ``billing.2``, ``billing.3``, …"""

    name: str
    service: str
    health_port: int
    web_port: int
    process: Process
    keeper: Keeper

    def health(self) -> dict[str, Any]:
        """Its own account of how it is; ``{"ready": False, "reasons": […]}`` when it cannot be reached."""
        try:
            return dict(httpx.get(f"http://127.0.0.1:{self.health_port}/health/ready", timeout=5).json())
        except (httpx.HTTPError, ValueError) as problem:
            return {"ready": False, "reasons": [f"does not answer: {type(problem).__name__}"]}


class Stack:
    """Starts, supervises and ends everything. All methods may be called from any thread.

    ``port`` is the gateway's (0: a free one). ``durable`` False is faster and for tests: it outlives killed processes,
    not a machine that loses power. ``modules`` names what to run for a service other than its own package, ``env`` more
    variables for all of them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        services: Iterable[str] = SERVICES,
        modules: Mapping[str, str] | None = None,
        durable: bool = True,
        management: bool = True,
        env: Mapping[str, str] | None = None,
        remove: Path | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.folder, self.services = folder.absolute(), tuple(services)
        self._modules, self._env, self._say = dict(modules or {}), dict(env or {}), say
        self._remove = remove
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = self._own()
        self.broker = RabbitMQ(
            self.folder / "rabbitmq", self.services, vhost=VHOST, durable=durable, management=management, say=say
        )
        self.postgres = Postgres(self.folder / "postgres", self.services, durable=durable, say=say)
        self.instances: dict[str, Instance] = {}
        self._port = port
        self._servers = {
            "RabbitMQ": Keeper("RabbitMQ", self.broker, say),
            "PostgreSQL": Keeper("PostgreSQL", self.postgres, say),
        }
        self._guard: Guard | None = None

    # -------------------------------------------------------------- addresses

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.instances['gateway'].web_port}"

    def amqp_url(self, service: str = "admin") -> str:
        return self.broker.url(service)

    def database_url(self, service: str) -> str:
        return self.postgres.url(service)

    # -------------------------------------------------------------- life

    def __enter__(self) -> Stack:
        try:
            self.start()
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Stack:
        """Starts the servers together, then all services together; ``wait_ready`` waits for the latter."""
        if self._port and not _is_free(self._port):
            raise system.ServerFailed(f"port {self._port} is taken")
        self._say("Starting RabbitMQ and PostgreSQL …")
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda keeper: keeper.start(), self._servers.values()))
        self._guard = Guard(self.folder / "pids", self._remove)
        self._say(f"Starting {', '.join(self.services)} …")
        for service in self.services:
            self._make(service).keeper.start()
        return self

    def wait_ready(self, *names: str, seconds: float = 120) -> None:
        """Until these instances (all, when none is named) say that they are ready; then ``run.json`` tells so."""
        for name in names or tuple(self.instances):
            instance = self.instances[name]
            try:
                system.wait_until(lambda it=instance: it.health().get("ready"), seconds, name, every=0.1)  # type: ignore[misc]
            except system.ServerFailed as problem:
                raise system.ServerFailed(
                    f"{name} is not ready: {instance.health()}\n{system.tail(instance.process.log)}"
                ) from problem
        self._announce()

    def stop(self) -> None:
        """Ends everything in order: the services finish what they are doing, then the servers."""
        (self.folder / "run.json").unlink(missing_ok=True)
        everything = [*(instance.keeper for instance in self.instances.values()), *self._servers.values()]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda keeper: keeper.give_up(), everything))
            list(pool.map(lambda instance: instance.process.end(25), self.instances.values()))
            list(pool.map(lambda server: server.stop(), (self.broker, self.postgres)))
        if self._guard is not None:
            self._guard.dismiss()
        self._lock.close()

    # -------------------------------------------------------------- services

    def kill(self, name: str) -> None:
        """kill −9 of one instance; its keeper starts it again."""
        self.instances[name].process.kill()

    def end(self, name: str) -> None:
        """SIGTERM, and no new start until ``resume``."""
        instance = self.instances[name]
        with instance.keeper.hands_off():
            instance.keeper.wanted = False
            instance.process.end(25)

    def resume(self, name: str) -> None:
        """Starts an instance that was ended."""
        self.instances[name].keeper.start()

    def signal(self, name: str, number: signal.Signals) -> None:
        """For example SIGSTOP and SIGCONT: it hears and says nothing for a while."""
        self.instances[name].process.signal(number)

    def add_instance(self, service: str) -> str:
        """One more process of a service beside those there are; its name."""
        instance = self._make(service)
        instance.keeper.start()
        return instance.name

    def remove_instance(self, name: str) -> None:
        instance = self.instances.pop(name)
        instance.keeper.give_up()
        instance.process.end(25)

    # -------------------------------------------------------------- servers

    def stop_broker(self) -> None:
        """In order, and no new start until ``start_broker``."""
        with self._hold("RabbitMQ", wanted=False):
            self.broker.stop()

    def start_broker(self) -> None:
        self._servers["RabbitMQ"].start()

    def restart_broker(self) -> None:
        with self._hold("RabbitMQ"):
            self.broker.restart()

    def kill_broker(self) -> None:
        """kill −9; its keeper starts it again."""
        self.broker.kill()

    def wipe_broker(self) -> None:
        """Kills it, deletes all its data (queues, messages, users), starts it again."""
        with self._hold("RabbitMQ"):
            self.broker.wipe()
            self.broker.start()

    def restart_postgres(self) -> None:
        with self._hold("PostgreSQL"):
            self.postgres.restart()

    def kill_postgres(self) -> None:
        """kill −9 of all its processes; its keeper starts it again."""
        self.postgres.kill()

    def status(self) -> dict[str, Any]:
        """How everything is, as JSON values."""
        return {
            "rabbitmq": {"pid": self.broker.pid, "restarts": self._servers["RabbitMQ"].restarts},
            "postgres": {"pid": self.postgres.pid, "restarts": self._servers["PostgreSQL"].restarts},
            "services": {
                name: {**each.health(), "pid": each.process.pid, "restarts": each.keeper.restarts}
                for name, each in self.instances.items()
            },
        }

    # -------------------------------------------------------------- inside

    def _hold(self, server: str, *, wanted: bool = True) -> AbstractContextManager[object]:
        keeper = self._servers[server]
        keeper.wanted = wanted
        return keeper.hands_off()

    def _own(self) -> IO[str]:
        lock = open(self.folder / "stack.lock", "w")  # noqa: SIM115  # held until stop
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise system.ServerFailed(f"a stack already runs on {self.folder}") from None
        return lock

    def _make(self, service: str) -> Instance:
        count = sum(each.service == service for each in self.instances.values())
        name = service if not count else f"{service}.{count + 1}"
        while name in self.instances:
            count += 1
            name = f"{service}.{count + 1}"
        taken = {port for each in self.instances.values() for port in (each.health_port, each.web_port)}
        health_port = system.free_port(taken)
        wished = self._port if name == "gateway" else 0
        web_port = wished or system.free_port({*taken, health_port})
        process = Process(
            [sys.executable, "-m", "services.nameko_ext.run", self._modules.get(service, service)],
            self._environment(service, health_port, web_port),
            system.PROJECT,
            self.folder / "log" / f"{name}.log",
            self._note_pids,
        )
        made = Instance(name, service, health_port, web_port, process, Keeper(name, process, self._say))
        self.instances[name] = made
        return made

    def _environment(self, service: str, health_port: int, web_port: int) -> dict[str, str]:
        return {
            **{key: value for key, value in os.environ.items() if _handed_on(key)},
            "PYTHONUNBUFFERED": "1",
            "VIGENCIA_MODE": "full",
            "VIGENCIA_SERVICE": service,
            "VIGENCIA_DATABASE_URL": self.postgres.url(service),
            "VIGENCIA_AMQP_URL": self.broker.url(service),
            "VIGENCIA_VAR": str(self.folder),
            "VIGENCIA_HTTP_PORT": str(health_port),
            "VIGENCIA_PORT": str(web_port),
            "VIGENCIA_PUBLIC_URL": os.environ.get("VIGENCIA_PUBLIC_URL", f"http://127.0.0.1:{web_port}"),
            **self._env,
        }

    def _note_pids(self) -> None:
        """For the guard: whom to end should we be killed."""
        pids = [each.process.pid for each in self.instances.values() if each.process.pid is not None]
        (self.folder / "pids").write_text("".join(f"{pid}\n" for pid in pids))

    def _announce(self) -> None:
        """``run.json``: where the system is, for commands and for whoever looks. No secret stands in it."""
        told = {
            "url": self.gateway_url if "gateway" in self.instances else "",
            "pid": os.getpid(),
            "mode": "full",
            "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rabbitmq": {"port": self.broker.port, "management": f"http://127.0.0.1:{self.broker.management_port}"},
            "postgres": {"port": self.postgres.port},
            "services": {
                name: {"pid": each.process.pid, "health": f"http://127.0.0.1:{each.health_port}/health/ready"}
                for name, each in self.instances.items()
            },
        }
        draft = self.folder / "run.json.part"
        draft.write_text(json.dumps(told, indent=1) + "\n")
        draft.replace(self.folder / "run.json")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _handed_on(variable: str) -> bool:
    """What a service takes from our environment: settings are its own, secrets may come from outside."""
    return not variable.startswith("VIGENCIA_") or variable.startswith("VIGENCIA_SECRET_")
