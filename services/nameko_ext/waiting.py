"""How psycopg waits for PostgreSQL where threads are green: by eventlet's hub, without a selector made for each statement.

psycopg's own selector, patched, costs a third of all that a command's process does (docs/bench.md).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from eventlet import patcher
from eventlet.hubs import trampoline
from psycopg import waiting
from psycopg.waiting import Ready, Wait

_select = patcher.original("select")
_POLLED = {Wait.R: _select.POLLIN, Wait.W: _select.POLLOUT, Wait.RW: _select.POLLIN | _select.POLLOUT}
_psycopg_wait = waiting.wait


def wait(gen: Generator[Any, Any, Any], fileno: int, interval: float = 0.0, timeout: float | None = None) -> Any:
    """As ``psycopg.waiting.wait``, which is asked where there is a timeout (connecting, notifications)."""
    if timeout is not None:
        return _psycopg_wait(gen, fileno, interval=interval, timeout=timeout)
    try:
        wanted = next(gen)
        while True:
            wanted = gen.send(_ready(fileno, wanted))
    except StopIteration as ended:
        return ended.value


def _ready(fileno: int, wanted: Any) -> Any:
    """What of it is ready; other green threads run until something is."""
    if wanted != Wait.R:  # a statement fits into the socket's buffer nearly always: nobody need wait for that
        poll = _select.poll()
        poll.register(fileno, _POLLED[wanted])
        events = poll.poll(0)
        if not events:
            trampoline(fileno, write=True)
            return Ready.W
        found = events[0][1]
        readable = found & (_select.POLLIN | _select.POLLHUP | _select.POLLERR)
        return (Ready.R if readable else 0) | (Ready.W if found & _select.POLLOUT else 0) or Ready.R
    trampoline(fileno, read=True)
    return Ready.R


def install() -> None:
    """From now on psycopg waits so. After eventlet has patched."""
    waiting.wait = wait
