"""A connection to the broker that comes back by itself, on a thread of its own.

pika's connections belong to one thread; everybody else hands work over with ``post``. Who owns a link gets ``on_up`` on
every (re)connection (the place to open channels and to declare the topology again: a broker may have lost its disk) and
``on_down`` after each loss, both on the link's thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pika
from pika.connection import URLParameters

from services.transport.pauses import Pauses

_log = logging.getLogger(__name__)
# What pika tells about every failed attempt, the link tells once and shorter.
logging.getLogger("pika").setLevel(logging.CRITICAL)

CHANNEL_PAUSE = 0.2  # seconds before a closed channel is opened again
HEARTBEAT = 20  # seconds; a dead peer is noticed after two of them


class Link:
    """Start it once; ``close`` is final."""

    def __init__(
        self,
        url: str,
        name: str,
        *,
        on_up: Callable[[pika.SelectConnection], None],
        on_down: Callable[[], None] = lambda: None,
        pauses: Pauses | None = None,
    ) -> None:
        self._parameters = parameters(url, name)
        self._name, self._on_up, self._on_down = name, on_up, on_down
        self._pauses = pauses or Pauses(most=2.0)
        self._lock = threading.Lock()
        self._connection: pika.SelectConnection | None = None  # only while it is open
        self._current: pika.SelectConnection | None = None  # also while it is being opened or closed
        self._posted: list[Callable[[], None]] = []
        self._closing = threading.Event()
        self._told_down = False
        self._thread = threading.Thread(target=self._run, name=f"amqp-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def post(self, work: Callable[[], None]) -> bool:
        """Have ``work`` run on the link's thread. False if the broker is not connected (then it will not run).

        Work that was taken is dropped if the connection is lost before; ``on_down`` tells.
        """
        with self._lock:
            if self._connection is None:
                return False
            self._posted.append(work)
            if len(self._posted) == 1:
                self._connection.ioloop.add_callback_threadsafe(self._run_posted)
        return True

    def call_later(self, seconds: float, work: Callable[[], None]) -> None:
        """On the link's thread only."""
        if self._connection is not None:
            self._connection.ioloop.call_later(seconds, work)

    def again(self, opening: Callable[[pika.SelectConnection], None], reason: BaseException) -> None:
        """A channel was closed: soon open another, if its connection lives. On the link's thread only."""
        connection = self._connection
        if connection is None or not connection.is_open:
            return
        _log.warning("%s: the channel was closed (%r); opening another", self._name, reason)
        connection.ioloop.call_later(CHANNEL_PAUSE, lambda: opening(connection) if connection.is_open else None)

    @property
    def connection(self) -> pika.SelectConnection | None:
        """The open connection. To be used on the link's thread only; elsewhere it just tells whether there is one."""
        return self._connection

    def close(self, patience: float = 5.0) -> None:
        """Close the connection and end the thread."""
        self._closing.set()
        with self._lock:
            if self._current is not None:
                self._current.ioloop.add_callback_threadsafe(self._close_current)
        if self._thread is not threading.current_thread() and self._thread.is_alive():
            self._thread.join(patience)

    # ------------------------------------------------------------------ on the link's thread

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._live_once()
            except Exception:
                _log.exception("%s: the connection's loop failed", self._name)
            if not self._closing.is_set():
                self._closing.wait(self._pauses.next())

    def _live_once(self) -> None:
        connection = pika.SelectConnection(
            self._parameters,
            on_open_callback=self._opened,
            on_open_error_callback=self._ended,
            on_close_callback=self._ended,
        )
        with self._lock:
            self._current = connection
        try:
            if not self._closing.is_set():
                connection.ioloop.start()
        finally:
            with self._lock:
                was_up = self._connection is not None
                self._connection = self._current = None
                self._posted.clear()
            if was_up:
                self._on_down()
            connection.ioloop.close()

    def _opened(self, connection: pika.SelectConnection) -> None:
        _log.info("%s: connected to the broker", self._name)
        self._told_down = False
        self._pauses.reset()
        with self._lock:
            self._connection = connection
        self._on_up(connection)

    def _ended(self, connection: pika.SelectConnection, reason: BaseException) -> None:
        if not self._closing.is_set() and not self._told_down:
            self._told_down = True
            _log.warning("%s: no broker (%s); trying again until it is back", self._name, _cause(reason))
        connection.ioloop.stop()

    def _run_posted(self) -> None:
        with self._lock:
            posted, self._posted = self._posted, []
        for work in posted:
            try:
                work()
            except Exception as error:
                _log.warning("%s: %s", self._name, _cause(error))
        _flush(self._connection)

    def _close_current(self) -> None:
        connection = self._current
        if connection is None:
            return
        if connection.is_closed or connection.is_closing:
            connection.ioloop.stop()
        else:
            connection.close()


def parameters(url: str, name: str) -> URLParameters:
    """Connection parameters of ``amqp://user:password@host:port/vhost``, with this project's defaults."""
    made = URLParameters(url)
    if made.heartbeat is None:
        made.heartbeat = HEARTBEAT
    made.connection_attempts = 1  # the link itself tries again
    made.socket_timeout, made.stack_timeout = 5.0, 10.0
    made.client_properties = {"connection_name": name, "product": "Vigência"}
    return made


def _flush(connection: pika.SelectConnection | None) -> None:
    """Write at once what pika would write on its loop's next turn. A saving only: without it, it goes out then."""
    gather(connection)
    transport = getattr(connection, "_transport", None)
    writable = getattr(transport, "_on_socket_writable", None)
    if transport is not None and writable is not None and transport.get_write_buffer_size():
        writable()


def gather(connection: pika.SelectConnection | None) -> None:
    """Join what waits to be written. A saving only: pika gives each frame, three to a message, a system call of its own."""
    transport = getattr(connection, "_transport", None)
    buffers = getattr(transport, "_tx_buffers", None)
    if type(transport).__name__ == "_AsyncPlaintextTransport" and buffers is not None and len(buffers) > 1:
        joined = b"".join(buffers)
        buffers.clear()
        buffers.append(joined)


def _cause(reason: BaseException) -> str:
    """The innermost reason, without a traceback: ``ConnectionRefusedError(111, 'Connection refused')``."""
    while True:
        inner = getattr(reason, "exception", None) or getattr(reason, "exceptions", [None])[-1]
        if not isinstance(inner, BaseException) or inner is reason:
            return repr(reason)
        reason = inner
