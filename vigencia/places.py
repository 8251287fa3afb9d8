"""A store's folder: who owns it, and what runs on it. (Its secrets: ``services.settings``.)

<store>/run.json       {"url", "pid", "mode", "started_at"} while a system runs and is ready
<store>/secrets.json   the installation's secrets; readable by its owner alone
<store>/lock           held by the one process that owns the store
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

EMBEDDED = Path("var/embedded")
STACK = Path("var/stack")


class StoreInUse(Exception):
    """Another process owns the store. ``pid`` is its number where it is known."""

    def __init__(self, store: Path, pid: int | None) -> None:
        super().__init__(f"{store} belongs to process {pid or '?'}")
        self.store = store
        self.pid = pid


@dataclass(frozen=True)
class Running:
    """A system that runs on a store and is ready."""

    url: str
    pid: int
    mode: str
    started_at: str = ""


def running(store: Path) -> Running | None:
    """What runs on the store, by its run file; None when there is none or its process is gone."""
    try:
        told = json.loads((store / "run.json").read_text("utf-8"))
        found = Running(str(told["url"]), int(told["pid"]), str(told["mode"]), str(told.get("started_at", "")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if alive(found.pid) else None


def alive(pid: int) -> bool:
    """Whether the process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def announce(store: Path, system: Running) -> None:
    """Write the run file: from now on commands find the system."""
    _write(store / "run.json", asdict(system), 0o644)


def withdraw(store: Path, pid: int) -> None:
    """Remove the run file if it is ours."""
    found = running(store)
    if found is None or found.pid == pid:
        with suppress(FileNotFoundError):
            (store / "run.json").unlink()


@contextmanager
def owned(store: Path) -> Iterator[None]:
    """Own the store while the block runs; ``StoreInUse`` when another process does. Freed even after kill -9."""
    store.mkdir(parents=True, exist_ok=True)
    with open(store / "lock", "a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            written = lock.read().strip()
            raise StoreInUse(store, int(written) if written.isdecimal() else None) from None
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_owned(store: Path) -> bool:
    """Whether some process owns the store now."""
    try:
        with open(store / "lock", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _write(path: Path, content: dict[str, Any], mode: int) -> None:
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
