"""Serves a WSGI callable with eventlet: keep-alive, and streams that go out piece by piece (server-sent events).

    server = WebServer(flask_app, "127.0.0.1", 8000)
    server.start()          # returns; serves on green threads. server.port tells the port when 0 was asked for
    server.stop()           # takes no more, lets requests finish, ends streams after a moment

Used by the gateway in the full mode, by everything in the embedded mode, and for each service's health port.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import eventlet.wsgi

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

CONNECTIONS = 10_000  # open at a time; an open page holds one for its events
KEEP_ALIVE = 30.0  # seconds that an idle connection stays open
SOCKET_TIMEOUT = 60.0  # seconds that a peer may keep a read or a write waiting

_log = logging.getLogger(__name__)


class WebServer:
    """Binds at once, so that a port that is taken is an ``OSError`` of the constructor."""

    def __init__(self, app: WsgiApplication, host: str, port: int, *, name: str = "web") -> None:
        self._app, self._name = app, name
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=1024)
        self.host, self.port = self._socket.getsockname()[:2]
        self._pool = eventlet.GreenPool(CONNECTIONS)
        self._thread: Any = None

    def start(self) -> None:
        self._thread = eventlet.spawn(
            eventlet.wsgi.server,
            self._socket,
            self._app,
            log=_log,
            log_output=False,
            debug=False,  # no traceback to the client
            # eventlet would hold a stream's pieces back until there are 4 KB of them.
            environ={"eventlet.minimum_write_chunk_size": 0},
            custom_pool=self._pool,
            keepalive=KEEP_ALIVE,
            socket_timeout=SOCKET_TIMEOUT,
        )

    def stop(self, grace: float = 3.0) -> None:
        """Requests have ``grace`` seconds to finish; then what still runs (event streams) is ended."""
        if self._thread is None:
            self._socket.close()
            return
        thread, self._thread = self._thread, None
        eventlet.spawn_n(thread.kill)  # the server itself waits for its connections: not here
        with eventlet.Timeout(grace, False):
            self._pool.waitall()
        for connection in list(self._pool.coroutines_running):
            connection.kill()
        self._socket.close()
