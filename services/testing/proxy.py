"""A TCP proxy that tests put between a client and a server, to cut connections and to refuse new ones.

with TcpProxy("127.0.0.1", 5672) as proxy:
    connect_to("127.0.0.1", proxy.port)
    proxy.cut()             # every connection breaks; new ones pass
    proxy.refuse()          # … and new ones are refused, until accept()
    proxy.stall()           # bytes stop flowing but nothing breaks, until accept()
"""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType


class TcpProxy:
    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._lock = threading.Lock()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._open = True  # new connections pass
        self._flowing = threading.Event()
        self._flowing.set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    def __enter__(self) -> TcpProxy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def cut(self) -> None:
        """Break every connection. New ones are taken."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for end in pair:
                _break(end)

    def refuse(self) -> None:
        """Break every connection, and new ones at once."""
        self._open = False
        self.cut()

    def stall(self) -> None:
        """Hold every byte back."""
        self._flowing.clear()

    def accept(self) -> None:
        """All as at the start."""
        self._open = True
        self._flowing.set()

    def close(self) -> None:
        self._open = False
        self._flowing.set()
        _break(self._listener)
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                if not self._open:
                    raise ConnectionRefusedError
                server = socket.create_connection(self._target, timeout=5)
                server.settimeout(None)
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                client.close()
                continue
            pair = (client, server)
            with self._lock:
                self._pairs.add(pair)  # from here on another thread may cut it
            for source, target in (pair, pair[::-1]):
                threading.Thread(target=self._copy, args=(pair, source, target), daemon=True).start()

    def _copy(self, pair: tuple[socket.socket, socket.socket], source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError):  # EOFError: under eventlet
            while data := source.recv(65536):
                self._flowing.wait()
                target.sendall(data)
        with self._lock:
            self._pairs.discard(pair)
        for end in pair:
            _break(end)


def _break(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)  # wakes who waits in recv or accept; closing alone does not
    end.close()
