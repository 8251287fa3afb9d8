"""A private PostgreSQL under one folder, on a free port of 127.0.0.1, with a database and a role per service."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from deploy.local import system
from deploy.local.guard import Guard
from deploy.local.system import Account, ServerFailed

# Durable is PostgreSQL's own default, with what docs/operation.md recommends for many writes: none of it weakens a commit.
# A test's server may forget what it held when the machine dies, and is faster for it; but what it acknowledged survives
# kill -9 of its processes, so commits still reach the operating system.
DURABLE = (
    "shared_buffers=512MB", "max_wal_size=4GB", "min_wal_size=512MB", "checkpoint_timeout=15min", "wal_compression=on",
)  # fmt: skip
FORGETFUL = ("fsync=off", "full_page_writes=off", "shared_buffers=64MB")


def binaries(say: Callable[[str], None] = lambda _: None) -> Path:
    """The folder of ``initdb`` and ``postgres``, newest version first; installs the package when there is none."""
    for _ in range(2):
        found = sorted(
            (
                path.parent
                for pattern in ("usr/lib/postgresql/*/bin/initdb", "usr/pgsql-*/bin/initdb")
                for path in Path("/").glob(pattern)
            ),
            key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))],
        )
        if found:
            return found[-1]
        if elsewhere := shutil.which("initdb"):
            return Path(elsewhere).resolve().parent
        system.install(["postgresql"], say)
    raise ServerFailed("PostgreSQL's package is installed, but its initdb is not where it should be")


class Postgres:
    """``start`` it, take ``url(service)``, ``stop`` it. The port and the passwords stay the same over restarts."""

    def __init__(
        self, folder: Path, databases: Sequence[str] = (), *, durable: bool = True, remove: Path | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self.databases = tuple(databases)
        self._durable, self._remove, self._say = durable, remove, say
        self._bin = binaries(say)
        self._account = Account.unprivileged("postgres")
        self.folder = self._account.reachable(folder)
        self.log = self.folder / "postgres.log"
        self._data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None
        self._settings: dict[str, Any] = {}

    # -------------------------------------------------------------- addresses

    @property
    def port(self) -> int:
        return int(self._settings["port"])

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def url(self, service: str) -> str:
        """SQLAlchemy's URL of a service's own database, as its own role."""
        return f"postgresql+psycopg://{service}:{self._password(service)}@127.0.0.1:{self.port}/{service}"

    def admin_url(self, database: str = "postgres") -> str:
        """libpq's URL as superuser, for administration alone."""
        return f"postgresql://postgres:{self._password('postgres')}@127.0.0.1:{self.port}/{database}"

    # -------------------------------------------------------------- life

    def start(self) -> Postgres:
        """Starts it (for the first time: creates the cluster) and waits until each service's role can work."""
        if self.pid is not None:
            return self
        self._load()
        if not (self._data / "PG_VERSION").exists():
            self._create()
        system.end_leftover(self.folder / "pid", str(self._data))
        (self._data / "postmaster.pid").unlink(missing_ok=True)  # else another process of the same number would stop us
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300",
                   "lc_messages=C", *(DURABLE if self._durable else FORGETFUL)]  # fmt: skip
        command = [
            str(self._bin / "postgres"),
            "-D",
            str(self._data),
            *(part for option in options for part in ("-c", option)),
        ]
        self._process = system.spawn(command, account=self._account, env=self._env(), cwd=self.folder, log=self.log)
        pidfile = self._account.write(self.folder / "pid", f"{self._process.pid}\n", 0o644)
        self._guard = self._guard or Guard(pidfile, self._remove, "int")
        system.wait_until(self._ready, 60, "PostgreSQL starts", every=0.02)
        self._prepare()
        return self

    def stop(self) -> None:
        """Ends it in order (a fast shutdown: sessions are ended, everything is written)."""
        if self._process is not None:
            system.end(self._process, signal.SIGINT, 30)
            self._process = None
        (self.folder / "pid").unlink(missing_ok=True)
        if self._guard is not None:
            self._guard.dismiss()
            self._guard = None

    def kill(self) -> None:
        """kill −9 of the whole server; ``start`` then recovers from its log."""
        if self._process is not None:
            system.kill([self._process.pid, *system.descendants(self._process.pid)])
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def execute(self, *statements: str | sql.Composed, database: str = "postgres") -> None:
        """Runs statements as superuser, each in a transaction of its own."""
        with psycopg.connect(self.admin_url(database), autocommit=True, connect_timeout=10) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement) if isinstance(statement, str) else statement)

    def create_database(self, name: str) -> str:
        """A fresh database with a role of the same name that owns it; its SQLAlchemy URL."""
        self._add_role_and_database(name)
        return self.url(name)

    # -------------------------------------------------------------- inside

    def _load(self) -> None:
        """Port and passwords, from the first start on in ``settings.json`` (readable by us alone)."""
        self._account.folder(self.folder, 0o755 if self._account.uid is not None else 0o700)
        file = self.folder / "settings.json"
        if not self._settings and file.exists():
            self._settings = json.loads(file.read_text())
        if not self._settings:
            self._settings = {"port": system.free_port(), "passwords": {}}

    def _save(self) -> None:
        file = self.folder / "settings.json"
        draft = file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(self._settings, out)
        draft.replace(file)

    def _password(self, role: str) -> str:
        passwords = self._settings["passwords"]
        if role not in passwords:
            passwords[role] = secrets.token_urlsafe(24)
            self._save()
        return str(passwords[role])

    def _create(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)
        self._account.folder(self._data)
        words = self._account.write(self.folder / "initial", self._password("postgres") + "\n")
        command = [str(self._bin / "initdb"), "-D", str(self._data), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
                   "--auth=scram-sha-256", f"--pwfile={words}", *(() if self._durable else ("--no-sync",))]  # fmt: skip
        done = system.spawn(command, account=self._account, env=self._env(), cwd=self.folder, log=self.log).wait()
        words.unlink()
        if done != 0:
            shutil.rmtree(self._data, ignore_errors=True)
            raise ServerFailed(f"initdb failed:\n{system.tail(self.log)}")

    def _ready(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            self._process = None
            raise ServerFailed(f"PostgreSQL ended while starting:\n{system.tail(self.log)}")
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _prepare(self) -> None:
        for name in self.databases:
            self._add_role_and_database(name)

    def _add_role_and_database(self, name: str) -> None:
        who, password = sql.Identifier(name), sql.Literal(self._password(name))
        with psycopg.connect(self.admin_url(), autocommit=True, connect_timeout=10) as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, who, password))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(who, who))
                connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(who))

    def _env(self) -> dict[str, str]:
        return {"PATH": f"{self._bin}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder), "TZ": "UTC"}
