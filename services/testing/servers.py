"""Real RabbitMQ and PostgreSQL for tests (pytest is not needed): in Docker when an engine answers, else private ones.

    with Servers() as servers:
        url = servers.postgres().new_url()      # postgresql+psycopg://…, a fresh database
        amqp = servers.rabbitmq().new_url()     # amqp://…, a fresh virtual host

Each server is started when first asked for, and ended (data and all) with the block, or when the process dies.
``VIGENCIA_TEST_SERVERS=local`` or ``docker`` decides; the images are ``RABBITMQ_IMAGE`` and ``POSTGRES_IMAGE``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx
import psycopg
from psycopg import sql

RABBITMQ_IMAGE = os.environ.get("RABBITMQ_IMAGE", "rabbitmq:4-management")
POSTGRES_IMAGE = os.environ.get("POSTGRES_IMAGE", "postgres:17")


class _Stops(Protocol):
    def stop(self) -> object: ...


class Broker:
    """A running RabbitMQ with its management interface."""

    def __init__(self, host: str, port: int, api_port: int, user: str, password: str) -> None:
        self._netloc, self._user = f"{user}:{password}@{host}:{port}", user
        self._api = httpx.Client(base_url=f"http://{host}:{api_port}/api/", auth=(user, password), timeout=30)

    @property
    def url(self) -> str:
        """The default virtual host."""
        return f"amqp://{self._netloc}/%2F"

    def new_url(self) -> str:
        """A fresh virtual host."""
        name = f"test-{uuid4().hex[:12]}"
        self.api("PUT", f"vhosts/{name}")
        self.api("PUT", f"permissions/{name}/{self._user}", configure=".*", write=".*", read=".*")
        return f"amqp://{self._netloc}/{name}"

    def drop(self, url: str) -> None:
        """Deletes the virtual host of ``url`` with all its queues; whoever is still connected is thrown out."""
        self.api("DELETE", f"vhosts/{quote(urlsplit(url).path[1:], safe='')}")

    def api(self, method: str, path: str, **body: Any) -> Any:
        """A call of RabbitMQ's HTTP interface (``queues``, ``connections``, …); its JSON answer."""
        answer = self._api.request(method, path, json=body or None)
        answer.raise_for_status()
        return answer.json() if answer.content else None


class Database:
    """A running PostgreSQL."""

    def __init__(self, admin_url: str) -> None:
        self._admin = admin_url  # libpq's form: postgresql://user:password@host:port/postgres

    def new_url(self) -> str:
        """SQLAlchemy's URL of a fresh, empty database, owned by a role without other rights."""
        name = f"test_{uuid4().hex[:12]}"
        self._execute(
            sql.SQL("CREATE ROLE {0} LOGIN PASSWORD {1}").format(sql.Identifier(name), sql.Literal(name)),
            sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(name)),
        )
        parts = urlsplit(self._admin)
        return f"postgresql+psycopg://{name}:{name}@{parts.hostname}:{parts.port}/{name}"

    def drop(self, url: str) -> None:
        """Deletes the database of ``url``; sessions that are still open are ended."""
        name = sql.Identifier(urlsplit(url).path[1:])
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name),
            sql.SQL("DROP ROLE IF EXISTS {}").format(name),
        )

    def _execute(self, *statements: sql.Composed) -> None:
        with psycopg.connect(self._admin, autocommit=True, connect_timeout=10) as connection:
            for statement in statements:
                connection.execute(statement)


def scratch_folder() -> Path:
    """A new folder that private servers can use, which may run as another user than we (pytest's own folders are ours
    alone); in memory where there is room, so that no test waits for a disk. Whoever asks for it removes it."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 1024**3
    folder = Path(tempfile.mkdtemp(prefix="vigencia-test-", dir=memory if roomy else None))
    folder.chmod(0o755)
    return folder


class Servers:
    """Starts each server once, when first asked for; ``close`` ends them."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._running: list[_Stops] = []
        self._broker: Broker | None = None
        self._database: Database | None = None

    def __enter__(self) -> Servers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        while self._running:
            self._running.pop().stop()
        self._broker = self._database = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def rabbitmq(self) -> Broker:
        self._broker = self._broker or (
            self._docker_rabbitmq() if in_docker(RABBITMQ_IMAGE) else self._local_rabbitmq()
        )
        return self._broker

    def postgres(self) -> Database:
        self._database = self._database or (
            self._docker_postgres() if in_docker(POSTGRES_IMAGE) else self._local_postgres()
        )
        return self._database

    # -------------------------------------------------------------- private processes

    def _local_rabbitmq(self) -> Broker:
        from deploy.local.rabbitmq import RabbitMQ

        server = RabbitMQ(self._new_folder() / "rabbitmq", durable=False, management=True, remove=self._folder).start()
        self._running.append(server)
        return Broker("127.0.0.1", server.port, server.management_port, "admin", server.password("admin"))

    def _local_postgres(self) -> Database:
        from deploy.local.postgres import Postgres

        server = Postgres(self._new_folder() / "postgres", durable=False, remove=self._folder).start()
        self._running.append(server)
        return Database(server.admin_url())

    def _new_folder(self) -> Path:
        """A folder of this run alone."""
        if self._folder is None:
            self._folder = scratch_folder()
        return self._folder

    # -------------------------------------------------------------- Docker

    def _docker_rabbitmq(self) -> Broker:
        from testcontainers.core.container import (
            DockerContainer,
        )  # not its RabbitMQ class: that one blocks on a connection

        password = uuid4().hex
        container = (
            DockerContainer(RABBITMQ_IMAGE)
            .with_env("RABBITMQ_DEFAULT_USER", "admin")
            .with_env("RABBITMQ_DEFAULT_PASS", password)
            .with_exposed_ports(5672, 15672)
        )
        container.start()
        self._running.append(container)
        host = container.get_container_host_ip()
        broker = Broker(
            host, int(container.get_exposed_port(5672)), int(container.get_exposed_port(15672)), "admin", password
        )
        _until_answers(lambda: broker.api("GET", "health/checks/port-listener/5672"), "RabbitMQ in Docker")
        return broker

    def _docker_postgres(self) -> Database:
        from testcontainers.core.container import DockerContainer

        password = uuid4().hex
        container = (
            DockerContainer(POSTGRES_IMAGE)
            .with_env("POSTGRES_PASSWORD", password)
            .with_command("postgres -c fsync=off -c max_connections=300")
            .with_exposed_ports(5432)
        )
        container.start()
        self._running.append(container)
        admin = f"postgresql://postgres:{password}@{container.get_container_host_ip()}:{container.get_exposed_port(5432)}/postgres"
        _until_answers(lambda: psycopg.connect(admin, connect_timeout=5).close(), "PostgreSQL in Docker")
        return Database(admin)


def _until_answers(ask: Any, what: str) -> None:
    from deploy.local.system import wait_until

    def answers() -> bool:
        with contextlib.suppress(psycopg.Error, httpx.HTTPError):
            ask()
            return True
        return False

    wait_until(answers, 90, f"{what} answers", every=0.2)


def in_docker(image: str) -> bool:
    """Whether tests shall use Docker: an engine answers, and it has the image or can fetch it."""
    choice = os.environ.get("VIGENCIA_TEST_SERVERS", "auto")
    if choice == "local" or (choice == "auto" and not docker_answers()):
        return False
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    has = _docker("image", "inspect", image, seconds=20) or _docker("pull", "-q", image, seconds=300)
    if choice == "docker" and not has:
        raise RuntimeError(f"VIGENCIA_TEST_SERVERS=docker, but no Docker engine answers or it cannot get {image}")
    return has


def docker_answers() -> bool:
    """Whether ``docker info`` reaches an engine."""
    return shutil.which("docker") is not None and _docker("info", seconds=10)


def _docker(*arguments: str, seconds: float) -> bool:
    try:
        return subprocess.run(["docker", *arguments], capture_output=True, check=False, timeout=seconds).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
