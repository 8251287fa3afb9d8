"""A private RabbitMQ under one folder, on free ports of 127.0.0.1, whose users come back whatever happens to its data.

Debian's package is started by its unwrapped script as an unprivileged user, with a home, a name server (epmd), folders and
settings of its own; nothing of a broker that may already run on the machine is read or written. Users and permissions
stand in a definitions file that is loaded at every boot: a broker whose data were wiped knows them again.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pika
import pika.exceptions

from deploy.local import system
from deploy.local.guard import Guard
from deploy.local.subscribers import Subscribers
from deploy.local.system import Account, ServerFailed

SUBSCRIBERS = "subscribers.json"
PLUGINS = ("rabbitmq_management", "rabbitmq_prometheus")


def script(say: Callable[[str], None] = lambda _: None) -> Path:
    """``rabbitmq-server`` itself, not Debian's wrapper of it, which wants root; installs the package when it is missing."""
    for _ in range(2):
        unwrapped = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
        if unwrapped.exists():
            return unwrapped
        if shutil.which("apt-get") is None and (elsewhere := shutil.which("rabbitmq-server")):
            return Path(elsewhere).resolve()
        system.install(["rabbitmq-server"], say)
    raise ServerFailed("RabbitMQ's package is installed, but its rabbitmq-server is not where it should be")


class RabbitMQ:
    """``start`` it, take ``url(user)``, ``stop`` it. Ports and passwords stay the same over restarts and wipes.

    ``users`` may do everything in ``vhost``; ``admin`` may do everything everywhere. ``management`` adds the pages, the HTTP
    interface and Prometheus' metrics. ``durable`` False: smaller write-ahead files, for tests.
    """

    def __init__(
        self,
        folder: Path,
        users: Sequence[str] = (),
        *,
        vhost: str = "/",
        durable: bool = True,
        management: bool = True,
        remove: Path | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.users, self.vhost = tuple(users), vhost
        self._durable, self._management, self._remove = durable, management, remove
        self._script = script(say)
        self._account = Account.unprivileged("rabbitmq")
        self.folder = self._account.reachable(folder)
        self.log = self.folder / "log" / "rabbitmq.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._epmd: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None
        self._settings: dict[str, Any] = {}

    # -------------------------------------------------------------- addresses

    @property
    def port(self) -> int:
        return int(self._settings["ports"]["amqp"])

    @property
    def management_port(self) -> int:
        return int(self._settings["ports"]["management"])

    @property
    def metrics_port(self) -> int:
        return int(self._settings["ports"]["metrics"])

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def password(self, user: str) -> str:
        return str(self._settings["passwords"][user])

    def url(self, user: str = "admin") -> str:
        path = "%2F" if self.vhost == "/" else self.vhost
        return f"amqp://{user}:{self.password(user)}@127.0.0.1:{self.port}/{path}"

    # -------------------------------------------------------------- life

    def start(self) -> RabbitMQ:
        """Starts it and waits until it takes a login (some ten seconds)."""
        if self.pid is not None:
            return self
        self._load()
        self._write_settings()
        system.end_leftover(self.folder / "pid", str(self.folder))
        self._start_epmd()
        self._process = self._spawn(str(self._script), log=self.folder / "log" / "console.log")
        pids = [process.pid for process in (self._process, self._epmd) if process is not None]
        pidfile = self._account.write(self.folder / "pid", "".join(f"{pid}\n" for pid in pids), 0o644)
        self._guard = self._guard or Guard(pidfile, self._remove)
        system.wait_until(self._ready, 120, "RabbitMQ starts", every=0.1)
        return self

    def stop(self) -> None:
        """Ends it in order, with its name server."""
        self._stop_broker()
        if self._epmd is not None:
            system.end(self._epmd)
            self._epmd = None
        (self.folder / "pid").unlink(missing_ok=True)
        if self._guard is not None:
            self._guard.dismiss()
            self._guard = None

    def kill(self) -> None:
        """kill −9."""
        if self._process is not None:
            system.kill([self._process.pid, *system.descendants(self._process.pid)])
            self._process = None

    def restart(self) -> None:
        self._stop_broker()
        self.start()

    def wipe(self) -> None:
        """Ends it hard and deletes all its data: queues, messages, users. ``start`` then begins with the definitions file."""
        self.kill()
        shutil.rmtree(self.folder / "data", ignore_errors=True)

    # -------------------------------------------------------------- inside

    def _stop_broker(self) -> None:
        if self._process is not None:
            system.end(self._process, signal.SIGTERM, 40)
            self._process = None

    def _load(self) -> None:
        """Ports and passwords, from the first start on in ``settings.json`` (readable by us alone)."""
        self._account.folder(self.folder, 0o755 if self._account.uid is not None else 0o700)
        for name in ("home", "data", "log", "conf.d"):
            self._account.folder(self.folder / name)
        file = self.folder / "settings.json"
        settings = self._settings or (json.loads(file.read_text()) if file.exists() else {"ports": {}, "passwords": {}})
        ports, passwords = settings["ports"], settings["passwords"]
        for name in ("amqp", "distribution", "epmd", "management", "metrics"):
            ports.setdefault(name, system.free_port(ports.values()))
        for user in ("admin", *self.users):
            passwords.setdefault(user, secrets.token_urlsafe(24))
        settings.setdefault("cookie", secrets.token_hex(20))
        self._settings = settings
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(settings, out)

    def _write_settings(self) -> None:
        write, folder = self._account.write, self.folder
        write(folder / "home" / ".erlang.cookie", self._settings["cookie"], 0o400)
        others = Subscribers(folder / SUBSCRIBERS, password_hash).definitions(self.vhost)
        known = definitions(self._settings["passwords"], self.vhost)
        known = {part: [*known.get(part, ()), *others.get(part, ())] for part in {**known, **others}}
        write(folder / "definitions.json", json.dumps(known, indent=1))
        write(folder / "plugins", f"[{','.join(PLUGINS if self._management else ())}].\n")
        lines = [
            f"listeners.tcp.1 = 127.0.0.1:{self.port}",
            f"load_definitions = {folder / 'definitions.json'}",
            "loopback_users = none",
            "log.console = false",
            "log.file.level = info",
            "disk_free_limit.absolute = 100MB",
            f"raft.wal_max_size_bytes = {67108864 if self._durable else 16777216}",
        ]
        if self._management:
            lines += [
                "management.tcp.ip = 127.0.0.1",
                f"management.tcp.port = {self.management_port}",
                "prometheus.tcp.ip = 127.0.0.1",
                f"prometheus.tcp.port = {self.metrics_port}",
            ]
        write(folder / "rabbitmq.conf", "\n".join(lines) + "\n")

    def _start_epmd(self) -> None:
        """Erlang's name server, ours alone: RabbitMQ would start one for the whole machine."""
        if self._epmd is not None and self._epmd.poll() is None:
            return
        program = shutil.which("epmd")
        if program is None:
            raise ServerFailed("Erlang's epmd is not found")
        port = int(self._settings["ports"]["epmd"])
        self._epmd = self._spawn(
            program, "-address", "127.0.0.1", "-port", str(port), log=self.folder / "log" / "epmd.log"
        )

        system.wait_until(lambda: _accepts(port), 10, "epmd starts", every=0.02)

    def _spawn(self, *command: str, log: Path) -> subprocess.Popen[bytes]:
        return system.spawn(command, account=self._account, env=self._env(), cwd=self.folder, log=log)

    def _env(self) -> dict[str, str]:
        folder, ports = self.folder, self._settings["ports"]
        return {
            "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(folder / "home"),
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_PORT": str(ports["epmd"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_SECONDS": "0",
            "RABBITMQ_NODENAME": f"vigencia-{ports['amqp']}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(ports["amqp"]),
            "RABBITMQ_DIST_PORT": str(ports["distribution"]),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": str(self.log),
            "RABBITMQ_PID_FILE": str(folder / "data" / "node.pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONFIG_FILES": str(folder / "conf.d"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            # The broker shares the machine: its idle schedulers shall not spin.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none"
            " -kernel inet_dist_use_interface {127,0,0,1}",
        }

    def _ready(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            self._process = None
            raise ServerFailed(
                f"RabbitMQ ended while starting:\n{system.tail(self.folder / 'log' / 'console.log')}\n{system.tail(self.log)}"
            )
        parameters = pika.URLParameters(self.url())
        parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = 5
        with contextlib.suppress(pika.exceptions.AMQPError, OSError):
            pika.BlockingConnection(parameters).close()
            return not self._management or _accepts(self.management_port)
        return False


def _accepts(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def definitions(passwords: Mapping[str, str], vhost: str) -> dict[str, Any]:
    """A definitions file's content: ``user → password``, each with all rights in ``vhost``; ``admin`` administers."""

    def user(name: str) -> dict[str, Any]:
        return {
            "name": name,
            "password_hash": password_hash(passwords[name]),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": ["administrator"] if name == "admin" else [],
        }

    def may(name: str) -> dict[str, str]:
        return {"user": name, "vhost": vhost, "configure": ".*", "write": ".*", "read": ".*"}

    return {
        "users": [user(name) for name in passwords],
        "vhosts": [{"name": vhost}],
        "permissions": [may(name) for name in passwords],
    }


def password_hash(password: str) -> str:
    """RabbitMQ's salted SHA-256, as a definitions file holds it."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
