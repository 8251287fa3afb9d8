"""The private servers of a run, and what machine they run on (without names or paths)."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

import psycopg

from deploy.local.postgres import Postgres
from deploy.local.rabbitmq import RabbitMQ

ROOT = Path(__file__).resolve().parent.parent


class Machine:
    """PostgreSQL and RabbitMQ as a production has them (durable), started when first asked for, ended with the block."""

    def __init__(self) -> None:
        self._ends = ExitStack()
        self._postgres: Postgres | None = None
        self._rabbitmq: RabbitMQ | None = None
        (ROOT / "var").mkdir(exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "var"))  # on a disk, not in memory
        self.folder.chmod(0o755)
        self._ends.callback(shutil.rmtree, self.folder, ignore_errors=True)

    def __enter__(self) -> Machine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    @property
    def postgres(self) -> Postgres:
        if self._postgres is None:
            self._postgres = Postgres(self.folder / "postgres", durable=True, remove=self.folder).start()
            self._ends.callback(self._postgres.stop)
        return self._postgres

    @property
    def rabbitmq(self) -> RabbitMQ:
        if self._rabbitmq is None:
            self._rabbitmq = RabbitMQ(
                self.folder / "rabbitmq", durable=True, management=True, remove=self.folder
            ).start()
            self._ends.callback(self._rabbitmq.stop)
        return self._rabbitmq

    def database(self) -> str:
        """SQLAlchemy's URL of a fresh database."""
        return self.postgres.create_database(f"bench_{uuid4().hex[:8]}")

    def broker(self) -> str:
        """URL of the broker."""
        return self.rabbitmq.url("admin")

    def describe(self) -> dict[str, Any]:
        """Cores, memory, versions, what else the machine was doing."""
        found = {
            "cores": len(os.sched_getaffinity(0)),
            "processor": _processor(),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
            "system": f"{platform.system()} {platform.release().split('-')[0]}",
            "python": f"{platform.python_implementation()} {platform.python_version()} ({_build()})",
            "packages": {
                name: version(name) for name in ("SQLAlchemy", "psycopg", "pika", "nameko", "eventlet", "msgspec")
            },
            "load_average": os.getloadavg()[0],
            "at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        }
        if self._postgres is not None:
            with psycopg.connect(self._postgres.admin_url()) as connection:
                found["postgresql"] = connection.execute("SHOW server_version").fetchone()[0].split()[0]  # type: ignore[index]
                found["fsync_ms"] = round(_fsync_ms(self.folder), 2)
        if self._rabbitmq is not None:
            found["rabbitmq"] = self._rabbitmq_version()
        return found

    def _rabbitmq_version(self) -> str:
        import httpx

        assert self._rabbitmq is not None
        url = f"http://127.0.0.1:{self._rabbitmq.management_port}/api/overview"
        auth = ("admin", self._rabbitmq.password("admin"))
        for _ in range(50):
            try:
                return str(httpx.get(url, auth=auth, timeout=10).json()["rabbitmq_version"])
            except (httpx.HTTPError, KeyError, ValueError):
                time.sleep(0.2)
        return "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _build() -> str:
    """Debian's own interpreter is some 1.4 times faster than a plain self-built one."""
    flags = subprocess.run(
        [sys.executable, "-c", "import sysconfig; print(sysconfig.get_config_var('CONFIG_ARGS') or '')"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return "optimised build" if "--enable-optimizations" in flags else "plain build"


def _fsync_ms(folder: Path) -> float:
    """The median time of a small write that reaches the disk."""
    times = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(50):
            file.write(b"x" * 8192)
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - started) * 1000)
    return sorted(times)[25]
