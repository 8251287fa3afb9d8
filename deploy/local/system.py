"""What a private server needs from the machine: packages, an unprivileged user, free ports, processes that end."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Below Linux's ephemeral range (from 32768): no outgoing connection takes a port between choosing and listening.
PORTS = range(20000, 32000)
PROJECT = Path(__file__).resolve().parents[2]


class ServersMissing(RuntimeError):
    """A server's package is not installed and cannot be installed from here; the message names it."""


class ServerFailed(RuntimeError):
    """A private server did not start; the message ends with its last words."""


# ------------------------------------------------------------------------------------------------ packages


def install(packages: Sequence[str], say: Callable[[str], None] = lambda _: None) -> None:
    """Installs Debian packages without letting Debian start their system-wide servers (``policy-rc.d``)."""
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise ServersMissing(
            f"Needed and not found: {names} (Debian's names). Install them with this system's package manager."
        )
    as_root: list[str] = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        if sudo is None or subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode != 0:
            raise ServersMissing(
                f"Needed and not installed: {names}. Only root can install them:  sudo apt-get install {names}"
            )
        as_root = [sudo, "-n"]
    say(f"Installing {names} (once) …")
    script = f"""
        set -e
        export DEBIAN_FRONTEND=noninteractive
        if [ ! -e /usr/sbin/policy-rc.d ]; then
            trap 'rm -f /usr/sbin/policy-rc.d' EXIT
            printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d
        fi
        apt-get -qq -o DPkg::Lock::Timeout=300 update
        apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends {names}
    """
    with _one_at_a_time("vigencia-apt"):
        done = subprocess.run(
            [*as_root, "sh", "-c", script], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    if done.returncode != 0:
        raise ServersMissing(f"Could not install {names}: {done.stderr.strip()[-800:]}")


@contextlib.contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    with open(Path(tempfile.gettempdir()) / f"{name}-{os.geteuid()}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# ------------------------------------------------------------------------------------------------ users and folders


@dataclass(frozen=True, slots=True)
class Account:
    """Who a server runs as. ``uid`` None: as ourselves."""

    name: str
    uid: int | None = None
    gid: int | None = None

    @classmethod
    def unprivileged(cls, *candidates: str) -> Account:
        """Ourselves, or, when we are root, the first of ``candidates`` that exists (PostgreSQL refuses root)."""
        if os.geteuid() != 0:
            return cls(pwd.getpwuid(os.geteuid()).pw_name)
        for name in (*candidates, "nobody"):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(name, entry.pw_uid, entry.pw_gid)
        raise ServersMissing(f"Running as root needs one of the users {', '.join(candidates)}, nobody")

    def folder(self, path: Path, mode: int = 0o700) -> Path:
        """Makes ``path`` and gives it to this account."""
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
        self.own(path)
        return path

    def own(self, path: Path) -> Path:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)
        return path

    def write(self, path: Path, text: str, mode: int = 0o600) -> Path:
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
            file.write(text)
        return self.own(path)

    def reachable(self, path: Path) -> Path:
        """``path``; where this account cannot get there (a clone under /root), a folder elsewhere that it links to."""
        path = path.absolute()
        if self.uid is None or all(self._may_enter(parent) for parent in path.parents if parent.exists()):
            return path
        elsewhere = Path("/var/tmp") / f"vigencia-{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
        elsewhere.mkdir(mode=0o755, exist_ok=True)
        if elsewhere.stat().st_uid != os.geteuid():
            raise ServerFailed(f"{elsewhere} belongs to somebody else")
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_symlink():
            path.symlink_to(elsewhere)
        return elsewhere

    def _may_enter(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & 0o100)
        return bool(found.st_mode & (0o010 if found.st_gid == self.gid else 0o001))


# ------------------------------------------------------------------------------------------------ ports and waiting


def free_port(avoid: Iterable[int] = ()) -> int:
    """A port of 127.0.0.1 on which nothing listens now."""
    avoided = set(avoid)
    for port in random.sample(PORTS, 500):
        if port in avoided:
            continue
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise ServerFailed("no free port on 127.0.0.1")


def wait_until(condition: Callable[[], object], seconds: float, what: str, every: float = 0.05) -> None:
    """Returns as soon as ``condition`` holds; ``ServerFailed`` when it does not within ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise ServerFailed(f"{what}: not within {seconds:.0f} s")
        time.sleep(every)


def tail(path: Path, lines: int = 15) -> str:
    """A log's last lines, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


# ------------------------------------------------------------------------------------------------ processes


def spawn(
    command: Sequence[str], *, account: Account, env: Mapping[str, str], cwd: Path, log: Path
) -> subprocess.Popen[bytes]:
    """Starts a process in a session of its own, as ``account``, its output appended to ``log``."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as output:
        return subprocess.Popen(
            list(command),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
            umask=0o077,
        )


def descendants(pid: int) -> list[int]:
    """All processes under ``pid`` (Linux; elsewhere none are found)."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(stat.parent.name))
    found, open_ = [], [pid]
    while open_:
        children = parents.get(open_.pop(), [])
        found += children
        open_ += children
    return found


def alive(pid: int) -> bool:
    """Whether ``pid`` runs (a zombie does not)."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    except (ProcessLookupError, IndexError):
        return False
    except PermissionError:
        return True


def end(process: subprocess.Popen[bytes], first: signal.Signals = signal.SIGTERM, seconds: float = 20.0) -> None:
    """Asks a process to end, and kills it with all its descendants when it has not within ``seconds``."""
    family = [process.pid, *descendants(process.pid)]
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(first)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    kill(family)
    process.wait()


def end_leftover(pidfile: Path, sign: str) -> None:
    """Kills what an earlier owner of the folder left: ``pidfile``'s process, if its command line holds ``sign``."""
    for word in pidfile.read_text().split() if pidfile.exists() else ():
        with contextlib.suppress(OSError):
            if sign in Path(f"/proc/{word}/cmdline").read_bytes().decode(errors="replace").replace("\0", " "):
                kill([int(word), *descendants(int(word))])


def kill(pids: Iterable[int]) -> None:
    """kill −9, and waits until they are gone."""
    pids = list(pids)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    for pid in pids:
        with contextlib.suppress(ChildProcessError, OSError):
            os.waitpid(pid, 0)
        wait_until(lambda pid=pid: not alive(pid), 10, f"process {pid} ends")  # type: ignore[misc]
