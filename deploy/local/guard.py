"""Ends private servers and services even when their owner is killed with -9."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path


class Guard:
    """Ends what we started even when we are killed with −9: a tiny process that waits for our end of a pipe to close.

    ``pidfile`` names the processes, one a line, as they are when it happens; ``remove`` is a folder to delete then.
    """

    _CODE = """
import os, shutil, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)
if sys.stdin.buffer.read() == b"done": sys.exit()
def family():
    kids, out = {}, []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try: kids.setdefault(open(f"/proc/{name}/stat").read().rpartition(")")[2].split()[1], []).append(name)
        except OSError: pass
    try: todo = open(sys.argv[1]).read().split()
    except OSError: todo = []
    while todo:
        out.append(todo[0]); todo = todo[1:] + kids.get(todo[0], [])
    return out
def send(pids, number):
    for pid in pids:
        try: os.kill(int(pid), number)
        except OSError: pass
pids = family(); send(pids, signal.SIGINT if sys.argv[3] == "int" else signal.SIGTERM)
for _ in range(50):
    if not any(os.path.exists(f"/proc/{pid}") for pid in pids): break
    time.sleep(0.1)
send({*pids, *family()}, signal.SIGKILL)
if sys.argv[2]: shutil.rmtree(sys.argv[2], ignore_errors=True)
"""

    def __init__(self, pidfile: Path, remove: Path | None = None, first: str = "term") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", self._CODE, str(pidfile), str(remove or ""), first],
            stdin=subprocess.PIPE, start_new_session=True, cwd="/",
        )  # fmt: skip

    def dismiss(self) -> None:
        """Everything is ended in order; the guard has nothing to do."""
        if self._process.poll() is None and self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(b"done")
                self._process.stdin.close()
            self._process.wait()
